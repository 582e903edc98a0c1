/*
 * replace: puts new text in the place of a file, so that the file is whole at any moment: the old or the new.
 *
 * Floor 4.
 */
#ifndef CAPFIX_REPLACE_H
#define CAPFIX_REPLACE_H

#include <sys/stat.h>

#include "capfix/base.h"

/*
 * Replaces the file, or what the symbolic link at path leads to: a temporary file in the same folder, with the same
 * mode and, where allowed, owner, is written, synced and renamed. `seen` is what the file was when it was read. Left
 * alone, with an error that says why: a file that changed since, one with more than one hard link, one that is not
 * regular, one that may not be written to. On an error nothing is left behind.
 */
bool replace_file(const char *path, const struct stat *seen, struct slice text, struct error *err);

/* From now on SIGHUP, SIGINT and SIGTERM remove the temporary file, if there is one, before they end the process. */
void replace_catch_signals(void);

#endif
