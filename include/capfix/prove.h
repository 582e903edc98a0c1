/*
 * prove: is the edited text the original but for the planned changes? SPEC 4.
 *
 * Floor 3. The last guard before anything is printed or written: it shares no code with patch, and compares raw
 * slices of both texts.
 */
#ifndef CAPFIX_PROVE_H
#define CAPFIX_PROVE_H

#include "capfix/edit.h"
#include "capfix/plan.h"

/* False, with the place in the original where the two part. `after` is the parsed result. Linear. */
bool prove_equal(const struct plan *plan, const struct yaml *after, struct arena *arena, struct error *err);

/* False if an edit takes a comment that has a line of its own. */
bool prove_comments(struct slice text, const struct edits *edits, struct error *err);

#endif
