/*
 * files_git_run: how the parts of files_git run git.
 *
 * Floor 4.
 */
#ifndef CAPFIX_FILES_GIT_RUN_H
#define CAPFIX_FILES_GIT_RUN_H

#include "capfix/base.h"
#include "capfix/buf.h"

/* What every call of git begins with: the folder that is meant, and nothing of the repository's own is run. */
#define GIT_IN(folder) "git", "-C", folder, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"

/* Runs git, appends what it prints. False if it cannot be run, or says no. args ends with NULL. */
bool git_run(const char *const *args, struct buf *out);

/* Takes the text up to the next NUL, or the end, off the list. */
struct slice git_take(struct slice *list);

#endif
