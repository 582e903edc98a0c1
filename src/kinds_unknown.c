/* Kinds that nobody told capfix of: what would the policy have to say to have them looked into? */
#include <string.h>

#include "kinds_impl.h"

/* Deeper than any kind has its pod spec; what is deeper is named by its place only. */
enum { MAX_PATH = 32 };

static bool is_pod_key(struct walk *walk, uint32_t key)
{
	struct slice text;

	if (!key || walk->yaml->nodes[key].type != YAML_SCALAR)
		return false;
	text = yaml_text(walk->yaml, key, walk->arena);
	return slice_is(text, "containers") || slice_is(text, "initContainers");
}

/* A list whose first item is a mapping with a name and an image. */
static bool is_container_list(const struct yaml *yaml, uint32_t list)
{
	uint32_t item, again;

	if (yaml->nodes[list].type != YAML_SEQ)
		return false;
	item = yaml->nodes[list].first;
	return item && yaml->nodes[item].type == YAML_MAP && yaml_get(yaml, item, "image", &again) &&
		yaml_get(yaml, item, "name", &again);
}

static bool is_plain_name(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-' &&
			c != '_')
			return false;
	}
	return text.n > 0;
}

/* The path from the object to the node, as podSpecs has it; empty if it cannot be written so. */
static struct slice path_to(const struct walk *walk, uint32_t node)
{
	const struct yaml *yaml = walk->yaml;
	uint32_t way[MAX_PATH];
	size_t n = 0;
	struct slice path = SLICE("");

	for (; node != walk->object->node; node = yaml->nodes[node].parent) {
		if (!node || n == MAX_PATH)
			return SLICE("");
		way[n++] = node;
	}
	while (n-- > 0) {
		uint32_t key = yaml->nodes[way[n]].key;
		struct slice name = SLICE("[]");

		if (key && yaml->nodes[key].type != YAML_SCALAR)
			return SLICE("");
		if (key)
			name = yaml_text(yaml, key, walk->arena);
		if (key ? !is_plain_name(name) : !path.n)
			return SLICE("");
		path = arena_printf(
			walk->arena, "%.*s%s%.*s", (int)path.n, path.p, path.n && key ? "." : "", (int)name.n, name.p);
	}
	return path;
}

/* podSpecs can name it: no wildcards in the group; the core group's versions are v1 and the like. */
static bool is_plain_version(const struct object *object)
{
	struct slice group = object->group, version = object->api_version;

	if (!group.n)
		return is_plain_name(version) && version.n > 1 && version.p[0] == 'v' && version.p[1] >= '0' &&
			version.p[1] <= '9';
	for (size_t i = 0; i < group.n; i++)
		if (!is_plain_name(slice_sub(group, i, i + 1)) && group.p[i] != '.')
			return false;
	return true;
}

/* What to paste, or advice without it. */
static struct slice words_for(const struct walk *walk, uint32_t pod)
{
	const struct object *object = walk->object;
	struct slice kind = object->kind, version = object->api_version, path = path_to(walk, pod);

	if (!path.n || !is_plain_name(kind) || !is_plain_version(object))
		return arena_printf(walk->arena,
			"these look like containers, but kind %.*s (%.*s) is not known: left alone, "
			"see to their capabilities by hand",
			(int)kind.n, kind.p, (int)version.n, version.p);
	if (object->group.n)
		version = arena_printf(walk->arena, "%.*s/*", (int)object->group.n, object->group.p);
	return arena_printf(walk->arena,
		"these look like containers, but kind %.*s is not known: left alone; if \"%.*s\" is a pod spec, add "
		"this line to podSpecs in the policy: - {apiVersion: \"%.*s\", kind: %.*s, path: \"%.*s\"}",
		(int)kind.n, kind.p, (int)path.n, path.p, (int)version.n, version.p, (int)kind.n, kind.p, (int)path.n,
		path.p);
}

void kinds_unknown(struct walk *walk)
{
	const struct yaml *yaml = walk->yaml;
	struct sites *sites = walk->sites;
	uint32_t end = yaml_end(yaml, walk->object->node);

	for (uint32_t node = walk->object->node; node < end; node++) {
		if (!is_container_list(yaml, node) || !is_pod_key(walk, yaml->nodes[node].key))
			continue;
		if (sites->nunknown == sites->unknown_cap)
			sites->unknown = arena_grow(walk->arena, sites->unknown, sites->nunknown, &sites->unknown_cap,
				sites->nunknown + 1, sizeof(*sites->unknown));
		sites->unknown[sites->nunknown++] =
			(struct obstacle){.node = node, .text = words_for(walk, yaml->nodes[node].parent)};
		return;
	}
}
