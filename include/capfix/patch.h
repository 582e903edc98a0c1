/*
 * patch: how the planned changes are written into this text, in its own style. Knows YAML and no rule. SPEC 4.
 *
 * Floor 3.
 */
#ifndef CAPFIX_PATCH_H
#define CAPFIX_PATCH_H

#include "capfix/edit.h"
#include "capfix/plan.h"

/*
 * Adds the edits, in the plan's arena, of all changes that are not blocked. A change that cannot be written without
 * guessing is refused in the plan (plan_refuse):
 * then the edits are worthless, true is given back, and after plan_settle the call must be made again with new edits.
 */
bool patch_write(struct plan *plan, struct edits *edits);

#endif
