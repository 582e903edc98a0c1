#include "capfix/rewrite.h"

#include <string.h>

#include "capfix/patch.h"
#include "capfix/plan.h"
#include "capfix/prove.h"
#include "capfix/template.h"

/* A text, parsed and planned. */
struct stage {
	struct source source;
	struct yaml yaml;
	struct plan plan;
};

static void add_error(struct rewrite_result *result, struct arena *arena, enum finding_code code, const struct error *err)
{
	findings_add(&result->findings, arena,
		     (struct finding){
			     .level = LEVEL_ERROR,
			     .code = code,
			     .line = err->line,
			     .col = err->col,
			     .text = arena_dup(arena, slice_of(err->text)),
		     });
}

static bool make_stage(struct stage *stage, struct slice text, const struct rewrite_input *input, struct arena *arena,
		       struct error *err)
{
	struct plan_input plan_input = {.policy = input->policy, .path = input->path, .policy_path = input->policy_path};

	source_init(&stage->source, text, arena);
	return yaml_parse(&stage->yaml, &stage->source, arena, err) &&
	       plan_make(&stage->plan, &stage->yaml, &plan_input, arena, err);
}

/* Writes, and refuses what cannot be written, until all that is left can be. Each round but the last refuses something. */
static bool write_edits(struct plan *plan, struct arena *arena, struct edits *edits, size_t text_len, struct error *err)
{
	do {
		memset(edits, 0, sizeof(*edits));
		plan_settle(plan);
	} while (patch_write(plan, arena, edits));
	return edits_seal(edits, arena, text_len) || error_set(err, "the edits overlap");
}

/* The result parses, is equal but for the plan, has lost no comment, and leaves nothing to do. */
static bool prove(const struct stage *before, const struct rewrite_input *input, const struct edits *edits, struct arena *arena,
		  struct error *err)
{
	struct stage *after = arena_alloc(arena, 1, sizeof(*after));
	struct edits none;
	struct buf out;
	struct slice text;

	buf_init(&out);
	edits_apply(edits, input->text, &out);
	text = arena_dup(arena, buf_slice(&out));
	buf_release(&out);
	if (!make_stage(after, text, input, arena, err) || !prove_equal(&before->plan, &after->yaml, arena, err) ||
	    !prove_comments(input->text, edits, err) || !write_edits(&after->plan, arena, &none, text.n, err))
		return false;
	if (none.n || plan_count_changes(&after->plan))
		return error_set(err, "a second look would change the result again");
	if (plan_count_refused(&after->plan) != plan_count_refused(&before->plan))
		return error_set(err, "a second look would refuse other containers");
	return true;
}

static void run_engine(const struct rewrite_input *input, struct arena *arena, struct rewrite_result *result)
{
	struct stage *stage = arena_alloc(arena, 1, sizeof(*stage));
	struct error err = {0};
	struct error proof = {0};
	bool ok;

	if (!source_check_breaks(input->text, &err) || !make_stage(stage, input->text, input, arena, &err)) {
		result->outcome = OUTCOME_FAILED;
		add_error(result, arena, CODE_PARSE, &err);
		return;
	}
	ok = write_edits(&stage->plan, arena, &result->edits, input->text.n, &proof);
	if (ok && result->edits.n)
		ok = prove(stage, input, &result->edits, arena, &proof);
	if (!ok) {
		memset(&result->edits, 0, sizeof(result->edits));
		result->outcome = OUTCOME_FAILED;
		error_set(&err, "left as it is: %s. This is a mistake of capfix: please report it", proof.text);
		err.line = proof.line;
		err.col = proof.col;
		add_error(result, arena, CODE_INTERNAL, &err);
		return;
	}
	result->outcome = result->edits.n ? OUTCOME_CHANGED : OUTCOME_UNCHANGED;
	result->containers = stage->plan.sites.n;
	result->fixed = plan_count_fixed(&stage->plan);
	result->refused = plan_count_refused(&stage->plan);
	plan_findings(&stage->plan, &result->findings);
	plan_report(&stage->plan);
	result->reports = stage->plan.reports;
	result->nreports = stage->plan.sites.n;
	result->used = stage->plan.used;
}

static void add_template(const struct rewrite_input *input, struct arena *arena, struct rewrite_result *result, size_t at)
{
	struct source source;
	struct finding finding = {
		.level = LEVEL_NOTE,
		.code = CODE_TEMPLATE,
		.text = SLICE("a template: skipped; run capfix on what it renders, for example with `helm template`"),
	};

	result->outcome = OUTCOME_TEMPLATE;
	if (at != SIZE_MAX) {
		source_init(&source, input->text, arena);
		source_place(&source, at, &finding.line, &finding.col);
	}
	findings_add(&result->findings, arena, finding);
}

void rewrite(const struct rewrite_input *input, struct arena *arena, struct rewrite_result *result)
{
	struct error err = {0};
	size_t at = SIZE_MAX;
	bool matters = rewrite_may_matter(input->text);

	memset(result, 0, sizeof(*result));
	if (!source_check(input->text, &err)) {
		result->outcome = OUTCOME_FAILED;
		add_error(result, arena, CODE_PARSE, &err);
	} else if (!matters && !input->whole) {
		result->outcome = OUTCOME_UNCHANGED;
	} else if (template_find(input->text, &at) || (input->chart_template && matters)) {
		add_template(input, arena, result, at);
	} else {
		run_engine(input, arena, result);
		findings_sort(&result->findings, arena);
	}
}

/* An escape in a double-quoted key could spell anything (YAML 1.2, 5.7): \x, \u, \U, or a line continued. */
static bool has_hiding_escape(struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;

	while (p < end && (p = memchr(p, '\\', (size_t)(end - p)))) {
		if (p + 1 < end && memchr("xuU\n\r", p[1], 5))
			return true;
		p += 2;
	}
	return false;
}

bool rewrite_may_matter(struct slice text)
{
	return text.n && (memmem(text.p, text.n, "ontainers", 9) || has_hiding_escape(text));
}
