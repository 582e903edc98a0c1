/*
 * The library's one function, around the engine's. Names and layouts that programs are compiled against stand in
 * capfix.h alone, so that the engine stays free to change.
 */
#include "capfix.h"

#include <stdlib.h>

#include "capfix/rewrite.h"

_Static_assert((int)CAPFIX_UNCHANGED == (int)OUTCOME_UNCHANGED && (int)CAPFIX_CHANGED == (int)OUTCOME_CHANGED &&
		(int)CAPFIX_TEMPLATE == (int)OUTCOME_TEMPLATE && (int)CAPFIX_FAILED == (int)OUTCOME_FAILED,
	"outcomes of the library are those of the engine");
_Static_assert((int)CAPFIX_NOTE == (int)LEVEL_NOTE && (int)CAPFIX_WARNING == (int)LEVEL_WARNING &&
		(int)CAPFIX_ERROR == (int)LEVEL_ERROR,
	"levels of the library are those of the engine");

/* A result and the memory that it owns: the caller sees the first alone. */
struct answer {
	struct capfix_result result;
	struct arena arena;
};

static void take_findings(struct answer *answer, const struct findings *findings)
{
	struct capfix_finding *v = arena_alloc(&answer->arena, findings->n + 1, sizeof(*v));
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *finding = &findings->v[i];
		v[i] = (struct capfix_finding){
			.level = (enum capfix_level)finding->level,
			.code = finding_code_name(finding->code),
			.line = finding->line,
			.col = finding->col,
			.text = arena_dup(&answer->arena, finding->text).p,
		};
	}
	answer->result.findings = v;
	answer->result.nfindings = findings->n;
}

static void take_edits(struct answer *answer, const struct edits *edits)
{
	struct capfix_edit *v = arena_alloc(&answer->arena, edits->n + 1, sizeof(*v));
	for (size_t i = 0; i < edits->n; i++) {
		const struct edit *edit = &edits->v[i];
		v[i] = (struct capfix_edit){
			.at = edit->at,
			.del = edit->del,
			.ins = arena_dup(&answer->arena, edit->ins).p,
			.ins_len = edit->ins.n,
		};
	}
	answer->result.edits = v;
	answer->result.nedits = edits->n;
}

static bool read_policy(struct answer *answer, const struct capfix_input *input, struct policy **policy)
{
	struct findings mistakes = {0};
	if (!input->policy)
		return true;
	*policy = policy_parse((struct slice){input->policy, input->policy_len}, &answer->arena, &mistakes);
	if (*policy) {
		policy_set_today(*policy, input->today);
		return true;
	}
	take_findings(answer, &mistakes);
	answer->result.outcome = CAPFIX_POLICY;
	return false;
}

struct capfix_result *capfix_rewrite(const struct capfix_input *input)
{
	struct answer *answer = xrealloc(NULL, 1, sizeof(*answer));
	struct rewrite_result result;
	struct policy *policy = NULL;

	*answer = (struct answer){0};
	arena_init(&answer->arena);
	if (!read_policy(answer, input, &policy))
		return &answer->result;
	struct rewrite_input in = {
		.text = input->text ? (struct slice){input->text, input->text_len} : SLICE(""),
		.path = slice_of(input->path ? input->path : "-"),
		.policy = policy,
		.policy_path = slice_of(input->policy_path ? input->policy_path : ".capfix.yaml"),
		.whole = true,
	};
	rewrite(&in, &answer->arena, &result);
	findings_sort(&result.findings, &answer->arena);
	answer->result.outcome = (enum capfix_outcome)result.outcome;
	answer->result.containers = result.containers;
	answer->result.fixed = result.fixed;
	answer->result.refused = result.refused;
	take_edits(answer, &result.edits);
	take_findings(answer, &result.findings);
	return &answer->result;
}

void capfix_result_free(struct capfix_result *result)
{
	if (!result)
		return;
	struct answer *answer = (struct answer *)result; /* its first member */
	arena_release(&answer->arena);
	free(answer);
}
