/*
 * edit: a change to a text as data: at byte `at`, `del` bytes go and `ins` comes.
 *
 * Floor 1. Add in any order, seal once, then apply, diff or report. Cost is n log n in the number of edits.
 */
#ifndef CAPFIX_EDIT_H
#define CAPFIX_EDIT_H

#include "capfix/arena.h"
#include "capfix/base.h"
#include "capfix/buf.h"

struct edit {
	size_t at;
	size_t del;
	struct slice ins; /* borrowed */
	size_t rank;      /* of two insertions at one offset, the lower rank comes first */
};

struct edits {
	struct edit *v; /* in the arena */
	size_t n;
	size_t cap;
	bool sealed;
};

void edits_add(struct edits *edits, struct arena *arena, struct edit edit);
/*
 * Sorts by place, then rank, and merges edits that touch into one. False if two deletions overlap, an insertion falls
 * inside a deletion, or an edit leaves the text: then the edits must not be used.
 */
bool edits_seal(struct edits *edits, struct arena *arena, size_t text_len);
/* Appends the edited text to out. The edits must be sealed. */
void edits_apply(const struct edits *edits, struct slice text, struct buf *out);

#endif
