/* From documents to objects: lists of them, templates of OpenShift, and what the policy knows. */
#include <string.h>

#include "capfix/glob.h"
#include "kinds_impl.h"

/* Lists in lists: kubectl takes a list that holds a template apart, nobody writes more. */
enum { MAX_NESTING = 4 };

static bool ends_with(struct slice text, const char *end)
{
	size_t n = strlen(end);

	return text.n >= n && !memcmp(text.p + text.n - n, end, n);
}

static struct slice group_of(struct slice api_version)
{
	const char *slash = memchr(api_version.p, '/', api_version.n);

	return slash ? slice_sub(api_version, 0, (size_t)(slash - api_version.p)) : SLICE("");
}

/* Reads an object's own facts; an item of a typed list inherits its kind from the list (DeploymentList). */
static struct object *read_object(struct walk *walk, uint32_t node, const struct object *list)
{
	struct object *object = arena_alloc(walk->arena, 1, sizeof(*object));
	uint32_t metadata;

	object->node = node;
	object->api_version = kinds_text_at(walk, node, "apiVersion");
	object->kind = kinds_text_at(walk, node, "kind");
	if (!object->kind.n && list && ends_with(list->kind, "List")) {
		object->kind = slice_sub(list->kind, 0, list->kind.n - strlen("List"));
		if (!object->api_version.n)
			object->api_version = list->api_version;
	}
	object->group = group_of(object->api_version);
	metadata = kinds_child(walk, node, "metadata");
	if (metadata) {
		object->namespace = kinds_text_at(walk, metadata, "namespace");
		object->name = kinds_text_at(walk, metadata, "name");
		if (!object->name.n)
			object->name = kinds_text_at(walk, metadata, "generateName");
	}
	return object;
}

/* The lists of this pod spec that a row of the table names already. */
static unsigned lists_of_row(const struct kind_path *row, struct slice path)
{
	static const char *const ends[] = {".initContainers[]", ".containers[]", ".ephemeralContainers[]"};

	if (strlen(row->path) < path.n || memcmp(row->path, path.p, path.n) != 0)
		return 0;
	if (row->shape == SHAPE_PODSPEC && !row->path[path.n])
		return POD_ALL;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (row->shape == SHAPE_LIST && !strcmp(row->path + path.n, ends[i]))
			return 1U << i;
	return 0;
}

/* A top-level key that no object of Kubernetes has may still lead to containers, if the policy says so. */
static void note_live(struct walk *walk, struct slice path)
{
	struct slice key = arena_dup(walk->arena, (struct slice){path.p, strcspn(path.p, ".[{")});
	uint32_t value = kinds_child(walk, walk->object->node, key.p);

	if (!walk->sites->live)
		walk->sites->live = arena_alloc(walk->arena, walk->yaml->n, sizeof(*walk->sites->live));
	walk->sites->live[value] = true;
}

/*
 * What the policy says of this kind, but for what the table has, and what an entry before says too. True if it says
 * anything.
 */
static bool walk_policy(struct walk *walk, const struct kind_path *rows, size_t nrows)
{
	const struct object *object = walk->object;
	const struct policy_pod_spec *const *specs;
	size_t n = 0;
	bool any = false;

	specs = walk->policy ? policy_pod_specs_of(walk->policy, object->kind, &n) : NULL;
	for (size_t i = 0; i < n; i++) {
		struct route route = {
			.path = specs[i]->path.p, .shape = SHAPE_PODSPEC, .image = true, .lists = POD_ALL};

		if (!glob_match(specs[i]->api_version, object->api_version, true))
			continue;
		any = true;
		for (size_t row = 0; row < nrows; row++)
			route.lists &= ~lists_of_row(&rows[row], specs[i]->path);
		/* Sorted by path. */
		for (size_t before = i; before > 0 && route.lists && slice_eq(specs[before - 1]->path, specs[i]->path);
			before--)
			if (glob_match(specs[before - 1]->api_version, object->api_version, true))
				route.lists = 0;
		if (!route.lists)
			continue;
		note_live(walk, specs[i]->path);
		kinds_walk(walk, &route);
	}
	return any;
}

/* A list of objects that is being gone through. */
struct nest {
	uint32_t item;
	const struct object *list;
};

/*
 * The items below the key are to be looked at next, unless there is no end to lists in lists. False if there is no
 * such list.
 */
static bool enter(struct walk *walk, struct nest *nests, size_t *depth, const struct object *list, const char *key)
{
	uint32_t items = yaml_resolve(walk->yaml, kinds_child(walk, list->node, key));

	if (!items || walk->yaml->nodes[items].type != YAML_SEQ)
		return false;
	if (*depth < MAX_NESTING)
		nests[(*depth)++] = (struct nest){.item = walk->yaml->nodes[items].first, .list = list};
	return true;
}

/* One object; what it holds of others goes on the pile. */
static void walk_object(struct walk *walk, uint32_t node, const struct object *list, struct nest *nests, size_t *depth)
{
	const struct object *object;
	const struct kind_path *rows;
	size_t n;

	node = yaml_resolve(walk->yaml, node);
	if (walk->yaml->nodes[node].type != YAML_MAP)
		return;
	object = walk->object = read_object(walk, node, list);
	if (!object->kind.n || !object->api_version.n)
		return;
	rows = kinds_find(object->group, object->kind, &n);
	for (size_t i = 0; i < n; i++) {
		struct route route = {
			.path = rows[i].path, .shape = rows[i].shape, .image = rows[i].image, .lists = POD_ALL};

		if (route.shape == SHAPE_OBJECTS)
			enter(walk, nests, depth, object, "objects");
		else if (route.shape != SHAPE_NONE)
			kinds_walk(walk, &route);
	}
	if (walk_policy(walk, rows, n) || n)
		return;
	if (!ends_with(object->kind, "List") || !enter(walk, nests, depth, object, "items"))
		kinds_unknown(walk);
}

static void walk_root(struct walk *walk, uint32_t root)
{
	struct nest nests[MAX_NESTING];
	size_t depth = 0;

	walk_object(walk, root, NULL, nests, &depth);
	while (depth && walk->sites->n <= KINDS_MAX_SITES) {
		struct nest *top = &nests[depth - 1];
		uint32_t item = top->item;

		if (!item) {
			depth--;
			continue;
		}
		top->item = walk->yaml->nodes[item].next;
		walk_object(walk, item, top->list, nests, &depth);
	}
}

bool kinds_sites(const struct yaml *yaml, const struct policy *policy, struct arena *arena, struct sites *sites,
	struct error *err)
{
	struct walk walk = {.yaml = yaml, .policy = policy, .arena = arena, .sites = sites};

	memset(sites, 0, sizeof(*sites));
	for (uint32_t root = yaml->first_root; root; root = yaml->nodes[root].next)
		walk_root(&walk, root);
	if (sites->n > KINDS_MAX_SITES)
		return error_set(err, "aliases repeat the containers of this file more than %d times: write them out",
			KINDS_MAX_SITES);
	return true;
}
