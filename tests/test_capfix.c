/* The library as its callers see it: capfix.h alone. */
#include "capfix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char POD[] = "kind: Pod\n"
			  "apiVersion: v1\n"
			  "spec:\n"
			  "  containers:\n"
			  "  - image: nginx\n"
			  "    name: web\n"
			  "    securityContext:\n"
			  "      capabilities:\n"
			  "        add: [NET_BIND_SERVICE, SYS_TIME]\n";

static const char POLICY[] = "version: 1\n"
			     "allow:\n"
			     "- capability: NET_BIND_SERVICE\n"
			     "  reason: listens on :80\n"
			     "  expires: 2027-06-30\n"
			     "  match: {path: 'edge/*'}\n";

/* The library borrows only during the call, so what it gets is gone afterwards. */
static char *copy_of(const char *text, size_t n)
{
	char *copy = malloc(n + 1);
	assert_non_null(copy);
	memcpy(copy, text, n);
	copy[n] = '\0';
	return copy;
}

static struct capfix_result *rewrite_with(const char *text, const char *policy, const char *path, uint32_t today)
{
	char *text_copy = copy_of(text, strlen(text));
	char *policy_copy = policy ? copy_of(policy, strlen(policy)) : NULL;
	char *path_copy = path ? copy_of(path, strlen(path)) : NULL;
	struct capfix_result *result = capfix_rewrite(&(struct capfix_input){
		.text = text_copy,
		.text_len = strlen(text),
		.path = path_copy,
		.policy = policy_copy,
		.policy_len = policy ? strlen(policy) : 0,
		.today = today,
	});
	free(text_copy);
	free(policy_copy);
	free(path_copy);
	return result;
}

static const struct capfix_finding *find(const struct capfix_result *result, const char *code)
{
	for (size_t i = 0; i < result->nfindings; i++)
		if (strcmp(result->findings[i].code, code) == 0)
			return &result->findings[i];
	return NULL;
}

/* The text with the edits made, as capfix.h says how. */
static void check_text(const char *text, const struct capfix_result *result, const char *want)
{
	char out[1024];
	size_t n = 0, at = 0;
	for (size_t i = 0; i < result->nedits; i++) {
		const struct capfix_edit *edit = &result->edits[i];
		assert_true(edit->at >= at);
		assert_int_equal(strlen(edit->ins), edit->ins_len);
		memcpy(out + n, text + at, edit->at - at);
		n += edit->at - at;
		memcpy(out + n, edit->ins, edit->ins_len);
		n += edit->ins_len;
		at = edit->at + edit->del;
	}
	strcpy(out + n, text + at);
	assert_string_equal(out, want);
}

static void gives_edits(void **state)
{
	static const char WANT[] = "kind: Pod\n"
				   "apiVersion: v1\n"
				   "spec:\n"
				   "  containers:\n"
				   "  - image: nginx\n"
				   "    name: web\n"
				   "    securityContext:\n"
				   "      capabilities:\n"
				   "        add: [NET_BIND_SERVICE]\n"
				   "        drop:\n"
				   "        - ALL\n";
	(void)state;
	struct capfix_result *result = rewrite_with(POD, POLICY, "edge/web.yaml", 20270630);
	assert_int_equal(result->outcome, CAPFIX_CHANGED);
	assert_int_equal(result->containers, 1);
	assert_int_equal(result->fixed, 1);
	assert_int_equal(result->refused, 0);
	check_text(POD, result, WANT);
	const struct capfix_finding *kept = find(result, "kept");
	assert_non_null(kept);
	assert_int_equal(kept->level, CAPFIX_NOTE);
	assert_int_equal(kept->line, 9);
	assert_int_equal(kept->col, 15);
	assert_non_null(strstr(kept->text, ".capfix.yaml:3"));
	assert_non_null(find(result, "add"));
	capfix_result_free(result);

	result = rewrite_with(WANT, POLICY, "edge/web.yaml", 20270630);
	assert_int_equal(result->outcome, CAPFIX_UNCHANGED);
	assert_int_equal(result->nedits, 0);
	capfix_result_free(result);
}

/* What the policy does not allow on that day, for that path, goes. */
static void heeds_the_policy(void **state)
{
	static const struct {
		const char *policy;
		const char *path;
		uint32_t today;
		bool kept;
	} CASES[] = {
		{POLICY, "edge/web.yaml", 0, true},
		{POLICY, "edge/web.yaml", 20270630, true},
		{POLICY, "edge/web.yaml", 20270701, false},
		{POLICY, "core/web.yaml", 0, false},
		{POLICY, NULL, 0, false},
		{NULL, "edge/web.yaml", 0, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct capfix_result *result = rewrite_with(POD, CASES[i].policy, CASES[i].path, CASES[i].today);
		assert_int_equal(result->outcome, CAPFIX_CHANGED);
		assert_int_equal(find(result, "kept") != NULL, CASES[i].kept);
		capfix_result_free(result);
	}
}

static void tells_mistakes_of_the_policy(void **state)
{
	(void)state;
	struct capfix_result *result = rewrite_with(POD, "version: 1\nnonsense: 1\nmore: 2\n", NULL, 0);
	assert_int_equal(result->outcome, CAPFIX_POLICY);
	assert_int_equal(result->nedits, 0);
	assert_int_equal(result->nfindings, 2);
	assert_int_equal(result->findings[0].line, 2);
	assert_int_equal(result->findings[0].level, CAPFIX_ERROR);
	assert_string_equal(result->findings[0].code, "policy");
	assert_int_equal(result->findings[1].line, 3);
	capfix_result_free(result);
}

static void tells_what_it_cannot_do(void **state)
{
	static const char REFUSED[] = "kind: Pod\napiVersion: v1\nspec:\n  containers:\n  - image: a\n    name: b\n"
				      "    securityContext: {capabilities: {drop: ALL}}\n";
	(void)state;
	struct capfix_result *result = rewrite_with("a: [\n", NULL, NULL, 0);
	assert_int_equal(result->outcome, CAPFIX_FAILED);
	assert_int_equal(result->nfindings, 1);
	assert_string_equal(result->findings[0].code, "parse");
	assert_int_equal(result->findings[0].level, CAPFIX_ERROR);
	assert_true(result->findings[0].line > 0);
	capfix_result_free(result);

	result = rewrite_with("kind: Pod\nspec: {containers: {{ .Values.x }}}\n", NULL, NULL, 0);
	assert_int_equal(result->outcome, CAPFIX_TEMPLATE);
	capfix_result_free(result);

	result = rewrite_with(REFUSED, NULL, NULL, 0);
	assert_int_equal(result->outcome, CAPFIX_UNCHANGED);
	assert_int_equal(result->refused, 1);
	assert_non_null(find(result, "refused"));
	capfix_result_free(result);
}

static void takes_nothing(void **state)
{
	(void)state;
	struct capfix_result *result = capfix_rewrite(&(struct capfix_input){0});
	assert_int_equal(result->outcome, CAPFIX_UNCHANGED);
	assert_int_equal(result->nfindings, 0);
	capfix_result_free(result);
	capfix_result_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_edits),
		cmocka_unit_test(heeds_the_policy),
		cmocka_unit_test(tells_mistakes_of_the_policy),
		cmocka_unit_test(tells_what_it_cannot_do),
		cmocka_unit_test(takes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
