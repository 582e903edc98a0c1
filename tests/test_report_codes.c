#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "capfix/report_codes.h"

static void each_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < CODE_COUNT; i++) {
		enum finding_code code = (enum finding_code)i, found;
		const struct report_code *row = report_code(code);
		assert_true(row->title[0] && row->means[0] && row->todo[0]);
		/* A title is a few words; the others are sentences. */
		assert_true(row->title[strlen(row->title) - 1] != '.');
		assert_in_range(strlen(row->title), 1, 62);
		assert_true(row->means[strlen(row->means) - 1] == '.' && row->todo[strlen(row->todo) - 1] == '.');
		assert_true(report_code_find(slice_of(finding_code_name(code)), &found));
		assert_int_equal(found, code);
	}
}

static void no_such_code(void **state)
{
	enum finding_code code;
	(void)state;
	assert_false(report_code_find(SLICE(""), &code));
	assert_false(report_code_find(SLICE("dro"), &code));
	assert_false(report_code_find(SLICE("all"), &code));
}

/* No line of the text is longer than a terminal of 80 columns takes. */
static void narrow(const struct buf *text)
{
	for (size_t at = 0; at < text->n;) {
		const char *end = memchr(text->p + at, '\n', text->n - at);
		assert_non_null(end);
		size_t n = (size_t)(end - (text->p + at));
		assert_in_range(n, 0, 80);
		assert_true(n == 0 || text->p[at + n - 1] != ' ');
		at += n + 1;
	}
}

static void explained(void **state)
{
	struct buf text;
	(void)state;
	buf_init(&text);
	for (size_t i = 0; i < CODE_COUNT; i++) {
		enum finding_code code = (enum finding_code)i;
		text.n = 0;
		report_code_explain(&text, &code);
		narrow(&text);
		assert_non_null(memmem(text.p, text.n, "\nWhat to do\n", 12));
	}
	text.n = 0;
	report_code_explain(&text, NULL);
	narrow(&text);
	assert_non_null(memmem(text.p, text.n, "\nunknown-kind  ", 15));
	buf_release(&text);
}

/*
 * Every code has its paragraph in the manual, and the manual has no other. Run in the project's folder, as make
 * does.
 */
static void in_the_manual(void **state)
{
	FILE *file = fopen("man/capfix.1", "r");
	bool seen[CODE_COUNT] = {false};
	bool findings = false;
	char line[256];
	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		enum finding_code code;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '.' && line[1] == 'S')
			findings = strcmp(line, ".Ss Findings") == 0;
		if (!findings || strncmp(line, ".It Cm ", 7) != 0)
			continue;
		if (!report_code_find(slice_of(line + 7), &code))
			fail_msg("the manual explains \"%s\", which is no code", line + 7);
		seen[code] = true;
	}
	fclose(file);
	for (size_t i = 0; i < CODE_COUNT; i++)
		if (!seen[i])
			fail_msg("the manual does not explain \"%s\"", finding_code_name((enum finding_code)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_code),
		cmocka_unit_test(no_such_code),
		cmocka_unit_test(explained),
		cmocka_unit_test(in_the_manual),
	};
	return cmocka_run_group_tests_name("report_codes", tests, NULL, NULL);
}
