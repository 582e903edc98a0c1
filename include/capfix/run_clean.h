/*
 * run_clean: what must be seen to before a run writes anything: changes that nobody has committed, and what killed
 * runs have left.
 *
 * Floor 5.
 */
#ifndef CAPFIX_RUN_CLEAN_H
#define CAPFIX_RUN_CLEAN_H

#include "capfix/files.h"
#include "capfix/run_folders.h"
#include "capfix/run_report.h"

/*
 * Finds the files that have changes which git has not got: where a run changes such a file, nobody can tell the
 * two apart, or take one back. Files outside of a work tree, and those that git ignores, are none. False,
 * reported, if git cannot be asked.
 */
bool clean_find(const struct files *files, struct folders *folders, struct files *changed, struct report *report);

/* Removes the temporary files that killed runs have left beside the files, and says so with -v. */
void clean_sweep(const struct files *files, struct folders *folders, struct report *report);

#endif
