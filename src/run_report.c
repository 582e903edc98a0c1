#include "capfix/run_report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capfix/diff.h"
#include "capfix/report_facts.h"
#include "capfix/report_text.h"

static bool colour_on(int fd, enum when when)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	if (when != WHEN_AUTO)
		return when == WHEN_ALWAYS;
	return isatty(fd) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

static void say_finding(struct report *report, struct slice path, const struct finding *finding)
{
	struct buf line;
	buf_init(&line);
	report_finding(&line, path, finding, report->talk_colour);
	out_add(&report->talk, buf_slice(&line));
	buf_release(&line);
}

/*
 * The working folder below the root of a checkout of GitHub Actions, with a slash at its end. Empty: it is the
 * root, or in none.
 */
static struct slice below_checkout(struct slice here)
{
	const char *given = getenv("GITHUB_WORKSPACE");
	char *root = given ? realpath(given, NULL) : NULL;
	size_t n = root ? strlen(root) : 0;
	bool in = n > 1 && here.n > n && memcmp(here.p, root, n) == 0 && here.p[n] == '/';
	free(root);
	return in ? slice_sub(here, n + 1, here.n) : SLICE("");
}

/* Hands over what the format has made. */
static void take(struct report *report, struct buf *made)
{
	out_add(&report->results, buf_slice(made));
	buf_release(made);
}

static void begin_format(struct report *report, const struct options *options)
{
	static const char *const MODES[] = {
		[MODE_DIFF] = "diff", [MODE_IN_PLACE] = "in-place", [MODE_LIST] = "list", [MODE_CHECK] = "check"};
	struct buf made;
	report->formatted = true;
	report->here = realpath(".", NULL);
	struct slice here = slice_of(report->here ? report->here : "/");
	struct slice below = below_checkout(here);
	buf_init(&report->below);
	buf_add(&report->below, below);
	buf_adds(&report->below, below.n > 0 ? "/" : "");
	report->format = (struct report_format){
		.ops = options->format,
		.context = {.mode = MODES[options->mode],
			.here = here,
			.below = buf_slice(&report->below),
			.in_place = options->mode == MODE_IN_PLACE},
	};
	buf_init(&made);
	report->format.ops->begin(&report->format, &made);
	take(report, &made);
}

bool report_open(struct report *report, const struct options *options)
{
	struct error err;
	*report = (struct report){
		.check = options->mode == MODE_CHECK,
		.quiet = options->quiet,
		.verbose = options->verbose,
		.show_kept = options->show_kept,
		.in_place = options->mode == MODE_IN_PLACE,
		.hints = !options->quiet && (options->verbose || isatty(STDERR_FILENO)),
		.results_colour = !options->output && colour_on(STDOUT_FILENO, options->color),
		.talk_colour = colour_on(STDERR_FILENO, options->color),
	};
	out_init(&report->talk, STDERR_FILENO);
	out_init(&report->results, STDOUT_FILENO);
	out_init(&report->through, STDOUT_FILENO);
	report->results.progress = report->talk.progress = report->through.progress = &report->progress;
	if (options->output && !report_output_open(&report->output, options->output, &err)) {
		report_say(report, slice_of(err.text));
		return false;
	}
	if (options->output)
		report->results.fd = report->output.fd;
	if (options->format)
		begin_format(report, options);
	return true;
}

void report_settle(struct report *report)
{
	if (report->talk.buf.n == 0)
		return;
	out_flush(&report->results);
	out_flush(&report->talk);
}

/* Says it, if writing has failed. */
static bool written(struct report *report, struct out *out, const char *where)
{
	if (out_flush(out))
		return true;
	out_add(&report->talk, SLICE("capfix: cannot write to "));
	out_add(&report->talk, slice_of(where));
	out_add(&report->talk, SLICE(": "));
	out_add(&report->talk, slice_of(strerror(out->failed)));
	out_add(&report->talk, SLICE("\n"));
	return false;
}

static void end_format(struct report *report, const struct report_totals *totals)
{
	struct buf made;
	buf_init(&made);
	report->format.ops->end(&report->format, totals, &made);
	take(report, &made);
	free(report->here);
	buf_release(&report->below);
}

/* A report that is not whole does not get its name. */
static bool close_output(struct report *report)
{
	struct error err;
	if (!written(report, &report->results, "the file of --output")) {
		report_output_drop(&report->output);
		return false;
	}
	if (report_output_done(&report->output, &err))
		return true;
	report_say(report, slice_of(err.text));
	return false;
}

/* What to do next. For people, so not where nobody is. */
static void hint(struct report *report, const struct report_totals *totals)
{
	if (totals->fixed > 0 && !report->in_place)
		report_say(report,
			SLICE("hint: the same with --in-place makes these changes; "
			      "to keep an added capability, allow it in .capfix.yaml"));
	if (totals->refused > 0)
		report_say(report, SLICE("hint: refused containers need a person: capfix --explain-code refused"));
	else if (totals->fixed > 0)
		report_say(report, SLICE("hint: capfix --explain-code CODE says what a finding's [code] means"));
}

bool report_close(struct report *report, const struct report_totals *totals)
{
	if (report->formatted)
		end_format(report, totals);
	else if (report->hints && totals)
		hint(report, totals);
	progress_clear(&report->progress);
	bool ok = report->output.open ? close_output(report) : written(report, &report->results, "standard output");
	ok = written(report, &report->through, "standard output") && ok;
	out_flush(&report->talk);
	out_release(&report->results);
	out_release(&report->talk);
	out_release(&report->through);
	return ok;
}

/* What makes the program fail is said at once too, for those who look at the report only when all is well. */
static bool is_trouble(const struct finding *finding)
{
	return finding->level == LEVEL_ERROR && finding->code != CODE_REFUSED;
}

void report_pass(struct report *report, struct slice text)
{
	out_add(report->formatted ? &report->through : &report->results, text);
}

void report_diff(struct report *report, struct slice path, struct slice text, const struct edits *edits)
{
	struct buf diff, coloured;
	if (report->formatted)
		return;
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
	if (report->formatted)
		return;
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
	if (finding->code == CODE_KEPT && report->show_kept)
		return true;
	if (report->quiet)
		return finding->level == LEVEL_ERROR;
	return report->check || report->verbose || !in_diff(finding->code);
}

/* What the policy's entry says beyond the reason, which the message has. */
static struct slice with_entry(const struct finding *finding, const struct policy_entry *entry, struct arena *arena)
{
	struct slice known[] = {entry->owner, entry->ticket, entry->expires};
	static const char *const NAMES[] = {"owner", "ticket", "expires"};
	struct slice text = finding->text;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].n > 0)
			text = arena_printf(arena, "%.*s; %s: %.*s", (int)text.n, text.p, NAMES[i], (int)known[i].n,
				known[i].p);
	return text;
}

/* Findings as lines; with --show-kept, all that is known of what is kept. */
static void show_lines(struct report *report, const struct report_file *file)
{
	const struct findings *findings = &file->result->findings;
	bool colour = report->check ? report->results_colour : report->talk_colour;
	struct out *out = report->check ? &report->results : &report->talk;
	struct arena arena;
	struct facts facts;
	struct buf line;
	arena_init(&arena);
	buf_init(&line);
	if (report->show_kept)
		facts_init(&facts, file, &arena);
	for (size_t i = 0; i < findings->n; i++) {
		struct finding finding = findings->v[i];
		if (!wanted(report, &finding))
			continue;
		struct fact fact = {0};
		if (report->show_kept && finding.code == CODE_KEPT)
			fact = facts_of(&facts, &finding);
		if (fact.entry)
			finding.text = with_entry(&finding, fact.entry, &arena);
		line.n = 0;
		report_finding(&line, file->path, &finding, colour);
		out_add(out, buf_slice(&line));
	}
	buf_release(&line);
	arena_release(&arena);
}

void report_show(struct report *report, const struct report_file *file)
{
	const struct findings *findings = &file->result->findings;
	struct buf made;
	if (!report->formatted) {
		show_lines(report, file);
		return;
	}
	buf_init(&made);
	report->format.ops->file(&report->format, file, &made);
	take(report, &made);
	for (size_t i = 0; i < findings->n; i++)
		if (is_trouble(&findings->v[i]))
			say_finding(report, file->path, &findings->v[i]);
}

void report_aside(struct report *report, struct slice path, const struct finding *finding)
{
	struct buf made;
	if (report->formatted) {
		buf_init(&made);
		report->format.ops->aside(&report->format, path, finding, &made);
		take(report, &made);
	}
	if (report->formatted ? is_trouble(finding) : !report->quiet || finding->level == LEVEL_ERROR)
		say_finding(report, path, finding);
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
