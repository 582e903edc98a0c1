/* Merge keys. */
#include "capfix/yaml.h"

static bool is_merge_key(const struct yaml *yaml, uint32_t key)
{
	const struct yaml_node *n = &yaml->nodes[key];

	return n->type == YAML_SCALAR && n->style == YAML_PLAIN && slice_is(yaml_raw(yaml, key), "<<");
}

static void push(const struct yaml *yaml, struct yaml_chain *chain, uint32_t node)
{
	node = yaml_resolve(yaml, node);
	if (yaml->nodes[node].type != YAML_MAP || chain->n == YAML_MAX_CHAIN)
		chain->broken = true;
	else
		chain->maps[chain->n++] = node;
}

/* Puts the sources of one map behind it, which shifts what stood there: precedence is depth first. */
static void expand(const struct yaml *yaml, struct yaml_chain *chain, size_t at)
{
	struct yaml_chain tail = {.n = 0};
	uint32_t map = chain->maps[at];

	for (size_t i = at + 1; i < chain->n; i++)
		tail.maps[tail.n++] = chain->maps[i];
	chain->n = at + 1;
	for (uint32_t value = yaml->nodes[map].first; value; value = yaml->nodes[value].next) {
		uint32_t from = yaml_resolve(yaml, value);

		if (!is_merge_key(yaml, yaml->nodes[value].key))
			continue;
		if (at == 0)
			chain->merge = value;
		if (yaml->nodes[from].type != YAML_SEQ)
			push(yaml, chain, value);
		else
			for (uint32_t item = yaml->nodes[from].first; item; item = yaml->nodes[item].next)
				push(yaml, chain, item);
	}
	for (size_t i = 0; i < tail.n; i++)
		push(yaml, chain, tail.maps[i]);
}

void yaml_chain(const struct yaml *yaml, uint32_t map, struct yaml_chain *chain)
{
	chain->n = 1;
	chain->maps[0] = map;
	chain->merge = YAML_NONE;
	chain->broken = false;
	if (!yaml->merges)
		return;
	for (size_t i = 0; i < chain->n; i++)
		expand(yaml, chain, i);
}

struct yaml_found yaml_find(const struct yaml *yaml, const struct yaml_chain *chain, const char *key)
{
	struct yaml_found found = {.value = YAML_NONE};
	uint32_t again;

	for (size_t i = 0; i < chain->n; i++) {
		uint32_t value = yaml_get(yaml, chain->maps[i], key, &again);

		if (!value)
			continue;
		if (found.value) {
			found.unclear = found.at == 0 && chain->merge > found.value;
			break;
		}
		found.value = value;
		found.at = i;
		found.again = again;
	}
	return found;
}
