/*
 * files_from: paths from a list instead of from the command line, for `--files0-from`.
 *
 * Floor 4.
 */
#ifndef CAPFIX_FILES_FROM_H
#define CAPFIX_FILES_FROM_H

#include "capfix/base.h"
#include "capfix/buf.h"

/* Owns the paths. */
struct files_from {
	struct buf text;
	const char **paths;
	size_t n;
};

/*
 * Reads the whole list: paths, each with a NUL behind it; the last may lack it. `file` is "-" for standard input.
 * An empty list is no mistake, an empty path is. Release in either case.
 */
bool files_from_read(struct files_from *from, const char *file, struct error *err);
void files_from_release(struct files_from *from);

#endif
