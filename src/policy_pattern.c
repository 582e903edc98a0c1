/* `match`: its patterns, checked and brought into an order that tells equal ones. */
#include "policy_impl.h"

#include "capfix/buf.h"

static const char *const match_names[MATCH_KEYS] = {
	[MATCH_PATH] = "path",
	[MATCH_KIND] = "kind",
	[MATCH_NAMESPACE] = "namespace",
	[MATCH_NAME] = "name",
	[MATCH_CONTAINER] = "container",
	[MATCH_IMAGE] = "image",
};
static const struct fields match_fields = {"`match`", match_names, MATCH_KEYS};

/* A part that is `.` or `..`, or empty. */
static bool odd_part(struct slice glob)
{
	size_t from = 0;

	for (size_t i = 0; i <= glob.n; i++) {
		if (i < glob.n && glob.p[i] != '/')
			continue;
		struct slice part = slice_sub(glob, from, i);
		if (part.n == 0 || slice_is(part, ".") || slice_is(part, ".."))
			return true;
		from = i + 1;
	}
	return false;
}

/* What would keep the glob from ever matching a path, though it is a good glob. */
static const char *path_fault(struct slice glob)
{
	if (glob.p[0] == '/')
		return "paths are relative to the folder of the policy, leave the first slash out";
	if (glob.p[glob.n - 1] == '/')
		return "it would match no file, write `/**` at its end for all that is in the folder";
	if (odd_part(glob))
		return "paths are relative to the folder of the policy, and have no `.`, no `..` and no empty "
		       "part";
	return NULL;
}

static bool glob_check(struct reader *reader, uint32_t node, const char *what, struct slice glob, bool path)
{
	const char *fault = glob_fault(glob);

	if (fault == NULL && path)
		fault = path_fault(glob);
	if (fault != NULL)
		reader_mistake(reader, node,
			arena_printf(reader->arena, "`%s`: %s can't be used as a pattern: %s", what,
				reader_shown(reader, glob), fault));
	return fault == NULL;
}

bool path_glob_check(struct reader *reader, uint32_t node, const char *what, struct slice glob)
{
	return glob_check(reader, node, what, glob, true);
}

static int pattern_cmp(const void *a, const void *b)
{
	const struct slice *x = a;
	const struct slice *y = b;
	bool literal = glob_is_literal(*x);

	if (literal != glob_is_literal(*y))
		return literal ? -1 : 1;
	return slice_cmp(*x, *y);
}

/* Sorts, and drops values that stand there twice: to say the same twice in a list does no harm. */
static void values_settle(struct match_values *values, struct arena *arena)
{
	size_t n = 0;

	arena_sort(arena, values->v, values->n, sizeof(*values->v), pattern_cmp);
	for (size_t i = 0; i < values->n; i++)
		if (n == 0 || !slice_eq(values->v[n - 1], values->v[i]))
			values->v[n++] = values->v[i];
	values->n = n;
	for (size_t i = 0; i < n; i++)
		values->literals += glob_is_literal(values->v[i]);
}

static bool value_read(
	struct reader *reader, uint32_t node, enum match_key key, struct match_values *values, size_t *cap)
{
	struct slice text;

	if (!reader_string(reader, node, match_names[key], &text))
		return false;
	if (!glob_check(reader, node, match_names[key], text, key == MATCH_PATH))
		return false;
	values->v = arena_grow(reader->arena, values->v, values->n, cap, values->n + 1, sizeof(text));
	values->v[values->n++] = arena_dup(reader->arena, text);
	return true;
}

/* One string, or a list of them. */
static bool values_read(struct reader *reader, uint32_t node, enum match_key key, struct match_values *values)
{
	size_t cap = 0;
	bool ok = true;
	uint32_t at = yaml_resolve(reader->yaml, node);

	const struct yaml_node *n = &reader->yaml->nodes[at];
	if (n->type == YAML_MAP) {
		reader_mistake(reader, node,
			arena_printf(reader->arena, "`%s` must be a string or a list of strings, not a mapping",
				match_names[key]));
		return false;
	}
	if (n->type == YAML_SCALAR)
		return value_read(reader, node, key, values, &cap);
	if (n->first == YAML_NONE) {
		reader_mistake(reader, node,
			arena_printf(reader->arena,
				"`%s` is an empty list: name what it matches, or leave the key out to match "
				"any",
				match_names[key]));
		return false;
	}
	for (uint32_t item = n->first; item != YAML_NONE; item = reader->yaml->nodes[item].next)
		ok &= value_read(reader, item, key, values, &cap);
	return ok;
}

/* Bytes of the pattern that are no wildcards. */
static size_t pattern_chars(struct slice pattern)
{
	size_t chars = 0;
	char byte;

	for (size_t at = 0; at < pattern.n;)
		chars += glob_piece(pattern, &at, &byte);
	return chars;
}

static size_t values_chars(const struct match_values *values)
{
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < values->n; i++) {
		size_t chars = pattern_chars(values->v[i]);
		if (chars < least)
			least = chars;
	}
	return least;
}

static bool is_empty(struct reader *reader, uint32_t node)
{
	uint32_t at = yaml_resolve(reader->yaml, node);

	const struct yaml_node *n = &reader->yaml->nodes[at];
	return n->type == YAML_SCALAR ? yaml_is_null(reader->yaml, at) : n->type == YAML_MAP && n->first == YAML_NONE;
}

bool match_read(struct reader *reader, uint32_t node, struct policy_match **out)
{
	uint32_t nodes[MATCH_KEYS];
	struct policy_match *match = arena_alloc(reader->arena, 1, sizeof(*match));
	bool ok = true;

	if (is_empty(reader, node)) {
		reader_mistake(reader, node, SLICE("`match` is empty: leave it out to match everything"));
		return false;
	}
	if (!reader_fields(reader, node, &match_fields, nodes))
		return false;
	for (enum match_key key = 0; key < MATCH_KEYS; key++) {
		struct match_values *values = &match->keys[key];
		if (nodes[key] == YAML_NONE)
			continue;
		if (!values_read(reader, nodes[key], key, values)) {
			ok = false;
			continue;
		}
		values_settle(values, reader->arena);
		match->given++;
		match->chars += values_chars(values);
	}
	*out = match;
	return ok && match->given > 0;
}

/* The length before each text keeps different lists from looking alike. */
static void bytes_add(struct buf *buf, struct slice text)
{
	buf_add(buf, (struct slice){(const char *)&text.n, sizeof(text.n)});
	buf_add(buf, text);
}

struct slice match_bytes(const struct policy_match *match, struct arena *arena)
{
	struct buf buf;

	if (match == NULL)
		return SLICE("");
	buf_init(&buf);
	for (enum match_key key = 0; key < MATCH_KEYS; key++) {
		const struct match_values *values = &match->keys[key];
		buf_add(&buf, (struct slice){(const char *)&values->n, sizeof(values->n)});
		for (size_t i = 0; i < values->n; i++)
			bytes_add(&buf, values->v[i]);
	}
	struct slice bytes = arena_dup(arena, buf_slice(&buf));
	buf_release(&buf);
	return bytes;
}
