/*
 * diff: a unified diff made from sealed edits. No diff algorithm: which lines change is known.
 *
 * Floor 1. Lines end with LF here, as `git apply` and `patch` see them; CR is content.
 */
#ifndef CAPFIX_DIFF_H
#define CAPFIX_DIFF_H

#include "capfix/buf.h"
#include "capfix/edit.h"

/*
 * Appends the diff of one file, three lines of context, with the headers "--- a/PATH" and "+++ b/PATH" (no "diff --git"
 * line, so both git and patch take PATH as relative to where they run). A leading "/" or "./" of path is left out.
 * Appends nothing if the edits change nothing.
 */
void diff_unified(struct buf *out, struct slice path, struct slice text, const struct edits *edits);

/* Appends prefix and path as a diff header writes them: quoted as git quotes (quote.c) where a byte needs it. */
void diff_path(struct buf *out, const char *prefix, struct slice path);

/* Appends `diff` with the terminal colours that git uses. */
void diff_colour(struct buf *out, struct slice diff);

#endif
