/* What the parts of plan share. */
#ifndef CAPFIX_PLAN_IMPL_H
#define CAPFIX_PLAN_IMPL_H

#include "capfix/plan.h"

/* A missing key in a map that merges others: decided when all direct wishes are known. */
struct plan_pending {
	uint32_t site;
	enum plan_level level;
	struct yaml_chain *chain;
};

/* One container while its wishes are collected. */
struct visit {
	struct plan *plan;
	const struct plan_input *input;
	struct subject subject;
	struct slice label; /* `container "web"` */
	uint32_t site;
	uint32_t place; /* the container's first key, where findings about it stand */
	bool overlay;
};

void plan_request(struct plan *plan, uint32_t site, enum change_kind kind, enum plan_level level, uint32_t node,
		  struct slice text);
void plan_note(struct plan *plan, uint32_t site, uint32_t node, enum finding_level level, enum finding_code code,
	       struct slice text);
/* Marks the container as refused; the first reason stays. */
void plan_refuse_site(struct plan *plan, uint32_t site, uint32_t node, struct slice reason);

/* What the container's lists want; plan_lists.c. Sets *drops if its drop list will be changed. */
void plan_drop_list(struct visit *visit, uint32_t value);
void plan_add_list(struct visit *visit, uint32_t value);

/* How many routes lead to the node, and those of them on which it would not be seen; plan_routes.c. */
struct routes;
struct routes *routes_new(const struct yaml *yaml, struct arena *arena);
uint32_t routes_to(struct routes *routes, uint32_t node);
/* Lets every change below the map count as unseen on one route: another map's key hides it. */
void plan_hide(struct plan *plan, uint32_t map, enum plan_level level);

#endif
