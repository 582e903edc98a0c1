/* Questions to the finished table. */
#include <string.h>

#include "capfix/yaml.h"

struct slice yaml_raw(const struct yaml *yaml, uint32_t node)
{
	return slice_sub(yaml->source->text, yaml->nodes[node].start, yaml->nodes[node].end);
}

const struct yaml_props *yaml_props(const struct yaml *yaml, uint32_t node)
{
	size_t low = 0, high = yaml->nprops;

	if (!yaml->nodes[node].has_props)
		return NULL;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (yaml->props[mid].node < node)
			low = mid + 1;
		else
			high = mid;
	}
	BUG_IF(low == yaml->nprops || yaml->props[low].node != node);
	return &yaml->props[low];
}

uint32_t yaml_resolve(const struct yaml *yaml, uint32_t node)
{
	return yaml->nodes[node].type == YAML_ALIAS ? yaml->nodes[node].first : node;
}

size_t yaml_begin(const struct yaml *yaml, uint32_t node)
{
	const struct yaml_props *props = yaml_props(yaml, node);

	return props && props->start < yaml->nodes[node].start ? props->start : yaml->nodes[node].start;
}

uint32_t yaml_end(const struct yaml *yaml, uint32_t node)
{
	while (node && !yaml->nodes[node].next)
		node = yaml->nodes[node].parent;
	if (!node)
		return yaml->n;
	if (yaml->nodes[node].is_key)
		return yaml->nodes[node].next;
	node = yaml->nodes[node].next;
	return yaml->nodes[node].key ? yaml->nodes[node].key : node;
}

uint32_t yaml_last_leaf(const struct yaml *yaml, uint32_t node)
{
	const struct yaml_node *n = &yaml->nodes[node];

	while (n->style == YAML_BLOCK && n->last) {
		node = n->last;
		n = &yaml->nodes[node];
	}
	return node;
}

size_t yaml_tail(const struct yaml *yaml, uint32_t node)
{
	return yaml->nodes[yaml_last_leaf(yaml, node)].end;
}

void yaml_place(const struct yaml *yaml, uint32_t node, size_t *line, size_t *col)
{
	source_place(yaml->source, yaml->nodes[node].start, line, col);
}

static bool is_one_of(struct slice text, const char *const *words)
{
	for (; *words; words++)
		if (slice_is(text, *words))
			return true;
	return false;
}

static bool tag_is(const struct yaml *yaml, uint32_t node, const char *short_tag, const char *long_tag)
{
	const struct yaml_props *props = yaml_props(yaml, node);
	struct slice tag;

	if (!props || !props->tag_len)
		return false;
	tag = slice_sub(yaml->source->text, props->tag_at, (size_t)props->tag_at + props->tag_len);
	return slice_is(tag, short_tag) || slice_is(tag, long_tag);
}

static bool has_tag(const struct yaml *yaml, uint32_t node)
{
	const struct yaml_props *props = yaml_props(yaml, node);

	return props && props->tag_len;
}

bool yaml_is_null(const struct yaml *yaml, uint32_t node)
{
	static const char *const nulls[] = {"~", "null", "Null", "NULL", NULL};
	const struct yaml_node *n = &yaml->nodes[node];

	if (n->type != YAML_SCALAR || has_tag(yaml, node))
		return false;
	return n->style == YAML_EMPTY || (n->style == YAML_PLAIN && is_one_of(yaml_raw(yaml, node), nulls));
}

/* Could go-yaml read this plain scalar as a number or a timestamp? Errs on the side of yes. */
static bool looks_numeric(struct slice text)
{
	static const char *const floats[] = {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf",
		"-.INF", ".nan", ".NaN", ".NAN", NULL};
	static const char set[] = "+-.0123456789_xXoObBaAcCdDeEfFtTzZ: ";
	size_t digits = 0;

	if (is_one_of(text, floats))
		return true;
	if (!text.n || !strchr("+-.0123456789", text.p[0]))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		digits += text.p[i] >= '0' && text.p[i] <= '9';
		if (!memchr(set, text.p[i], sizeof(set) - 1))
			return false;
	}
	return digits > 0;
}

bool yaml_is_string(const struct yaml *yaml, uint32_t node)
{
	static const char *const bools[] = {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE",
		"n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE", "<<", NULL};
	static const char first[] = "yYnNtTfFoO~<+-.0123456789"; /* of any of those, or of a number */
	const struct yaml_node *n = &yaml->nodes[node];
	struct slice raw;

	if (n->type != YAML_SCALAR)
		return false;
	if (has_tag(yaml, node))
		return tag_is(yaml, node, "!!str", "!<tag:yaml.org,2002:str>");
	if (n->style != YAML_PLAIN)
		return n->style != YAML_EMPTY;
	raw = yaml_raw(yaml, node);
	if (raw.n && !memchr(first, raw.p[0], sizeof(first) - 1))
		return true;
	return !yaml_is_null(yaml, node) && !is_one_of(raw, bools) && !looks_numeric(raw);
}

/* Does a key spell `want`? Without decoding where the text stands there as it is. */
static bool key_is(const struct yaml *yaml, uint32_t key, struct slice want)
{
	struct slice raw = yaml_raw(yaml, key);
	struct arena arena;
	bool same;

	switch (yaml->nodes[key].style) {
	case YAML_PLAIN:
		return slice_eq(raw, want);
	case YAML_SINGLE:
	case YAML_DOUBLE:
		if (raw.n < want.n + 2)
			return false;
		if (raw.n == want.n + 2)
			return !memcmp(raw.p + 1, want.p, want.n);
		if (!memchr(raw.p, '\\', raw.n))
			return false; /* longer, and nothing that decoding could shorten into it */
		arena_init(&arena);
		same = slice_eq(yaml_text(yaml, key, &arena), want);
		arena_release(&arena);
		return same;
	default:
		return false;
	}
}

uint32_t yaml_get(const struct yaml *yaml, uint32_t map, const char *key, uint32_t *again)
{
	struct slice want = slice_of(key);
	uint32_t found = YAML_NONE;

	*again = YAML_NONE;
	if (yaml->nodes[map].type != YAML_MAP)
		return YAML_NONE;
	for (uint32_t value = yaml->nodes[map].first; value; value = yaml->nodes[value].next) {
		uint32_t name = yaml->nodes[value].key;

		if (yaml->nodes[name].type != YAML_SCALAR || !key_is(yaml, name, want))
			continue;
		if (!found) {
			found = value;
		} else {
			*again = value;
			break;
		}
	}
	return found;
}
