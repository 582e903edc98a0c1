#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "capfix/arena.h"

static void test_alloc_is_zeroed_and_aligned(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < 2000; i++) {
		size_t n = i * 7 % 300;
		unsigned char *p = arena_alloc(&arena, n, 3);

		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < n * 3; k++)
			assert_int_equal(p[k], 0);
		memset(p, 0xff, n * 3); /* the next piece must not share any of it */
		arena_dup(&arena, SLICE("x"));
	}
	arena_release(&arena);
	assert_null(arena.head);
}

static void test_pieces_keep_their_bytes(void **state)
{
	enum { N = 3000 };
	struct arena arena;
	struct slice copies[N];

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < N; i++)
		copies[i] = arena_printf(&arena, "%zu:%*s", i, (int)(i % 900), "");
	for (size_t i = 0; i < N; i++) {
		struct slice expected = arena_printf(&arena, "%zu:%*s", i, (int)(i % 900), "");

		assert_true(slice_eq(copies[i], expected));
		assert_int_equal(copies[i].p[copies[i].n], '\0');
	}
	arena_release(&arena);
}

static void test_big_pieces(void **state)
{
	enum { BIG = 5 << 20 };
	struct arena arena;
	char *small;
	char *big;
	char *after;

	(void)state;
	arena_init(&arena);
	small = arena_alloc(&arena, 10, 1);
	memcpy(small, "0123456789", 10);
	big = arena_alloc(&arena, BIG, 1);
	assert_int_equal(big[0] | big[BIG - 1], 0);
	memset(big, 'b', BIG);
	after = arena_alloc(&arena, 10, 1);
	memset(after, 'a', 10);
	assert_memory_equal(small, "0123456789", 10);
	assert_int_equal(big[BIG - 1], 'b');
	arena_release(&arena);
}

static void test_big_first(void **state)
{
	struct arena arena;
	char *big;

	(void)state;
	arena_init(&arena);
	big = arena_alloc(&arena, 100000, 1);
	memset(big, 'b', 100000);
	assert_true(slice_is(arena_dup(&arena, SLICE("next")), "next"));
	assert_int_equal(big[99999], 'b');
	arena_release(&arena);
}

static void test_dup(void **state)
{
	struct arena arena;
	struct slice copy;

	(void)state;
	arena_init(&arena);
	copy = arena_dup(&arena, SLICE("a\0b"));
	assert_int_equal(copy.n, 3);
	assert_memory_equal(copy.p, "a\0b", 4);
	copy = arena_dup(&arena, (struct slice){NULL, 0});
	assert_int_equal(copy.n, 0);
	assert_int_equal(copy.p[0], '\0');
	arena_release(&arena);
}

static void test_grow(void **state)
{
	struct arena arena;
	size_t *v = NULL;
	size_t cap = 0;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < 10000; i++) {
		size_t *old = v;
		size_t old_cap = cap;

		v = arena_grow(&arena, v, i, &cap, i + 1, sizeof(*v));
		assert_true(cap >= i + 1);
		if (old_cap > i)
			assert_ptr_equal(v, old);
		v[i] = i * i;
	}
	for (size_t i = 0; i < 10000; i++)
		assert_int_equal(v[i], i * i);
	arena_release(&arena);
}

struct item {
	unsigned key;
	unsigned place;
};

static size_t compared;

static int by_key(const void *a, const void *b)
{
	const struct item *x = a;
	const struct item *y = b;

	compared++;
	return x->key < y->key ? -1 : x->key > y->key;
}

static void check_sort(struct arena *arena, unsigned n, unsigned keys)
{
	struct item *v = arena_alloc(arena, n, sizeof(*v));
	unsigned seed = n * 31 + keys;
	size_t log = 1;

	for (unsigned i = 0; i < n; i++) {
		seed = seed * 1103515245u + 12345u;
		v[i] = (struct item){(seed >> 16) % keys, i};
	}
	compared = 0;
	arena_sort(arena, v, n, sizeof(*v), by_key);
	for (unsigned i = 1; i < n; i++) {
		assert_true(v[i - 1].key <= v[i].key);
		if (v[i - 1].key == v[i].key)
			assert_true(v[i - 1].place < v[i].place);
	}
	while ((size_t)1 << log < n)
		log++;
	assert_true(compared <= n * (log + 1));
}

static void test_sort(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (unsigned n = 0; n < 70; n++) {
		check_sort(&arena, n, 5);
		check_sort(&arena, n, 1);
	}
	check_sort(&arena, 100000, 1000);
	check_sort(&arena, 65536, 1u << 30);
	check_sort(&arena, 65537, 3);
	arena_release(&arena);
}

/* Two arrays grow side by side, far beyond a block, with small pieces in between: each keeps what it holds. */
static void test_big_arrays_grow_in_place(void **state)
{
	struct arena arena;
	size_t *a = NULL, *b = NULL;
	size_t acap = 0, bcap = 0;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < 600000; i++) {
		a = arena_grow(&arena, a, i, &acap, i + 1, sizeof(*a));
		assert_int_equal(a[i], 0);
		a[i] = i;
		b = arena_grow(&arena, b, i, &bcap, i + 1, sizeof(*b));
		b[i] = ~i;
		if (i % 1000 == 0)
			memset(arena_alloc(&arena, 1, 24), 0xff, 24);
	}
	for (size_t i = 0; i < 600000; i++)
		assert_true(a[i] == i && b[i] == ~i);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_big_arrays_grow_in_place),
		cmocka_unit_test(test_alloc_is_zeroed_and_aligned),
		cmocka_unit_test(test_pieces_keep_their_bytes),
		cmocka_unit_test(test_big_pieces),
		cmocka_unit_test(test_big_first),
		cmocka_unit_test(test_dup),
		cmocka_unit_test(test_grow),
		cmocka_unit_test(test_sort),
	};

	alarm(60); /* what is not linear does not get ready */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
