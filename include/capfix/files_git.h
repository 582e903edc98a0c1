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
 * Appends the folder's files, tracked or untracked but not ignored, for git_next. False if git is missing or fails.
 */
bool git_list(const char *folder, struct buf *out);

struct git_entry {
	struct slice name; /* relative to the folder; a nested repository has a trailing slash */
	bool submodule;
};

/* Takes the next entry off what git_list has made; unmerged files come several times. False at the end. */
bool git_next(struct slice *list, struct git_entry *entry);

/*
 * Appends the files of the work tree at `root` with changes that are not committed, and those that git does not
 * know, but does not ignore: each relative to root with a NUL behind it. False if git is missing or fails.
 */
bool git_changed(const char *root, struct buf *out);

/* git ignores the folder as a whole. */
bool git_ignored(const char *folder);

#endif
