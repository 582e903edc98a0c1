/*
 * replace_temp: the temporary file beside the one that is to be replaced, and what is left of those of killed
 * runs.
 *
 * Floor 4. Its name is `.NAME.capfix-PID-N`, NAME being the file that it stands for. As long as it is in use it is
 * locked, where the file system has locks, so that no other run takes it for a left-over.
 */
#ifndef CAPFIX_REPLACE_TEMP_H
#define CAPFIX_REPLACE_TEMP_H

#include "capfix/base.h"

/*
 * Makes the one temporary file of the process, for `name` in the folder that is open as `folder`. Open for
 * writing, and for its owner only. -1 and errno.
 */
int temp_open(int folder, const char *name);
/* Renames it to `name` in its folder, over what is there. 0, or errno. */
int temp_rename(const char *name);
/* Removes it, if it is not renamed. It must be called in either case, as long as its lock is held. */
void temp_done(void);
/* For signal handlers: removes it, if there is one. */
void temp_abandon(void);

/*
 * How much of a name is NAME in a temporary file's name; 0 if it is no such name. *pid is the process that made
 * it, on the machine where it ran.
 */
size_t temp_parse(const char *name, long *pid);

#endif
