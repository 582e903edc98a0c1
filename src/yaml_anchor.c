/* Anchors by name in a hash table: 100,000 of them must not be quadratic. */
#include <stdlib.h>
#include <string.h>

#include "yaml_build.h"

static uint64_t hash_of(struct slice name)
{
	uint64_t h = 1469598103934665603u; /* FNV-1a */

	for (size_t i = 0; i < name.n; i++)
		h = (h ^ (unsigned char)name.p[i]) * 1099511628211u;
	return h ^ h >> 29;
}

/*
 * The slot of the name, or the free one where it would go. A slot of an earlier document keeps its place in the
 * chain.
 */
static struct yaml_anchor_slot *find(const struct yaml_build *build, struct slice name)
{
	size_t mask = build->anchor_cap - 1;
	size_t i = (size_t)hash_of(name) & mask;

	while (build->anchors[i].node && !slice_eq(build->anchors[i].name, name))
		i = (i + 1) & mask;
	return &build->anchors[i];
}

static void make_room(struct yaml_build *build)
{
	struct yaml_anchor_slot *old = build->anchors;
	size_t old_cap = build->anchor_cap;

	build->anchor_cap = old_cap ? old_cap * 2 : 16;
	build->anchors = xrealloc(NULL, build->anchor_cap, sizeof(*build->anchors));
	memset(build->anchors, 0, build->anchor_cap * sizeof(*build->anchors));
	for (size_t i = 0; i < old_cap; i++)
		if (old[i].node)
			*find(build, old[i].name) = old[i];
	free(old);
}

void yaml_anchor_set(struct yaml_build *build, struct slice name, uint32_t node)
{
	struct yaml_anchor_slot *slot;

	if (build->anchors_used * 2 >= build->anchor_cap)
		make_room(build);
	slot = find(build, name);
	build->anchors_used += !slot->node;
	*slot = (struct yaml_anchor_slot){.name = name, .node = node, .document = build->document};
}

uint32_t yaml_anchor_find(const struct yaml_build *build, struct slice name)
{
	const struct yaml_anchor_slot *slot;

	if (!build->anchor_cap)
		return YAML_NONE;
	slot = find(build, name);
	return slot->node && slot->document == build->document ? slot->node : YAML_NONE;
}
