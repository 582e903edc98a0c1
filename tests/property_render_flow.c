/* Flow style and scalars. */
#include "property_render.h"

#include <string.h>

/* The place of the first blank between two other bytes, or 0. */
static size_t fold_at(const char *text)
{
	for (size_t i = 1; text[0] && text[i] && text[i + 1]; i++) {
		if (text[i] == ' ' && text[i - 1] != ' ' && text[i + 1] != ' ')
			return i;
	}
	return 0;
}

static void scalar_byte(struct buf *out, enum node_style style, char c)
{
	if (style == S_SINGLE && c == '\'')
		buf_adds(out, "''");
	else if (style == S_DOUBLE && (c == '"' || c == '\\'))
		buf_addf(out, "\\%c", c);
	else if (style == S_DOUBLE && c == '\n')
		buf_adds(out, "\\n");
	else if (style == S_DOUBLE && c == '\t')
		buf_adds(out, "\\t");
	else
		buf_addc(out, c);
}

void render_scalar(struct render *r, const struct node *node, size_t base)
{
	static const char *const quote[] = {[S_PLAIN] = "", [S_SINGLE] = "'", [S_DOUBLE] = "\"", [S_EMPTY] = ""};
	const char *text = node_value(node, r->after);
	size_t fold = node->fold ? fold_at(text) : 0;

	buf_adds(r->out, quote[node->style]);
	for (size_t i = 0; text[i]; i++) {
		if (fold && i == fold) {
			render_break(r);
			buf_fill(r->out, ' ', base + node->step);
		} else {
			scalar_byte(r->out, node->style, text[i]);
		}
	}
	buf_adds(r->out, quote[node->style]);
}

/* The next kid that is there, from `i` on; n if there is none. */
static size_t next_alive(const struct render *r, const struct node *node, size_t i, size_t by)
{
	while (i < node->n && !node_lives(node->kid[i], r->after))
		i += by;
	return i;
}

static void gone(struct render *r, struct node *node, size_t from, size_t to, size_t by)
{
	for (; from < to; from += by) {
		if (node->kid[from]->brk && node->kid[from]->life == LIFE_BEFORE)
			render_above(r, node->kid[from]);
	}
}

/* An item, or a key with its value. */
static void flow_kid(struct render *r, const struct node *node, size_t i, size_t base)
{
	bool map = node->type == N_MAP;
	struct node *value = (struct node *)node_shown(node->kid[map ? i + 1 : i], r->after);

	if (map) {
		render_scalar(r, node->kid[i], base);
		buf_addc(r->out, ':');
		/* Behind a plain key, and before an alias or an anchor, a blank must be. */
		if (!node->tight || node->kid[i]->style == S_PLAIN)
			buf_fill(r->out, ' ', node->kid[i]->gap);
	}
	if (value->anchor || value->tag) {
		render_props(r, value);
		buf_addc(r->out, ' ');
	}
	render_flow(r, value, base);
}

/* A comment behind the kid or the opening bracket, and the line break if the next one wants it. */
static void flow_line(struct render *r, const struct node *line, const char *comment, bool brk)
{
	if (comment && brk) {
		buf_fill(r->out, ' ', line->behind_gap);
		buf_adds(r->out, comment);
	}
	if (brk)
		render_break(r);
}

static void flow_close(struct render *r, const struct node *node, size_t base, const char *bracket)
{
	if (node->close_brk)
		buf_fill(r->out, ' ', base - (node->close_col < base ? node->close_col : base));
	else if (node->pad && node->n)
		buf_addc(r->out, ' ');
	buf_adds(r->out, bracket);
}

void render_flow(struct render *r, struct node *node, size_t base)
{
	bool map = node->type == N_MAP, first = true;
	size_t by = map ? 2 : 1, i, next, col = base;

	if (node->type == N_ALIAS) {
		buf_addf(r->out, "*%s", node->text);
		return;
	}
	if (node->type == N_SCALAR) {
		render_scalar(r, node, base);
		return;
	}
	buf_adds(r->out, map ? "{" : "[");
	i = next_alive(r, node, 0, by);
	flow_line(r, node, node->opened, i < node->n ? node->kid[i]->brk : node->close_brk);
	gone(r, node, 0, i, by);
	for (; i < node->n; i = next) {
		struct node *kid = node->kid[i];
		const struct node *tail = map ? node->kid[i + 1] : kid;

		next = next_alive(r, node, i + by, by);
		if (kid->brk) {
			render_above(r, kid);
			col = base + node->step;
			buf_fill(r->out, ' ', col);
		} else if (first ? node->pad : !node->tight) {
			buf_addc(r->out, ' ');
		}
		first = false;
		flow_kid(r, node, i, col);
		if (next < node->n || node->comma)
			buf_addc(r->out, ',');
		flow_line(r, tail, tail->behind, next < node->n ? node->kid[next]->brk : node->close_brk);
		gone(r, node, i + by, next, by);
	}
	flow_close(r, node, base, map ? "}" : "]");
}
