/* What the text around a change looks like, so that what is new looks the same. */
#include <string.h>

#include "patch_impl.h"

bool patch_col(const struct patch *patch, size_t at, size_t *col)
{
	size_t start = source_start(patch->source, source_line(patch->source, at));

	if (start < patch->source->bom)
		start = patch->source->bom;
	for (size_t i = start; i < at; i++)
		if (patch->text.p[i] == '\t' || (unsigned char)patch->text.p[i] >= 0x80)
			return false;
	*col = at - start;
	return true;
}

bool patch_blank(struct slice text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (text.p[i] != ' ' && text.p[i] != '\t')
			return false;
	return true;
}

bool patch_has(const struct patch *patch, size_t from, size_t to, char c)
{
	return from < to && memchr(patch->text.p + from, c, to - from);
}

bool patch_is_comment(const struct patch *patch, size_t line)
{
	size_t at, end;

	if (line >= patch->source->lines)
		return false;
	at = source_start(patch->source, line);
	end = source_end(patch->source, line);
	while (at < end && (patch->text.p[at] == ' ' || patch->text.p[at] == '\t'))
		at++;
	return at < end && patch->text.p[at] == '#';
}

bool patch_comment_between(const struct patch *patch, size_t from, size_t to)
{
	for (size_t line = source_line(patch->source, from); line < source_line(patch->source, to); line++)
		if (patch_is_comment(patch, line))
			return true;
	return false;
}

bool patch_looks_commented(const struct patch *patch, uint32_t scalar)
{
	const struct yaml_node *n = &patch->yaml->nodes[scalar];
	size_t last = source_line(patch->source, n->end);

	for (size_t line = source_line(patch->source, n->start) + 1; n->type == YAML_SCALAR && line <= last; line++)
		if (patch_is_comment(patch, line) && source_start(patch->source, line) < n->end)
			return true;
	return false;
}

size_t patch_skip(const struct patch *patch, size_t at)
{
	struct slice text = patch->text;

	for (; at < text.n; at++) {
		if (text.p[at] == '#')
			at = source_end(patch->source, source_line(patch->source, at));
		if (at == text.n || !strchr(" \t\n\r", text.p[at]))
			break;
	}
	return at;
}

size_t patch_behind_colon(const struct patch *patch, uint32_t value)
{
	const struct yaml_props *props = yaml_props(patch->yaml, value);
	uint32_t key = patch->yaml->nodes[value].key;
	size_t at;

	if (props)
		return props->end;
	at = patch_skip(patch, yaml_tail(patch->yaml, key));
	return at < patch->text.n && patch->text.p[at] == ':' ? at + 1 : 0;
}

bool patch_keys_quoted(const struct patch *patch, uint32_t map)
{
	const struct yaml *yaml = patch->yaml;
	uint32_t value = yaml->nodes[map].first;

	if (!value)
		return false;
	for (; value; value = yaml->nodes[value].next)
		if (yaml->nodes[yaml->nodes[value].key].style != YAML_DOUBLE)
			return false;
	return true;
}

struct slice patch_line_blank(const struct patch *patch, size_t at)
{
	size_t start = source_start(patch->source, source_line(patch->source, at)), end = start;

	if (start < patch->source->bom)
		start = end = patch->source->bom;
	while (end < patch->text.n && (patch->text.p[end] == ' ' || patch->text.p[end] == '\t'))
		end++;
	return slice_sub(patch->text, start, end);
}

bool patch_first_on_line(const struct patch *patch, size_t at)
{
	struct slice blank = patch_line_blank(patch, at);

	return blank.p + blank.n == patch->text.p + at;
}

/* Columns from a block map to the value that stands below one of its keys; false if the value isn't such. */
static bool offset_below(const struct patch *patch, uint32_t value, enum yaml_type type, size_t *offset)
{
	const struct yaml *yaml = patch->yaml;
	const struct yaml_node *n = &yaml->nodes[value];
	size_t outer, inner;

	if (n->type != type || n->style != YAML_BLOCK || !n->key || yaml->nodes[n->parent].style != YAML_BLOCK)
		return false;
	if (!patch_col(patch, yaml->nodes[n->parent].start, &outer) || !patch_col(patch, n->start, &inner))
		return false;
	/* A list below an explicit key (`? a`, `: - b`) says nothing about style. */
	if (source_line(patch->source, n->start) == source_line(patch->source, yaml->nodes[n->key].start))
		return false;
	*offset = inner - outer;
	return inner > outer || (type == YAML_SEQ && inner == outer);
}

/* The first of its kind in the container: among its own values, else deeper. */
static bool offset_inside(const struct patch *patch, uint32_t container, enum yaml_type type, size_t *offset)
{
	const struct yaml *yaml = patch->yaml;
	uint32_t end = yaml_end(yaml, container);

	for (uint32_t value = yaml->nodes[container].first; value; value = yaml->nodes[value].next)
		if (offset_below(patch, value, type, offset))
			return true;
	for (uint32_t node = container + 1; node < end; node++)
		if (offset_below(patch, node, type, offset))
			return true;
	return false;
}

static size_t step_of(const struct patch *patch, const struct site *site)
{
	const struct yaml *yaml = patch->yaml;
	uint32_t list = yaml->nodes[site->item].parent;
	size_t step;

	if (yaml->nodes[site->node].type == YAML_MAP && offset_inside(patch, site->node, YAML_MAP, &step))
		return step;
	/* From the key that the pod spec stands below to the key of the list. */
	if (list && offset_below(patch, yaml->nodes[list].parent, YAML_MAP, &step))
		return step;
	return 2;
}

static size_t dash_of(const struct patch *patch, const struct site *site, size_t step)
{
	const struct yaml *yaml = patch->yaml;
	size_t dash;

	for (uint32_t list = yaml->nodes[site->item].parent; list; list = yaml->nodes[list].parent)
		if (offset_below(patch, list, YAML_SEQ, &dash))
			return dash;
	return offset_inside(patch, site->node, YAML_SEQ, &dash) ? dash : step;
}

struct style patch_style(const struct patch *patch, const struct change *change, uint32_t map)
{
	const struct site *site = &patch->plan->sites.v[change->site];
	const struct yaml *yaml = patch->yaml;
	struct style style = {.quoted = patch_keys_quoted(patch, map)};
	struct slice outer;
	uint32_t last = yaml->nodes[map].last;
	size_t key, colon;

	style.step = step_of(patch, site);
	style.dash = dash_of(patch, site, style.step);
	if (yaml->nodes[map].style != YAML_FLOW || !last)
		return style;
	colon = patch_behind_colon(patch, last);
	style.tight = style.quoted && colon && colon < patch->text.n && !strchr(" \t\r\n", patch->text.p[colon]);
	key = yaml_begin(yaml, yaml->nodes[last].key);
	if (!style.quoted || !patch_first_on_line(patch, key))
		return style;
	style.expand = true;
	style.blank = patch_line_blank(patch, key);
	outer = patch_line_blank(patch, yaml->nodes[map].start);
	style.deeper = SLICE("  ");
	if (style.blank.n > outer.n && !memcmp(style.blank.p, outer.p, outer.n))
		style.deeper = slice_sub(style.blank, outer.n, style.blank.n);
	style.newline = source_new_break(patch->source, source_line(patch->source, key));
	return style;
}
