/*
 * files_open: opens what a walk has found, so that no symbolic link that was put on the way since then is followed.
 *
 * Floor 4.
 */
#ifndef CAPFIX_FILES_OPEN_H
#define CAPFIX_FILES_OPEN_H

#include "capfix/files.h"

/*
 * Opens the path. Its first `start` bytes, the folder that the walk began in, may lead through links: the user
 * named them. Nothing behind them may. The path has a NUL behind it. -1 and errno; ELOOP or ENOTDIR where there is
 * a link.
 */
int files_open_below(struct slice path, size_t start, int flags);

/*
 * Opens a file for reading, a walked one as above and without waiting for it: it may be a pipe by now. Not for
 * FILE_STDIN.
 */
int files_open(const struct file *file);

#endif
