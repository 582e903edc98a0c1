#include "capfix/plan.h"

#include <stdarg.h>
#include <string.h>

#include "plan_impl.h"

const char *plan_key(enum plan_level level)
{
	static const char *const keys[] = {"securityContext", "capabilities", "drop", "add"};

	return keys[level];
}

void plan_refuse_site(struct plan *plan, uint32_t site, uint32_t node, struct slice reason)
{
	struct site_state *state = &plan->states[site];

	if (state->refused)
		return;
	state->refused = true;
	if (!plan->silent)
		plan->reports[site].reason = reason;
	if (state->label.n)
		reason = arena_printf(
			plan->arena, "%.*s: %.*s", (int)state->label.n, state->label.p, (int)reason.n, reason.p);
	state->refusal = (struct finding){.level = LEVEL_ERROR, .code = CODE_REFUSED, .text = reason};
	source_place(plan->yaml->source, yaml_begin(plan->yaml, node), &state->refusal.line, &state->refusal.col);
}

void plan_note(struct plan *plan, uint32_t site, uint32_t node, enum finding_level level, enum finding_code code,
	const char *fmt, ...)
{
	struct site_finding *note;
	va_list args;

	if (plan->silent)
		return;
	if (plan->nnotes == plan->notes_cap)
		plan->notes = arena_grow(plan->scratch, plan->notes, plan->nnotes, &plan->notes_cap, plan->nnotes + 1,
			sizeof(*plan->notes));
	note = &plan->notes[plan->nnotes++];
	*note = (struct site_finding){.site = site, .finding = {.level = level, .code = code}};
	va_start(args, fmt);
	note->finding.text = arena_vprintf(plan->arena, fmt, args);
	va_end(args);
	yaml_place(plan->yaml, node, &note->finding.line, &note->finding.col);
}

static struct change *change_for(struct plan *plan, enum change_kind kind, enum plan_level level, uint32_t node,
	struct slice text, uint32_t site)
{
	struct change *change;

	if (plan->change_of[node]) {
		change = &plan->changes[plan->change_of[node] - 1];
		if (change->kind != kind || change->level != level || !slice_eq(change->text, text))
			change->blocked = true;
		return change;
	}
	if (plan->nchanges == plan->changes_cap)
		plan->changes = arena_grow(plan->scratch, plan->changes, plan->nchanges, &plan->changes_cap,
			plan->nchanges + 1, sizeof(*plan->changes));
	change = &plan->changes[plan->nchanges++];
	*change = (struct change){.kind = kind, .level = level, .node = node, .text = text, .site = site};
	plan->change_of[node] = (uint32_t)plan->nchanges;
	return change;
}

void plan_request(struct plan *plan, uint32_t site, enum change_kind kind, enum plan_level level, uint32_t node,
	struct slice text)
{
	struct change *change = change_for(plan, kind, level, node, text, site);
	struct request *request;

	if (plan->nrequests == plan->requests_cap)
		plan->requests = arena_grow(plan->scratch, plan->requests, plan->nrequests, &plan->requests_cap,
			plan->nrequests + 1, sizeof(*plan->requests));
	request = &plan->requests[plan->nrequests++];
	*request = (struct request){
		.change = plan->change_of[node] - 1,
		.site = site,
		.next_of_change = change->requests,
		.next_of_site = plan->states[site].requests,
	};
	change->requests = plan->states[site].requests = (uint32_t)plan->nrequests;
	change->routes++;
}

static void pend(struct visit *visit, enum plan_level level, const struct yaml_chain *chain, struct slice names)
{
	struct plan *plan = visit->plan;
	struct plan_pending *pending;

	if (plan->npending == plan->pending_cap)
		plan->pending = arena_grow(plan->scratch, plan->pending, plan->npending, &plan->pending_cap,
			plan->npending + 1, sizeof(*plan->pending));
	pending = &plan->pending[plan->npending++];
	pending->site = visit->site;
	pending->level = level;
	pending->names = names;
	pending->chain = arena_alloc(plan->scratch, 1, sizeof(*chain));
	*pending->chain = *chain;
}

/* Looks a key up and refuses the container where the answer is not certain. */
static bool look_up(struct visit *visit, const struct yaml_chain *chain, const char *key, struct yaml_found *found)
{
	struct plan *plan = visit->plan;

	*found = yaml_find(plan->yaml, chain, key);
	if (chain->broken)
		plan_refuse_site(plan, visit->site, chain->maps[0],
			SLICE("a merge key (<<) here does not name a mapping, or names too many: write the fields out"));
	else if (found->again)
		plan_refuse_site(plan, visit->site, found->again,
			arena_printf(plan->arena, "the key \"%s\" stands here a second time: leave one", key));
	else if (found->unclear)
		plan_refuse_site(plan, visit->site, found->value,
			arena_printf(plan->arena,
				"\"%s\" stands before a merge key (<<) that has it too: put the merge key first", key));
	return !plan->states[visit->site].refused;
}

/* The later maps of the chain: what they say at this level is hidden by the one that was found. */
static void hide_rest(struct visit *visit, const struct yaml_chain *chain, size_t from, enum plan_level level)
{
	if (!visit->plan->indifferent)
		return;
	for (size_t i = from; i < chain->n; i++)
		plan_hide(visit->plan, chain->maps[i], level);
}

static bool is_missing(const struct yaml *yaml, uint32_t value)
{
	return yaml_is_null(yaml, value) || (yaml->nodes[value].type == YAML_MAP && !yaml->nodes[value].first);
}

/* The key of the level is missing, or its value is empty. */
static void want_key(
	struct visit *visit, const struct yaml_chain *chain, enum plan_level level, uint32_t empty, struct slice names)
{
	struct plan *plan = visit->plan;

	if (empty)
		plan_request(plan, visit->site, CHANGE_FILL, level, empty, names);
	else if (chain->n == 1)
		plan_request(plan, visit->site, CHANGE_APPEND, level, chain->maps[0], names);
	else
		pend(visit, level, chain, names);
}

static void want_level(
	struct visit *visit, const struct yaml_chain *chain, enum plan_level level, uint32_t empty, struct slice names)
{
	struct plan *plan = visit->plan;

	if (visit->overlay)
		return;
	plan_note(plan, visit->site, visit->place, LEVEL_WARNING, CODE_DROP,
		"%.*s does not drop ALL capabilities", (int)visit->label.n, visit->label.p);
	want_key(visit, chain, level, empty, names);
}

/*
 * One level down: the mapping behind the key, in *map. False if there is none, and then what is missing has been
 * asked for, or the container has been refused.
 */
static bool descend(struct visit *visit, uint32_t *map, enum plan_level level)
{
	const struct yaml *yaml = visit->plan->yaml;
	struct yaml_chain chain;
	struct yaml_found found;
	uint32_t value;

	yaml_chain(yaml, *map, &chain);
	if (!look_up(visit, &chain, plan_key(level), &found))
		return false;
	value = yaml_resolve(yaml, found.value);
	if (found.value)
		hide_rest(visit, &chain, found.at + 1, level);
	if (!found.value || is_missing(yaml, value)) {
		plan_ensure(visit);
		want_level(visit, &chain, level, found.value ? value : YAML_NONE, visit->missing);
		return false;
	}
	if (yaml->nodes[value].type != YAML_MAP) {
		plan_refuse_site(visit->plan, visit->site, value,
			arena_printf(
				visit->plan->arena, "\"%s\" should be a mapping: correct it by hand", plan_key(level)));
		return false;
	}
	*map = value;
	return true;
}

static void plan_capabilities(struct visit *visit, uint32_t map)
{
	const struct yaml *yaml = visit->plan->yaml;
	struct yaml_chain chain;
	struct yaml_found drop, add;
	uint32_t value;
	bool both;

	yaml_chain(yaml, map, &chain);
	if (!look_up(visit, &chain, "drop", &drop) || !look_up(visit, &chain, "add", &add))
		return;
	value = yaml_resolve(yaml, drop.value);
	if (drop.value)
		hide_rest(visit, &chain, drop.at + 1, PLAN_DROP);
	if (add.value && !yaml_is_null(yaml, yaml_resolve(yaml, add.value)))
		plan_add_list(visit, add.value);
	else
		plan_ensure(visit);
	/* One change writes both keys where both are missing. */
	both = !drop.value && !add.value && !visit->overlay;
	if (!drop.value || is_missing(yaml, value))
		want_level(visit, &chain, PLAN_DROP, drop.value ? value : YAML_NONE, both ? visit->missing : SLICE(""));
	else
		plan_drop_list(visit, value);
	if (visit->missing.n && !both)
		want_key(visit, &chain, PLAN_ADD, yaml_resolve(yaml, add.value), visit->missing);
}

struct slice plan_text(const struct plan *plan, uint32_t node)
{
	node = yaml_resolve(plan->yaml, node);
	if (!node || plan->yaml->nodes[node].type != YAML_SCALAR || yaml_is_null(plan->yaml, node))
		return SLICE("");
	return yaml_text(plan->yaml, node, plan->arena);
}

static void plan_container(struct visit *visit, const struct site *site)
{
	struct plan *plan = visit->plan;
	struct yaml_chain chain;
	struct yaml_found name, image, patch;
	uint32_t map = site->node;

	if (plan->yaml->nodes[map].type != YAML_MAP) {
		plan_refuse_site(plan, visit->site, site->item,
			SLICE("a container should be a mapping with a name and an image"));
		return;
	}
	if (plan->yaml->nodes[map].first)
		visit->place = plan->yaml->nodes[plan->yaml->nodes[map].first].key;
	yaml_chain(plan->yaml, map, &chain);
	if (!look_up(visit, &chain, "name", &name) || !look_up(visit, &chain, "image", &image) ||
		!look_up(visit, &chain, "$patch", &patch))
		return;
	visit->subject.container = name.value ? plan_text(plan, name.value) : site->name;
	visit->subject.image = plan_text(plan, image.value);
	visit->label = plan->states[visit->site].label = plan_label(visit, site);
	plan_identify(visit, site);
	if (plan_left_alone(visit, site, &patch))
		return;
	visit->overlay = site->image && !image.value;
	if (visit->overlay)
		plan_leave_alone(visit, CONTAINER_OVERLAY, CODE_OVERLAY,
			SLICE("has no image, so this is an overlay: nothing is created in it"));
	if (descend(visit, &map, PLAN_CONTEXT)) {
		plan_worth_saying(visit, map);
		if (descend(visit, &map, PLAN_CAPABILITIES))
			plan_capabilities(visit, map);
	}
	plan_worth_saying_of_pod(visit, site);
}

/* A securityContext of its own: the operator makes the containers that it is for. */
static void plan_context(struct visit *visit, const struct site *site)
{
	struct plan *plan = visit->plan;
	const struct yaml_node *node = &plan->yaml->nodes[site->node];
	const struct yaml_found no_patch = {0};
	uint32_t map = site->node;

	visit->label = plan->states[visit->site].label =
		arena_printf(plan->arena, "\"%.*s\"", (int)site->list.n, site->list.p);
	if (node->type != YAML_MAP) {
		plan_refuse_site(plan, visit->site, site->item, SLICE("should be a mapping: correct it by hand"));
		return;
	}
	if (node->first)
		visit->place = plan->yaml->nodes[node->first].key;
	plan_identify(visit, site);
	if (plan_left_alone(visit, site, &no_patch))
		return;
	plan_worth_saying(visit, map);
	if (!node->first) {
		plan_ensure(visit);
		want_level(visit, NULL, PLAN_CONTEXT, site->node, visit->missing);
	} else if (descend(visit, &map, PLAN_CAPABILITIES)) {
		plan_capabilities(visit, map);
	}
}

static void plan_site(struct plan *plan, const struct plan_input *input, uint32_t index)
{
	const struct site *site = &plan->sites.v[index];
	struct visit visit = {
		.plan = plan,
		.input = input,
		.report = &plan->reports[plan->silent ? 0 : index],
		.site = index,
		.place = site->node,
		.subject =
			{
				.path = input->path,
				.kind = site->object->kind,
				.namespace = site->object->namespace,
				.name = site->object->name,
			},
	};

	if (plan->silent)
		*visit.report = (struct container_report){0}; /* one serves for all: nobody will read it */
	plan_identify(&visit, site);
	if (site->start == SITE_CONTEXT)
		plan_context(&visit, site);
	else
		plan_container(&visit, site);
}

/*
 * A container whose map merges others and lacks the key: where one of those gets the key for a container of its own,
 * this one inherits it; else it gets its own.
 */
static void resolve_pending(struct plan *plan, const struct plan_pending *pending)
{
	const struct yaml_chain *chain = pending->chain;
	size_t at = 0;

	for (size_t i = chain->n - 1; i > 0; i--) {
		uint32_t change = plan->change_of[chain->maps[i]];

		if (change && plan->changes[change - 1].kind == CHANGE_APPEND &&
			plan->changes[change - 1].level == pending->level)
			at = i;
	}
	plan_request(plan, pending->site, CHANGE_APPEND, pending->level, chain->maps[at], pending->names);
	for (size_t i = at + 1; plan->indifferent && i < chain->n; i++)
		plan_hide(plan, chain->maps[i], pending->level);
}

static bool has_anchors(const struct yaml *yaml)
{
	for (uint32_t i = 0; i < yaml->nprops; i++)
		if (yaml->props[i].aliases)
			return true;
	return false;
}

bool plan_make(struct plan *plan, const struct yaml *yaml, const struct plan_input *input, struct arena *arena,
	struct arena *scratch, struct error *err)
{
	memset(plan, 0, sizeof(*plan));
	plan->yaml = yaml;
	plan->arena = arena;
	plan->scratch = scratch;
	plan->used = input->used;
	plan->silent = input->silent;
	plan->first_line = input->first_line;
	if (!kinds_sites(yaml, input->policy, arena, &plan->sites, err))
		return false;
	plan->states = arena_alloc(scratch, plan->sites.n + 1, sizeof(*plan->states));
	plan->reports = arena_alloc(arena, input->silent ? 1 : plan->sites.n + 1, sizeof(*plan->reports));
	plan_find_ensures(plan, input->policy);
	plan->change_of = arena_alloc(scratch, yaml->n, sizeof(*plan->change_of));
	if (has_anchors(yaml))
		plan->indifferent = arena_alloc(scratch, yaml->n, sizeof(*plan->indifferent));
	for (size_t i = 0; i < plan->sites.n; i++)
		plan_site(plan, input, (uint32_t)i);
	for (size_t i = 0; i < plan->npending; i++)
		if (!plan->states[plan->pending[i].site].refused)
			resolve_pending(plan, &plan->pending[i]);
	return true;
}
