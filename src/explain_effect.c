/* The lists before and after, and their effect. */
#include "capfix/explain.h"

bool explain_is_listed(const struct container_report *report, size_t add)
{
	return report->adds[add].line > 0;
}

static struct effective_lists before_lists(const struct container_report *today, struct arena *arena)
{
	struct slice *adds = arena_alloc(arena, today->nadds + 1, sizeof(*adds));
	struct effective_lists lists = {
		.adds = adds, .drops = today->drops, .ndrops = today->ndrops, .privileged = today->privileged};

	for (size_t i = 0; i < today->nadds; i++)
		if (explain_is_listed(today, i))
			adds[lists.nadds++] = today->adds[i].text;
	return lists;
}

/* Does the fix see to it that all is dropped? An overlay that drops nothing stays so. */
static bool gets_all(const struct container_report *report)
{
	return report->state != CONTAINER_OVERLAY || report->ndrops > 0;
}

static struct effective_lists after_lists(const struct container_report *report, struct arena *arena)
{
	struct slice *adds = arena_alloc(arena, report->nadds + 1, sizeof(*adds));
	struct slice *drops = arena_alloc(arena, report->ndrops + 1, sizeof(*drops));
	struct effective_lists lists = {.adds = adds, .drops = drops, .privileged = report->privileged};
	bool all = report->drops_all;

	for (size_t i = 0; i < report->nadds; i++)
		if (report->adds[i].kept)
			adds[lists.nadds++] = report->adds[i].canonical;
	for (size_t i = 0; i < report->ndrops; i++) {
		bool respelled = !all && effective_is_all(report->drops[i]);
		all = all || respelled;
		drops[lists.ndrops++] = respelled ? SLICE("ALL") : report->drops[i];
	}
	if (!all && gets_all(report))
		drops[lists.ndrops++] = SLICE("ALL");
	return lists;
}

/* The fix touches it, or it needs no fix. */
static bool follows(enum container_state state)
{
	return state == CONTAINER_COMPLIES || state == CONTAINER_FIXED || state == CONTAINER_OVERLAY;
}

void explain_effect(struct explain_effect *effect, const struct explain_input *input, struct arena *arena)
{
	enum container_state state = input->report->state;

	effect->known = state != CONTAINER_OVERLAY && state != CONTAINER_WINDOWS;
	effect->before_lists = before_lists(input->today, arena);
	effect->after_lists = follows(state) ? after_lists(input->report, arena) : effect->before_lists;
	for (enum runtime runtime = 0; runtime < RUNTIME_COUNT; runtime++) {
		effect->before[runtime] = effective_set(runtime, &effect->before_lists);
		effect->after[runtime] = effective_set(runtime, &effect->after_lists);
	}
}
