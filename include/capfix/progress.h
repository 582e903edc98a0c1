/*
 * progress: one line on a terminal that says how far the work is, and goes away before anything else is printed
 * there.
 *
 * Floor 4. Borrows the descriptor.
 */
#ifndef CAPFIX_PROGRESS_H
#define CAPFIX_PROGRESS_H

#include "capfix/base.h"

struct progress {
	int fd;
	bool on;
	bool shown;
	const char *verb; /* what the changed files are: "changed" or "to change" */
	size_t total;     /* files to be done */
	int64_t start;    /* milliseconds of a clock that never goes back */
	int64_t next;     /* when the line may be written again */
};

/* Nothing is ever shown until this has been called, with true. */
void progress_start(struct progress *progress, bool wanted, size_t total, const char *verb);
/* fd is a terminal that can take a line back, and nobody has said that this is CI. */
bool progress_possible(int fd);

/* So many files are done and changed: writes the line anew, at most ten times a second. */
void progress_show(struct progress *progress, size_t done, size_t changed);
/*
 * Takes the line away. To be called before anything else is written to the terminal; costs nothing if there is
 * none.
 */
void progress_clear(struct progress *progress);
/* The same for signal handlers. */
void progress_abandon(void);

/*
 * Writes the line's text, at most `width` bytes of ASCII: for tests. ms: milliseconds since the start.
 */
void progress_line(char *line, size_t width, const struct progress *progress, size_t done, size_t changed, int64_t ms);

#endif
