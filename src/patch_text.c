/* The only words that capfix ever writes. */
#include "patch_impl.h"

static void add_quoted(struct buf *out, const char *word, bool quoted)
{
	if (quoted)
		buf_addc(out, '"');
	buf_adds(out, word);
	if (quoted)
		buf_addc(out, '"');
}

static struct slice taken(struct patch *patch, struct buf *out)
{
	struct slice text = arena_dup(patch->arena, buf_slice(out));

	buf_release(out);
	return text;
}

struct slice patch_block_text(struct patch *patch, enum plan_level level, size_t col, const struct style *style, bool key)
{
	struct buf out;
	int first = (int)level + (key ? 0 : 1);

	buf_init(&out);
	for (int i = first; i <= PLAN_DROP; i++) {
		col += i > (int)level ? style->step : 0;
		buf_fill(&out, ' ', col);
		add_quoted(&out, plan_key((enum plan_level)i), style->quoted);
		buf_adds(&out, ":\n");
	}
	buf_fill(&out, ' ', col + style->dash);
	buf_adds(&out, "- ");
	add_quoted(&out, "ALL", style->quoted);
	return taken(patch, &out);
}

static void add_line(struct buf *out, const struct style *style, int depth)
{
	if (!style->expand)
		return;
	buf_add(out, style->newline);
	buf_add(out, style->blank);
	for (int i = 0; i < depth; i++)
		buf_add(out, style->deeper);
}

struct slice patch_flow_text(struct patch *patch, enum plan_level level, const struct style *style, bool key)
{
	struct buf out;
	int depth = 0;

	buf_init(&out);
	for (int i = (int)level; i <= PLAN_DROP; i++) {
		if (i > (int)level || key) {
			add_quoted(&out, plan_key((enum plan_level)i), style->quoted);
			buf_adds(&out, style->tight ? ":" : ": ");
		}
		buf_addc(&out, i == PLAN_DROP ? '[' : '{');
		add_line(&out, style, ++depth);
	}
	add_quoted(&out, "ALL", style->quoted);
	for (int i = PLAN_DROP; i >= (int)level; i--) {
		add_line(&out, style, --depth);
		buf_addc(&out, i == PLAN_DROP ? ']' : '}');
	}
	return taken(patch, &out);
}
