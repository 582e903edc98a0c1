#include "capfix/init_policy.h"

#include <string.h>

#include "capfix/caps.h"
#include "capfix/images.h"

#include "init_policy_impl.h"

void init_policy_start(struct init_policy *init, uint32_t today, struct arena *arena)
{
	*init = (struct init_policy){.arena = arena, .today = today};
}

static struct slice keep(struct init_policy *init, struct slice text)
{
	return arena_dup(init->arena, text);
}

static void add_use(struct init_policy *init, struct slice path, struct slice subject_path,
	const struct container_report *report, const struct container_add *add)
{
	struct init_use *use;

	init->uses =
		arena_grow(init->arena, init->uses, init->nuses, &init->uses_cap, init->nuses + 1, sizeof(*init->uses));
	use = &init->uses[init->nuses];
	*use = (struct init_use){
		.capability = caps_index(add->canonical),
		.path = keep(init, path),
		.line = add->line,
		.subject =
			{
				.path = keep(init, subject_path),
				.kind = keep(init, report->kind),
				.namespace = keep(init, report->namespace),
				.name = keep(init, report->name),
				.container = keep(init, report->container),
				.image = keep(init, report->image),
			},
		.order = init->nuses++,
	};
	use->repository = images_repository(use->subject.image);
}

static void add_odd(struct init_policy *init, struct slice path, const struct container_add *add)
{
	init->odds =
		arena_grow(init->arena, init->odds, init->nodds, &init->odds_cap, init->nodds + 1, sizeof(*init->odds));
	init->odds[init->nodds++] = (struct init_odd){
		.path = keep(init, path),
		.line = add->line,
		.text = keep(init, add->text),
		.all = slice_is(add->canonical, "ALL"),
	};
}

static void add_need(struct init_policy *init, struct slice path, const struct container_report *report)
{
	const struct image_hint *hint = images_hint(report->image);

	if (!hint || report->privileged || report->drops_all || report->state != CONTAINER_FIXED)
		return;
	for (size_t i = 0; i < report->nadds; i++)
		if (images_hint_names(hint, report->adds[i].canonical))
			return;
	for (size_t i = 0; i < init->nneeds; i++)
		if (init->needs[i].hint == hint) {
			init->needs[i].n++;
			return;
		}
	init->needs = arena_grow(
		init->arena, init->needs, init->nneeds, &init->needs_cap, init->nneeds + 1, sizeof(*init->needs));
	init->needs[init->nneeds++] =
		(struct init_need){.hint = hint, .n = 1, .path = keep(init, path), .line = report->line};
}

/* 64 bits hold a set of capabilities. */
_Static_assert(CAPS_COUNT <= 64, "a bit for each capability");

void init_policy_look(struct init_policy *init, const struct policy *policy, struct slice path,
	struct slice subject_path, const struct container_report *report)
{
	uint64_t seen = 0;

	init->policy = policy;
	if (report->state == CONTAINER_WINDOWS || report->state == CONTAINER_EXEMPT)
		return;
	for (size_t i = 0; i < report->nadds; i++) {
		const struct container_add *add = &report->adds[i];
		size_t index = caps_index(add->canonical);
		if (add->kept || add->line == 0)
			continue;
		if (index == CAPS_COUNT)
			add_odd(init, path, add);
		else if (!(seen >> index & 1))
			add_use(init, path, subject_path, report, add);
		if (index < CAPS_COUNT)
			seen |= UINT64_C(1) << index;
	}
	add_need(init, path, report);
}
