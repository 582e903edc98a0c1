/*
 * buf: bytes that grow.
 *
 * Floor 0. Owns its memory; `p` may move with every call that adds.
 */
#ifndef CAPFIX_BUF_H
#define CAPFIX_BUF_H

#include "capfix/base.h"

struct buf {
	char *p;
	size_t n;
	size_t cap;
};

void buf_init(struct buf *buf);
void buf_release(struct buf *buf);
/* Room for `more` bytes behind the first n; n is left as it is. */
void buf_reserve(struct buf *buf, size_t more);
void buf_add(struct buf *buf, struct slice text);
void buf_adds(struct buf *buf, const char *text);
void buf_addc(struct buf *buf, char c);
/* Adds `count` times c. */
void buf_fill(struct buf *buf, char c, size_t count);
void buf_addf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct slice buf_slice(const struct buf *buf);

#endif
