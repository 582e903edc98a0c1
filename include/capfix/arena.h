/*
 * arena: memory that is given back all at once. One for each file that is worked on.
 *
 * Floor 0.
 */
#ifndef CAPFIX_ARENA_H
#define CAPFIX_ARENA_H

#include <stdarg.h>

#include "capfix/base.h"

struct arena_block;

/* Owns its blocks. */
struct arena {
	struct arena_block *head;
	size_t used; /* bytes used of the head block */
};

void arena_init(struct arena *arena);
void arena_release(struct arena *arena);
/* Zeroed memory for n items of `size` bytes, aligned for any type. Never NULL: no memory means death. */
void *arena_alloc(struct arena *arena, size_t n, size_t size);
/* A copy that lives as long as the arena, with a NUL behind it that the length does not count. */
struct slice arena_dup(struct arena *arena, struct slice text);
/* printf into the arena. */
struct slice arena_vprintf(struct arena *arena, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));
struct slice arena_printf(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Takes memory of a growing array: returns room for `need` items, the `n` first copied from `old`. */
void *arena_grow(struct arena *arena, void *old, size_t n, size_t *cap, size_t need, size_t size);

/* Stable merge sort of n items; never recurses. Its scratch memory, if any is needed, stays in the arena. */
void arena_sort(struct arena *arena, void *items, size_t n, size_t size, int (*cmp)(const void *a, const void *b));

#endif
