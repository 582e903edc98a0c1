#include "capfix/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool slice_is(struct slice a, const char *text)
{
	return slice_eq(a, slice_of(text));
}

int slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (order != 0)
		return order;
	return a.n < b.n ? -1 : a.n > b.n;
}

struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

struct slice slice_sub(struct slice text, size_t from, size_t to)
{
	BUG_IF(from > to);
	BUG_IF(to > text.n);
	/* Nothing may be added to a null pointer, not even 0. */
	return text.n == 0 ? text : (struct slice){text.p + from, to - from};
}

/* Takes the last code point off text[0, n) if it was cut in the middle; returns the new length. */
static size_t whole_code_points(const char *text, size_t n)
{
	size_t lead = n;
	unsigned char c;
	size_t want;

	while (lead > 0 && ((unsigned char)text[lead - 1] & 0xc0) == 0x80)
		lead--;
	if (lead == 0)
		return n;
	c = (unsigned char)text[--lead];
	want = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	return n - lead < want ? lead : n;
}

bool error_set(struct error *err, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	BUG_IF(n < 0);
	if ((size_t)n >= sizeof(err->text))
		err->text[whole_code_points(err->text, sizeof(err->text) - 1)] = '\0';
	err->line = 0;
	err->col = 0;
	return false;
}

/* Says why on standard error, with nothing that could need memory. */
static void last_words(const char *text)
{
	ssize_t done = write(STDERR_FILENO, text, strlen(text));

	(void)done; /* there is nobody left to tell */
}

_Noreturn void bug(const char *file, int line, const char *what)
{
	char text[512];

	(void)snprintf(text, sizeof(text), "capfix: bug at %s:%d: %s\n", file, line, what);
	last_words(text);
	abort();
}

/* Status 2, "trouble", as for any other thing that keeps us from doing the work. */
static _Noreturn void no_memory(void)
{
	last_words("capfix: out of memory\n");
	_exit(2);
}

size_t mul_size(size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		no_memory();
	return n * size;
}

void *xrealloc(void *p, size_t n, size_t size)
{
	size_t bytes = mul_size(n, size);
	void *fresh = realloc(p, bytes == 0 ? 1 : bytes);

	if (fresh == NULL)
		no_memory();
	return fresh;
}

size_t grown(size_t cap, size_t need)
{
	size_t next = cap < 8 ? 8 : cap > SIZE_MAX / 2 ? SIZE_MAX : cap * 2;

	if (need <= cap)
		return cap;
	return next < need ? need : next;
}
