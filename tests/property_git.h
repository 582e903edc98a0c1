/*
 * property_git: what `git apply` makes of a sample of the diffs.
 */
#ifndef PROPERTY_GIT_H
#define PROPERTY_GIT_H

#include "capfix/buf.h"
#include "capfix/edit.h"

enum { SAMPLE_MOST = 40 };

struct sample {
	bool on; /* there is a git */
	char folder[200];
	struct buf diffs;
	size_t n;
};

/* Makes a temporary folder, if there is a git. */
void sample_init(struct sample *sample);
/* Adds one file, until there are enough. */
void sample_add(struct sample *sample, struct slice text, struct slice out, const struct edits *edits);
/* Applies all diffs in one call; false, with the folder left for a look, if a file becomes another than it must. */
bool sample_check(struct sample *sample);

#endif
