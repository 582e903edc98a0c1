/*
 * files_git: what git knows about a folder.
 *
 * Floor 4. git is run as a program, in a way that runs nothing of the repository's own (hooks, file system monitors)
 * and takes no locks.
 */
#ifndef CAPFIX_FILES_GIT_H
#define CAPFIX_FILES_GIT_H

#include "capfix/base.h"
#include "capfix/buf.h"

/* The folder has an entry `.git`: it is the root of a work tree. */
bool git_root(const char *folder);
/* The folder is inside a work tree. */
bool git_inside(const char *folder);

/*
 * Appends the folder's files, tracked or untracked but not ignored, each relative to the folder with a NUL behind it.
 * Nested repositories come with a trailing slash. False if git is missing or fails.
 */
bool git_list(const char *folder, struct buf *out);

/* git ignores the folder as a whole. */
bool git_ignored(const char *folder);

#endif
