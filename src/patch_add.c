/* What comes: a key in a flow mapping, an entry in a list, something in the place of an empty value. */
#include <string.h>

#include "patch_impl.h"

/* The last entry of a flow collection, and what stands behind it. */
struct flow_end {
	size_t start; /* of the entry's key, or the item */
	size_t end;
	size_t comma; /* behind the trailing comma; 0 if there is none */
	bool tight;   /* nothing stands between the comma before it and itself */
};

static bool flow_end_of(struct patch *patch, uint32_t collection, struct flow_end *end)
{
	const struct yaml *yaml = patch->yaml;
	const struct yaml_node *n = &yaml->nodes[collection];
	char open = n->type == YAML_MAP ? '{' : '[';
	uint32_t last = n->last, key = yaml->nodes[last].key;
	size_t at;

	if (patch->text.p[n->start] != open)
		return patch_fail(patch, collection, "a mapping without braces in a list: put braces around it");
	end->start = yaml_begin(yaml, key ? key : last);
	end->end = yaml->nodes[last].end;
	if (key && yaml->nodes[key].end > end->end)
		end->end = yaml->nodes[key].end;
	at = patch_skip(patch, end->end);
	end->comma = patch->text.p[at] == ',' ? at + 1 : 0;
	end->tight = n->first != last && patch->text.p[end->start - 1] == ',';
	return true;
}

/* Puts `entry` behind the last one, on a line of its own if that one has its own. */
static void append_entry(struct patch *patch, const struct flow_end *end, struct slice entry)
{
	const char *space = end->tight ? "" : " ";
	bool own_line = patch_first_on_line(patch, end->start);
	size_t behind = end->comma ? end->comma : end->end, line = source_line(patch->source, behind);
	size_t rest = behind;
	const char *comma = end->end > 0 && patch->text.p[end->end - 1] == ':' ? " ," : ",";

	while (rest < patch->text.n && (patch->text.p[rest] == ' ' || patch->text.p[rest] == '\t'))
		rest++;
	if (!own_line) {
		if (end->comma)
			patch_edit(patch, end->comma, 0,
				arena_printf(patch->arena, "%s%.*s,", space, (int)entry.n, entry.p));
		else
			patch_edit(patch, end->end, 0,
				arena_printf(patch->arena, "%s%s%.*s", comma, space, (int)entry.n, entry.p));
		return;
	}
	if (!end->comma)
		patch_edit(patch, end->end, 0, slice_of(comma));
	/* Behind the rest of the line if that is a comment or nothing. */
	if (rest == source_end(patch->source, line) || patch->text.p[rest] == '#')
		behind = source_end(patch->source, line);
	{
		struct slice line_break = source_new_break(patch->source, line),
			     blank = patch_line_blank(patch, end->start);

		patch_edit(patch, behind, 0,
			arena_printf(patch->arena, "%.*s%.*s%.*s%s", (int)line_break.n, line_break.p, (int)blank.n,
				blank.p, (int)entry.n, entry.p, end->comma ? "," : ""));
	}
}

bool patch_append_flow(struct patch *patch, const struct change *change)
{
	struct style style = patch_style(patch, change, change->node);
	struct flow_end end;

	if (!flow_end_of(patch, change->node, &end))
		return false;
	if (patch->yaml->nodes[change->node].first == patch->yaml->nodes[change->node].last)
		end.tight = style.tight;
	append_entry(patch, &end, patch_flow_text(patch, change, &style, true));
	return true;
}

/* The names as entries of a flow list, in the quotes of the entry that they stand behind. */
struct slice patch_flow_names(struct patch *patch, struct slice names, enum yaml_style style, bool tight)
{
	const char *quote = style == YAML_DOUBLE ? "\"" : style == YAML_SINGLE ? "'" : "";
	struct slice name, text = SLICE("");

	while (patch_next_name(&names, &name))
		text = arena_printf(patch->arena, "%.*s%s%s%.*s%s", (int)text.n, text.p,
			text.n ? (tight ? "," : ", ") : "", quote, (int)name.n, name.p, quote);
	return text;
}

static bool append_item_flow(struct patch *patch, const struct change *change)
{
	uint32_t list = change->node;
	const struct yaml *yaml = patch->yaml;
	const struct yaml_node *n = &yaml->nodes[list];
	uint32_t last = n->last;
	struct flow_end end;

	if (!last) {
		bool quoted = n->key && yaml->nodes[n->key].style == YAML_DOUBLE;
		const char *space = patch->text.p[n->start + 1] == ' ' ? " " : "";

		struct slice names = patch_flow_names(patch, change->text, quoted ? YAML_DOUBLE : YAML_PLAIN, false);

		patch_edit(patch, n->start + 1, 0, arena_printf(patch->arena, "%s%.*s", space, (int)names.n, names.p));
		return true;
	}
	if (!flow_end_of(patch, list, &end))
		return false;
	/* With one entry, tight where the pair's own colon is. */
	if (n->first == last)
		end.tight = n->key && yaml->nodes[n->key].style == YAML_DOUBLE &&
			patch_behind_colon(patch, list) == n->start;
	append_entry(patch, &end,
		patch_flow_names(patch, change->text, (enum yaml_style)yaml->nodes[last].style, end.tight));
	return true;
}

bool patch_append_item(struct patch *patch, const struct change *change)
{
	const struct yaml *yaml = patch->yaml;
	const struct yaml_node *n = &yaml->nodes[change->node];
	uint32_t last = n->last;
	struct slice gap = SLICE(" "), names = change->text, name;
	const char *quote;
	size_t col, begin, dash;
	struct buf out;

	if (n->style == YAML_FLOW)
		return patch->done[change->node] || append_item_flow(patch, change);
	if (!patch_col(patch, n->start, &col))
		return patch_fail(
			patch, change->node, "the indentation here is not made of spaces alone: indent it with spaces");
	for (uint32_t item = n->first; item; item = yaml->nodes[item].next)
		if (yaml->nodes[item].style == YAML_LITERAL || yaml->nodes[item].style == YAML_FOLDED)
			return patch_fail(patch, item, "a capability in a block scalar: write it on one line");
	if (!patch_can_follow(patch, change->node, source_line(patch->source, yaml->nodes[last].end)))
		return false;
	begin = dash = yaml_begin(yaml, last);
	while (dash > 0 && patch->text.p[dash - 1] == ' ')
		dash--;
	if (dash > 0 && patch->text.p[dash - 1] == '-')
		gap = slice_sub(patch->text, dash, begin);
	quote = yaml->nodes[last].style == YAML_DOUBLE ? "\"" : yaml->nodes[last].style == YAML_SINGLE ? "'" : "";
	buf_init(&out);
	while (patch_next_name(&names, &name)) {
		if (out.n)
			buf_addc(&out, '\n');
		buf_fill(&out, ' ', col);
		buf_addc(&out, '-');
		buf_add(&out, gap);
		buf_addf(&out, "%s%.*s%s", quote, (int)name.n, name.p, quote);
	}
	patch_insert_lines(patch, source_line(patch->source, yaml->nodes[last].end), col,
		arena_dup(patch->arena, buf_slice(&out)));
	buf_release(&out);
	return true;
}

/* In the place of the empty value, or behind its colon: fits in any context. */
static bool fill_flow(struct patch *patch, const struct change *change, uint32_t map)
{
	const struct yaml_node *n = &patch->yaml->nodes[change->node];
	struct style style = patch_style(patch, change, map);
	const char *lead = "";
	size_t at = n->start;
	struct slice text;

	if (patch->yaml->nodes[map].style == YAML_FLOW && style.expand) {
		size_t key = yaml_begin(patch->yaml, n->key);

		style.expand = patch_first_on_line(patch, key);
		style.blank = patch_line_blank(patch, key);
	}
	text = patch_flow_text(patch, change, &style, false);
	if (n->style == YAML_EMPTY && !patch_behind_colon(patch, change->node))
		lead = ": ";
	else if (n->style == YAML_EMPTY && patch->text.p[at] == ' ')
		at++;
	else if (n->style == YAML_EMPTY)
		lead = " ";
	patch_edit(patch, at, n->end - n->start, arena_printf(patch->arena, "%s%.*s", lead, (int)text.n, text.p));
	return true;
}

static bool fill_block(struct patch *patch, const struct change *change, uint32_t map, size_t behind)
{
	const struct yaml_node *n = &patch->yaml->nodes[change->node];
	struct style style = patch_style(patch, change, map);
	size_t col, key_col;

	if (!patch_col(patch, patch->yaml->nodes[map].start, &col) ||
		!patch_col(patch, yaml_begin(patch->yaml, n->key), &key_col))
		return patch_fail(
			patch, change->node, "the indentation here is not made of spaces alone: indent it with spaces");
	if (key_col != col && style.dash == 0)
		style.dash = style.step; /* an explicit key: a dash in the column of its `:` would end it */
	if (!patch_can_follow(patch, change->node, source_line(patch->source, n->end)))
		return false;
	patch_edit(patch, behind, n->end - behind, SLICE(""));
	patch_insert_lines(patch, source_line(patch->source, n->end), col + 1,
		patch_block_text(patch, change, col, &style, false));
	return true;
}

/* The one tag that still fits what will stand behind it. */
static bool is_map_tag(const struct patch *patch, const struct change *change, const struct yaml_props *props)
{
	return change->level < PLAN_DROP &&
		slice_is(slice_sub(patch->text, props->tag_at, (size_t)props->tag_at + props->tag_len), "!!map");
}

bool patch_fill(struct patch *patch, const struct change *change)
{
	const struct yaml *yaml = patch->yaml;
	const struct yaml_node *n = &yaml->nodes[change->node];
	const struct yaml_props *props = yaml_props(yaml, change->node);
	uint32_t map = n->parent;
	size_t behind;

	if (props && props->tag_len && !is_map_tag(patch, change, props))
		return patch_fail(
			patch, change->node, "an empty value with a tag: take the tag away, or fill it in by hand");
	if (patch_has(patch, n->start, n->end, '#'))
		return patch_fail(patch, change->node, "a comment between the braces of an empty mapping: move it out");
	if (!n->key)
		return patch_fail(patch, change->node, "an empty value that is no value of a key: fill it in by hand");
	if (yaml->nodes[map].style == YAML_FLOW)
		return fill_flow(patch, change, map);
	behind = patch_behind_colon(patch, change->node);
	if (!behind)
		return patch_fail(patch, change->node, "this key has no `:`: write it as `key: value`");
	if (patch_comment_between(patch, yaml->nodes[n->key].end, behind))
		return patch_fail(patch, n->key, "a comment between a key and its `:`: move it out");
	if (!patch_blank(patch->text, behind, n->start))
		return fill_flow(patch, change, map);
	return fill_block(patch, change, map, behind);
}
