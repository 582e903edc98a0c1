/*
 * run: the command's work: collect the files, load the policies, then for each file read, ask the engine, act.
 *
 * Floor 5.
 */
#ifndef CAPFIX_RUN_H
#define CAPFIX_RUN_H

#include "capfix/options.h"

/* The exit status: 0, 1 or 2 (SPEC 7). */
enum { STATUS_FINE = 0, STATUS_TO_FIX = 1, STATUS_TROUBLE = 2 };

int run(const struct options *options);

#endif
