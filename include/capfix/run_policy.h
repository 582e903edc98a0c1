/*
 * run_policy: reads and checks all the policies of a run before any file is touched.
 *
 * Floor 5.
 */
#ifndef CAPFIX_RUN_POLICY_H
#define CAPFIX_RUN_POLICY_H

#include "capfix/run_engine.h"
#include "capfix/run_folders.h"
#include "capfix/run_report.h"

/*
 * Loads every policy that the folders have met, as of today (see policy_set_today). All mistakes of all policies are
 * reported; false if there is one. Entries that have expired, or soon will, are reported too.
 */
bool run_policies_load(struct folders *folders, struct engine *engine, uint32_t today, struct report *report);

/* Notes which entries matched in one file: `used` is rewrite_result's, or NULL. */
void run_policy_mark(struct run_policy *policy, const bool *used, struct arena *arena);

/*
 * At the end of a run: reports each entry that matched nothing in it (those that have expired were reported before). How many there
 * are, expired ones included.
 */
size_t run_policies_unused(const struct folders *folders, struct report *report);

#endif
