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

#endif
