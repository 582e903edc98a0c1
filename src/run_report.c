#include "capfix/run_report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capfix/diff.h"
#include "capfix/report_text.h"

static bool colour_on(int fd, enum when when)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	if (when != WHEN_AUTO)
		return when == WHEN_ALWAYS;
	return isatty(fd) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

void report_open(struct report *report, const struct options *options)
{
	*report = (struct report){
		.check = options->mode == MODE_CHECK,
		.quiet = options->quiet,
		.verbose = options->verbose,
		.results_colour = colour_on(STDOUT_FILENO, options->color),
		.talk_colour = colour_on(STDERR_FILENO, options->color),
	};
	out_init(&report->results, STDOUT_FILENO);
	out_init(&report->talk, STDERR_FILENO);
}

void report_settle(struct report *report)
{
	if (report->talk.buf.n == 0)
		return;
	out_flush(&report->results);
	out_flush(&report->talk);
}

bool report_close(struct report *report)
{
	bool ok = out_flush(&report->results);
	if (!ok) {
		out_add(&report->talk, SLICE("capfix: cannot write to standard output: "));
		out_add(&report->talk, slice_of(strerror(report->results.failed)));
		out_add(&report->talk, SLICE("\n"));
	}
	out_flush(&report->talk);
	out_release(&report->results);
	out_release(&report->talk);
	return ok;
}

void report_diff(struct report *report, struct slice path, struct slice text, const struct edits *edits)
{
	struct buf diff, coloured;
	buf_init(&diff);
	buf_init(&coloured);
	diff_unified(&diff, path, text, edits);
	if (report->results_colour)
		diff_colour(&coloured, buf_slice(&diff));
	out_add(&report->results, buf_slice(report->results_colour ? &coloured : &diff));
	buf_release(&diff);
	buf_release(&coloured);
}

void report_name(struct report *report, struct slice path)
{
	/* diff_path takes these off; here they belong to the name. */
	bool absolute = path.n > 0 && path.p[0] == '/', dot = path.n > 1 && path.p[0] == '.' && path.p[1] == '/';
	struct buf line;
	buf_init(&line);
	diff_path(&line, absolute ? "/" : dot ? "./" : "", path);
	buf_addc(&line, '\n');
	out_add(&report->results, buf_slice(&line));
	buf_release(&line);
}

/* Codes for what every diff shows already. */
static bool in_diff(enum finding_code code)
{
	return code == CODE_DROP || code == CODE_ADD || code == CODE_UNKNOWN || code == CODE_ENSURED ||
	       code == CODE_IMMUTABLE;
}

static bool wanted(const struct report *report, const struct finding *finding)
{
	if (report->quiet)
		return finding->level == LEVEL_ERROR;
	return report->check || report->verbose || !in_diff(finding->code);
}

void report_findings(struct report *report, struct slice path, const struct findings *findings)
{
	bool colour = report->check ? report->results_colour : report->talk_colour;
	struct out *out = report->check ? &report->results : &report->talk;
	struct buf line;
	buf_init(&line);
	for (size_t i = 0; i < findings->n; i++) {
		if (!wanted(report, &findings->v[i]))
			continue;
		line.n = 0;
		report_finding(&line, path, &findings->v[i], colour);
		out_add(out, buf_slice(&line));
	}
	buf_release(&line);
}

void report_aside(struct report *report, struct slice path, const struct finding *finding)
{
	struct buf line;
	if (report->quiet && finding->level != LEVEL_ERROR)
		return;
	buf_init(&line);
	report_finding(&line, path, finding, report->talk_colour);
	out_add(&report->talk, buf_slice(&line));
	buf_release(&line);
}

void report_trouble(struct report *report, struct slice path, enum finding_code code, struct slice text)
{
	report_aside(report, path, &(struct finding){.level = LEVEL_ERROR, .code = code, .text = text});
}

void report_say(struct report *report, struct slice text)
{
	struct buf line;
	buf_init(&line);
	buf_adds(&line, "capfix: ");
	report_escape(&line, text);
	buf_addc(&line, '\n');
	out_add(&report->talk, buf_slice(&line));
	buf_release(&line);
}
