#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/buf.h"

static void test_adds(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf);
	assert_true(slice_eq(buf_slice(&buf), SLICE("")));
	assert_non_null(buf_slice(&buf).p);
	buf_add(&buf, SLICE("a\0b"));
	buf_adds(&buf, "cd");
	buf_addc(&buf, 'e');
	buf_fill(&buf, ' ', 3);
	buf_fill(&buf, 'x', 0);
	buf_addf(&buf, "%d-%s", 42, "z");
	buf_add(&buf, (struct slice){NULL, 0});
	assert_true(slice_eq(buf_slice(&buf), SLICE("a\0bcde   42-z")));
	buf_release(&buf);
	assert_null(buf.p);
	assert_int_equal(buf.n, 0);
}

static void test_grows(void **state)
{
	struct buf buf;
	size_t moves = 0;
	size_t cap = 0;

	(void)state;
	buf_init(&buf);
	for (size_t i = 0; i < 100000; i++) {
		buf_addc(&buf, (char)('a' + i % 26));
		moves += buf.cap != cap;
		cap = buf.cap;
	}
	assert_int_equal(buf.n, 100000);
	for (size_t i = 0; i < buf.n; i++)
		assert_int_equal(buf.p[i], 'a' + i % 26);
	assert_true(moves < 20);
	buf_release(&buf);
}

static void test_reserve_keeps_length(void **state)
{
	struct buf buf;
	char *p;

	(void)state;
	buf_init(&buf);
	buf_reserve(&buf, 1000);
	assert_int_equal(buf.n, 0);
	p = buf.p;
	buf_fill(&buf, 'x', 1000);
	assert_ptr_equal(buf.p, p);
	buf_release(&buf);
}

static void test_long_format(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf);
	buf_adds(&buf, "<");
	buf_addf(&buf, "%5000s>", "x");
	assert_int_equal(buf.n, 5002);
	assert_int_equal(buf.p[0], '<');
	assert_int_equal(buf.p[5000], 'x');
	assert_int_equal(buf.p[5001], '>');
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adds),
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_reserve_keeps_length),
		cmocka_unit_test(test_long_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
