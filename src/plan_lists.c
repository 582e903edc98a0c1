/* The entries of drop and add. */
#include <string.h>

#include "plan_impl.h"

static bool is_all_in_any_case(struct slice text)
{
	return text.n == 3 && (text.p[0] | 0x20) == 'a' && (text.p[1] | 0x20) == 'l' && (text.p[2] | 0x20) == 'l';
}

/* The list itself; refuses the container where the value is none, or an entry is no string. */
static uint32_t list_of(struct visit *visit, uint32_t value, const char *key)
{
	struct plan *plan = visit->plan;
	const struct yaml *yaml = plan->yaml;
	uint32_t list = yaml_resolve(yaml, value);

	if (yaml->nodes[list].type != YAML_SEQ) {
		plan_refuse_site(plan, visit->site, value,
				 arena_printf(plan->arena, "\"%s\" should be a list of capabilities: correct it by hand", key));
		return YAML_NONE;
	}
	for (uint32_t item = yaml->nodes[list].first; item; item = yaml->nodes[item].next) {
		if (yaml_is_string(yaml, yaml_resolve(yaml, item)))
			continue;
		plan_refuse_site(plan, visit->site, item,
				 arena_printf(plan->arena, "an entry of \"%s\" should be the name of a capability, in letters: correct it by hand",
					      key));
		return YAML_NONE;
	}
	return list;
}

void plan_drop_list(struct visit *visit, uint32_t value)
{
	struct plan *plan = visit->plan;
	const struct yaml *yaml = plan->yaml;
	uint32_t list = list_of(visit, value, "drop"), misspelled = YAML_NONE;

	if (!list || (visit->overlay && !yaml->nodes[list].first))
		return;
	for (uint32_t item = yaml->nodes[list].first; item; item = yaml->nodes[item].next) {
		struct slice text = yaml_text(yaml, yaml_resolve(yaml, item), plan->arena);

		if (slice_is(text, "ALL"))
			return;
		if (!misspelled && is_all_in_any_case(text))
			misspelled = item;
	}
	if (misspelled) {
		plan_request(plan, visit->site, CHANGE_RESPELL, PLAN_DROP, yaml_resolve(yaml, misspelled), SLICE("ALL"));
		plan_note(plan, visit->site, misspelled, LEVEL_WARNING, CODE_RESPELLED,
			  arena_printf(plan->arena, "%.*s: Kubernetes takes ALL in upper case only", (int)visit->label.n, visit->label.p));
		return;
	}
	plan_request(plan, visit->site, CHANGE_APPEND_ALL, PLAN_DROP, list, SLICE("ALL"));
	plan_note(plan, visit->site, visit->place, LEVEL_WARNING, CODE_DROP,
		  arena_printf(plan->arena, "%.*s drops some capabilities, but not ALL", (int)visit->label.n, visit->label.p));
}

/* An entry that a policy entry allows. */
static void keep(struct visit *visit, uint32_t item, struct slice text, struct slice canonical, const struct policy_entry *entry)
{
	struct plan *plan = visit->plan;

	plan_note(plan, visit->site, item, LEVEL_NOTE, CODE_KEPT,
		  arena_printf(plan->arena, "%.*s keeps %.*s (policy line %zu): %.*s", (int)visit->label.n, visit->label.p,
			       (int)canonical.n, canonical.p, entry->line, (int)entry->reason.n, entry->reason.p));
	if (slice_eq(text, canonical))
		return;
	plan_request(plan, visit->site, CHANGE_RESPELL, PLAN_DROP, yaml_resolve(plan->yaml, item), canonical);
	plan_note(plan, visit->site, item, LEVEL_WARNING, CODE_RESPELLED,
		  arena_printf(plan->arena, "%.*s: \"%.*s\" is spelled %.*s in Kubernetes", (int)visit->label.n, visit->label.p,
			       (int)text.n, text.p, (int)canonical.n, canonical.p));
}

static void lose(struct visit *visit, uint32_t item, struct slice text, struct slice canonical)
{
	struct plan *plan = visit->plan;
	bool all = slice_is(canonical, "ALL"), known = all || caps_known(canonical);
	const char *why = all ? "which can never be allowed" : known ? "which no policy entry allows" : "which Linux does not know";

	plan_note(plan, visit->site, item, LEVEL_WARNING, known ? CODE_ADD : CODE_UNKNOWN,
		  arena_printf(plan->arena, "%.*s adds %.*s, %s", (int)visit->label.n, visit->label.p, (int)text.n, text.p, why));
}

void plan_add_list(struct visit *visit, uint32_t value)
{
	struct plan *plan = visit->plan;
	const struct yaml *yaml = plan->yaml;
	uint32_t list, kept = 0, lost = 0;

	if (yaml_is_null(yaml, yaml_resolve(yaml, value)))
		return;
	list = list_of(visit, value, "add");
	if (!list)
		return;
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t item = yaml->nodes[list].first; item; item = yaml->nodes[item].next) {
			struct slice text = yaml_text(yaml, yaml_resolve(yaml, item), plan->arena);
			struct slice canonical = caps_canonical(text, plan->arena);
			const struct policy_entry *entry = visit->input->policy
				? policy_allows(visit->input->policy, canonical, &visit->subject) : NULL;

			if (pass == 0) {
				kept += entry != NULL;
				lost += entry == NULL;
			} else if (entry) {
				keep(visit, item, text, canonical, entry);
			} else {
				lose(visit, item, text, canonical);
				if (kept)
					plan_request(plan, visit->site, CHANGE_REMOVE_ITEM, PLAN_DROP, item, SLICE(""));
			}
		}
	}
	if (lost && !kept)
		plan_request(plan, visit->site, CHANGE_REMOVE_KEY, PLAN_DROP, value, SLICE(""));
}
