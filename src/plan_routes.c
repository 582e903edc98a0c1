/*
 * Text that is shared: through an alias, one piece of text stands at several places of the document. A change to it
 * is right only if every place wants it.
 */
#include <string.h>

#include "plan_impl.h"

struct routes {
	const struct plan *plan;
	const struct yaml *yaml;
	struct arena *arena;
	uint32_t *count; /* by node; 0: not known yet */
	uint32_t *stack;
	size_t cap;
};

/*
 * Top-level keys that Kubernetes' API objects have; below any other one stand only definitions for the rest of the
 * document.
 */
static bool is_holder(const struct yaml *yaml, uint32_t value)
{
	static const char *const known[] = {"apiVersion", "kind", "metadata", "spec", "status", "template", "items",
		"objects", "data", "parameters", "functionConfig", "results", NULL};
	const struct yaml_node *key = &yaml->nodes[yaml->nodes[value].key];
	struct slice raw = yaml_raw(yaml, yaml->nodes[value].key);

	if (key->type != YAML_SCALAR)
		return false;
	if (key->style == YAML_SINGLE || key->style == YAML_DOUBLE)
		raw = slice_sub(raw, 1, raw.n - 1);
	for (size_t i = 0; known[i]; i++)
		if (slice_is(raw, known[i]))
			return false;
	return !slice_is(raw, "<<");
}

/* The policy says that the value holds containers, whatever its key is. */
static bool is_live(const struct routes *routes, uint32_t value)
{
	const bool *live = routes->plan->sites.live;

	return live && live[value];
}

struct routes *routes_new(const struct plan *plan)
{
	struct arena *arena = plan->scratch;
	const struct yaml *yaml = plan->yaml;
	struct routes *routes = arena_alloc(arena, 1, sizeof(*routes));

	routes->plan = plan;
	routes->yaml = yaml;
	routes->arena = arena;
	routes->count = arena_alloc(arena, yaml->n, sizeof(*routes->count));
	return routes;
}

static void push(struct routes *routes, size_t *depth, uint32_t node)
{
	if (*depth == routes->cap)
		routes->stack = arena_grow(
			routes->arena, routes->stack, *depth, &routes->cap, *depth + 1, sizeof(*routes->stack));
	routes->stack[(*depth)++] = node;
}

static bool is_removed(const struct plan *plan, uint32_t node)
{
	uint32_t index = plan->change_of[node];
	const struct change *change = index ? &plan->changes[index - 1] : NULL;

	return change && !change->blocked && plan_removes(change);
}

bool plan_alias_goes(const struct plan *plan, uint32_t alias)
{
	return is_removed(plan, alias) || is_removed(plan, plan->yaml->nodes[alias].parent);
}

/*
 * Sums up what is known of the node's routes: over the text, and over each alias. count holds the sum + 1. Pushes
 * what must be known first; false then. No cycles: parser and builder refuse an alias inside its own anchor.
 */
static bool sum_up(struct routes *routes, uint32_t node, size_t *depth)
{
	const struct yaml *yaml = routes->yaml;
	const struct yaml_props *props = yaml_props(yaml, node);
	uint32_t parent = yaml->nodes[node].parent;
	uint64_t sum = 0;
	size_t before = *depth;

	if (!parent)
		sum = 1;
	else if (yaml->nodes[parent].parent || !yaml->nodes[node].key || is_live(routes, node) ||
		!is_holder(yaml, node)) {
		if (routes->count[parent])
			sum = routes->count[parent] - 1;
		else
			push(routes, depth, parent);
	}
	for (uint32_t alias = props ? props->aliases : 0; alias; alias = yaml->nodes[alias].last) {
		if (plan_alias_goes(routes->plan, alias))
			continue;
		if (routes->count[alias])
			sum += routes->count[alias] - 1;
		else
			push(routes, depth, alias);
	}
	if (*depth != before)
		return false;
	routes->count[node] = (uint32_t)(sum < UINT32_MAX - 1 ? sum + 1 : UINT32_MAX);
	return true;
}

uint32_t routes_to(struct routes *routes, uint32_t node)
{
	size_t depth = 0;

	push(routes, &depth, node);
	while (depth) {
		uint32_t top = routes->stack[depth - 1];

		if (routes->count[top])
			depth--;
		else
			sum_up(routes, top, &depth);
	}
	return routes->count[node] - 1;
}

static void hide_list(struct plan *plan, uint32_t value)
{
	const struct yaml *yaml = plan->yaml;
	uint32_t list = yaml_resolve(yaml, value);

	plan->indifferent[value]++;
	if (list != value)
		plan->indifferent[list]++;
	if (yaml->nodes[list].type != YAML_SEQ)
		return;
	for (uint32_t item = yaml->nodes[list].first; item; item = yaml->nodes[item].next) {
		plan->indifferent[item]++;
		if (yaml_resolve(yaml, item) != item)
			plan->indifferent[yaml_resolve(yaml, item)]++;
	}
}

void plan_hide(struct plan *plan, uint32_t map, enum plan_level level)
{
	const struct yaml *yaml = plan->yaml;
	uint32_t again, value;

	for (;; level++) {
		value = yaml_get(yaml, map, plan_key(level), &again);
		if (level == PLAN_DROP) {
			uint32_t add = yaml_get(yaml, map, "add", &again);

			if (value)
				hide_list(plan, value);
			else
				plan->indifferent[map]++;
			if (add)
				hide_list(plan, add);
			return;
		}
		if (!value) {
			plan->indifferent[map]++;
			return;
		}
		map = yaml_resolve(yaml, value);
		if (yaml->nodes[map].type != YAML_MAP || !yaml->nodes[map].first) {
			plan->indifferent[map]++;
			return;
		}
	}
}
