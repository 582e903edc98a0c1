/* What the policy says about a container: what it allows, and what it asks for (`ensure: true`). */
#include "plan_impl.h"

const struct policy_entry *plan_allows(struct visit *visit, struct slice canonical)
{
	const struct policy *policy = visit->input->policy;

	return policy ? policy_use(policy, canonical, &visit->subject, visit->plan->used) : NULL;
}

struct slice plan_entry_place(const struct visit *visit, const struct policy_entry *entry)
{
	struct slice path = visit->input->policy_path;

	if (!path.n)
		return arena_printf(visit->plan->arena, "policy line %zu", entry->line);
	return arena_printf(visit->plan->arena, "%.*s:%zu", (int)path.n, path.p, entry->line);
}

void plan_find_ensures(struct plan *plan, const struct policy *policy)
{
	size_t n = policy ? policy_count(policy) : 0;

	for (size_t i = 0; i < n; i++)
		plan->nensures += policy_at(policy, i)->ensure && !policy_expired(policy, policy_at(policy, i));
	if (!plan->nensures)
		return;
	plan->ensures = arena_alloc(plan->scratch, plan->nensures, sizeof(*plan->ensures));
	plan->nensures = 0;
	for (size_t i = 0; i < n; i++)
		if (policy_at(policy, i)->ensure && !policy_expired(policy, policy_at(policy, i)))
			plan->ensures[plan->nensures++] = policy_at(policy, i);
}

static bool has(const struct container_add *adds, size_t n, struct slice canonical)
{
	for (size_t i = 0; i < n; i++)
		if (adds[i].kept && slice_eq(adds[i].canonical, canonical))
			return true;
	return false;
}

static void say(struct visit *visit, const struct policy_entry *entry)
{
	struct plan *plan = visit->plan;
	struct slice place = plan_entry_place(visit, entry);

	plan_note(plan, visit->site, visit->place, LEVEL_WARNING, CODE_ENSURED,
		"%.*s lacks %.*s, which %.*s asks for: %.*s", (int)visit->label.n,
			visit->label.p, (int)entry->capability.n, entry->capability.p, (int)place.n, place.p,
			(int)entry->reason.n, entry->reason.p);
}

/* An entry that asks for something that the container lacks. */
static void ensure_one(struct visit *visit, const struct policy_entry *entry, size_t *cap)
{
	struct plan *plan = visit->plan;
	struct container_report *report = visit->report;
	struct container_add *adds = (struct container_add *)report->adds;

	plan->used[entry->index] = true;
	if (has(adds, report->nadds, entry->capability))
		return;
	if (report->nadds == *cap || !*cap) {
		size_t had = *cap;

		adds = arena_grow(plan->arena, had ? adds : NULL, had ? report->nadds : 0, cap, report->nadds + 1,
			sizeof(*adds));
		for (size_t i = 0; !had && i < report->nadds; i++)
			adds[i] = report->adds[i];
	}
	adds[report->nadds++] = (struct container_add){
		.text = entry->capability,
		.canonical = entry->capability,
		.kept = true,
		.entry = entry->index,
	};
	report->adds = adds;
	visit->missing = arena_printf(plan->arena, "%.*s%s%.*s", (int)visit->missing.n, visit->missing.p,
		visit->missing.n ? "," : "", (int)entry->capability.n, entry->capability.p);
	say(visit, entry);
}

void plan_ensure(struct visit *visit)
{
	struct plan *plan = visit->plan;
	size_t cap = 0; /* the list is copied when the first one comes */

	if (visit->overlay)
		return;
	for (size_t i = 0; i < plan->nensures; i++)
		if (policy_matches(plan->ensures[i], &visit->subject))
			ensure_one(visit, plan->ensures[i], &cap);
}
