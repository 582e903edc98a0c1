#include "capfix/report_out.h"

#include <errno.h>
#include <unistd.h>

/* Enough that the cost of a write is lost in that of the work. */
enum { OUT_ENOUGH = 64 * 1024 };

void out_init(struct out *out, int fd)
{
	out->fd = fd;
	out->failed = 0;
	out->progress = NULL;
	buf_init(&out->buf);
}

void out_release(struct out *out)
{
	buf_release(&out->buf);
}

int out_write_all(int fd, struct slice text)
{
	while (text.n > 0) {
		/* One write takes SSIZE_MAX at most; a GiB at a time is far below it everywhere. */
		size_t part = text.n < ((size_t)1 << 30) ? text.n : (size_t)1 << 30;
		ssize_t n = write(fd, text.p, part);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (n == 0)
			return EIO;
		text.p += n;
		text.n -= (size_t)n;
	}
	return 0;
}

bool out_flush(struct out *out)
{
	if (out->progress && out->buf.n > 0)
		progress_clear(out->progress);
	if (!out->failed && out->buf.n > 0)
		out->failed = out_write_all(out->fd, buf_slice(&out->buf));
	out->buf.n = 0;
	return !out->failed;
}

void out_add(struct out *out, struct slice text)
{
	if (out->failed)
		return;
	buf_add(&out->buf, text);
	if (out->buf.n >= OUT_ENOUGH)
		out_flush(out);
}
