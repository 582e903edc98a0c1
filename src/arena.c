#include "capfix/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Blocks double from BLOCK_MIN to BLOCK_MAX. In a sanitizer's build each piece of memory is a block of its own, so that
 * reading or writing one byte past it is seen.
 */
#ifdef CAPFIX_ARENA_EXACT
enum { BLOCK_MIN = 0, BLOCK_MAX = 0 };
#else
enum { BLOCK_MIN = 8192, BLOCK_MAX = 1 << 20 };
#endif

struct arena_block {
	struct arena_block *next;
	size_t cap; /* bytes of data */
	max_align_t data[];
};

void arena_init(struct arena *arena)
{
	*arena = (struct arena){0};
}

void arena_release(struct arena *arena)
{
	struct arena_block *block = arena->head;

	while (block != NULL) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	arena_init(arena);
}

static struct arena_block *block_new(size_t cap)
{
	struct arena_block *block;

	if (cap > SIZE_MAX - sizeof(*block))
		mul_size(cap, sizeof(*block)); /* does not return */
	block = xrealloc(NULL, 1, sizeof(*block) + cap);
	block->next = NULL;
	block->cap = cap;
	return block;
}

static size_t next_cap(const struct arena *arena)
{
	size_t most = BLOCK_MAX;

	if (arena->head == NULL)
		return BLOCK_MIN;
	return arena->head->cap < most / 2 ? arena->head->cap * 2 : most;
}

/* Memory that no block has room for. What is big gets its own block behind the head, whose rest is used on. */
static char *take_block(struct arena *arena, size_t bytes)
{
	size_t cap = next_cap(arena);
	bool big = bytes > cap / 2;
	struct arena_block *block = block_new(big ? bytes : cap);

	if (big && arena->head != NULL) {
		block->next = arena->head->next;
		arena->head->next = block;
	} else {
		block->next = arena->head;
		arena->head = block;
		arena->used = bytes;
	}
	return (char *)block->data;
}

/* Memory that is not zeroed. */
static char *take(struct arena *arena, size_t bytes, size_t align)
{
	size_t at = (arena->used + align - 1) / align * align;
	char *data;

	if (arena->head == NULL || at > arena->head->cap || bytes > arena->head->cap - at)
		return take_block(arena, bytes);
	data = (char *)arena->head->data;
	arena->used = at + bytes;
	return data + at;
}

void *arena_alloc(struct arena *arena, size_t n, size_t size)
{
	size_t bytes = mul_size(n, size);

	return memset(take(arena, bytes, _Alignof(max_align_t)), 0, bytes);
}

struct slice arena_dup(struct arena *arena, struct slice text)
{
	char *copy = take(arena, text.n + 1, 1);

	if (text.n > 0)
		memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	return (struct slice){copy, text.n};
}

struct slice arena_vprintf(struct arena *arena, const char *fmt, va_list args)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	BUG_IF(n < 0);
	text = take(arena, (size_t)n + 1, 1);
	(void)vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct slice){text, (size_t)n};
}

struct slice arena_printf(struct arena *arena, const char *fmt, ...)
{
	struct slice text;
	va_list args;

	va_start(args, fmt);
	text = arena_vprintf(arena, fmt, args);
	va_end(args);
	return text;
}

/* How far behind the head the block of an array is looked for: few arrays grow at a time. */
enum { NEAR = 16 };

/*
 * A big array has a block for itself, which can grow where it is: so the old ones don't pile up, and the system moves
 * pages rather than bytes. NULL if the array has none.
 */
static char *grow_block(struct arena *arena, const void *old, size_t bytes)
{
	struct arena_block **link = arena->head ? &arena->head->next : NULL;

	for (int i = 0; link && *link && i < NEAR; i++, link = &(*link)->next) {
		struct arena_block *block = *link;

		if (block->data != old)
			continue;
		block = xrealloc(block, 1, sizeof(*block) + bytes);
		block->cap = bytes;
		*link = block;
		return (char *)block->data;
	}
	return NULL;
}

void *arena_grow(struct arena *arena, void *old, size_t n, size_t *cap, size_t need, size_t size)
{
	size_t room = grown(*cap, need);
	char *fresh;

	BUG_IF(n > *cap);
	if (room == *cap && old != NULL)
		return old;
	fresh = *cap * size > BLOCK_MAX / 2 ? grow_block(arena, old, mul_size(room, size)) : NULL;
	if (fresh) {
		memset(fresh + n * size, 0, (room - n) * size);
		*cap = room;
		return fresh;
	}
	fresh = take(arena, mul_size(room, size), _Alignof(max_align_t));
	if (n > 0)
		memcpy(fresh, old, n * size);
	memset(fresh + n * size, 0, (room - n) * size);
	*cap = room;
	return fresh;
}

struct sorting {
	const char *from;
	char *to;
	size_t size;
	int (*cmp)(const void *a, const void *b);
};

/* Merges the sorted runs from[a, mid) and from[mid, end) to to[a, end); all in items. */
static void merge(const struct sorting *sort, size_t a, size_t mid, size_t end)
{
	size_t size = sort->size;
	size_t b = mid;
	size_t out = a;

	while (a < mid && b < end) {
		/* The left one of two equals comes first: stable. */
		bool left = sort->cmp(sort->from + a * size, sort->from + b * size) <= 0;

		memcpy(sort->to + out++ * size, sort->from + (left ? a++ : b++) * size, size);
	}
	memcpy(sort->to + out * size, sort->from + a * size, (mid - a) * size);
	out += mid - a;
	memcpy(sort->to + out * size, sort->from + b * size, (end - b) * size);
}

static bool is_sorted(const char *items, size_t n, size_t size, int (*cmp)(const void *a, const void *b))
{
	for (size_t i = 1; i < n; i++) {
		if (cmp(items + (i - 1) * size, items + i * size) > 0)
			return false;
	}
	return true;
}

void arena_sort(struct arena *arena, void *items, size_t n, size_t size, int (*cmp)(const void *a, const void *b))
{
	char *from = items;
	char *to;

	if (n < 2 || is_sorted(items, n, size, cmp))
		return;
	to = take(arena, mul_size(n, size), _Alignof(max_align_t));
	for (size_t run = 1; run < n; run *= 2) {
		struct sorting sort = {from, to, size, cmp};
		char *swap = from;

		for (size_t a = 0; a < n; a += n - a < 2 * run ? n - a : 2 * run) {
			size_t mid = n - a < run ? n : a + run;

			merge(&sort, a, mid, n - mid < run ? n : mid + run);
		}
		from = to;
		to = swap;
	}
	if (from != (char *)items)
		memcpy(items, from, n * size);
}
