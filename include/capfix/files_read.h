/*
 * files_read: the bytes of a file, and what the file was when they were read.
 *
 * Floor 4.
 */
#ifndef CAPFIX_FILES_READ_H
#define CAPFIX_FILES_READ_H

#include <sys/stat.h>

#include "capfix/base.h"
#include "capfix/buf.h"
#include "capfix/files.h"

/* A larger file is refused: 1 GiB. */
#define FILE_LIMIT ((size_t)1 << 30)

/*
 * Appends the whole file to out and sets *seen to what it was before the first byte was read, for replace_file. Reads
 * to the end whatever size the file claimed to have, so it may grow, shrink or be a pipe.
 */
bool file_read(const struct file *file, struct buf *out, struct stat *seen, struct error *err);

/*
 * The same in two steps, for who has memory of his own: opens the file and sets *seen; -1 on an error. Then file_fill
 * reads until n bytes are there or the end is seen; *got < n means the end. Close with file_close.
 */
int file_open(const struct file *file, struct stat *seen, struct error *err);
bool file_fill(int fd, const struct stat *seen, char *room, size_t n, size_t *got, struct error *err);
void file_close(int fd);

/* Appends all that is left to read. Refuses more than limit bytes. */
bool file_read_fd(int fd, struct buf *out, size_t limit, struct error *err);

#endif
