#include "capfix/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *buf)
{
	*buf = (struct buf){0};
}

void buf_release(struct buf *buf)
{
	free(buf->p);
	buf_init(buf);
}

void buf_reserve(struct buf *buf, size_t more)
{
	size_t need = buf->n + more;

	/* SIZE_MAX bytes are never there: dies as out of memory. */
	if (need < more)
		need = SIZE_MAX;
	if (buf->p != NULL && need <= buf->cap)
		return;
	buf->cap = grown(buf->cap, need);
	buf->p = xrealloc(buf->p, buf->cap, 1);
}

void buf_add(struct buf *buf, struct slice text)
{
	if (text.n == 0)
		return;
	buf_reserve(buf, text.n);
	memcpy(buf->p + buf->n, text.p, text.n);
	buf->n += text.n;
}

void buf_adds(struct buf *buf, const char *text)
{
	buf_add(buf, slice_of(text));
}

void buf_addc(struct buf *buf, char c)
{
	buf_fill(buf, c, 1);
}

void buf_fill(struct buf *buf, char c, size_t count)
{
	if (count == 0)
		return;
	buf_reserve(buf, count);
	memset(buf->p + buf->n, c, count);
	buf->n += count;
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
	va_list args;
	va_list again;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	BUG_IF(n < 0);
	buf_reserve(buf, (size_t)n + 1); /* vsnprintf adds a NUL, which is not counted */
	(void)vsnprintf(buf->p + buf->n, (size_t)n + 1, fmt, again);
	buf->n += (size_t)n;
	va_end(again);
	va_end(args);
}

struct slice buf_slice(const struct buf *buf)
{
	return buf->n == 0 ? SLICE("") : (struct slice){buf->p, buf->n};
}
