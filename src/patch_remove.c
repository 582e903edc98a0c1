/* What goes: entries of `add`, and the key itself with its last entry. */
#include <string.h>

#include "patch_impl.h"

static const char unusual[] =
	"written in a way that capfix does not take apart: put each capability on a line of its own, or in one [list]";

/* Its lines can be taken out without a look at what they mean. */
static bool check_lines(struct patch *patch, uint32_t item)
{
	const struct yaml_node *n = &patch->yaml->nodes[item];

	if (n->style == YAML_LITERAL || n->style == YAML_FOLDED || patch_looks_commented(patch, item))
		return patch_fail(patch, item, "a capability in a block scalar, or over several lines: write it on one line");
	return true;
}

/* A dash and the entry's text on one line, nothing before the dash but spaces. */
static bool check_block_item(struct patch *patch, uint32_t item)
{
	const struct yaml *yaml = patch->yaml;
	size_t begin = yaml_begin(yaml, item), start = source_start(patch->source, source_line(patch->source, begin)),
	       at = begin;

	if (!check_lines(patch, item))
		return false;
	while (at > start && (patch->text.p[at - 1] == ' ' || patch->text.p[at - 1] == '\t'))
		at--;
	if (at == start || patch->text.p[at - 1] != '-' || !patch_blank(patch->text, start, at - 1))
		return patch_fail(patch, item, unusual);
	return true;
}

static void delete_item(struct patch *patch, uint32_t item)
{
	patch_delete_span(patch, yaml_begin(patch->yaml, item), patch->yaml->nodes[item].end);
}

static uint32_t value_before(const struct yaml *yaml, uint32_t value)
{
	uint32_t before = YAML_NONE;

	for (uint32_t v = yaml->nodes[yaml->nodes[value].parent].first; v != value; v = yaml->nodes[v].next)
		before = v;
	return before;
}

/*
 * The mapping loses its only key and gets no other: in an overlay, where nothing (null) would delete what the base
 * says.
 */
static bool leave_braces(struct patch *patch, uint32_t map)
{
	size_t behind = patch->yaml->nodes[map].key ? patch_behind_colon(patch, map) : 0;

	if (!behind)
		return patch_fail(patch, map, unusual);
	patch_edit(patch, behind, 0, SLICE(" {}"));
	return true;
}

/* The key and its `?`, if it has one, are the first on their line. */
static bool starts_line(const struct patch *patch, size_t key)
{
	struct slice blank = patch_line_blank(patch, key);
	size_t at = (size_t)(blank.p + blank.n - patch->text.p);

	return at == key || (patch->text.p[at] == '?' && patch_blank(patch->text, at + 1, key));
}

static bool remove_key_block(struct patch *patch, uint32_t value)
{
	const struct yaml *yaml = patch->yaml;
	const struct yaml_node *n = &yaml->nodes[value];
	uint32_t map = n->parent, before = value_before(yaml, value);
	uint32_t leaf = before ? yaml_last_leaf(yaml, before) : YAML_NONE, last = yaml_last_leaf(yaml, value);
	size_t key = yaml_begin(yaml, n->key);

	if (!starts_line(patch, key) || (!patch_first_on_line(patch, key) && patch_comment_between(patch, key, patch_behind_colon(patch, value))))
		return patch_fail(patch, n->key, unusual);
	if (leaf && (yaml->nodes[leaf].style == YAML_LITERAL || yaml->nodes[leaf].style == YAML_FOLDED))
		return patch_fail(patch, n->key, "it stands behind a block scalar: move it up");
	for (uint32_t item = n->type == YAML_SEQ ? n->first : YAML_NONE; item; item = yaml->nodes[item].next)
		if (!check_lines(patch, item))
			return false;
	if (!yaml->nodes[yaml->nodes[map].first].next && !patch_appended(patch, map) && !leave_braces(patch, map))
		return false;
	patch_delete_span(patch, key, yaml->nodes[last].end);
	return true;
}

bool patch_remove(struct patch *patch, const struct change *change)
{
	uint32_t collection = patch->yaml->nodes[change->node].parent;

	if (patch->yaml->nodes[collection].style == YAML_FLOW) {
		if (patch->done[collection])
			return true;
		patch->done[collection] = true;
		return patch_remove_flow(patch, collection);
	}
	if (change->kind == CHANGE_REMOVE_KEY)
		return remove_key_block(patch, change->node);
	if (!check_block_item(patch, change->node))
		return false;
	delete_item(patch, change->node);
	return true;
}
