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

/* Appends all that is left to read. Refuses more than limit bytes. */
bool file_read_fd(int fd, struct buf *out, size_t limit, struct error *err);

#endif
