/*
 * replace: puts new text in the place of a file, so that the file is whole at any moment: the old or the new.
 *
 * Floor 4.
 */
#ifndef CAPFIX_REPLACE_H
#define CAPFIX_REPLACE_H

#include <sys/stat.h>

#include "capfix/base.h"

/* A file as it was when it was read. */
struct replace_old {
	struct stat seen;
	struct slice text;
};

/*
 * Replaces the file, or what the symbolic link at path leads to: a temporary file in the same folder, with the
 * same mode, access control list, extended attributes and, where allowed, owner, is written, synced and renamed.
 * Left alone, with an error that says why: a file that changed since it was read, one with more than one hard
 * link, one that is not regular, one that may not be written to, one whose list or attributes cannot be kept. On
 * an error nothing is left behind.
 */
bool replace_file(const char *path, const struct replace_old *old, struct slice text, struct error *err);

/* Removes temporary files that killed runs of this user have left in the folder. How many. */
size_t replace_sweep(const char *folder);

/*
 * From now on SIGHUP, SIGINT and SIGTERM remove the temporary file, if there is one, and the progress line before
 * they end the process.
 */
void replace_catch_signals(void);

#endif
