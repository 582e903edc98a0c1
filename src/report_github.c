/*
 * Workflow commands of GitHub Actions, which become annotations. A step shows ten of each level, so the order is
 * errors, warnings, a notice that sums up, other notices. Errors are streamed; the others wait for their turn.
 */
#include <stdlib.h>

#include "capfix/report_format.h"
#include "capfix/report_text.h"

struct github_state {
	struct buf warnings;
	struct buf notices;
};

/* As the runner's toolkit escapes (command.ts): a property ends at , and : too. The text has no control characters. */
static void add_escaped(struct buf *out, struct slice text, bool property)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
			buf_addf(out, "%%%02X", (unsigned)c);
		else
			buf_addc(out, c);
	}
}

static void add_text(struct buf *out, struct slice text, bool property)
{
	struct buf plain;
	buf_init(&plain);
	report_escape(&plain, text);
	add_escaped(out, buf_slice(&plain), property);
	buf_release(&plain);
}

/*
 * A line break in a name stays one, for the runner undoes its escape; what else could drive a terminal is made
 * visible.
 */
static void add_name(struct buf *out, struct slice path)
{
	for (size_t at = 0; at < path.n; at++) {
		size_t end = at;
		while (end < path.n && path.p[end] != '\n' && path.p[end] != '\r')
			end++;
		add_text(out, slice_sub(path, at, end), true);
		add_escaped(out, slice_sub(path, end, end < path.n ? end + 1 : end), true);
		at = end;
	}
}

static void add_place(struct report_format *format, struct buf *out, struct slice path, const struct finding *finding)
{
	/* Standard input has no file to point into. */
	if (slice_is(path, "-"))
		return;
	buf_adds(out, "file=");
	if (path.n > 0 && path.p[0] != '/')
		add_name(out, format->context.below);
	add_name(out, path);
	buf_addc(out, ',');
	if (finding->line > 0)
		buf_addf(out, "line=%zu,col=%zu,", finding->line, finding->col);
}

static struct buf *queue_for(struct report_format *format, enum finding_level level, struct buf *out)
{
	struct github_state *state = format->state;
	return level == LEVEL_ERROR ? out : level == LEVEL_WARNING ? &state->warnings : &state->notices;
}

static void add_finding(struct report_format *format, struct slice path, const struct finding *finding, struct buf *out)
{
	static const char *const COMMANDS[] = {
		[LEVEL_NOTE] = "notice", [LEVEL_WARNING] = "warning", [LEVEL_ERROR] = "error"};
	struct buf *queue = queue_for(format, finding->level, out);
	buf_addf(queue, "::%s ", COMMANDS[finding->level]);
	add_place(format, queue, path, finding);
	buf_addf(queue, "title=capfix %s::", finding_code_name(finding->code));
	add_text(queue, finding->text, false);
	buf_addc(queue, '\n');
}

static void github_begin(struct report_format *format, struct buf *out)
{
	struct github_state *state = xrealloc(NULL, 1, sizeof(*state));
	(void)out;
	buf_init(&state->warnings);
	buf_init(&state->notices);
	format->state = state;
}

static void github_file(struct report_format *format, const struct report_file *file, struct buf *out)
{
	const struct findings *findings = &file->result->findings;
	for (size_t i = 0; i < findings->n; i++)
		add_finding(format, file->path, &findings->v[i], out);
}

static void github_aside(
	struct report_format *format, struct slice path, const struct finding *finding, struct buf *out)
{
	add_finding(format, path, finding, out);
}

static void github_end(struct report_format *format, const struct report_totals *totals, struct buf *out)
{
	struct github_state *state = format->state;
	const char *done = format->context.in_place ? "fixed" : "to fix";
	buf_add(out, buf_slice(&state->warnings));
	buf_addf(out, "::notice title=capfix::%zu files, %zu %s; %zu containers, %zu %s, %zu refused.", totals->files,
		totals->changed, format->context.in_place ? "changed" : "to change", totals->containers, totals->fixed,
		done, totals->refused);
	if (totals->fixed > 0 && !format->context.in_place)
		buf_adds(out, " To fix them, run capfix --in-place.");
	if (totals->refused > 0)
		buf_adds(out, " Refused ones need a person.");
	buf_addc(out, '\n');
	buf_add(out, buf_slice(&state->notices));
	buf_release(&state->warnings);
	buf_release(&state->notices);
	free(state);
	format->state = NULL;
}

const struct report_ops report_github = {"github", github_begin, github_file, github_aside, github_end};
