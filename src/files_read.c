#include "capfix/files_read.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "capfix/files_open.h"

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

/* What is opened can be read as a text, as far as that can be told without reading. */
static bool check_open(int fd, bool walked, struct stat *seen, struct error *err)
{
	if (fstat(fd, seen) != 0)
		return error_set(err, "cannot read: %s", strerror(errno));
	if (walked && !S_ISREG(seen->st_mode))
		return error_set(err, "cannot read: not a regular file any more");
	if (S_ISREG(seen->st_mode) && seen->st_size > (off_t)FILE_LIMIT)
		return error_set(err, "larger than %zu MiB, the most that capfix reads", FILE_LIMIT >> 20);
	return true;
}

int file_open(const struct file *file, struct stat *seen, struct error *err)
{
	bool walked = file->kind == FILE_WALKED;
	int fd = file->kind == FILE_STDIN ? STDIN_FILENO : files_open(file);
	if (fd < 0) {
		error_set(err, "cannot read: %s", strerror(errno));
		return -1;
	}
	if (check_open(fd, walked, seen, err))
		return fd;
	file_close(fd);
	return -1;
}

void file_close(int fd)
{
	if (fd != STDIN_FILENO)
		close(fd);
}

bool file_fill(int fd, const struct stat *seen, char *room, size_t n, size_t *got, struct error *err)
{
	for (*got = 0; *got < n;) {
		ssize_t more = read(fd, room + *got, n - *got);
		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return error_set(err, "cannot read: %s", strerror(errno));
		if (more == 0)
			return true;
		*got += (size_t)more;
		/* As many bytes as the file has, and there was room for more: that is its end, without asking again. */
		if (S_ISREG(seen->st_mode) && (off_t)*got == seen->st_size)
			return true;
	}
	return true;
}

bool file_read(const struct file *file, struct buf *out, struct stat *seen, struct error *err)
{
	int fd = file_open(file, seen, err);
	if (fd < 0)
		return false;
	/* Two more, so that the read that finds the end needs no more room. */
	if (S_ISREG(seen->st_mode))
		buf_reserve(out, (size_t)seen->st_size + 2);
	bool ok = file_read_fd(fd, out, FILE_LIMIT, err);
	file_close(fd);
	return ok;
}
