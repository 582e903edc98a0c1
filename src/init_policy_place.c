/* Where more entries go in an existing policy, in the style of its own list. */
#include <string.h>

#include "init_policy_impl.h"

#include "capfix/source.h"
#include "capfix/yaml.h"

/* A policy, parsed. */
struct look {
	struct slice text;
	struct source source;
	struct yaml yaml;
	struct arena *arena;
	uint32_t root;
	uint32_t allow; /* the value, or YAML_NONE */
};

static const struct yaml_node *node_of(const struct look *look, uint32_t node)
{
	return &look->yaml.nodes[node];
}

static bool refuse(struct error *err, const struct look *look, uint32_t node, const char *why)
{
	size_t line, col;

	yaml_place(&look->yaml, node, &line, &col);
	error_set(err, "the policy can't be extended without guessing: %s", why);
	err->line = line;
	err->col = col;
	return false;
}

static size_t line_start(const struct look *look, size_t at)
{
	return source_start(&look->source, source_line(&look->source, at));
}

static bool is_blank(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != ' ' && text.p[i] != '\t')
			return false;
	return true;
}

/* What stands before it on its line. */
static struct slice lead_of(const struct look *look, size_t at)
{
	return slice_sub(look->text, line_start(look, at), at);
}

static struct slice blanks(size_t n, struct arena *arena)
{
	struct buf out;

	buf_init(&out);
	buf_fill(&out, ' ', n);
	struct slice made = arena_dup(arena, buf_slice(&out));
	buf_release(&out);
	return made;
}

/* Behind the last line of a node in block style. */
static bool place_behind(struct look *look, struct init_place *place, uint32_t node, struct error *err)
{
	const struct yaml_node *leaf = node_of(look, yaml_last_leaf(&look->yaml, node));
	bool block = leaf->style == YAML_LITERAL || leaf->style == YAML_FOLDED;
	size_t tail = yaml_tail(&look->yaml, node);
	size_t line = source_line(&look->source, block && tail > 0 ? tail - 1 : tail);

	place->line_break = source_new_break(&look->source, line);
	place->at = source_next(&look->source, line);
	place->open = source_break(&look->source, line).n == 0;
	if (place->open && block)
		return refuse(err, look, node, "it ends inside a block text; write a line break at its end");
	if (place->open)
		place->before = place->line_break;
	return true;
}

/* Columns from the dash of a block list of the root to the root's keys; 2 where there is none to see. */
static size_t usual_step(const struct look *look)
{
	size_t col = lead_of(look, node_of(look, node_of(look, node_of(look, look->root)->first)->key)->start).n;

	for (uint32_t value = node_of(look, look->root)->first; value; value = node_of(look, value)->next) {
		const struct yaml_node *node = node_of(look, value);
		if (node->type != YAML_SEQ || node->style != YAML_BLOCK || look->text.p[node->start] != '-')
			continue;
		struct slice lead = lead_of(look, node->start);
		if (is_blank(lead) && lead.n >= col)
			return lead.n - col;
	}
	return 2;
}

/* There is no list yet. `key` is that of allow or, where it is missing, of the root's first pair. */
static bool place_new(struct look *look, struct init_place *place, uint32_t key, struct error *err)
{
	struct slice lead = lead_of(look, node_of(look, key)->start);

	if (node_of(look, look->root)->style == YAML_FLOW)
		return refuse(
			err, look, look->root, "it is written in braces and has no list `allow`; give it `allow: []`");
	if (!is_blank(lead) || node_of(look, key)->has_props)
		return refuse(err, look, key, "its keys have something before them");
	place->style.indent = blanks(lead.n + usual_step(look), look->arena);
	place->style.inner = 2;
	if (look->allow)
		return true;
	if (!place_behind(look, place, look->root, err))
		return false;
	place->before = arena_printf(look->arena, "%.*s%.*sallow:%.*s", (int)place->before.n, place->before.p,
		(int)lead.n, lead.p, (int)place->line_break.n, place->line_break.p);
	return true;
}

/* `allow:` with nothing behind it, or a null, which goes. */
static bool place_null(struct look *look, struct init_place *place, struct error *err)
{
	const struct yaml_node *value = node_of(look, look->allow);
	size_t from = value->start;

	if (value->has_props)
		return refuse(err, look, look->allow, "`allow` has an anchor or a tag and no list");
	if (!place_new(look, place, value->key, err))
		return false;
	size_t line = source_line(&look->source, node_of(look, value->key)->start);
	if (source_line(&look->source, value->start) != line)
		return refuse(err, look, look->allow, "take the null of `allow` out");
	while (value->end > value->start && from > 0 && is_blank(slice_sub(look->text, from - 1, from)))
		from--;
	if (value->end > from)
		edits_add(&place->edits, look->arena,
			(struct edit){.at = from, .del = value->end - from, .ins = SLICE("")});
	place->line_break = source_new_break(&look->source, line);
	place->at = source_next(&look->source, line);
	place->open = source_break(&look->source, line).n == 0;
	if (place->open)
		place->before = place->line_break;
	return true;
}

static bool place_block(struct look *look, struct init_place *place, struct error *err)
{
	const struct yaml_node *list = node_of(look, look->allow);
	const struct yaml_node *item = node_of(look, list->first);
	struct slice lead = lead_of(look, list->start);

	if (look->text.p[list->start] != '-' || !is_blank(lead))
		return refuse(err, look, look->allow, "the list of `allow` has something before its first dash");
	place->style.indent = lead;
	place->style.inner = 2;
	if (item->type == YAML_MAP && item->style == YAML_BLOCK && !item->has_props) {
		struct slice before = lead_of(look, item->start);
		bool same_line = source_line(&look->source, item->start) == source_line(&look->source, list->start);
		if (same_line && before.n > lead.n + 1 && is_blank(slice_sub(before, lead.n + 1, before.n)))
			place->style.inner = before.n - lead.n;
	}
	return place_behind(look, place, look->allow, err);
}

/* A comma between `from` and `to`, where only blanks, breaks and comments can stand beside it. */
static bool has_comma(const struct look *look, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (look->text.p[i] == '#')
			while (i + 1 < to && look->text.p[i + 1] != '\n' && look->text.p[i + 1] != '\r')
				i++;
		else if (look->text.p[i] == ',')
			return true;
	}
	return false;
}

/*
 * The blanks that items of a flow list get: those of the first item with a line of its own, else more than the list
 * has.
 */
static struct slice flow_indent(const struct look *look, const struct yaml_node *list)
{
	for (uint32_t item = list->first; item; item = node_of(look, item)->next) {
		struct slice lead = lead_of(look, yaml_begin(&look->yaml, item));
		if (is_blank(lead))
			return lead;
	}
	struct slice lead = lead_of(look, list->start);
	size_t n = 0;
	while (n < lead.n && lead.p[n] == ' ')
		n++;
	return blanks(n + 4, look->arena);
}

static bool place_flow(struct look *look, struct init_place *place)
{
	const struct yaml_node *list = node_of(look, look->allow);
	size_t close = list->end - 1, items = list->start + 1;
	bool own_line = is_blank(lead_of(look, close));
	bool comma = false;

	if (list->first) {
		items = node_of(look, list->last)->end;
		comma = has_comma(look, items, close);
	}
	place->line_break = source_new_break(&look->source, source_line(&look->source, list->start));
	place->style.flow = true;
	place->style.comma = comma;
	place->style.quoted = node_of(look, list->key)->style == YAML_DOUBLE;
	place->style.indent = flow_indent(look, list);
	if (list->first && !comma)
		edits_add(&place->edits, look->arena, (struct edit){.at = items, .ins = SLICE(",")});
	place->at = own_line ? line_start(look, close) : close;
	if (own_line)
		return true;
	while (place->at > items && is_blank(slice_sub(look->text, place->at - 1, place->at)))
		place->at--;
	place->before = place->line_break;
	place->open = true;
	return true;
}

static bool place_allow(struct look *look, struct init_place *place, struct error *err)
{
	const struct yaml_node *allow = node_of(look, look->allow);
	const struct yaml_props *props = yaml_props(&look->yaml, look->allow);

	if (allow->type == YAML_ALIAS)
		return refuse(err, look, look->allow, "`allow` is an alias; write the list itself there");
	if (allow->type == YAML_SCALAR)
		return place_null(look, place, err);
	if (props && props->aliases)
		return refuse(err, look, look->allow, "the list of `allow` is used in another place too");
	return allow->style == YAML_FLOW ? place_flow(look, place) : place_block(look, place, err);
}

bool init_place_find(struct init_place *place, struct slice text, struct arena *arena, struct error *err)
{
	struct look *look = arena_alloc(arena, 1, sizeof(*look));
	uint32_t again;

	*place = (struct init_place){0};
	*look = (struct look){.text = text, .arena = arena};
	if (!source_check(text, err))
		return false;
	source_init(&look->source, text, arena);
	if (!yaml_parse(&look->yaml, &look->source, arena, err))
		return false;
	look->root = look->yaml.first_root;
	if (!look->root || node_of(look, look->root)->type != YAML_MAP || !node_of(look, look->root)->first)
		return error_set(err, "the policy is no mapping");
	look->allow = yaml_get(&look->yaml, look->root, "allow", &again);
	if (look->allow)
		return place_allow(look, place, err);
	return place_new(look, place, node_of(look, node_of(look, look->root)->first)->key, err);
}
