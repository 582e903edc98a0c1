/* What the parts of plan share. */
#ifndef CAPFIX_PLAN_IMPL_H
#define CAPFIX_PLAN_IMPL_H

#include "capfix/plan.h"

/* A missing key in a map that merges others: decided when all direct wishes are known. */
struct plan_pending {
	uint32_t site;
	enum plan_level level;
	struct slice names;
	struct yaml_chain *chain;
};

/* One container while its wishes are collected. */
struct visit {
	struct plan *plan;
	const struct plan_input *input;
	struct subject subject;
	struct slice label; /* `container "web"` */
	struct container_report *report;
	uint32_t site;
	uint32_t place; /* the container's first key, where findings about it stand */
	bool overlay;
	struct slice missing; /* names that `ensure` entries ask for and `add` lacks; joined by commas */
};

void plan_request(struct plan *plan, uint32_t site, enum change_kind kind, enum plan_level level, uint32_t node,
	struct slice text);
void plan_note(struct plan *plan, uint32_t site, uint32_t node, enum finding_level level, enum finding_code code,
	const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* Marks the container as refused; the first reason stays. */
void plan_refuse_site(struct plan *plan, uint32_t site, uint32_t node, struct slice reason);

/* Who it is; plan_who.c. plan_label: in words, such as `container "web"`; plan_identify: for reports. */
struct slice plan_label(struct visit *visit, const struct site *site);
void plan_identify(struct visit *visit, const struct site *site);
/* Is there a reason to leave the container as it is? Notes it. `patch` is the value of its $patch. */
bool plan_left_alone(struct visit *visit, const struct site *site, const struct yaml_found *patch);
void plan_leave_alone(struct visit *visit, enum container_state state, enum finding_code code, struct slice why);

/* A scalar's value, decoded; empty for a null, and for what is none. */
struct slice plan_text(const struct plan *plan, uint32_t node);

/* What the container's lists want; plan_lists.c. */
void plan_drop_list(struct visit *visit, uint32_t value);
void plan_add_list(struct visit *visit, uint32_t value);
/* Their entries, for reports; adds with what the policy says of them, or without. The lists hold strings only. */
void plan_report_drops(struct visit *visit, uint32_t list);
void plan_report_adds(struct visit *visit, uint32_t list, bool decide);

/* Where a policy entry stands, for messages: `.capfix.yaml:3`. */
struct slice plan_entry_place(const struct visit *visit, const struct policy_entry *entry);
/*
 * Finds what `ensure` entries ask for, beyond what report->adds keep; plan_ensure.c. Notes are made, report->adds
 * grow.
 */
void plan_ensure(struct visit *visit);
void plan_find_ensures(struct plan *plan, const struct policy *policy);

/* What the policy says; NULL without one. Marks what it uses. */
const struct policy_entry *plan_allows(struct visit *visit, struct slice canonical);

/*
 * What is worth saying about a container beyond the rule; plan_notes.c. `context` is its securityContext, or
 * YAML_NONE.
 */
void plan_worth_saying(struct visit *visit, uint32_t context);
/*
 * Reads the lists of a container that is left alone, for its report. `map` is the container's, or its
 * securityContext.
 */
void plan_look(struct visit *visit, uint32_t map, bool is_context);
/* About the object and the pod spec that the container stands in. */
void plan_worth_saying_of_pod(struct visit *visit, const struct site *site);

/* How many routes lead to the node, and those of them on which it would not be seen; plan_routes.c. */
struct routes;
struct routes *routes_new(const struct plan *plan);
uint32_t routes_to(struct routes *routes, uint32_t node);
/* The alias is an entry of a list that loses it, or stands in one that goes whole: its route goes with it. */
bool plan_alias_goes(const struct plan *plan, uint32_t alias);
bool plan_removes(const struct change *change);
/* Lets every change below the map count as unseen on one route: another map's key hides it. */
void plan_hide(struct plan *plan, uint32_t map, enum plan_level level);

#endif
