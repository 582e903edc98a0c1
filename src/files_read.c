#include "capfix/files_read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Room for a read when nothing says how much will come. */
enum { CHUNK = 64 * 1024 };

bool file_read_fd(int fd, struct buf *out, size_t limit, struct error *err)
{
	size_t start = out->n;
	for (;;) {
		if (out->cap - out->n < 2)
			buf_reserve(out, CHUNK);
		ssize_t n = read(fd, out->p + out->n, out->cap - out->n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, "cannot read: %s", strerror(errno));
		if (n == 0)
			return true;
		out->n += (size_t)n;
		if (out->n - start > limit)
			return error_set(err, "larger than %zu MiB, the most that capfix reads", limit >> 20);
	}
}

static bool read_open(int fd, bool walked, struct buf *out, struct stat *seen, struct error *err)
{
	if (fstat(fd, seen) != 0)
		return error_set(err, "cannot read: %s", strerror(errno));
	if (walked && !S_ISREG(seen->st_mode))
		return error_set(err, "cannot read: not a regular file any more");
	if (S_ISREG(seen->st_mode)) {
		if (seen->st_size > (off_t)FILE_LIMIT)
			return error_set(err, "larger than %zu MiB, the most that capfix reads", FILE_LIMIT >> 20);
		/* Two more, so that the read that finds the end needs no more room. */
		buf_reserve(out, (size_t)seen->st_size + 2);
	}
	return file_read_fd(fd, out, FILE_LIMIT, err);
}

bool file_read(const struct file *file, struct buf *out, struct stat *seen, struct error *err)
{
	if (file->kind == FILE_STDIN)
		return read_open(STDIN_FILENO, false, out, seen, err);
	bool walked = file->kind == FILE_WALKED;
	/* What was a file during the walk may be a link or a pipe by now: do not follow, do not wait. */
	int fd = open(file->path.p, O_RDONLY | O_CLOEXEC | O_NOCTTY | (walked ? O_NOFOLLOW | O_NONBLOCK : 0));
	if (fd < 0)
		return error_set(err, "cannot read: %s", strerror(errno));
	bool ok = read_open(fd, walked, out, seen, err);
	close(fd);
	return ok;
}
