#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "capfix/finding.h"

static void test_names(void **state)
{
	/* Users rely on them: they never change. */
	static const char *const names[CODE_COUNT] = {"drop", "add", "unknown", "respelled", "kept", "ensured", "overlay",
		"windows", "exempt", "refused", "template", "unknown-kind", "parse", "io", "policy", "privileged",
		"pod-level", "no-effect", "immutable", "image", "cancelled", "expired", "expiring", "unused",
		"internal", "worker"};

	(void)state;
	for (int i = 0; i < CODE_COUNT; i++)
		assert_string_equal(finding_code_name((enum finding_code)i), names[i]);
	assert_string_equal(finding_level_name(LEVEL_NOTE), "note");
	assert_string_equal(finding_level_name(LEVEL_WARNING), "warning");
	assert_string_equal(finding_level_name(LEVEL_ERROR), "error");
}

static void test_sort(void **state)
{
	static const struct {
		size_t line;
		size_t col;
		const char *text;
	} in[] = {{3, 1, "e"}, {1, 9, "c"}, {1, 2, "a"}, {1, 2, "b"}, {0, 0, "file"}, {2, 1, "d"}, {3, 1, "f"}};
	struct findings findings = {0};
	struct arena arena;
	char order[32] = "";

	(void)state;
	arena_init(&arena);
	findings_sort(&findings, &arena);
	for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++)
		findings_add(&findings, &arena,
			(struct finding){LEVEL_NOTE, CODE_KEPT, in[i].line, in[i].col, slice_of(in[i].text)});
	assert_int_equal(findings.n, 7);
	findings_sort(&findings, &arena);
	for (size_t i = 0; i < findings.n; i++)
		strncat(order, findings.v[i].text.p, findings.v[i].text.n);
	assert_string_equal(order, "fileabcdef");
	arena_release(&arena);
}

static void test_many(void **state)
{
	enum { N = 100000 };
	struct findings findings = {0};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < N; i++)
		findings_add(&findings, &arena, (struct finding){.line = N - i, .text = SLICE("x")});
	findings_sort(&findings, &arena);
	for (size_t i = 0; i < N; i++)
		assert_int_equal(findings.v[i].line, i + 1);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_many),
	};

	alarm(60); /* what is not linear does not get ready */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
