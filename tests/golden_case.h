/*
 * golden_case: one folder golden/TOPIC/CASE, read into memory, and what is checked of it.
 *
 *   about         one sentence: what the case protects
 *   in.yaml       the input, or in.json
 *   policy.yaml   optional
 *   args          optional, one per line: path=PATH (the path for the policy), chart-template, whole
 *   out.yaml      the output (out.json for in.json); absent: the input itself
 *   out.diff      the unified diff of the two; absent: none
 *   report        the findings, one per line: LINE:COL LEVEL CODE, then, after a blank, what the message must contain
 *   status        the exit status that --diff would give
 */
#ifndef CAPFIX_GOLDEN_CASE_H
#define CAPFIX_GOLDEN_CASE_H

#include "capfix/arena.h"
#include "capfix/base.h"
#include "capfix/rewrite.h"

struct golden_case {
	char *dir;  /* the folder; owned */
	char *name; /* TOPIC/CASE, a part of dir; borrowed */

	/* What golden_load fills in, in memory of its own. */
	struct slice in;
	struct slice in_name; /* in.yaml or in.json */
	struct slice policy;
	struct slice out;
	struct slice diff;
	struct slice report;
	struct slice path;
	bool has_policy;
	bool chart_template;
	bool whole;
	int status;
};

/* Reads the case's files. On a mistake in the case itself prints it and returns false. */
bool golden_load(struct golden_case *gc);
/* Gives back what golden_load took. */
void golden_unload(struct golden_case *gc);

/* Runs the engine on text, as the case says. The policy, if any, is parsed into the arena. */
void golden_run(const struct golden_case *gc, struct slice text, bool whole, struct arena *arena,
	struct rewrite_result *result);

/* Each prints what is wrong and returns false. */
bool golden_check_output(const struct golden_case *gc, const struct rewrite_result *result);
bool golden_check_report(const struct golden_case *gc, const struct rewrite_result *result);
bool golden_check_invariants(const struct golden_case *gc, const struct rewrite_result *result);

/* Prints two texts that should be equal from their first different line on, bytes made visible. */
void golden_show(const struct golden_case *gc, const char *what, struct slice want, struct slice got);

#endif
