#include "rewrite_piece.h"

#include <string.h>

#include "capfix/patch.h"
#include "capfix/plan.h"
#include "capfix/prove.h"

/* A piece, parsed and planned. */
struct stage {
	struct source source;
	struct yaml yaml;
	struct plan plan;
};

static bool make_stage(struct stage *stage, const struct piece *piece, struct slice text, struct arena *arena,
	struct arena *scratch, bool silent, struct error *err)
{
	struct plan_input input = {
		.policy = piece->input->policy,
		.policy_path = piece->input->policy_path,
		.path = piece->input->path,
		.used = piece->used,
		.first_line = piece->line + 1,
		.silent = silent,
	};

	source_init(&stage->source, text, scratch);
	return yaml_parse(&stage->yaml, &stage->source, scratch, err) &&
		plan_make(&stage->plan, &stage->yaml, &input, arena, scratch, err);
}

/*
 * Writes, and refuses what cannot be written, until all that is left can be. Each round but the last refuses
 * something.
 */
static bool write_edits(struct plan *plan, struct edits *edits, size_t text_len, struct error *err)
{
	do {
		memset(edits, 0, sizeof(*edits));
		plan_settle(plan);
	} while (patch_write(plan, edits));
	return edits_seal(edits, plan->arena, text_len) || error_set(err, "the edits overlap");
}

/* The result parses, is equal but for the plan, has lost no comment, and leaves nothing to do. */
static bool prove(const struct stage *before, const struct piece *piece, const struct edits *edits,
	struct arena *scratch, struct error *err)
{
	struct stage *after = arena_alloc(scratch, 1, sizeof(*after));
	struct edits none;
	struct buf out;
	struct slice text;

	buf_init(&out);
	edits_apply(edits, piece->text, &out);
	text = arena_dup(scratch, buf_slice(&out));
	buf_release(&out);
	if (!make_stage(after, piece, text, scratch, scratch, true, err) ||
		!prove_equal(&before->plan, &after->yaml, scratch, err) || !prove_comments(piece->text, edits, err) ||
		!write_edits(&after->plan, &none, text.n, err))
		return false;
	if (none.n || plan_count_changes(&after->plan))
		return error_set(err, "a second look would change the result again");
	if (plan_count_refused(&after->plan) != plan_count_refused(&before->plan))
		return error_set(err, "a second look would refuse other containers");
	return true;
}

/* Adds what was found to the result, with places of the whole text. */
static void deliver(struct piece *piece, struct plan *plan, const struct edits *edits)
{
	struct rewrite_result *result = piece->result;
	struct container_report *reports = (struct container_report *)result->reports;
	size_t first = result->findings.n, n = plan->sites.n;

	for (size_t i = 0; i < edits->n; i++) {
		struct edit edit = edits->v[i];

		edit.at += piece->from;
		edits_add(&result->edits, piece->arena, edit);
	}
	plan_findings(plan, &result->findings);
	for (size_t i = first; i < result->findings.n; i++)
		result->findings.v[i].line += piece->line;
	plan_report(plan);
	if (!result->nreports) {
		reports = plan->reports;
		piece->reports_cap = n;
	} else if (result->nreports + n > piece->reports_cap) {
		reports = arena_grow(piece->arena, reports, result->nreports, &piece->reports_cap, result->nreports + n,
			sizeof(*reports));
	}
	for (size_t i = 0; i < n; i++) {
		struct container_report *report = &reports[result->nreports + i];

		if (reports != plan->reports)
			*report = plan->reports[i];
		report->line += piece->line;
		report->last_line += piece->line;
		for (size_t a = 0; a < report->nadds; a++)
			if (report->adds[a].line)
				((struct container_add *)report->adds)[a].line += piece->line;
	}
	result->reports = reports;
	result->nreports += n;
	result->containers += n;
	result->fixed += plan_count_fixed(plan);
	result->refused += plan_count_refused(plan);
}

static bool run(struct piece *piece, struct arena *scratch, enum finding_code *code, struct error *err)
{
	struct stage *stage = arena_alloc(scratch, 1, sizeof(*stage));
	struct edits edits;
	struct error proof = {0};

	*code = CODE_PARSE;
	if (!make_stage(stage, piece, piece->text, piece->arena, scratch, false, err))
		return false;
	if (write_edits(&stage->plan, &edits, piece->text.n, &proof) &&
		(!edits.n || prove(stage, piece, &edits, scratch, &proof))) {
		deliver(piece, &stage->plan, &edits);
		return true;
	}
	*code = CODE_INTERNAL;
	error_set(err, "left as it is: %s. This is a mistake of capfix: please report it", proof.text);
	err->line = proof.line;
	err->col = proof.col;
	return false;
}

bool piece_rewrite(struct piece *piece, enum finding_code *code, struct error *err)
{
	struct arena scratch;
	bool ok;

	arena_init(&scratch);
	ok = run(piece, &scratch, code, err);
	arena_release(&scratch);
	return ok;
}
