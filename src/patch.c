#include "capfix/patch.h"

#include <string.h>

#include "patch_impl.h"

bool patch_fail(struct patch *patch, uint32_t node, const char *reason)
{
	patch->bad = node;
	patch->reason = reason;
	return false;
}

void patch_edit(struct patch *patch, size_t at, size_t del, struct slice ins)
{
	edits_add(patch->edits, patch->arena, (struct edit){.at = at, .del = del, .ins = ins, .rank = patch->edits->n});
}

const struct change *patch_appended(const struct patch *patch, uint32_t map)
{
	uint32_t index = patch->plan->change_of[map];
	const struct change *change = index ? &patch->plan->changes[index - 1] : NULL;

	return change && !change->blocked && change->kind == CHANGE_APPEND ? change : NULL;
}

const struct change *patch_grown(const struct patch *patch, uint32_t list)
{
	uint32_t index = patch->plan->change_of[list];
	const struct change *change = index ? &patch->plan->changes[index - 1] : NULL;

	return change && !change->blocked && change->kind == CHANGE_APPEND_ITEM ? change : NULL;
}

bool patch_is_removed(const struct patch *patch, uint32_t node)
{
	uint32_t index = patch->plan->change_of[node];
	const struct change *change = index ? &patch->plan->changes[index - 1] : NULL;

	return change && !change->blocked && (change->kind == CHANGE_REMOVE_ITEM || change->kind == CHANGE_REMOVE_KEY);
}

static bool is_block_scalar(const struct yaml *yaml, uint32_t node)
{
	return yaml->nodes[node].style == YAML_LITERAL || yaml->nodes[node].style == YAML_FOLDED;
}

/* The line that the node's last leaf ends on. */
static size_t tail_line(const struct patch *patch, uint32_t node)
{
	uint32_t leaf = yaml_last_leaf(patch->yaml, node);
	size_t end = patch->yaml->nodes[leaf].end;

	return source_line(patch->source, is_block_scalar(patch->yaml, leaf) && end ? end - 1 : end);
}

/*
 * Nothing can be written behind the node's last leaf. It is a block scalar that the text ends in, whose value would get the line
 * break of the next line; or an empty one, for whose text libfyaml 0.7.12 could take the next key.
 */
static bool must_stay_last(const struct patch *patch, uint32_t node)
{
	uint32_t leaf = yaml_last_leaf(patch->yaml, node), key = patch->yaml->nodes[leaf].key;
	struct slice raw;
	size_t header = 0, body;

	if (patch->yaml->nodes[leaf].style == YAML_EMPTY && key && is_block_scalar(patch->yaml, key))
		return true; /* `? |` without a value */
	raw = yaml_raw(patch->yaml, leaf);
	if (!is_block_scalar(patch->yaml, leaf))
		return false;
	while (header < raw.n && raw.p[header] != '\n' && raw.p[header] != '\r' && raw.p[header] != '#')
		header++;
	for (body = header; body < raw.n && strchr(" \t\r\n", raw.p[body]); body++)
		;
	if (body == raw.n)
		return true;
	return patch->yaml->nodes[leaf].end == patch->text.n &&
		!source_break(patch->source, patch->source->lines - 1).n && !memchr(raw.p, '-', header);
}

/* The value before the map's last one; YAML_NONE if it has only one. */
static uint32_t second_last(const struct yaml *yaml, uint32_t map)
{
	uint32_t before = YAML_NONE;

	for (uint32_t value = yaml->nodes[map].first; yaml->nodes[value].next; value = yaml->nodes[value].next)
		before = value;
	return before;
}

bool patch_can_follow(struct patch *patch, uint32_t node, size_t line)
{
	for (line++; line < patch->source->lines; line++) {
		size_t start = source_start(patch->source, line), end = source_end(patch->source, line);
		struct slice blank = patch_line_blank(patch, start);

		if (start + blank.n < end && patch->text.p[start + blank.n] != '#')
			break;
		if (memchr(blank.p, '\t', blank.n))
			return patch_fail(patch, node, "a blank or comment line behind this begins with a tab: take the tab out");
	}
	return true;
}

/* The last value stands below its key and no deeper: libfyaml takes that at the end of a map, and only there. */
static bool hangs_out(const struct patch *patch, uint32_t map, size_t col)
{
	const struct yaml_node *last = &patch->yaml->nodes[patch->yaml->nodes[map].last];
	size_t key = source_line(patch->source, patch->yaml->nodes[last->key].end), at = 0;

	return last->type == YAML_SCALAR && last->style <= YAML_DOUBLE && source_line(patch->source, last->start) != key &&
		patch_col(patch, last->start, &at) && at <= col;
}

static bool append_block(struct patch *patch, const struct change *change)
{
	uint32_t map = change->node, after = map;
	struct style style = patch_style(patch, change, map);
	size_t col;

	if (!patch_col(patch, patch->yaml->nodes[map].start, &col))
		return patch_fail(
			patch, map, "the indentation here is not made of spaces alone: indent it with spaces");
	if (must_stay_last(patch, map)) {
		after = second_last(patch->yaml, map);
		if (!after || must_stay_last(patch, after))
			return patch_fail(patch, map,
				"nothing can be written behind this block scalar: put another key before it");
	}
	if (hangs_out(patch, map, col))
		return patch_fail(patch, map, "its last value is not indented more than its key: indent it");
	if (patch->yaml->nodes[patch->yaml->nodes[yaml_last_leaf(patch->yaml, map)].key].style == YAML_EMPTY)
		return patch_fail(patch, map, "its last key has no name: correct it by hand");
	if (!patch_can_follow(patch, map, tail_line(patch, after)))
		return false;
	patch_insert_lines(patch, tail_line(patch, after), col, patch_block_text(patch, change, col, &style, true));
	return true;
}

static bool append(struct patch *patch, const struct change *change)
{
	if (patch->done[change->node])
		return true; /* written in the place of a removed key */
	if (patch->yaml->nodes[change->node].style == YAML_FLOW)
		return patch_append_flow(patch, change);
	return append_block(patch, change);
}

static bool respell(struct patch *patch, const struct change *change)
{
	const struct yaml_node *n = &patch->yaml->nodes[change->node];
	size_t quote = n->style == YAML_SINGLE || n->style == YAML_DOUBLE;

	if (is_block_scalar(patch->yaml, change->node))
		return patch_fail(patch, change->node, "a capability in a block scalar: write it on one line");
	patch_edit(patch, n->start + quote, n->end - n->start - 2 * quote, change->text);
	return true;
}

static bool write_change(struct patch *patch, const struct change *change)
{
	switch (change->kind) {
	case CHANGE_APPEND:
		return append(patch, change);
	case CHANGE_FILL:
		return patch_fill(patch, change);
	case CHANGE_APPEND_ITEM:
		return patch_append_item(patch, change);
	case CHANGE_RESPELL:
		return respell(patch, change);
	case CHANGE_REMOVE_ITEM:
	case CHANGE_REMOVE_KEY:
		return patch_remove(patch, change);
	}
	BUG("a change of no kind");
}

static bool is_removal(const struct change *change)
{
	return change->kind == CHANGE_REMOVE_ITEM || change->kind == CHANGE_REMOVE_KEY;
}

bool patch_write(struct plan *plan, struct edits *edits)
{
	struct patch patch = {
		.plan = plan,
		.yaml = plan->yaml,
		.source = plan->yaml->source,
		.text = plan->yaml->source->text,
		.arena = plan->arena,
		.edits = edits,
		.done = arena_alloc(plan->scratch, plan->yaml->n, sizeof(*patch.done)),
	};
	bool refused = false;

	/* Removals first: one of them may take the new key along. */
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < plan->nchanges; i++) {
			const struct change *change = &plan->changes[i];

			if (change->blocked || is_removal(change) != (pass == 0) || write_change(&patch, change))
				continue;
			plan_refuse(plan, i, patch.bad, slice_of(patch.reason));
			refused = true;
		}
	}
	patch_finish_lines(&patch);
	return refused;
}
