/*
 * report_output: the file that results go to with --output. It is whole at any moment: what was there before, or
 * all of the new.
 *
 * Floor 4. Paths have a NUL behind them.
 */
#ifndef CAPFIX_REPORT_OUTPUT_H
#define CAPFIX_REPORT_OUTPUT_H

#include "capfix/base.h"

/* Owns its descriptor and target. */
struct report_output {
	char *target; /* links followed; NULL: written straight into fd, as a device or a pipe is */
	int fd;       /* write to it. A regular file has no name until it is done */
	bool open;
};

/* Opens the file for writing. What stands at path is left as it is until report_output_done. */
bool report_output_open(struct report_output *output, const char *path, struct error *err);
/* The path leads to what is there of an earlier run: no input of this one. */
bool report_output_is(const struct report_output *output, struct slice path);
/* Gives it its name, in the place of what had it, and closes it. Keeps the mode of the old file. */
bool report_output_done(struct report_output *output, struct error *err);
/* Closes it, and leaves nothing behind. May be called after done, and when it was not opened. */
void report_output_drop(struct report_output *output);

#endif
