/* Which wishes come true: the changes that everybody wants who shares the text, and that can be written. */
#include <string.h>

#include "plan_impl.h"

static uint32_t line_of(const struct plan *plan, uint32_t node)
{
	return (uint32_t)(source_line(plan->yaml->source, yaml_begin(plan->yaml, node)) + plan->first_line);
}

/* The lines of the aliases through which the node is shared, the first three of them. */
static struct slice shared_lines(const struct plan *plan, uint32_t node)
{
	const struct yaml *yaml = plan->yaml;
	struct slice text = SLICE("");
	size_t n = 0;

	for (; node; node = yaml->nodes[node].parent) {
		const struct yaml_props *props = yaml_props(yaml, node);

		for (uint32_t alias = props ? props->aliases : 0; alias && n <= 3; alias = yaml->nodes[alias].last)
			if (n++ < 3)
				text = arena_printf(plan->arena, "%.*s%s%u", (int)text.n, text.p, text.n ? ", " : "",
					line_of(plan, alias));
	}
	return n > 3 ? arena_printf(plan->arena, "%.*s …", (int)text.n, text.p) : text;
}

static struct slice shared_reason(const struct plan *plan, uint32_t node)
{
	struct slice lines = shared_lines(plan, node);

	return arena_printf(plan->arena,
		"line %u is shared through an alias (line %.*s), and not every place that uses it wants this change: write it out where it differs",
		line_of(plan, node), (int)lines.n, lines.p);
}

/* All containers that want the change are refused, so all else that they want is blocked, and so on. */
static void block(struct plan *plan, uint32_t first, uint32_t node, struct slice reason)
{
	size_t head = 0, tail = 0;
	uint32_t *queue;

	/* Each change gets in once at most while its requests last; the queue is empty again afterwards. */
	if (!plan->queue)
		plan->queue = arena_alloc(plan->scratch, plan->nchanges + 1, sizeof(*plan->queue));
	queue = plan->queue;
	queue[tail++] = first;
	plan->changes[first].blocked = true;
	while (head < tail) {
		struct change *change = &plan->changes[queue[head++]];

		for (uint32_t r = change->requests; r; r = plan->requests[r - 1].next_of_change) {
			uint32_t site = plan->requests[r - 1].site;

			plan_refuse_site(plan, site, node, reason);
			for (uint32_t q = plan->states[site].requests; q; q = plan->requests[q - 1].next_of_site) {
				uint32_t other = plan->requests[q - 1].change;

				if (!plan->changes[other].blocked) {
					plan->changes[other].blocked = true;
					queue[tail++] = other;
				}
			}
			plan->states[site].requests = 0; /* done: each request is looked at once */
		}
		change->requests = 0;
	}
}

void plan_refuse(struct plan *plan, size_t change, uint32_t node, struct slice reason)
{
	block(plan, (uint32_t)change, node, reason);
}

/* A removed subtree must not take an anchor with it that something else still names. Gives back that anchor's node. */
static uint32_t orphaned(const struct plan *plan, uint32_t node)
{
	const struct yaml *yaml = plan->yaml;
	uint32_t end = yaml_end(yaml, node);

	for (uint32_t n = node; n < end; n++) {
		const struct yaml_props *props = yaml_props(yaml, n);

		for (uint32_t alias = props ? props->aliases : 0; alias; alias = yaml->nodes[alias].last) {
			if (!plan_alias_goes(plan, alias))
				return n;
		}
	}
	return YAML_NONE;
}

static bool block_orphans(struct plan *plan)
{
	bool any = false;

	for (size_t i = 0; i < plan->nchanges; i++) {
		struct change *change = &plan->changes[i];
		uint32_t orphan;

		if (change->blocked || !plan_removes(change))
			continue;
		orphan = orphaned(plan, change->node);
		if (!orphan)
			continue;
		block(plan, (uint32_t)i, orphan,
			arena_printf(plan->arena,
				"the anchor on line %u would go, but an alias still names it: write the value out there",
				line_of(plan, orphan)));
		any = true;
	}
	return any;
}

/* A container that was refused while its wishes were collected takes them all back. */
static void block_refused(struct plan *plan)
{
	for (size_t i = 0; i < plan->sites.n; i++) {
		struct site_state *state = &plan->states[i];

		if (state->refused && state->requests)
			block(plan, plan->requests[state->requests - 1].change, plan->sites.v[i].node,
				shared_reason(plan, plan->changes[plan->requests[state->requests - 1].change].node));
	}
}

bool plan_removes(const struct change *change)
{
	return change->kind == CHANGE_REMOVE_ITEM || change->kind == CHANGE_REMOVE_KEY;
}

/* Blocks the changes that not everybody wants who would see them. */
static bool block_unwanted(struct plan *plan)
{
	struct routes *routes = routes_new(plan);
	bool any = false;

	for (size_t i = 0; i < plan->nchanges; i++) {
		const struct change *change = &plan->changes[i];
		/*
		 * A removed entry is missed where its list is seen, not where an alias names the entry: see orphaned.
		 */
		uint32_t node = plan_removes(change) ? plan->yaml->nodes[change->node].parent : change->node;

		if (change->blocked || change->routes + plan->indifferent[change->node] == routes_to(routes, node))
			continue;
		block(plan, (uint32_t)i, change->node, shared_reason(plan, change->node));
		any = true;
	}
	return any;
}

void plan_settle(struct plan *plan)
{
	bool any = true;

	block_refused(plan);
	for (size_t i = 0; i < plan->nchanges; i++)
		if (plan->changes[i].blocked && plan->changes[i].requests)
			block(plan, (uint32_t)i, plan->changes[i].node, shared_reason(plan, plan->changes[i].node));
	/* What is blocked in one round can leave an alias in place that another change counted as gone. */
	for (int round = 0; plan->indifferent && any; round++) {
		any = block_unwanted(plan);
		any = block_orphans(plan) || any;
		for (size_t i = 0; any && round > 100 && i < plan->nchanges; i++)
			if (!plan->changes[i].blocked)
				block(plan, (uint32_t)i, plan->changes[i].node,
					SLICE("too many aliases hang together here: write them out"));
	}
}

static void add_obstacles(const struct plan *plan, struct findings *findings)
{
	for (size_t i = 0; i < plan->sites.nobstacles; i++) {
		struct finding finding = {
			.level = LEVEL_ERROR, .code = CODE_REFUSED, .text = plan->sites.obstacles[i].text};

		yaml_place(plan->yaml, plan->sites.obstacles[i].node, &finding.line, &finding.col);
		findings_add(findings, plan->arena, finding);
	}
	for (size_t i = 0; i < plan->sites.nunknown; i++) {
		struct finding finding = {
			.level = LEVEL_NOTE, .code = CODE_UNKNOWN_KIND, .text = plan->sites.unknown[i].text};

		yaml_place(plan->yaml, plan->sites.unknown[i].node, &finding.line, &finding.col);
		findings_add(findings, plan->arena, finding);
	}
}

void plan_findings(const struct plan *plan, struct findings *findings)
{
	for (size_t i = 0; i < plan->nnotes; i++)
		if (!plan->states[plan->notes[i].site].refused)
			findings_add(findings, plan->arena, plan->notes[i].finding);
	for (size_t i = 0; i < plan->sites.n; i++)
		if (plan->states[i].refused)
			findings_add(findings, plan->arena, plan->states[i].refusal);
	add_obstacles(plan, findings);
}

size_t plan_count_changes(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->nchanges; i++)
		n += !plan->changes[i].blocked;
	return n;
}

size_t plan_count_fixed(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->sites.n; i++)
		n += plan->states[i].requests && !plan->states[i].refused;
	return n;
}

size_t plan_count_refused(const struct plan *plan)
{
	size_t n = plan->sites.nobstacles;

	for (size_t i = 0; i < plan->sites.n; i++)
		n += plan->states[i].refused;
	return n;
}
