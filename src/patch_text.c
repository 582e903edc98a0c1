/* The only words that capfix ever writes. */
#include <string.h>

#include "patch_impl.h"

static void add_quoted(struct buf *out, struct slice word, bool quoted)
{
	if (quoted)
		buf_addc(out, '"');
	buf_add(out, word);
	if (quoted)
		buf_addc(out, '"');
}

static struct slice taken(struct patch *patch, struct buf *out)
{
	struct slice text = arena_dup(patch->arena, buf_slice(out));

	buf_release(out);
	return text;
}

bool patch_next_name(struct slice *names, struct slice *name)
{
	const char *comma = names->n ? memchr(names->p, ',', names->n) : NULL;
	size_t n = comma ? (size_t)(comma - names->p) : names->n;

	if (!names->n)
		return false;
	*name = slice_sub(*names, 0, n);
	*names = slice_sub(*names, comma ? n + 1 : n, names->n);
	return true;
}

/* The keys beside each other at the end of the way: `add` if it has names, then `drop` unless only `add` is new. */
struct leaf {
	enum plan_level level;
	struct slice names;
};

static size_t leaves_of(const struct change *change, struct leaf leaves[2])
{
	size_t n = 0;

	if (change->text.n)
		leaves[n++] = (struct leaf){PLAN_ADD, change->text};
	if (change->level != PLAN_ADD)
		leaves[n++] = (struct leaf){PLAN_DROP, SLICE("ALL")};
	return n;
}

static void block_key(struct buf *out, enum plan_level level, size_t col, const struct style *style)
{
	buf_fill(out, ' ', col);
	add_quoted(out, slice_of(plan_key(level)), style->quoted);
	buf_adds(out, ":\n");
}

static void block_items(struct buf *out, struct slice names, size_t col, const struct style *style)
{
	struct slice name;

	while (patch_next_name(&names, &name)) {
		buf_fill(out, ' ', col + style->dash);
		buf_adds(out, "- ");
		add_quoted(out, name, style->quoted);
		buf_addc(out, '\n');
	}
}

struct slice patch_block_text(
	struct patch *patch, const struct change *change, size_t col, const struct style *style, bool key)
{
	struct leaf leaves[2];
	size_t n = leaves_of(change, leaves);
	bool deep = change->level < PLAN_DROP;
	struct buf out;

	buf_init(&out);
	for (int level = (int)change->level; level < PLAN_DROP; level++) {
		if (level > (int)change->level || key)
			block_key(&out, (enum plan_level)level, col, style);
		col += style->step;
	}
	for (size_t i = 0; i < n; i++) {
		if (deep || key)
			block_key(&out, leaves[i].level, col, style);
		block_items(&out, leaves[i].names, col, style);
	}
	out.n--; /* the last line's break is not ours */
	return taken(patch, &out);
}

static void flow_line(struct buf *out, const struct style *style, int depth)
{
	if (!style->expand)
		return;
	buf_add(out, style->newline);
	buf_add(out, style->blank);
	for (int i = 0; i < depth; i++)
		buf_add(out, style->deeper);
}

static void flow_key(struct buf *out, enum plan_level level, const struct style *style)
{
	add_quoted(out, slice_of(plan_key(level)), style->quoted);
	buf_adds(out, style->tight ? ":" : ": ");
}

static void flow_comma(struct buf *out, const struct style *style, int depth)
{
	buf_adds(out, style->tight || style->expand ? "," : ", ");
	flow_line(out, style, depth);
}

static void flow_list(struct buf *out, struct slice names, const struct style *style, int depth)
{
	struct slice name;
	bool first = true;

	buf_addc(out, '[');
	flow_line(out, style, depth + 1);
	while (patch_next_name(&names, &name)) {
		if (!first)
			flow_comma(out, style, depth + 1);
		add_quoted(out, name, style->quoted);
		first = false;
	}
	flow_line(out, style, depth);
	buf_addc(out, ']');
}

struct slice patch_flow_text(struct patch *patch, const struct change *change, const struct style *style, bool key)
{
	struct leaf leaves[2];
	size_t n = leaves_of(change, leaves);
	bool deep = change->level < PLAN_DROP;
	struct buf out;
	int depth = 0;

	buf_init(&out);
	for (int level = (int)change->level; level < PLAN_DROP; level++) {
		if (level > (int)change->level || key)
			flow_key(&out, (enum plan_level)level, style);
		buf_addc(&out, '{');
		flow_line(&out, style, ++depth);
	}
	for (size_t i = 0; i < n; i++) {
		if (i)
			flow_comma(&out, style, depth);
		if (deep || key)
			flow_key(&out, leaves[i].level, style);
		flow_list(&out, leaves[i].names, style, depth);
	}
	while (depth > 0) {
		flow_line(&out, style, --depth);
		buf_addc(&out, '}');
	}
	return taken(patch, &out);
}
