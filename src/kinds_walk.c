/* From an object, along a path, to containers. */
#include <string.h>

#include "kinds_impl.h"

void kinds_obstacle(struct walk *walk, uint32_t node, struct slice text)
{
	struct sites *sites = walk->sites;

	if (!walk->seen)
		walk->seen = arena_alloc(walk->arena, walk->yaml->n, sizeof(*walk->seen));
	if (walk->seen[node])
		return;
	walk->seen[node] = true;
	if (sites->nobstacles == sites->obstacles_cap)
		sites->obstacles = arena_grow(walk->arena, sites->obstacles, sites->nobstacles, &sites->obstacles_cap,
			sites->nobstacles + 1, sizeof(*sites->obstacles));
	sites->obstacles[sites->nobstacles++] = (struct obstacle){.node = node, .text = text};
}

uint32_t kinds_child(struct walk *walk, uint32_t map, const char *key)
{
	struct yaml_chain chain;
	struct yaml_found found;

	map = yaml_resolve(walk->yaml, map);
	if (walk->yaml->nodes[map].type != YAML_MAP)
		return YAML_NONE;
	yaml_chain(walk->yaml, map, &chain);
	found = yaml_find(walk->yaml, &chain, key);
	if (chain.broken)
		kinds_obstacle(walk, map,
			SLICE("a merge key (<<) here does not name a mapping, or names too many: "
			      "write the fields out"));
	else if (found.again)
		kinds_obstacle(walk, found.again,
			arena_printf(walk->arena, "the key \"%s\" stands here a second time: leave one", key));
	else if (found.unclear)
		kinds_obstacle(walk, found.value,
			arena_printf(walk->arena,
				"\"%s\" stands before a merge key (<<) that has it too: put the merge key first", key));
	else
		return found.value;
	return YAML_NONE;
}

struct slice kinds_text(struct walk *walk, uint32_t node)
{
	node = yaml_resolve(walk->yaml, node);
	if (!node || walk->yaml->nodes[node].type != YAML_SCALAR || yaml_is_null(walk->yaml, node))
		return SLICE("");
	return yaml_text(walk->yaml, node, walk->arena);
}

struct slice kinds_text_at(struct walk *walk, uint32_t map, const char *key)
{
	return kinds_text(walk, kinds_child(walk, map, key));
}

static bool is_empty_map(const struct yaml *yaml, uint32_t node)
{
	return yaml->nodes[node].type == YAML_MAP && !yaml->nodes[node].first;
}

static void add_site(struct walk *walk, struct site site)
{
	struct sites *sites = walk->sites;

	site.object = walk->object;
	site.node = yaml_resolve(walk->yaml, site.item);
	/* A container whose image the operator chooses is there only if something is said of it. */
	if (!site.image && site.start == SITE_CONTAINER && is_empty_map(walk->yaml, site.node))
		return;
	if (sites->n == sites->cap)
		sites->v = arena_grow(walk->arena, sites->v, sites->n, &sites->cap, sites->n + 1, sizeof(*sites->v));
	sites->v[sites->n++] = site;
}

static bool is_full(const struct walk *walk)
{
	return walk->sites->n > KINDS_MAX_SITES;
}

static void walk_list(struct walk *walk, uint32_t value, const char *key, bool windows)
{
	const struct yaml *yaml = walk->yaml;
	uint32_t list = yaml_resolve(yaml, value);

	if (!value || yaml_is_null(yaml, list))
		return;
	if (yaml->nodes[list].type != YAML_SEQ) {
		kinds_obstacle(walk, value, arena_printf(walk->arena, "\"%s\" should be a list of containers", key));
		return;
	}
	for (uint32_t item = yaml->nodes[list].first; item && !is_full(walk); item = yaml->nodes[item].next)
		add_site(walk, (struct site){.item = item, .list = slice_of(key), .image = true, .windows = windows});
}

static void walk_pod_spec(struct walk *walk, uint32_t spec, unsigned lists)
{
	static const char *const keys[] = {"initContainers", "containers", "ephemeralContainers"};
	uint32_t os = kinds_child(walk, spec, "os");
	bool windows = os && slice_is(kinds_text_at(walk, os, "name"), "windows");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (lists & (1U << i))
			walk_list(walk, kinds_child(walk, spec, keys[i]), keys[i], windows);
}

/* The end of a path; `key` is the last one in it. */
static void walk_target(struct walk *walk, uint32_t node, const struct route *route, struct slice key)
{
	struct site site = {.item = node, .list = key, .image = route->image};

	if (route->shape == SHAPE_PODSPEC) {
		walk_pod_spec(walk, node, route->lists);
		return;
	}
	if (route->shape == SHAPE_MAP)
		site.name = kinds_text(walk, walk->yaml->nodes[node].key);
	else if (route->shape == SHAPE_BARE)
		site.start = SITE_CONTEXT;
	add_site(walk, site);
}

/* The items behind a `[]` or `{}` are to be walked next. `*path` is at the bracket. */
static void push_items(struct walk *walk, uint32_t node, const char *path, const struct route *route, struct slice key)
{
	const struct yaml_node *all = &walk->yaml->nodes[yaml_resolve(walk->yaml, node)];

	if (all->type != (*path == '[' ? YAML_SEQ : YAML_MAP)) {
		if (!path[2] && (route->shape == SHAPE_LIST || route->shape == SHAPE_MAP))
			kinds_obstacle(walk, node,
				arena_printf(walk->arena, "\"%.*s\" should be a %s of containers", (int)key.n, key.p,
					route->shape == SHAPE_LIST ? "list" : "mapping"));
		return;
	}
	if (walk->nlevels == walk->levels_cap)
		walk->levels = arena_grow(walk->arena, walk->levels, walk->nlevels, &walk->levels_cap,
			walk->nlevels + 1, sizeof(*walk->levels));
	walk->levels[walk->nlevels++] = (struct level){.item = all->first, .path = path + 2, .key = key};
}

/* A key of the path, up to `len`; it must end there for the look-up. */
static uint32_t child_at(struct walk *walk, uint32_t node, const char *key, size_t len)
{
	char copy[64];

	if (len >= sizeof(copy))
		return kinds_child(walk, node, arena_dup(walk->arena, (struct slice){key, len}).p);
	memcpy(copy, key, len);
	copy[len] = '\0';
	return kinds_child(walk, node, copy);
}

static bool is_null(const struct walk *walk, uint32_t node)
{
	return yaml_is_null(walk->yaml, yaml_resolve(walk->yaml, node));
}

/* Follows the path down to its end or to its next `[]` or `{}`. */
static void walk_keys(struct walk *walk, uint32_t node, const char *path, const struct route *route, struct slice key)
{
	while (*path && *path != '[' && *path != '{') {
		path += *path == '.';
		key = (struct slice){path, strcspn(path, ".[{")};
		node = child_at(walk, node, path, key.n);
		if (!node || is_null(walk, node))
			return;
		path += key.n;
	}
	if (*path)
		push_items(walk, node, path, route, key);
	else
		walk_target(walk, node, route, key);
}

/* A value of a map that is none: it is missing, or it says what else the map holds. */
static bool is_no_value(struct walk *walk, uint32_t item)
{
	uint32_t key = walk->yaml->nodes[item].key;

	if (!key)
		return false;
	if (slice_is(yaml_raw(walk->yaml, key), "<<")) {
		kinds_obstacle(walk, key, SLICE("what is merged here (<<) cannot be followed: write it out"));
		return true;
	}
	return is_null(walk, item);
}

void kinds_walk(struct walk *walk, const struct route *route)
{
	walk->nlevels = 0;
	walk_keys(walk, walk->object->node, route->path, route, SLICE(""));
	while (walk->nlevels && !is_full(walk)) {
		struct level *level = &walk->levels[walk->nlevels - 1];
		uint32_t item = level->item;

		if (!item) {
			walk->nlevels--;
			continue;
		}
		level->item = walk->yaml->nodes[item].next;
		if (!is_no_value(walk, item))
			walk_keys(walk, item, level->path, route, level->key);
	}
}
