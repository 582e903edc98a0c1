/*
 * plan: what must change so that every container follows the rule (SPEC 3). Knows the rule and no bytes.
 *
 * Floor 3. Order of calls: plan_make, then plan_refuse for each change that patch cannot write, then plan_settle;
 * after that changes, findings and counts are final.
 */
#ifndef CAPFIX_PLAN_H
#define CAPFIX_PLAN_H

#include "capfix/container.h"
#include "capfix/kinds.h"
#include "capfix/policy.h"
#include "capfix/yaml.h"

/* Where on the way from a container to its drop list something is missing. */
enum plan_level { PLAN_CONTEXT, PLAN_CAPABILITIES, PLAN_DROP, PLAN_ADD };

/* The key at each level: securityContext, capabilities, drop, add. */
const char *plan_key(enum plan_level level);

enum change_kind {
	CHANGE_APPEND,      /* `node`, a mapping, gets the key of `level` and all below it, down to ALL */
	CHANGE_FILL,        /* `node`, the empty value of the key of `level`, gets what belongs below it */
	CHANGE_APPEND_ITEM, /* `node`, a list, gets the names in `text` as its last entries */
	CHANGE_RESPELL,     /* `node`, an entry of drop or add, becomes `text`, its quotes kept */
	CHANGE_REMOVE_ITEM, /* `node`, an entry of add, goes */
	CHANGE_REMOVE_KEY,  /* `node`, the value of `add`, goes with its key */
};

struct change {
	enum change_kind kind;
	enum plan_level level;
	uint32_t node;
	struct slice
		text; /* APPEND, FILL: the names that an `add` beside the new drop holds, or in the new `add`; joined by commas */
	uint32_t site;     /* the first container that wants it */
	uint32_t routes;   /* how many routes from the root to `node` want it */
	uint32_t requests; /* the first request, chained by next_of_change */
	bool blocked;      /* not to be made */
};

/* One container's wish for one change. */
struct request {
	uint32_t change;
	uint32_t site;
	uint32_t next_of_change; /* index + 1, as in the other chain; 0 ends it */
	uint32_t next_of_site;
};

struct site_state {
	uint32_t requests; /* chained by next_of_site */
	bool refused;
	bool alone; /* left alone on purpose: its report says why */
	struct finding refusal;
	struct slice label; /* `container "web"`; empty while its name is not known */
};

/* A finding that only counts if its container is not refused. */
struct site_finding {
	uint32_t site;
	struct finding finding;
};

struct plan {
	const struct yaml *yaml;
	struct arena *arena;   /* of what outlives the plan: texts, reports */
	struct arena *scratch; /* of the rest */
	struct sites sites;
	struct site_state *states;        /* one for each site */
	struct container_report *reports; /* the same */
	bool *used;                       /* the input's */
	size_t first_line; /* the same */
	bool silent;       /* the same */
	struct change *changes;
	size_t nchanges;
	size_t changes_cap;
	struct request *requests;
	size_t nrequests;
	size_t requests_cap;
	struct site_finding *notes;
	size_t nnotes;
	size_t notes_cap;
	const struct policy_entry **ensures; /* entries of the policy that say `ensure: true` and have not expired */
	size_t nensures;
	uint32_t *change_of;   /* by node: index + 1 of its change */
	uint32_t *indifferent; /* by node: routes on which a change to it would not be seen; NULL without anchors */
	uint32_t *queue;       /* of changes whose containers are to be refused */
	struct plan_pending *pending;
	size_t npending;
	size_t pending_cap;
};

struct plan_input {
	const struct policy *policy; /* NULL: nothing is allowed */
	struct slice path;           /* for policy matches */
	struct slice policy_path;    /* how messages name the policy */
	bool *used;                  /* by policy entry: set where one matches; NULL without a policy */
	bool silent;                 /* nothing will be told: no findings, no texts in reports */
	size_t first_line;           /* the number of the text's first line, for messages that name lines */
};

/* Finds the containers and what they want. False, with err, only where the text as a whole cannot be worked on. */
bool plan_make(struct plan *plan, const struct yaml *yaml, const struct plan_input *input, struct arena *arena,
	struct arena *scratch, struct error *err);

/* Blocks a change: every container that wants it will be refused, with the place of `node` and this reason. */
void plan_refuse(struct plan *plan, size_t change, uint32_t node, struct slice reason);

/* Refuses the containers whose changes not everybody wants who shares the text, and all that depends on them. */
void plan_settle(struct plan *plan);

/* Adds what there is to say, in no order. */
void plan_findings(const struct plan *plan, struct findings *findings);

/* Completes the reports of all containers, once the plan is settled. */
void plan_report(struct plan *plan);

size_t plan_count_changes(const struct plan *plan);
size_t plan_count_fixed(const struct plan *plan);
size_t plan_count_refused(const struct plan *plan);

#endif
