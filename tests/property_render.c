/* Block style: mappings, sequences, comments between the lines. */
#include "property_render.h"

#include <string.h>

void render_break(struct render *r)
{
	buf_addc(r->out, '\n');
}

void render_behind(struct render *r, const struct node *node)
{
	if (node->behind) {
		buf_fill(r->out, ' ', node->behind_gap);
		buf_adds(r->out, node->behind);
	} else if (node->trail) {
		buf_adds(r->out, node->trail);
	}
}

void render_above(struct render *r, struct node *node)
{
	if (!r->after && r->scalar_keeps)
		node->blanks = 0;
	if (!r->after && r->scalar_col)
		node->above_col = 0;
	for (unsigned i = 0; i < node->blanks; i++)
		render_break(r);
	if (node->above) {
		buf_fill(r->out, ' ', node->above_col);
		buf_adds(r->out, node->above);
		render_break(r);
	}
	if (node->above) {
		r->scalar_col = 0;
		r->scalar_keeps = false;
	}
}

void render_props(struct render *r, const struct node *node)
{
	if (node->tag)
		buf_addf(r->out, "%s%s", node->tag, node->anchor ? " " : "");
	if (node->anchor)
		buf_addf(r->out, "&%s", node->anchor);
}

/* Of what is gone, the comments on lines of their own stay. */
static void ghost(struct render *r, struct node *node)
{
	bool map = node->type == N_MAP;

	if (node->type != N_MAP && node->type != N_SEQ)
		return;
	for (size_t i = 0; i < node->n; i += map ? 2 : 1) {
		if (node->kid[i]->life != LIFE_AFTER && (node->style == S_BLOCK || node->kid[i]->brk))
			render_above(r, node->kid[i]);
		if (map)
			ghost(r, node->kid[i + 1]);
		else
			ghost(r, node->kid[i]);
	}
}

static void block_lines(struct render *r, const struct node *node, size_t base)
{
	const char *text = node->text;
	size_t n = strlen(text), end = n, col = base + node->step;
	bool folded = node->style == S_FOLDED;

	while (end && text[end - 1] == '\n')
		end--;
	buf_addc(r->out, folded ? '>' : '|');
	if (text[0] == ' ')
		buf_addf(r->out, "%zu", node->step);
	if (n == end)
		buf_addc(r->out, '-');
	else if (n > end + 1 || node->keep)
		buf_addc(r->out, '+');
	render_behind(r, node);
	render_break(r);
	for (size_t i = 0; i < end; i++) {
		if (text[i] != '\n' && (i == 0 || text[i - 1] == '\n'))
			buf_fill(r->out, ' ', col);
		if (folded && text[i] == '\n' && text[i - 1] != '\n')
			buf_addc(r->out, '\n');
		buf_addc(r->out, text[i]);
	}
	buf_fill(r->out, '\n', n > end ? n - end : 1);
	r->scalar_col = col;
	r->scalar_keeps = n > end + 1 || node->keep;
}

static void block_map(struct render *r, struct node *map, size_t col, bool open);
static void block_seq(struct render *r, struct node *seq, size_t col);

/* A value in block context: the line is open behind `:` or `-`. `col` is that of the key or the dash. */
static void block_value(struct render *r, struct node *old, size_t gap, size_t col)
{
	struct node *node = (struct node *)node_shown(old, r->after);
	bool block = node->style == S_BLOCK && (node->type == N_MAP || node->type == N_SEQ);

	if (node != old && old->style == S_BLOCK)
		gap = 1; /* there was no value on this line */
	if (node->anchor || node->tag || (!block && node->style != S_EMPTY))
		buf_fill(r->out, ' ', gap);
	render_props(r, node);
	if ((node->anchor || node->tag) && !block && node->style != S_EMPTY)
		buf_addc(r->out, ' ');
	r->scalar_col = 0;
	r->scalar_keeps = false;
	if (node->type == N_SCALAR && (node->style == S_LITERAL || node->style == S_FOLDED)) {
		block_lines(r, node, col);
		return;
	}
	if (!block)
		render_flow(r, node, col);
	render_behind(r, old);
	render_break(r);
	if (block && node->type == N_MAP)
		block_map(r, node, col + node->step, false);
	else if (block)
		block_seq(r, node, col + node->step);
	if (node != old)
		ghost(r, old);
}

/* `open`: the first key goes on the line that is open already. */
static void block_map(struct render *r, struct node *map, size_t col, bool open)
{
	for (size_t i = 0; i < map->n; i += 2) {
		struct node *key = map->kid[i];

		if (!open)
			render_above(r, key);
		if (!node_lives(key, r->after)) {
			ghost(r, map->kid[i + 1]);
			continue;
		}
		buf_fill(r->out, ' ', open ? 0 : col);
		open = false;
		if (key->explicit)
			buf_adds(r->out, "? ");
		render_scalar(r, key, col);
		if (key->explicit) {
			render_break(r);
			buf_fill(r->out, ' ', col);
		}
		buf_addc(r->out, ':');
		block_value(r, map->kid[i + 1], key->gap, col);
	}
}

static void block_item(struct render *r, struct node *item, size_t col)
{
	if (item->type != N_MAP || item->style != S_BLOCK) {
		block_value(r, item, item->gap, col);
		return;
	}
	if (item->anchor || item->tag) {
		buf_fill(r->out, ' ', item->gap);
		render_props(r, item);
	}
	if (item->own_line || item->anchor || item->tag) {
		render_behind(r, item);
		render_break(r);
		block_map(r, item, col + 1 + item->gap, false);
	} else {
		buf_fill(r->out, ' ', item->gap);
		block_map(r, item, col + 1 + item->gap, true);
	}
}

static void block_seq(struct render *r, struct node *seq, size_t col)
{
	for (size_t i = 0; i < seq->n; i++) {
		struct node *item = seq->kid[i];

		if (item->life != LIFE_AFTER)
			render_above(r, item);
		if (!node_lives(item, r->after)) {
			ghost(r, item);
			continue;
		}
		buf_fill(r->out, ' ', col);
		buf_addc(r->out, '-');
		block_item(r, item, col);
	}
}

void render_root(struct render *r, struct node *root)
{
	r->scalar_col = 0;
	r->scalar_keeps = false;
	if (root->style == S_BLOCK) {
		block_map(r, root, root->step, false);
		return;
	}
	if (root->style == S_EMPTY)
		return;
	render_above(r, root);
	render_flow(r, root, 0);
	render_behind(r, root);
	render_break(r);
}
