/* From documents to objects, along the table's paths, to containers. */
#include <string.h>

#include "capfix/kinds.h"

struct walk {
	const struct yaml *yaml;
	struct arena *arena;
	struct sites *sites;
	const struct object *object;
};

static void add_obstacle(struct walk *walk, struct obstacle **v, size_t *n, size_t *cap, uint32_t node, struct slice text)
{
	if (*n == *cap)
		*v = arena_grow(walk->arena, *v, *n, cap, *n + 1, sizeof(**v));
	(*v)[(*n)++] = (struct obstacle){.node = node, .text = text};
}

static void obstacle(struct walk *walk, uint32_t node, struct slice text)
{
	struct sites *sites = walk->sites;

	add_obstacle(walk, &sites->obstacles, &sites->nobstacles, &sites->obstacles_cap, node, text);
}

/*
 * The value of a key as it stands, or YAML_NONE; merge keys are followed. What parsers may read in different ways is an
 * obstacle, and so is anything but a mapping where the key should be looked up.
 */
static uint32_t child(struct walk *walk, uint32_t map, const char *key)
{
	struct yaml_chain chain;
	struct yaml_found found;

	map = yaml_resolve(walk->yaml, map);
	if (walk->yaml->nodes[map].type != YAML_MAP)
		return YAML_NONE;
	yaml_chain(walk->yaml, map, &chain);
	found = yaml_find(walk->yaml, &chain, key);
	if (chain.broken)
		obstacle(walk, map, SLICE("a merge key (<<) here does not name a mapping, or names too many: write the fields out"));
	else if (found.again)
		obstacle(walk, found.again, arena_printf(walk->arena, "the key \"%s\" stands here a second time: leave one", key));
	else if (found.unclear)
		obstacle(walk, found.value,
			 arena_printf(walk->arena, "\"%s\" stands before a merge key (<<) that has it too: put the merge key first", key));
	else
		return found.value;
	return YAML_NONE;
}

static struct slice text_of(struct walk *walk, uint32_t node)
{
	node = yaml_resolve(walk->yaml, node);
	if (!node || walk->yaml->nodes[node].type != YAML_SCALAR || yaml_is_null(walk->yaml, node))
		return SLICE("");
	return yaml_text(walk->yaml, node, walk->arena);
}

static struct slice text_at(struct walk *walk, uint32_t map, const char *key)
{
	return text_of(walk, child(walk, map, key));
}

static void add_site(struct walk *walk, uint32_t item, struct slice list, bool windows)
{
	struct sites *sites = walk->sites;

	if (sites->n == sites->cap)
		sites->v = arena_grow(walk->arena, sites->v, sites->n, &sites->cap, sites->n + 1, sizeof(*sites->v));
	sites->v[sites->n++] = (struct site){
		.object = walk->object,
		.item = item,
		.node = yaml_resolve(walk->yaml, item),
		.list = list,
		.windows = windows,
	};
}

static void walk_list(struct walk *walk, uint32_t value, const char *key, bool windows)
{
	const struct yaml *yaml = walk->yaml;
	uint32_t list = yaml_resolve(yaml, value);

	if (!value || yaml_is_null(yaml, list))
		return;
	if (yaml->nodes[list].type != YAML_SEQ) {
		obstacle(walk, value, arena_printf(walk->arena, "\"%s\" should be a list of containers", key));
		return;
	}
	for (uint32_t item = yaml->nodes[list].first; item && walk->sites->n <= KINDS_MAX_SITES; item = yaml->nodes[item].next)
		add_site(walk, item, slice_of(key), windows);
}

static void walk_pod_spec(struct walk *walk, uint32_t spec)
{
	static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
	uint32_t os = child(walk, spec, "os");
	bool windows = os && slice_is(text_at(walk, os, "name"), "windows");

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		walk_list(walk, child(walk, spec, lists[i]), lists[i], windows);
}

/* The end of a path. */
static void walk_target(struct walk *walk, uint32_t node, enum kind_shape shape, const char *key)
{
	if (shape == SHAPE_PODSPEC)
		walk_pod_spec(walk, node);
	else
		add_site(walk, node, shape == SHAPE_ONE ? SLICE("container") : arena_dup(walk->arena, slice_of(key)), false);
}

/* Recurses once for each `[]` or `{}` of the path, which the table bounds. */
static void walk_path(struct walk *walk, uint32_t node, const char *path, enum kind_shape shape)
{
	char key[64] = "";

	while (*path) {
		size_t len = strcspn(path, ".[{");

		BUG_IF(len >= sizeof(key));
		memcpy(key, path, len);
		key[len] = '\0';
		path += len;
		node = child(walk, node, key);
		if (!node || yaml_is_null(walk->yaml, yaml_resolve(walk->yaml, node)))
			return;
		if (*path == '[' || *path == '{') {
			uint32_t all = yaml_resolve(walk->yaml, node);
			enum yaml_type want = *path == '[' ? YAML_SEQ : YAML_MAP;

			path += 2 + (path[2] == '.');
			if (walk->yaml->nodes[all].type != want)
				return;
			for (uint32_t item = walk->yaml->nodes[all].first; item; item = walk->yaml->nodes[item].next)
				if (*path)
					walk_path(walk, item, path, shape);
				else
					walk_target(walk, item, shape, key);
			return;
		}
		path += *path == '.';
	}
	walk_target(walk, node, shape, key);
}

static struct slice group_of(struct slice api_version)
{
	const char *slash = memchr(api_version.p, '/', api_version.n);

	return slash ? slice_sub(api_version, 0, (size_t)(slash - api_version.p)) : SLICE("");
}

/* Keys in the order of the path from the object's root to the node, joined by dots. */
static struct slice path_to(const struct walk *walk, uint32_t node)
{
	const struct yaml *yaml = walk->yaml;
	uint32_t keys[32];
	size_t n = 0;
	struct slice path = SLICE("");

	for (; node != walk->object->node && node; node = yaml->nodes[node].parent)
		if (n < 32 && (yaml->nodes[node].key || yaml->nodes[yaml->nodes[node].parent].type == YAML_SEQ))
			keys[n++] = node;
	while (n-- > 0) {
		uint32_t key = yaml->nodes[keys[n]].key;
		struct slice name = key && yaml->nodes[key].type == YAML_SCALAR ? yaml_text(yaml, key, walk->arena) : SLICE("[]");

		path = arena_printf(walk->arena, "%.*s%s%.*s", (int)path.n, path.p, path.n && key ? "." : "", (int)name.n, name.p);
	}
	return path;
}

static bool container_shaped(struct walk *walk, uint32_t list)
{
	const struct yaml *yaml = walk->yaml;
	uint32_t item, again;

	if (yaml->nodes[list].type != YAML_SEQ)
		return false;
	item = yaml->nodes[list].first;
	return item && yaml->nodes[item].type == YAML_MAP && yaml_get(yaml, item, "image", &again) &&
	       yaml_get(yaml, item, "name", &again);
}

/* An object of a kind that the table does not know: is there something container-shaped in it? Names the first place. */
static void walk_unknown(struct walk *walk, uint32_t end)
{
	const struct yaml *yaml = walk->yaml;
	struct sites *sites = walk->sites;

	for (uint32_t node = walk->object->node; node < end; node++) {
		uint32_t key = yaml->nodes[node].key;

		if (!key || !container_shaped(walk, node) || yaml->nodes[key].type != YAML_SCALAR)
			continue;
		if (!slice_is(yaml_text(yaml, key, walk->arena), "containers"))
			continue;
		add_obstacle(walk, &sites->unknown, &sites->nunknown, &sites->unknown_cap, node,
			     arena_printf(walk->arena,
					  "kind %.*s (%.*s) is not known to capfix; if \"%.*s\" is a pod spec, name it under podSpecs in the policy",
					  (int)walk->object->kind.n, walk->object->kind.p, (int)walk->object->api_version.n,
					  walk->object->api_version.p, (int)path_to(walk, yaml->nodes[node].parent).n,
					  path_to(walk, yaml->nodes[node].parent).p));
		return;
	}
}

static bool ends_with(struct slice text, const char *end)
{
	size_t n = strlen(end);

	return text.n >= n && !memcmp(text.p + text.n - n, end, n);
}

/* Reads an object's own facts; an item of a typed list inherits its kind from the list (DeploymentList). */
static struct object *read_object(struct walk *walk, uint32_t node, const struct object *list)
{
	struct object *object = arena_alloc(walk->arena, 1, sizeof(*object));
	uint32_t metadata;

	object->node = yaml_resolve(walk->yaml, node);
	object->api_version = text_at(walk, node, "apiVersion");
	object->kind = text_at(walk, node, "kind");
	if (!object->kind.n && list) {
		object->kind = slice_sub(list->kind, 0, list->kind.n - strlen("List"));
		if (!object->api_version.n)
			object->api_version = list->api_version;
	}
	object->group = group_of(object->api_version);
	metadata = child(walk, node, "metadata");
	if (metadata) {
		object->namespace = text_at(walk, metadata, "namespace");
		object->name = text_at(walk, metadata, "name");
		if (!object->name.n)
			object->name = text_at(walk, metadata, "generateName");
	}
	return object;
}

static void walk_object(struct walk *walk, uint32_t node, const struct object *list);

/* `kind: List` and typed lists. Lists in lists are not followed further than this: the API has none. */
static void walk_items(struct walk *walk, const struct object *object)
{
	uint32_t items = child(walk, object->node, "items");

	items = yaml_resolve(walk->yaml, items);
	if (!items || walk->yaml->nodes[items].type != YAML_SEQ)
		return;
	for (uint32_t item = walk->yaml->nodes[items].first; item; item = walk->yaml->nodes[item].next)
		walk_object(walk, item, object);
}

static void walk_object(struct walk *walk, uint32_t node, const struct object *list)
{
	struct object *object;
	const struct kind_path *rows;
	size_t n;

	node = yaml_resolve(walk->yaml, node);
	if (walk->yaml->nodes[node].type != YAML_MAP || walk->sites->n > KINDS_MAX_SITES)
		return;
	object = read_object(walk, node, list);
	walk->object = object;
	if (!object->kind.n || !object->api_version.n)
		return;
	rows = kinds_find(object->group, object->kind, &n);
	for (size_t i = 0; i < n; i++)
		walk_path(walk, node, rows[i].path, rows[i].shape);
	if (n)
		return;
	if (!list && ends_with(object->kind, "List"))
		walk_items(walk, object);
	else
		walk_unknown(walk, yaml_end(walk->yaml, node));
}

bool kinds_sites(const struct yaml *yaml, struct arena *arena, struct sites *sites, struct error *err)
{
	struct walk walk = {.yaml = yaml, .arena = arena, .sites = sites};

	memset(sites, 0, sizeof(*sites));
	for (uint32_t root = yaml->first_root; root; root = yaml->nodes[root].next)
		walk_object(&walk, root, NULL);
	if (sites->n > KINDS_MAX_SITES)
		return error_set(err, "aliases repeat the containers of this file more than %d times: write them out", KINDS_MAX_SITES);
	return true;
}
