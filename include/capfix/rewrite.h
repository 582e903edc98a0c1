/*
 * rewrite: the engine's one door. Bytes and a policy in; outcome, edits and findings out.
 *
 * Floor 3. A pure function: no I/O, no globals. The command, the golden tests and the fuzzer all call it.
 */
#ifndef CAPFIX_REWRITE_H
#define CAPFIX_REWRITE_H

#include "capfix/arena.h"
#include "capfix/base.h"
#include "capfix/container.h"
#include "capfix/edit.h"
#include "capfix/finding.h"
#include "capfix/policy.h"

enum outcome {
	OUTCOME_UNCHANGED, /* nothing to edit (refused containers may be among the findings) */
	OUTCOME_CHANGED,   /* there are edits, proved */
	OUTCOME_TEMPLATE,  /* a Helm template: skipped */
	OUTCOME_FAILED,    /* not text, not YAML, or the proof failed: one finding of level error says which */
};

struct rewrite_input {
	struct slice text;
	struct slice path;           /* for policy matches: relative to the policy's folder, with `/` */
	const struct policy *policy; /* NULL: nothing is allowed */
	struct slice policy_path;    /* how messages name it; may be empty */
	bool chart_template;         /* the file lies in the templates/ folder of a Helm chart */
	size_t together;             /* documents are parsed together up to this size, in bytes; 0: 64 KiB */
	bool unsliced;               /* parse the text in one go, not document by document: for tests */
	bool whole;                  /* parse even a text that cannot hold a container, to find what is wrong with it */
};

struct rewrite_result {
	enum outcome outcome;
	struct edits edits; /* sealed; empty unless OUTCOME_CHANGED */
	struct findings findings;
	size_t containers; /* all that were looked at */
	size_t fixed;      /* containers that the edits change */
	size_t refused;    /* containers that break the rule and are left so, and lists of them that cannot be read */
	const struct container_report *reports; /* one for each container, in the order in which they were found */
	size_t nreports;
	const bool *used; /* by entry index: entries of the policy that matched something; NULL without a policy */
};

/* Everything in the result lives in the arena. */
void rewrite(const struct rewrite_input *input, struct arena *arena, struct rewrite_result *result);

/* The prefilter: false only if no container can be in the text. At the speed of memmem. */
bool rewrite_may_matter(struct slice text);

#endif
