/*
 * A comment for a pull request. GitHub takes 65,536 characters, so the parts are held to sizes of their own while
 * they gather, and what did not fit is counted. The diffs get what is left.
 */
#include <stdlib.h>

#include "capfix/diff.h"
#include "capfix/report_codes.h"
#include "capfix/report_facts.h"
#include "report_markdown.h"

/* In bytes, of which there are at least as many as characters. */
enum {
	MOST = 65000,
	MOST_PERSON = 20000,
	MOST_REMOVED = 16000,
	MOST_KEPT = 10000,
	MOST_OTHER = 6000,
	FRAME = 4000, /* headings, counts, the pointers to the rest */
};

/* Rows that have gathered, and how many more there were. */
struct part {
	struct buf rows;
	size_t most;
	size_t n;
	size_t left;
};

struct markdown_state {
	struct part person;
	struct part removed;
	struct part kept;
	struct part other;
	struct part diffs;
	size_t *ends; /* of each diff in diffs.rows */
	size_t ends_cap;
	struct buf row;
};

static void part_add(struct part *part, struct buf *row)
{
	if (part->rows.n + row->n <= part->most) {
		buf_add(&part->rows, buf_slice(row));
		part->n++;
	} else {
		part->left++;
	}
	row->n = 0;
}

static void markdown_begin(struct report_format *format, struct buf *out)
{
	struct markdown_state *state = xrealloc(NULL, 1, sizeof(*state));
	(void)out;
	*state = (struct markdown_state){
		.person.most = MOST_PERSON,
		.removed.most = MOST_REMOVED,
		.kept.most = MOST_KEPT,
		.other.most = MOST_OTHER,
		.diffs.most = MOST,
	};
	format->state = state;
}

/* "| PATH:LINE |" */
static void begin_row(struct buf *row, struct slice path, size_t line)
{
	struct buf place;
	buf_init(&place);
	buf_add(&place, path);
	if (line > 0)
		buf_addf(&place, ":%zu", line);
	buf_adds(row, "| ");
	markdown_code(row, buf_slice(&place));
	buf_adds(row, " |");
	buf_release(&place);
}

static void add_cell(struct buf *row, struct slice text)
{
	buf_addc(row, ' ');
	if (text.n > 0)
		markdown_code(row, text);
	buf_adds(row, " |");
}

static struct slice container_name(const struct container_report *report, struct buf *name)
{
	struct slice parts[] = {report->kind, report->namespace, report->name, report->container};
	name->n = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i].n == 0)
			continue;
		if (name->n > 0)
			buf_addc(name, '/');
		buf_add(name, parts[i]);
	}
	return buf_slice(name);
}

static void add_add(struct markdown_state *state, const struct report_file *file, const struct container_report *report,
	const struct container_add *add)
{
	struct buf *row = &state->row;
	struct buf name;
	buf_init(&name);
	begin_row(row, file->path, add->line > 0 ? add->line : report->line);
	add_cell(row, container_name(report, &name));
	add_cell(row, add->text);
	if (add->kept && file->policy) {
		const struct policy_entry *entry = policy_at(file->policy, add->entry);
		add_cell(row, entry->reason);
		add_cell(row, entry->expires);
	} else {
		bool all = slice_is(add->canonical, "ALL");
		buf_adds(row,
			all                                  ? " can never be allowed |"
				: caps_known(add->canonical) ? " no policy entry allows it |"
							     : " Linux does not know it |");
	}
	buf_addc(row, '\n');
	part_add(add->kept ? &state->kept : &state->removed, row);
	buf_release(&name);
}

/* A container that is refused keeps what it adds, whatever the policy says: it is in another table. */
static void add_adds(struct markdown_state *state, const struct report_file *file)
{
	const struct rewrite_result *result = file->result;
	for (size_t i = 0; i < result->nreports; i++) {
		const struct container_report *report = &result->reports[i];
		if (report->state == CONTAINER_REFUSED || report->state == CONTAINER_WINDOWS ||
			report->state == CONTAINER_EXEMPT)
			continue;
		for (size_t j = 0; j < report->nadds; j++)
			add_add(state, file, report, &report->adds[j]);
	}
}

static bool in_tables(enum finding_code code)
{
	return code == CODE_DROP || code == CODE_ADD || code == CODE_UNKNOWN || code == CODE_KEPT;
}

static void add_finding(struct markdown_state *state, struct slice path, const struct finding *finding)
{
	bool person = finding->level == LEVEL_ERROR;
	if (in_tables(finding->code))
		return;
	begin_row(&state->row, path, finding->line);
	if (!person)
		buf_addf(&state->row, " %s |", finding_level_name(finding->level));
	buf_addf(&state->row, " %s |", finding_code_name(finding->code));
	add_cell(&state->row, finding->text);
	buf_addc(&state->row, '\n');
	part_add(person ? &state->person : &state->other, &state->row);
}

/* Remembers where it ends: the last ones may have to go again. */
static void keep_diff(struct markdown_state *state)
{
	struct part *diffs = &state->diffs;
	size_t n = diffs->n;
	part_add(diffs, &state->row);
	if (diffs->n == n)
		return;
	if (n == state->ends_cap) {
		state->ends_cap = grown(state->ends_cap, n + 1);
		state->ends = xrealloc(state->ends, state->ends_cap, sizeof(*state->ends));
	}
	state->ends[n] = diffs->rows.n;
}

static void add_diff(struct markdown_state *state, const struct report_file *file)
{
	struct buf diff;
	if (file->result->edits.n == 0)
		return;
	buf_init(&diff);
	diff_unified(&diff, file->path, file->text, &file->result->edits);
	/* What cannot fit is not made up first. */
	if (diff.n > MOST) {
		state->diffs.left++;
	} else {
		buf_adds(&state->row, "<details><summary>");
		markdown_code(&state->row, file->path);
		buf_adds(&state->row, "</summary>\n\n");
		markdown_diff(&state->row, buf_slice(&diff));
		buf_adds(&state->row, "\n</details>\n");
		keep_diff(state);
	}
	buf_release(&diff);
}

static void markdown_file(struct report_format *format, const struct report_file *file, struct buf *out)
{
	struct markdown_state *state = format->state;
	(void)out;
	add_adds(state, file);
	for (size_t i = 0; i < file->result->findings.n; i++)
		add_finding(state, file->path, &file->result->findings.v[i]);
	add_diff(state, file);
}

static void markdown_aside(
	struct report_format *format, struct slice path, const struct finding *finding, struct buf *out)
{
	(void)out;
	add_finding(format->state, path, finding);
}

static void put_part(struct buf *out, struct part *part, const char *title, const char *head, const char *rest)
{
	if (part->n + part->left > 0) {
		buf_addf(out, "\n### %s\n\n", title);
		if (part->n > 0)
			buf_adds(out, head);
		buf_add(out, buf_slice(&part->rows));
		if (part->left > 0)
			buf_addf(out, "\n_%zu more are not shown: %s_\n", part->left, rest);
	}
	buf_release(&part->rows);
}

static void put_counts(struct buf *out, const struct report_format *format, const struct report_totals *totals)
{
	bool done = format->context.in_place;
	if (totals->fixed == 0 && totals->refused == 0 && totals->status != 2)
		buf_adds(out, "## capfix: nothing to fix\n\n");
	else
		buf_addf(out, "## capfix: %zu containers %s, %zu refused\n\n", totals->fixed, done ? "fixed" : "to fix",
			totals->refused);
	buf_adds(out,
		"Every container must drop ALL capabilities, and add back only those that somebody has justified.\n\n");
	buf_addf(out, "| files | %s | containers | %s | refused |\n|---:|---:|---:|---:|---:|\n",
		done ? "changed" : "to change", done ? "fixed" : "to fix");
	buf_addf(out, "| %zu | %zu | %zu | %zu | %zu |\n", totals->files, totals->changed, totals->containers,
		totals->fixed, totals->refused);
	if (totals->fixed > 0 && !done)
		buf_adds(out, "\nTo make these changes: `capfix --in-place`.\n");
}

/* The rest of the comment is written by now: of the diffs, the last ones that do not fit beside it go. */
static void put_diffs(struct buf *out, struct markdown_state *state)
{
	struct part *diffs = &state->diffs;
	size_t room = MOST - FRAME > out->n ? MOST - FRAME - out->n : 0;
	while (diffs->rows.n > room) {
		diffs->n--;
		diffs->left++;
		diffs->rows.n = diffs->n > 0 ? state->ends[diffs->n - 1] : 0;
	}
	put_part(out, diffs, "Diffs", "", "run `capfix --diff` to see all");
	free(state->ends);
}

static void markdown_end(struct report_format *format, const struct report_totals *totals, struct buf *out)
{
	struct markdown_state *state = format->state;
	put_counts(out, format, totals);
	put_part(out, &state->person, "Needs a person", "| place | code | why |\n|---|---|---|\n",
		"run `capfix --check` to see all");
	put_part(out, &state->removed, format->context.in_place ? "Removed" : "To be removed",
		"| place | container | capability | why |\n|---|---|---|---|\n", "run `capfix --check` to see all");
	put_part(out, &state->kept, "Kept",
		"| place | container | capability | reason | expires |\n|---|---|---|---|---|\n",
		"run `capfix --check` to see all");
	put_part(out, &state->other, "Worth knowing", "| place | level | code | message |\n|---|---|---|---|\n",
		"run `capfix --check` to see all");
	put_diffs(out, state);
	buf_adds(out, "\n`capfix --explain-code CODE` says what a code means and what to do.\n");
	buf_release(&state->row);
	free(state);
	format->state = NULL;
}

const struct report_ops report_markdown = {"markdown", markdown_begin, markdown_file, markdown_aside, markdown_end};
