/*
 * report_out: bytes on their way to a file descriptor, such as standard output.
 *
 * Floor 4. Owns its buffer, borrows the descriptor. The first failure is kept; after it nothing more is written, so a
 * full disk or a closed pipe is seen once, at the end, and never taken for success.
 */
#ifndef CAPFIX_REPORT_OUT_H
#define CAPFIX_REPORT_OUT_H

#include "capfix/base.h"
#include "capfix/buf.h"
#include "capfix/progress.h"

struct out {
	int fd;
	struct buf buf;
	int failed; /* errno of the first write that failed, else 0 */
	struct progress *progress; /* cleared before anything is written; NULL as long as nobody has set it */
};

void out_init(struct out *out, int fd);
/* Flushes nothing. */
void out_release(struct out *out);
/* Takes the text; writes only when much has gathered. */
void out_add(struct out *out, struct slice text);
/* Writes what has gathered. False if this or an earlier write failed. */
bool out_flush(struct out *out);

/* Writes all of text, through short writes and interrupts. 0, or errno. */
int out_write_all(int fd, struct slice text);

#endif
