#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "capfix/base.h"

static void test_slice_eq(void **state)
{
	(void)state;
	assert_true(slice_eq(SLICE("abc"), slice_of("abc")));
	assert_false(slice_eq(SLICE("abc"), SLICE("abd")));
	assert_false(slice_eq(SLICE("abc"), SLICE("ab")));
	assert_true(slice_eq((struct slice){NULL, 0}, SLICE("")));
	assert_false(slice_eq(SLICE("a\0b"), SLICE("a\0c")));
	assert_true(slice_is(SLICE("drop"), "drop"));
	assert_false(slice_is(SLICE("drop"), "dro"));
	assert_false(slice_is(SLICE("dro"), "drop"));
}

static void test_slice_cmp(void **state)
{
	(void)state;
	assert_true(slice_cmp(SLICE("a"), SLICE("b")) < 0);
	assert_true(slice_cmp(SLICE("b"), SLICE("a")) > 0);
	assert_true(slice_cmp(SLICE("a"), SLICE("ab")) < 0);
	assert_true(slice_cmp(SLICE("ab"), SLICE("a")) > 0);
	assert_int_equal(slice_cmp(SLICE("ab"), SLICE("ab")), 0);
	assert_int_equal(slice_cmp(SLICE(""), (struct slice){NULL, 0}), 0);
	/* Bytes, not signed characters. */
	assert_true(slice_cmp(SLICE("\xc3"), SLICE("z")) > 0);
}

static void test_slice_sub(void **state)
{
	(void)state;
	assert_true(slice_is(slice_sub(SLICE("abcd"), 1, 3), "bc"));
	assert_int_equal(slice_sub(SLICE("abcd"), 4, 4).n, 0);
	assert_int_equal(slice_sub((struct slice){NULL, 0}, 0, 0).n, 0);
}

/* Runs f in a process of its own, its standard error closed; returns how it ended. */
static int ending(void (*f)(void))
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct rlimit none = {0, 0};

		close(STDERR_FILENO);
		setrlimit(RLIMIT_CORE, &none);
		signal(SIGABRT, SIG_DFL);
		f();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static bool aborts(void (*f)(void))
{
	int status = ending(f);

	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void sub_backwards(void)
{
	slice_sub(SLICE("abcd"), 3, 2);
}

static void sub_beyond(void)
{
	slice_sub(SLICE("abcd"), 3, 5);
}

static void sub_inside(void)
{
	slice_sub(SLICE("abcd"), 3, 4);
}

static void test_bugs_abort(void **state)
{
	(void)state;
	assert_true(aborts(sub_backwards));
	assert_true(aborts(sub_beyond));
	assert_false(aborts(sub_inside));
}

static void huge_array(void)
{
	xrealloc(NULL, SIZE_MAX / 2, 4);
}

static void test_no_memory_exits(void **state)
{
	int status = ending(huge_array);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
}

static void test_error_set(void **state)
{
	struct error err = {7, 8, "before"};

	(void)state;
	assert_false(error_set(&err, "%s is %d", "x", 5));
	assert_string_equal(err.text, "x is 5");
	assert_int_equal(err.line, 0);
	assert_int_equal(err.col, 0);
}

static void test_error_set_cuts_whole_characters(void **state)
{
	struct error err;
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	error_set(&err, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	/* One byte of "é" would fit. */
	memcpy(text + sizeof(err.text) - 2, "\xc3\xa9", 2);
	error_set(&err, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 2);
	/* All of it fits. */
	memcpy(text + sizeof(err.text) - 3, "\xc3\xa9x", 3);
	error_set(&err, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void test_grown(void **state)
{
	(void)state;
	assert_int_equal(grown(10, 10), 10);
	assert_int_equal(grown(10, 11), 20);
	assert_int_equal(grown(10, 100), 100);
	assert_true(grown(0, 1) >= 1);
	assert_true(grown(SIZE_MAX / 2 + 5, SIZE_MAX / 2 + 6) == SIZE_MAX);
	assert_true(grown(16, SIZE_MAX) == SIZE_MAX);
}

static void test_xrealloc(void **state)
{
	char *p = xrealloc(NULL, 3, 2);

	(void)state;
	memcpy(p, "abcdef", 6);
	p = xrealloc(p, 1000, 1);
	assert_memory_equal(p, "abcdef", 6);
	p = xrealloc(p, 0, 8);
	assert_non_null(p);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slice_eq),
		cmocka_unit_test(test_slice_cmp),
		cmocka_unit_test(test_slice_sub),
		cmocka_unit_test(test_bugs_abort),
		cmocka_unit_test(test_no_memory_exits),
		cmocka_unit_test(test_error_set),
		cmocka_unit_test(test_error_set_cuts_whole_characters),
		cmocka_unit_test(test_grown),
		cmocka_unit_test(test_xrealloc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
