/* The entries of drop and add. */
#include <string.h>

#include "plan_impl.h"

static bool is_all_in_any_case(struct slice text)
{
	return text.n == 3 && (text.p[0] | 0x20) == 'a' && (text.p[1] | 0x20) == 'l' && (text.p[2] | 0x20) == 'l';
}

/*
 * A string; and if it has no quotes, words: a sign behind a blank (`SYS_TIME {}`) is no name of anything, and a reader that does not
 * parse, such as the check of the edits, would take it for YAML's own.
 */
static bool is_name(const struct yaml *yaml, uint32_t item)
{
	static const char blanks[] = " \t\r\n", signs[] = "!\"#%&'*+,-./:;<=>?@[\\]^`{|}~";
	struct slice raw = yaml_raw(yaml, item);

	if (!yaml_is_string(yaml, item))
		return false;
	for (size_t i = 1; yaml->nodes[item].style == YAML_PLAIN && i < raw.n; i++)
		if (memchr(blanks, raw.p[i - 1], sizeof(blanks) - 1) && memchr(signs, raw.p[i], sizeof(signs) - 1))
			return false;
	return true;
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
		if (is_name(yaml, yaml_resolve(yaml, item)))
			continue;
		plan_refuse_site(plan, visit->site, item,
			arena_printf(plan->arena,
				"an entry of \"%s\" should be the name of a capability, in letters: correct it by hand",
				key));
		return YAML_NONE;
	}
	return list;
}

static size_t count_items(const struct yaml *yaml, uint32_t list)
{
	size_t n = 0;

	for (uint32_t item = yaml->nodes[list].first; item; item = yaml->nodes[item].next)
		n++;
	return n;
}

void plan_report_drops(struct visit *visit, uint32_t list)
{
	struct plan *plan = visit->plan;
	const struct yaml *yaml = plan->yaml;
	struct slice *drops = arena_alloc(plan->arena, count_items(yaml, list) + 1, sizeof(*drops));
	size_t n = 0;

	for (uint32_t item = yaml->nodes[list].first; item; item = yaml->nodes[item].next) {
		drops[n] = yaml_text(yaml, yaml_resolve(yaml, item), plan->arena);
		visit->report->drops_all = visit->report->drops_all || slice_is(drops[n], "ALL");
		n++;
	}
	visit->report->drops = drops;
	visit->report->ndrops = n;
}

void plan_report_adds(struct visit *visit, uint32_t list, bool decide)
{
	struct plan *plan = visit->plan;
	const struct yaml *yaml = plan->yaml;
	struct container_add *adds = arena_alloc(plan->arena, count_items(yaml, list) + 1, sizeof(*adds));
	size_t n = 0;

	for (uint32_t item = yaml->nodes[list].first; item; item = yaml->nodes[item].next) {
		struct container_add *add = &adds[n++];
		const struct policy_entry *entry;

		add->text = yaml_text(yaml, yaml_resolve(yaml, item), plan->arena);
		add->canonical = caps_canonical(add->text, plan->arena);
		entry = decide ? plan_allows(visit, add->canonical) : NULL;
		add->kept = entry != NULL;
		add->entry = entry ? entry->index : 0;
		yaml_place(yaml, item, &add->line, &add->col);
	}
	visit->report->adds = adds;
	visit->report->nadds = n;
}

void plan_drop_list(struct visit *visit, uint32_t value)
{
	struct plan *plan = visit->plan;
	const struct yaml *yaml = plan->yaml;
	uint32_t list = list_of(visit, value, "drop"), misspelled = YAML_NONE;

	if (list)
		plan_report_drops(visit, list);
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
		plan_request(
			plan, visit->site, CHANGE_RESPELL, PLAN_DROP, yaml_resolve(yaml, misspelled), SLICE("ALL"));
		plan_note(plan, visit->site, misspelled, LEVEL_WARNING, CODE_RESPELLED,
			"%.*s: Kubernetes takes ALL in upper case only", (int)visit->label.n,
				visit->label.p);
		return;
	}
	plan_request(plan, visit->site, CHANGE_APPEND_ITEM, PLAN_DROP, list, SLICE("ALL"));
	plan_note(plan, visit->site, visit->place, LEVEL_WARNING, CODE_DROP,
		"%.*s drops some capabilities, but not ALL", (int)visit->label.n, visit->label.p);
}

/* An entry that a policy entry allows. */
static void keep(struct visit *visit, uint32_t item, const struct container_add *add)
{
	struct plan *plan = visit->plan;
	const struct policy_entry *entry = policy_at(visit->input->policy, add->entry);
	struct slice place = plan_entry_place(visit, entry);

	plan_note(plan, visit->site, item, LEVEL_NOTE, CODE_KEPT,
		"%.*s keeps %.*s (%.*s): %.*s", (int)visit->label.n, visit->label.p,
			(int)add->canonical.n, add->canonical.p, (int)place.n, place.p, (int)entry->reason.n,
			entry->reason.p);
	if (slice_eq(add->text, add->canonical))
		return;
	plan_request(plan, visit->site, CHANGE_RESPELL, PLAN_DROP, yaml_resolve(plan->yaml, item), add->canonical);
	plan_note(plan, visit->site, item, LEVEL_WARNING, CODE_RESPELLED,
		"%.*s: \"%.*s\" is spelled %.*s in Kubernetes; containerd ignores the prefixed name, so the pod gets the capability from now on",
			(int)visit->label.n, visit->label.p, (int)add->text.n, add->text.p, (int)add->canonical.n,
			add->canonical.p);
}

static void lose(struct visit *visit, uint32_t item, struct slice text, struct slice canonical)
{
	struct plan *plan = visit->plan;
	bool all = slice_is(canonical, "ALL"), known = all || caps_known(canonical);
	const char *why = all ? "which can never be allowed"
		: known       ? "which no policy entry allows"
			      : "which Linux does not know";

	plan_note(plan, visit->site, item, LEVEL_WARNING, known ? CODE_ADD : CODE_UNKNOWN,
		"%.*s adds %.*s, %s", (int)visit->label.n, visit->label.p, (int)text.n,
			text.p, why);
}

void plan_add_list(struct visit *visit, uint32_t value)
{
	struct plan *plan = visit->plan;
	const struct yaml *yaml = plan->yaml;
	uint32_t list = list_of(visit, value, "add");
	size_t n, stay;

	if (!list)
		return;
	plan_report_adds(visit, list, true);
	n = visit->report->nadds;
	plan_ensure(visit);
	stay = visit->report->nadds - n;
	for (size_t i = 0; i < n; i++)
		stay += visit->report->adds[i].kept;
	for (uint32_t item = yaml->nodes[list].first, i = 0; item; item = yaml->nodes[item].next, i++) {
		const struct container_add *add = &visit->report->adds[i];

		if (add->kept) {
			keep(visit, item, add);
			continue;
		}
		lose(visit, item, add->text, add->canonical);
		if (stay)
			plan_request(plan, visit->site, CHANGE_REMOVE_ITEM, PLAN_DROP, item, SLICE(""));
	}
	if (visit->missing.n)
		plan_request(plan, visit->site, CHANGE_APPEND_ITEM, PLAN_ADD, list, visit->missing);
	else if (n && !stay)
		plan_request(plan, visit->site, CHANGE_REMOVE_KEY, PLAN_DROP, value, SLICE(""));
	visit->missing = SLICE("");
}
