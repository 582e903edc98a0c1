/*
 * files_same: puts a list of files in order and takes out what stands in it twice.
 *
 * Floor 4.
 */
#ifndef CAPFIX_FILES_SAME_H
#define CAPFIX_FILES_SAME_H

#include "capfix/files.h"

/*
 * Sorts by path. Of entries that are one file, the named one stays, else that of the shortest path. With `links`,
 * paths that lead to one file by another spelling or a symbolic link count as one file too (hard links do not: they
 * are reported where they are to be changed).
 */
void files_same(struct files *files, bool links, struct arena *arena);

#endif
