/*
 * base: slices of bytes, errors as values, and the two ways to die.
 *
 * Floor 0. Everything may include it.
 */
#ifndef CAPFIX_BASE_H
#define CAPFIX_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A run of bytes. Borrows: whoever made it owns the memory. May hold NUL bytes, never ends with one by contract. */
struct slice {
	const char *p;
	size_t n;
};

/* A slice of a string literal, its NUL left out. */
#define SLICE(lit) ((struct slice){(lit), sizeof(lit) - 1})

bool slice_eq(struct slice a, struct slice b);
bool slice_is(struct slice a, const char *text);
/* Negative, zero, positive: byte order, the shorter first where one begins the other. */
int slice_cmp(struct slice a, struct slice b);
struct slice slice_of(const char *text);
/* text[from, to). BUG if the range is not inside. */
struct slice slice_sub(struct slice text, size_t from, size_t to);

/*
 * What went wrong with somebody's input, or with I/O. A function that can fail takes a `struct error *` as its last
 * argument and returns false after setting it; on success it leaves it as it was.
 * line and col are 1-based, col in code points; line is 0 where no place is known.
 */
struct error {
	size_t line;
	size_t col;
	char text[480];
};

/* Sets text (cut if too long) and no place. Returns false, so that a caller can `return error_set(…)`. */
bool error_set(struct error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A mistake of ours: says where on standard error and aborts. Never for bad input. */
_Noreturn void bug(const char *file, int line, const char *what);
#define BUG(what) bug(__FILE__, __LINE__, (what))
#define BUG_IF(cond) ((cond) ? BUG(#cond) : (void)0)

/* n * size bytes; dies, as when there is no memory, if that is more than a size can hold. */
size_t mul_size(size_t n, size_t size);

/* realloc that dies when there is no memory. n * size is checked. */
void *xrealloc(void *p, size_t n, size_t size);

/* The next capacity of a growing array that must hold `need` items: at least doubles, so growth stays linear. */
size_t grown(size_t cap, size_t need);

#endif
