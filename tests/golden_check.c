/* What is checked of every golden case: its own files, and the invariants that hold for any input. */
#include "golden_case.h"

#include "capfix/buf.h"
#include "capfix/diff.h"

#include <stdio.h>
#include <string.h>

static bool wrong(const struct golden_case *gc, const char *what)
{
	fprintf(stderr, "%s: %s\n", gc->dir, what);
	return false;
}

static void golden_run_as(const struct golden_case *gc, struct slice text, bool whole, bool unsliced, struct arena *arena,
	struct rewrite_result *result)
{
	struct rewrite_input input = {
		.text = text,
		.path = gc->path.n ? gc->path : gc->in_name,
		.chart_template = gc->chart_template,
		.whole = whole,
		.unsliced = unsliced,
		.together = 1,
	};
	struct findings errors = {0};
	size_t i;

	if (gc->has_policy) {
		input.policy = policy_parse(gc->policy, arena, &errors);
		for (i = 0; i < errors.n; i++)
			fprintf(stderr, "%s/policy.yaml:%zu:%zu: %.*s\n", gc->dir, errors.v[i].line, errors.v[i].col,
				(int)errors.v[i].text.n, errors.v[i].text.p);
	}
	memset(result, 0, sizeof(*result));
	if (input.policy || !gc->has_policy)
		rewrite(&input, arena, result);
	else
		result->outcome = OUTCOME_FAILED;
}

void golden_run(
	const struct golden_case *gc, struct slice text, bool whole, struct arena *arena, struct rewrite_result *result)
{
	golden_run_as(gc, text, whole, false, arena, result);
}

static bool same(const struct golden_case *gc, const char *what, struct slice want, struct slice got)
{
	if (slice_eq(want, got))
		return true;
	golden_show(gc, what, want, got);
	return false;
}

/* As the command would leave with --diff. */
static int status_of(const struct rewrite_result *result)
{
	if (result->outcome == OUTCOME_FAILED)
		return 2;
	return result->edits.n || result->refused;
}

bool golden_check_output(const struct golden_case *gc, const struct rewrite_result *result)
{
	struct buf out, diff;
	bool ok;

	buf_init(&out);
	buf_init(&diff);
	edits_apply(&result->edits, gc->in, &out);
	diff_unified(&diff, gc->in_name, gc->in, &result->edits);
	ok = same(gc, "out", gc->out.p ? gc->out : gc->in, buf_slice(&out));
	ok = same(gc, "out.diff", gc->diff, buf_slice(&diff)) && ok;
	if (status_of(result) != gc->status) {
		fprintf(stderr, "%s: status is %d, expected %d\n", gc->dir, status_of(result), gc->status);
		ok = false;
	}
	buf_release(&out);
	buf_release(&diff);
	return ok;
}

/* The expected line says place, level and code; a text behind them must be a part of the message. */
static bool line_matches(struct slice want, const struct finding *finding)
{
	char head[120];
	size_t n;

	n = (size_t)snprintf(head, sizeof(head), "%zu:%zu %s %s", finding->line, finding->col,
		finding_level_name(finding->level), finding_code_name(finding->code));
	if (want.n < n || memcmp(want.p, head, n) != 0)
		return false;
	if (want.n == n)
		return true;
	return want.p[n] == ' ' && memmem(finding->text.p, finding->text.n, want.p + n + 1, want.n - n - 1);
}

bool golden_check_report(const struct golden_case *gc, const struct rewrite_result *result)
{
	struct slice rest = gc->report;
	struct buf got;
	bool ok = true;
	size_t i;

	buf_init(&got);
	for (i = 0; i < result->findings.n; i++) {
		const struct finding *finding = &result->findings.v[i];
		const char *lf = rest.n ? memchr(rest.p, '\n', rest.n) : NULL;
		size_t n = lf ? (size_t)(lf - rest.p) : rest.n;

		ok = rest.n && line_matches(slice_sub(rest, 0, n), finding) && ok;
		rest = slice_sub(rest, n + (lf != NULL), rest.n);
		buf_addf(&got, "%zu:%zu %s %s %.*s\n", finding->line, finding->col, finding_level_name(finding->level),
			finding_code_name(finding->code), (int)finding->text.n, finding->text.p);
	}
	if (!ok || rest.n) {
		golden_show(gc, "report", gc->report, buf_slice(&got));
		ok = false;
	}
	buf_release(&got);
	return ok;
}

/* Outside the edits every byte is as it was, and taking the edits back gives the original. */
static bool check_undo(const struct golden_case *gc, const struct edits *edits, struct slice out)
{
	size_t at = 0, out_at = 0, i;

	for (i = 0; i < edits->n; i++) {
		const struct edit *edit = &edits->v[i];
		size_t gap = edit->at - at;

		if (edit->at < at || edit->at > gc->in.n || edit->del > gc->in.n - edit->at)
			return wrong(gc, "an edit is out of order or out of the text");
		if (!edit->del && !edit->ins.n)
			return wrong(gc, "an edit changes nothing");
		if (gap + edit->ins.n > out.n - out_at)
			return wrong(gc, "the output is too short for its edits");
		if (memcmp(gc->in.p + at, out.p + out_at, gap) != 0)
			return wrong(gc, "bytes before an edit have changed");
		out_at += gap;
		if (!slice_eq(edit->ins, slice_sub(out, out_at, out_at + edit->ins.n)))
			return wrong(gc, "the output lacks what an edit inserts");
		out_at += edit->ins.n;
		at = edit->at + edit->del;
	}
	if (!slice_eq(slice_sub(gc->in, at, gc->in.n), slice_sub(out, out_at, out.n)))
		return wrong(gc, "bytes behind the last edit have changed");
	return true;
}

/* The next line that holds a comment and nothing else (or looks so inside a scalar, where it must stay as well). */
static bool next_comment(struct slice *rest, struct slice *comment)
{
	while (rest->n) {
		const char *lf = memchr(rest->p, '\n', rest->n);
		size_t n = lf ? (size_t)(lf - rest->p) : rest->n;
		size_t i = 0;

		*comment = slice_sub(*rest, 0, n);
		*rest = slice_sub(*rest, n + (lf != NULL), rest->n);
		while (i < n && (comment->p[i] == ' ' || comment->p[i] == '\t'))
			i++;
		if (i == n || comment->p[i] != '#')
			continue;
		while (comment->n && comment->p[comment->n - 1] == '\r')
			comment->n--;
		return true;
	}
	return false;
}

static bool check_comments(const struct golden_case *gc, struct slice out)
{
	struct slice in = gc->in, want, got;

	while (next_comment(&in, &want)) {
		if (!next_comment(&out, &got) || !slice_eq(want, got)) {
			golden_show(gc, "a comment", want, out.n ? got : (struct slice){"", 0});
			return false;
		}
	}
	return !next_comment(&out, &got) || wrong(gc, "a comment has come from nowhere");
}

/* The output is what the rule wants: another run, even a whole parse, finds nothing to do. */
static bool check_again(const struct golden_case *gc, struct slice out, bool whole)
{
	struct rewrite_result again;
	struct arena arena;
	bool ok;

	arena_init(&arena);
	golden_run(gc, out, whole, &arena, &again);
	ok = !again.edits.n || wrong(gc, whole ? "a second run, whole, has edits" : "a second run has edits");
	if (gc->status != 2 && again.outcome == OUTCOME_FAILED)
		ok = wrong(gc, whole ? "the output fails, parsed whole" : "the output fails");
	arena_release(&arena);
	return ok;
}

static bool check_counts(const struct golden_case *gc, const struct rewrite_result *result)
{
	bool changed = result->outcome == OUTCOME_CHANGED;
	size_t i, refused = 0;

	for (i = 0; i < result->findings.n; i++)
		refused += result->findings.v[i].code == CODE_REFUSED;
	if (changed != (result->edits.n > 0) || changed != (result->fixed > 0))
		return wrong(gc, "outcome, edits and the number of fixed containers do not agree");
	if ((refused > 0) != (result->refused > 0))
		return wrong(gc, "the number of refused containers does not agree with the report");
	if (result->fixed > result->containers)
		return wrong(gc, "more containers are fixed than there are");
	return true;
}

static bool same_findings(const struct findings *a, const struct findings *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].line != b->v[i].line || a->v[i].col != b->v[i].col || a->v[i].code != b->v[i].code ||
		    !slice_eq(a->v[i].text, b->v[i].text))
			return false;
	return true;
}

/* Document by document, or the text in one go: the same comes out. */
static bool check_unsliced(const struct golden_case *gc)
{
	struct rewrite_result one, all;
	struct arena arena;
	bool ok;

	arena_init(&arena);
	golden_run_as(gc, gc->in, true, false, &arena, &one);
	golden_run_as(gc, gc->in, true, true, &arena, &all);
	ok = one.outcome == all.outcome && one.edits.n == all.edits.n && one.nreports == all.nreports;
	for (size_t i = 0; ok && i < one.edits.n; i++)
		ok = one.edits.v[i].at == all.edits.v[i].at && one.edits.v[i].del == all.edits.v[i].del &&
		     slice_eq(one.edits.v[i].ins, all.edits.v[i].ins);
	for (size_t i = 0; ok && i < one.nreports; i++)
		ok = one.reports[i].line == all.reports[i].line && one.reports[i].last_line == all.reports[i].last_line;
	/* What the parser says of a broken text may differ: the text ends elsewhere. */
	ok = ok && (one.outcome == OUTCOME_FAILED || same_findings(&one.findings, &all.findings));
	arena_release(&arena);
	return ok || wrong(gc, "parsed document by document something else comes out than from the whole text");
}

bool golden_check_invariants(const struct golden_case *gc, const struct rewrite_result *result)
{
	struct buf out;
	bool ok;

	buf_init(&out);
	edits_apply(&result->edits, gc->in, &out);
	ok = check_undo(gc, &result->edits, buf_slice(&out));
	ok = check_comments(gc, buf_slice(&out)) && ok;
	ok = check_again(gc, buf_slice(&out), gc->whole) && ok;
	ok = check_again(gc, buf_slice(&out), true) && ok;
	ok = check_counts(gc, result) && ok;
	ok = check_unsliced(gc) && ok;
	buf_release(&out);
	return ok;
}
