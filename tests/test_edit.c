#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "capfix/edit.h"

struct fixture {
	struct arena arena;
	struct edits edits;
	struct buf out;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	arena_init(&f->arena);
	buf_init(&f->out);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	buf_release(&f->out);
	free(f);
	return 0;
}

static void add(struct fixture *f, size_t at, size_t del, const char *ins, size_t rank)
{
	edits_add(&f->edits, &f->arena, (struct edit){at, del, slice_of(ins), rank});
}

static bool seal(struct fixture *f, const char *text)
{
	return edits_seal(&f->edits, &f->arena, strlen(text));
}

static void expect(struct fixture *f, const char *text, const char *expected, size_t n)
{
	assert_true(seal(f, text));
	assert_int_equal(f->edits.n, n);
	f->out.n = 0;
	edits_apply(&f->edits, slice_of(text), &f->out);
	buf_addc(&f->out, '\0');
	assert_string_equal(f->out.p, expected);
}

static void test_any_order(void **state)
{
	struct fixture *f = *state;

	add(f, 6, 1, "G", 0);
	add(f, 0, 0, ">", 0);
	add(f, 3, 2, "", 0);
	add(f, 7, 0, "<", 0); /* touches the first */
	expect(f, "abcdefg", ">abcfG<", 3);
}

static void test_nothing(void **state)
{
	struct fixture *f = *state;

	expect(f, "abc", "abc", 0);
	assert_true(f->edits.sealed);
	expect(f, "", "", 0);
}

static void test_empty_edits_go(void **state)
{
	struct fixture *f = *state;

	add(f, 1, 0, "", 0);
	add(f, 2, 0, "", 0);
	add(f, 1, 2, "XY", 0);
	expect(f, "abc", "aXY", 1);
}

static void test_ranks(void **state)
{
	struct fixture *f = *state;

	add(f, 1, 0, "3", 3);
	add(f, 1, 0, "1", 1);
	add(f, 1, 0, "2a", 2);
	add(f, 1, 0, "2b", 2); /* the same rank: in the order they were added */
	expect(f, "ab", "a12a2b3b", 1);
}

static void test_touching_edits_merge(void **state)
{
	struct fixture *f = *state;

	add(f, 2, 2, "X", 0);
	add(f, 4, 1, "Y", 0);
	add(f, 5, 0, "Z", 0);
	add(f, 6, 1, "W", 0); /* one byte between: stays apart */
	expect(f, "abcdefgh", "abXYZfWh", 2);
	assert_int_equal(f->edits.v[0].at, 2);
	assert_int_equal(f->edits.v[0].del, 3);
	assert_true(slice_is(f->edits.v[0].ins, "XYZ"));
}

static void test_insertion_at_the_start_of_a_deletion(void **state)
{
	struct fixture *f = *state;

	add(f, 1, 2, "-", 5);
	add(f, 1, 0, "before ", 1);
	add(f, 1, 0, " after", 9);
	add(f, 3, 0, "!", 0);
	expect(f, "abcd", "abefore - after!d", 1);
}

static void test_refused(void **state)
{
	static const struct {
		struct edit a;
		struct edit b;
	} pairs[] = {
		{{0, 2, {"", 0}, 0}, {1, 1, {"", 0}, 0}},  /* overlap */
		{{1, 1, {"", 0}, 0}, {1, 1, {"", 0}, 1}},  /* the same twice */
		{{1, 3, {"", 0}, 0}, {2, 0, {"x", 1}, 0}}, /* insertion inside a deletion */
		{{0, 1, {"", 0}, 0}, {5, 0, {"x", 1}, 0}}, /* behind the end */
		{{0, 1, {"", 0}, 0}, {3, 2, {"", 0}, 0}},  /* deletes behind the end */
		{{0, 1, {"", 0}, 0}, {2, SIZE_MAX, {"", 0}, 0}},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		for (int swap = 0; swap < 2; swap++) {
			struct fixture *f = *state;

			f->edits = (struct edits){0};
			edits_add(&f->edits, &f->arena, swap ? pairs[i].b : pairs[i].a);
			edits_add(&f->edits, &f->arena, swap ? pairs[i].a : pairs[i].b);
			assert_false(seal(f, "abcd"));
			assert_false(f->edits.sealed);
		}
	}
}

static void test_insertion_at_the_start_of_the_second_deletion(void **state)
{
	struct fixture *f = *state;

	add(f, 0, 2, "", 0);
	add(f, 2, 3, "-", 0);
	add(f, 2, 0, "ok", 1);
	expect(f, "abcdefgh", "-okfgh", 1);
}

/* What was allowed at the start of one deletion may not make up for an overlap with the next. */
static void test_overlap_after_a_merge(void **state)
{
	struct fixture *f = *state;

	add(f, 0, 2, "", 0);
	add(f, 2, 3, "", 0);
	add(f, 2, 0, "ok", 1);
	add(f, 3, 0, "no", 0);
	assert_false(seal(f, "abcdefgh"));
}

static void test_adding_unseals(void **state)
{
	struct fixture *f = *state;

	add(f, 2, 0, "x", 0);
	expect(f, "abc", "abxc", 1);
	add(f, 0, 0, "y", 0);
	assert_false(f->edits.sealed);
	expect(f, "abc", "yabxc", 2);
}

/* Many that touch: putting them together one by one would take minutes. */
static void test_many(void **state)
{
	enum { N = 200000 };
	struct fixture *f = *state;
	char *text = calloc(N + 1, 1);

	memset(text, 'a', N);
	for (size_t i = N; i-- > 0;)
		add(f, i, 1, "bc", 0);
	assert_true(seal(f, text));
	assert_int_equal(f->edits.n, 1);
	edits_apply(&f->edits, slice_of(text), &f->out);
	assert_int_equal(f->out.n, 2 * N);
	for (size_t i = 0; i < f->out.n; i++)
		assert_int_equal(f->out.p[i], i % 2 == 0 ? 'b' : 'c');
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_any_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty_edits_go, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ranks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_touching_edits_merge, setup, teardown),
		cmocka_unit_test_setup_teardown(test_insertion_at_the_start_of_a_deletion, setup, teardown),
		cmocka_unit_test_setup_teardown(test_insertion_at_the_start_of_the_second_deletion, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_overlap_after_a_merge, setup, teardown),
		cmocka_unit_test_setup_teardown(test_adding_unseals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
	};

	alarm(60); /* what is not linear does not get ready */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
