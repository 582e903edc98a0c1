#include "capfix/prove.h"

#include <string.h>

struct pair {
	uint32_t before;
	uint32_t after;
};

struct proof {
	const struct plan *plan;
	const struct yaml *before;
	const struct yaml *after;
	struct arena *arena;
	struct error *err;
	struct pair *stack;
	size_t depth;
	size_t cap;
};

static bool differ(struct proof *proof, uint32_t node, const char *what)
{
	error_set(proof->err, "the result would differ from the plan here: %s", what);
	if (node)
		yaml_place(proof->before, node, &proof->err->line, &proof->err->col);
	return false;
}

static const struct change *change_of(const struct proof *proof, uint32_t node)
{
	uint32_t index = proof->plan->change_of[node];
	const struct change *change = index ? &proof->plan->changes[index - 1] : NULL;

	return change && !change->blocked ? change : NULL;
}

static void push(struct proof *proof, uint32_t before, uint32_t after)
{
	if (proof->depth == proof->cap)
		proof->stack = arena_grow(
			proof->arena, proof->stack, proof->depth, &proof->cap, proof->depth + 1, sizeof(*proof->stack));
	proof->stack[proof->depth++] = (struct pair){.before = before, .after = after};
}

static struct slice part(const struct yaml *yaml, size_t at, size_t n)
{
	return slice_sub(yaml->source->text, at, at + n);
}

static bool same_props(const struct proof *proof, uint32_t before, uint32_t after)
{
	const struct yaml_props *a = yaml_props(proof->before, before), *b = yaml_props(proof->after, after);

	if (!a || !b)
		return a == b;
	return slice_eq(part(proof->before, a->anchor_at, a->anchor_len),
		       part(proof->after, b->anchor_at, b->anchor_len)) &&
		slice_eq(part(proof->before, a->tag_at, a->tag_len), part(proof->after, b->tag_at, b->tag_len));
}

/* A block scalar that strips its last break (`|-`) may have got one behind it at the end of a text that had none. */
static struct slice trimmed(struct slice raw, uint8_t style)
{
	size_t header = 0;

	if (style != YAML_LITERAL && style != YAML_FOLDED)
		return raw;
	while (header < raw.n && raw.p[header] != '\n' && raw.p[header] != '\r')
		header++;
	if (!memchr(raw.p, '-', header))
		return raw;
	while (raw.n > header && (raw.p[raw.n - 1] == '\n' || raw.p[raw.n - 1] == '\r'))
		raw.n--;
	return raw;
}

static bool is_word(const struct proof *proof, uint32_t node, struct slice word)
{
	const struct yaml_node *n = &proof->after->nodes[node];

	return n->type == YAML_SCALAR && !n->has_props && yaml_is_string(proof->after, node) &&
		slice_eq(yaml_text(proof->after, node, proof->arena), word);
}

/* The items of the result from `item` on are the names, joined by commas, and no more. */
static bool is_names(const struct proof *proof, uint32_t item, struct slice names)
{
	while (names.n) {
		const char *comma = memchr(names.p, ',', names.n);
		size_t n = comma ? (size_t)(comma - names.p) : names.n;

		if (!item || !is_word(proof, item, slice_sub(names, 0, n)))
			return false;
		item = proof->after->nodes[item].next;
		names = slice_sub(names, comma ? n + 1 : n, names.n);
	}
	return !item;
}

static bool is_list(const struct proof *proof, uint32_t node, struct slice names)
{
	return proof->after->nodes[node].type == YAML_SEQ && is_names(proof, proof->after->nodes[node].first, names);
}

/* The value of the result belongs to this key. */
static bool has_key(const struct proof *proof, uint32_t value, enum plan_level level)
{
	return value && is_word(proof, proof->after->nodes[value].key, slice_of(plan_key(level)));
}

/* From `value` on stand the new keys of the lowest level: `add` if it has names, `drop` unless only `add` is new. */
static bool is_lists(const struct proof *proof, uint32_t *value, const struct change *change)
{
	if (change->text.n) {
		if (!has_key(proof, *value, PLAN_ADD) || !is_list(proof, *value, change->text))
			return false;
		*value = proof->after->nodes[*value].next;
	}
	if (change->level == PLAN_ADD)
		return true;
	if (!has_key(proof, *value, PLAN_DROP) || !is_list(proof, *value, SLICE("ALL")))
		return false;
	*value = proof->after->nodes[*value].next;
	return true;
}

/* The node of the result is exactly what belongs below the key of the change's level, e.g. {drop: [ALL]}. */
static bool is_new(const struct proof *proof, uint32_t node, const struct change *change)
{
	const struct yaml *yaml = proof->after;
	uint32_t value;

	if (change->level >= PLAN_DROP)
		return is_list(proof, node, change->level == PLAN_DROP ? SLICE("ALL") : change->text);
	if (change->level == PLAN_CONTEXT) {
		value = yaml->nodes[node].type == YAML_MAP ? yaml->nodes[node].first : YAML_NONE;
		if (!has_key(proof, value, PLAN_CAPABILITIES) || yaml->nodes[value].next)
			return false;
		node = value;
	}
	value = yaml->nodes[node].type == YAML_MAP ? yaml->nodes[node].first : YAML_NONE;
	return value && is_lists(proof, &value, change) && !value;
}

/* At *value stand the pairs that the change appends; moves *value past them. */
static bool take_append(const struct proof *proof, uint32_t *value, const struct change *change)
{
	if (change->level >= PLAN_DROP)
		return is_lists(proof, value, change);
	if (!has_key(proof, *value, change->level) || !is_new(proof, *value, change))
		return false;
	*value = proof->after->nodes[*value].next;
	return true;
}

static bool scalar_pair(struct proof *proof, uint32_t before, uint32_t after)
{
	const struct yaml_node *a = &proof->before->nodes[before], *b = &proof->after->nodes[after];
	const struct change *change = change_of(proof, before);

	if (a->style != b->style)
		return differ(proof, before, "a scalar's style changed");
	if (change && change->kind == CHANGE_RESPELL) {
		if (!slice_eq(yaml_text(proof->after, after, proof->arena), change->text))
			return differ(proof, before, "a capability was not respelled as planned");
		return true;
	}
	if (!slice_eq(trimmed(yaml_raw(proof->before, before), a->style),
		    trimmed(yaml_raw(proof->after, after), b->style)))
		return differ(proof, before, "a value changed");
	return true;
}

static bool is_removed(const struct proof *proof, uint32_t node)
{
	const struct change *change = change_of(proof, node);

	return change && (change->kind == CHANGE_REMOVE_ITEM || change->kind == CHANGE_REMOVE_KEY);
}

/* The entries of two collections: the same but for those that go and the one that comes at the end. */
static bool collection_pair(struct proof *proof, uint32_t before, uint32_t after)
{
	const struct yaml_node *a = &proof->before->nodes[before], *b = &proof->after->nodes[after];
	const struct change *change = change_of(proof, before);
	uint32_t x = a->first, y = b->first;
	const struct change *append = change && change->kind == CHANGE_APPEND ? change : NULL;
	bool emptied = a->first && !b->first;

	if (a->style != b->style && !emptied)
		return differ(proof, before, "a collection's style changed");
	for (; x; x = proof->before->nodes[x].next) {
		if (is_removed(proof, x))
			continue;
		/* The new key may stand before the last pair, where the text ends inside that one's block scalar. */
		if (append && !proof->before->nodes[x].next && y && proof->after->nodes[y].next &&
			take_append(proof, &y, append))
			append = NULL;
		if (!y)
			return differ(proof, x, "an entry is gone");
		if (proof->before->nodes[x].key)
			push(proof, proof->before->nodes[x].key, proof->after->nodes[y].key);
		push(proof, x, y);
		y = proof->after->nodes[y].next;
	}
	if (append && !take_append(proof, &y, append))
		return differ(proof, before, "the new key is not as planned");
	if (change && change->kind == CHANGE_APPEND_ITEM)
		return is_names(proof, y, change->text) || differ(proof, before, "the list did not grow as planned");
	return !y || differ(proof, before, "there is an entry too many");
}

static bool one_pair(struct proof *proof, uint32_t before, uint32_t after)
{
	const struct yaml_node *a = &proof->before->nodes[before], *b = &proof->after->nodes[after];
	const struct change *change = change_of(proof, before);

	if (!same_props(proof, before, after))
		return differ(proof, before, "an anchor or a tag changed");
	if (change && change->kind == CHANGE_FILL)
		return is_new(proof, after, change) ||
			differ(proof, before, "the empty value was not filled as planned");
	if (a->type != b->type)
		return differ(proof, before, "a value became something else");
	if (a->type == YAML_SCALAR)
		return scalar_pair(proof, before, after);
	if (a->type == YAML_ALIAS)
		return slice_eq(yaml_raw(proof->before, before), yaml_raw(proof->after, after)) ||
			differ(proof, before, "an alias changed");
	return collection_pair(proof, before, after);
}

bool prove_equal(const struct plan *plan, const struct yaml *after, struct arena *arena, struct error *err)
{
	struct proof proof = {.plan = plan, .before = plan->yaml, .after = after, .arena = arena, .err = err};
	uint32_t x = plan->yaml->first_root, y = after->first_root;

	for (; x && y; x = plan->yaml->nodes[x].next, y = after->nodes[y].next) {
		push(&proof, x, y);
		while (proof.depth) {
			struct pair pair = proof.stack[--proof.depth];

			if (!one_pair(&proof, pair.before, pair.after))
				return false;
		}
	}
	return x == y || differ(&proof, x, "the number of documents changed");
}

bool prove_comments(struct slice text, const struct edits *edits, struct error *err)
{
	for (size_t i = 0; i < edits->n; i++) {
		size_t at = edits->v[i].at, end = at + edits->v[i].del;

		/* Each line that begins inside the deletion. */
		for (size_t line = at; line < end; line++) {
			size_t c = line;

			if (line > 0 && text.p[line - 1] != '\n' && text.p[line - 1] != '\r')
				continue;
			while (c < end && (text.p[c] == ' ' || text.p[c] == '\t'))
				c++;
			if (c < end && text.p[c] == '#')
				return error_set(err, "the result would lose a comment at byte %zu", c);
		}
	}
	return true;
}
