#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capfix/options.h"

/* What the last call of `parse` said. */
struct answer {
	struct options options;
	struct error err;
	char *argv[16];
	char words[256];
};

/* Parses a command line that is written with single spaces. */
static bool parse(struct answer *answer, const char *line)
{
	int argc = 0;
	*answer = (struct answer){0};
	snprintf(answer->words, sizeof(answer->words), "capfix %s", line);
	for (char *word = strtok(answer->words, " "); word; word = strtok(NULL, " "))
		answer->argv[argc++] = word;
	return options_parse(&answer->options, argc, answer->argv, &answer->err);
}

static void defaults(void **state)
{
	struct answer is;
	(void)state;
	assert_true(parse(&is, ""));
	assert_int_equal(is.options.action, ACTION_RUN);
	assert_int_equal(is.options.mode, MODE_DIFF);
	assert_int_equal(is.options.color, WHEN_AUTO);
	assert_null(is.options.policy);
	assert_int_equal(is.options.npaths, 1);
	assert_string_equal(is.options.paths[0], ".");
}

static void each_option(void **state)
{
	struct answer is;
	(void)state;
	assert_true(parse(&is, "-d") && is.options.mode == MODE_DIFF);
	assert_true(parse(&is, "--in-place") && is.options.mode == MODE_IN_PLACE);
	assert_true(parse(&is, "-l") && is.options.mode == MODE_LIST);
	assert_true(parse(&is, "--check -c") && is.options.mode == MODE_CHECK);
	assert_true(parse(&is, "--policy x") && strcmp(is.options.policy, "x") == 0);
	assert_true(parse(&is, "-px") && strcmp(is.options.policy, "x") == 0);
	assert_true(parse(&is, "--no-policy") && is.options.no_policy && !is.options.policy);
	assert_true(parse(&is, "--files0-from=x") && strcmp(is.options.files0_from, "x") == 0 && is.options.npaths == 0);
	assert_true(parse(&is, "-i --require-clean") && is.options.require_clean);
	assert_true(parse(&is, "--exit-zero") && is.options.exit_zero);
	assert_true(parse(&is, "-q") && is.options.quiet && !is.options.verbose);
	assert_true(parse(&is, "-v") && is.options.verbose && !is.options.quiet);
	assert_true(parse(&is, "--color=always") && is.options.color == WHEN_ALWAYS);
	assert_true(parse(&is, "--color never") && is.options.color == WHEN_NEVER);
	assert_true(parse(&is, "--format sarif") && is.options.format == &report_sarif);
	assert_true(parse(&is, "--format text") && !is.options.format);
	assert_true(parse(&is, "--output x --show-kept") && strcmp(is.options.output, "x") == 0);
	assert_true(is.options.show_kept);
	assert_false(is.options.check_policy);
	assert_true(parse(&is, "--check-policy") && is.options.check_policy);
	assert_true(parse(&is, "--explain-code add") && is.options.action == ACTION_EXPLAIN_CODE);
	assert_true(parse(&is, "-i --format json --output x -") && is.options.mode == MODE_IN_PLACE);
	assert_true(parse(&is, "") && is.options.jobs == 0 && is.options.timeout == 10);
	assert_true(parse(&is, "-j3 --timeout 20") && is.options.jobs == 3 && is.options.timeout == 20);
	assert_true(parse(&is, "--version") && is.options.action == ACTION_VERSION);
	assert_true(parse(&is, "--help") && is.options.action == ACTION_HELP);
	assert_true(parse(&is, "a -i b -- -c") && is.options.mode == MODE_IN_PLACE && is.options.npaths == 3);
	assert_string_equal(is.options.paths[2], "-c");
	assert_true(parse(&is, "-") && is.options.npaths == 1);
}

static void bad_usage(void **state)
{
	static const char *const CASES[][2] = {
		{"--nope", "unknown option --nope"},
		{"-x", "unknown option -x"},
		{"-dx", "unknown option -x"},
		{"--ver", "unknown option --ver"},
		{"--check=1", "option --check takes no argument"},
		{"-p", "option -p needs an argument"},
		{"--color", "option --color needs an argument"},
		{"--color=red", "--color takes auto, always or never, not \"red\""},
		{"--format=xml", "--format takes text, json, sarif, github, markdown or html, not \"xml\""},
		{"-i --format json a -", "--output FILE"},
		{"--explain --format json", "leave --format out"},
		{"-d -i", "only one of"},
		{"-lc", "only one of"},
		{"-p x --no-policy", "cannot be used together"},
		{"-qv", "cannot be used together"},
		{"--files0-from x y", "cannot be used together"},
	};
	struct answer is;
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_false(parse(&is, CASES[i][0]));
		assert_non_null(strstr(is.err.text, CASES[i][1]));
	}
}

static void today(void **state)
{
	struct answer is;
	(void)state;
	setenv("CAPFIX_TODAY", "2027-06-30", 1);
	assert_true(parse(&is, ""));
	assert_int_equal(is.options.today, 20270630);
	setenv("CAPFIX_TODAY", "tomorrow", 1);
	assert_false(parse(&is, ""));
	assert_true(parse(&is, "--help"));
	unsetenv("CAPFIX_TODAY");
	assert_true(parse(&is, ""));
	assert_in_range(is.options.today, 20240101, 99991231);
}

/* Every row of the table is in the help and can be parsed: nothing was forgotten in between. */
static void table_and_help_agree(void **state)
{
	struct answer is;
	struct buf help;
	(void)state;
	buf_init(&help);
	options_help(&help);
	buf_addc(&help, '\0');
	for (const struct option_row *row = options_table(); row->long_name; row++) {
		char line[64];
		const char *arg = strcmp(row->long_name, "format") == 0                 ? "=json"
				  : strcmp(row->long_name, "color") == 0 ? "=never"
									 : "=7";
		snprintf(line, sizeof(line), "--%s%s", row->long_name, row->arg ? arg : "");
		assert_true(parse(&is, line));
		snprintf(line, sizeof(line), " --%s ", row->long_name);
		assert_non_null(strstr(help.p, line));
	}
	for (const char *at = help.p; *at;) {
		size_t n = strcspn(at, "\n");
		assert_in_range(n, 0, 80);
		at += n + (at[n] == '\n');
	}
	buf_release(&help);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(each_option),
		cmocka_unit_test(bad_usage),
		cmocka_unit_test(today),
		cmocka_unit_test(table_and_help_agree),
	};
	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
