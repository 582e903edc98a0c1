/*
 * files: which files the paths of a command line stand for.
 *
 * Floor 4. The list is in the byte order of the paths and holds each file once, so all that is made from it comes out
 * in the same order on every run. What cannot be looked at stands in the list too, at its place, as trouble.
 */
#ifndef CAPFIX_FILES_H
#define CAPFIX_FILES_H

#include "capfix/arena.h"
#include "capfix/base.h"

enum file_kind {
	FILE_NAMED,   /* given by its own name: taken whatever it is called */
	FILE_WALKED,  /* found in a folder: a regular file called *.yaml, *.yml or *.json */
	FILE_STDIN,   /* "-" */
	FILE_TROUBLE, /* a path that cannot be looked at; text says why */
	FILE_NOTE,    /* something to tell about a folder that was walked; text says what */
};

struct file {
	struct slice path; /* as given, normalised, with a NUL behind it */
	enum file_kind kind;
	struct slice text;
	size_t start; /* FILE_WALKED: how much of path is the folder that the walk began in */
};

/* Lives in the arena. */
struct files {
	struct file *v;
	size_t n;
	size_t cap;
};

/*
 * Collects the files of the paths. Folders are walked: in a git work tree git says which files there are (tracked,
 * and untracked but not ignored), elsewhere, and where git cannot be asked, all of them. `.git` and
 * submodules are never entered, no symbolic link is followed, `.capfix.yaml` is left out. Each submodule is a note.
 */
void files_collect(struct files *files, const char *const *paths, size_t n, struct arena *arena);

/* The path without "." parts, doubled and trailing slashes; ".." stays. A file "-" becomes "./-". */
struct slice files_normal(const char *path, struct arena *arena);

/* folder and name, joined; just the name for the folder ".". */
struct slice files_join(struct slice folder, struct slice name, struct arena *arena);

/* The last part of a path, and the folder in front of it ("." if there is none). */
struct slice files_base(struct slice path);
struct slice files_folder(struct slice path, struct arena *arena);

void files_add(struct files *files, struct arena *arena, struct file file);

/* A name that a walk looks for. */
bool files_wanted(struct slice name);

#endif
