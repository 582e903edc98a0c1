/* Changes to how something is written: quotes, flow, block scalars, anchors, line ends. */
#include "mutate.h"

#include <string.h>

#include "capfix/buf.h"

static const char *pick(struct draft *draft, const char *const *texts, size_t n)
{
	return texts[draft_random(draft, n)];
}

#define PICK(draft, texts) pick((draft), (texts), sizeof(texts) / sizeof(*(texts)))

/* The line becomes `head`, `middle` and `tail`, its break kept. */
static void rewrite_line(struct draft *draft, size_t i, struct slice head, const char *middle, struct slice tail)
{
	struct slice end = draft_break(draft->v[i]);

	draft->v[i] = arena_printf(
		draft->arena, "%.*s%s%.*s%.*s", (int)head.n, head.p, middle, (int)tail.n, tail.p, (int)end.n, end.p);
}

static void trailing(struct draft *draft, size_t i)
{
	static const char *const TEXTS[] = {"  # why", " #", " ", "\t", "\t# tab", ",", ":", "{{ x }}"};

	rewrite_line(draft, i, draft_body(draft->v[i]), PICK(draft, TEXTS), SLICE(""));
}

static void property(struct draft *draft, size_t i)
{
	static const char *const TEXTS[] = {"&sc ", "&c ", "&d ", "&e ", "!!map ", "!!seq ", "!!str ", "!x ", "! ",
		"&sc !!map ", "- ", "? ", "  ", "\t"};
	struct slice body = draft_body(draft->v[i]);
	size_t at = draft_value(body);

	rewrite_line(
		draft, i, slice_sub(body, 0, at), at == body.n ? " " : PICK(draft, TEXTS), slice_sub(body, at, body.n));
}

static void value(struct draft *draft, size_t i)
{
	static const char *const TEXTS[] = {"*sc", "*c", "*d", "*e", "null", "~", "", "{}", "[]", "{ }", "[ ]", "''",
		"\"\"", "ALL", "[ALL]", "\"a\\x41\"", "|", ">-", "|+", "{", "[", "[\n", "1", "true", "{a: b,}"};
	struct slice body = draft_body(draft->v[i]);

	rewrite_line(draft, i, slice_sub(body, 0, draft_value(body)), PICK(draft, TEXTS), SLICE(""));
}

static void quote(struct draft *draft, size_t i)
{
	struct slice body = draft_body(draft->v[i]), head, rest;
	const char *mark = draft_random(draft, 2) ? "\"" : "'";
	size_t at = draft_value(body), from = draft_indent(body);

	if (draft_random(draft, 2) && at < body.n && at - from > 2) { /* the key */
		head = arena_printf(
			draft->arena, "%.*s%s%.*s", (int)from, body.p, mark, (int)(at - from - 2), body.p + from);
		rest = slice_sub(body, at - 2, body.n);
	} else {
		head = arena_printf(draft->arena, "%.*s%s%.*s", (int)at, body.p, mark, (int)(body.n - at), body.p + at);
		rest = SLICE("");
	}
	rewrite_line(draft, i, head, mark, rest);
}

static void block_scalar(struct draft *draft, size_t i)
{
	static const char *const HEADS[] = {"|", ">", "|-", "|+", ">+", ">-", "|2", "|1-", "| # c", ">  "};
	struct slice body = draft_body(draft->v[i]);
	size_t at = draft_value(body);
	struct slice old = slice_sub(body, at, body.n);
	const char *text = (const char *)arena_printf(draft->arena, "%.*s", (int)old.n, old.p).p;

	draft_insert(draft, i + 1, draft_line(draft, i, draft_indent(body) + 1 + draft_random(draft, 4), text));
	rewrite_line(draft, i, slice_sub(body, 0, at), PICK(draft, HEADS), SLICE(""));
}

/* What lies below the line becomes flow: in one line, or each of its lines kept. */
static void flow(struct draft *draft, size_t i)
{
	size_t end = draft_below(draft, i);
	bool list = i + 1 < end && memchr(draft->v[i + 1].p, '-', draft->v[i + 1].n);
	bool one_line = draft_random(draft, 2);
	struct slice body = draft_body(draft->v[i]);
	struct buf buf;

	buf_init(&buf);
	buf_addf(&buf, "%.*s %s", (int)body.n, body.p, list ? "[" : "{");
	for (size_t k = i + 1; k < end; k++) {
		struct slice line = draft_body(draft->v[k]);
		size_t from = draft_indent(line) + (list ? 2 : 0);

		if (!one_line)
			buf_addf(&buf, "\n%*s", (int)draft_indent(line), "");
		buf_addf(&buf, "%.*s%s", (int)(from < line.n ? line.n - from : 0),
			line.p + (from < line.n ? from : line.n),
			k + 1 < end                      ? ", "
				: draft_random(draft, 4) ? ""
							 : ",");
	}
	if (!one_line)
		buf_addf(&buf, "\n%*s", (int)draft_indent(body), "");
	buf_addf(&buf, "%s%.*s", list ? "]" : "}", (int)draft_break(draft->v[i]).n, draft_break(draft->v[i]).p);
	draft_remove(draft, i + 1, end - i - 1);
	draft->v[i] = arena_dup(draft->arena, buf_slice(&buf));
	buf_release(&buf);
}

/* Something comes behind a bracket or comma, or before it. */
static void spread(struct draft *draft, size_t i)
{
	static const char *const TEXTS[] = {
		"\n", "\n        ", " ", "  # c\n   ", "\n# c\n  ", ",", "\t", "a: b, ", "\r\n", "\"x\": 1, "};
	struct slice body = draft_body(draft->v[i]);
	size_t start = draft_random(draft, body.n + 1);

	for (size_t k = 0; k < body.n; k++) {
		size_t at = (start + k) % body.n;

		if (strchr("[]{},:", body.p[at]) && body.p[at]) {
			at += draft_random(draft, 2);
			rewrite_line(draft, i, slice_sub(body, 0, at), PICK(draft, TEXTS), slice_sub(body, at, body.n));
			return;
		}
	}
}

static void explicit_key(struct draft *draft, size_t i)
{
	struct slice body = draft_body(draft->v[i]);
	size_t at = draft_value(body), from = draft_indent(body);

	if (at >= body.n && body.n && body.p[body.n - 1] == ':')
		at = body.n + 1;
	else if (at == body.n)
		return;
	draft->v[i] = arena_printf(draft->arena, "%.*s? %.*s\n%.*s: %.*s%.*s", (int)from, body.p, (int)(at - 2 - from),
		body.p + from, (int)from, body.p, (int)(at < body.n ? body.n - at : 0),
		body.p + (at < body.n ? at : body.n), (int)draft_break(draft->v[i]).n, draft_break(draft->v[i]).p);
}

static void line_ends(struct draft *draft, size_t i)
{
	static const char *const ENDS[] = {"\n", "\r\n", "\r\n", "\r", ""};
	const char *end = PICK(draft, ENDS);
	bool all = draft_random(draft, 2);

	for (size_t k = all ? 0 : i; k < (all ? draft->n : i + 1); k++) {
		struct slice body = draft_body(draft->v[k]);

		draft->v[k] = arena_printf(
			draft->arena, "%.*s%s", (int)body.n, body.p, *end || k + 1 == draft->n ? end : "\n");
	}
}

static void last_break(struct draft *draft, size_t i)
{
	size_t last = draft->n - 1;

	(void)i;
	draft->v[last] = draft_body(draft->v[last]);
}

const struct draft_op DRAFT_STYLES[] = {
	{trailing},
	{property},
	{value},
	{quote},
	{block_scalar},
	{flow},
	{flow},
	{spread},
	{spread},
	{explicit_key},
	{line_ends},
	{last_break},
};
const size_t DRAFT_NSTYLES = sizeof(DRAFT_STYLES) / sizeof(*DRAFT_STYLES);
