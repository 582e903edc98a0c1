/* libFuzzer's own mutations of bytes, and half the time ours of lines. */
#include "mutate.h"

#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

size_t draft_random(struct draft *draft, size_t n)
{
	draft->seed = draft->seed * 1664525u + 1013904223u;
	return n ? (draft->seed >> 8) % n : 0;
}

size_t draft_indent(struct slice line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == ' ')
		n++;
	return n;
}

struct slice draft_break(struct slice line)
{
	size_t n = line.n;

	while (n && (line.p[n - 1] == '\n' || line.p[n - 1] == '\r'))
		n--;
	return slice_sub(line, n, line.n);
}

struct slice draft_body(struct slice line)
{
	return slice_sub(line, 0, line.n - draft_break(line).n);
}

size_t draft_below(const struct draft *draft, size_t i)
{
	size_t indent = draft_indent(draft->v[i]), end = i + 1;

	while (end < draft->n && draft_indent(draft->v[end]) > indent)
		end++;
	return end;
}

void draft_insert(struct draft *draft, size_t at, struct slice line)
{
	if (draft->n == MUTATE_LINES)
		return;
	memmove(draft->v + at + 1, draft->v + at, (draft->n - at) * sizeof(*draft->v));
	draft->v[at] = line;
	draft->n++;
}

void draft_remove(struct draft *draft, size_t at, size_t n)
{
	memmove(draft->v + at, draft->v + at + n, (draft->n - at - n) * sizeof(*draft->v));
	draft->n -= n;
}

struct slice draft_line(struct draft *draft, size_t i, size_t indent, const char *text)
{
	struct slice end = draft->n ? draft_break(draft->v[i]) : SLICE("\n");

	if (!end.n)
		end = SLICE("\n");
	return arena_printf(draft->arena, "%*s%s%.*s", (int)(indent > 200 ? 200 : indent), "", text, (int)end.n, end.p);
}

size_t draft_value(struct slice body)
{
	for (size_t i = draft_indent(body); i + 1 < body.n; i++)
		if ((body.p[i] == ':' || body.p[i] == '-') && body.p[i + 1] == ' ')
			return i + 2;
	return body.n;
}

void draft_change(struct draft *draft)
{
	size_t i = draft_random(draft, draft->n), op = draft_random(draft, DRAFT_NMOVES + DRAFT_NSTYLES);

	(op < DRAFT_NMOVES ? DRAFT_MOVES[op] : DRAFT_STYLES[op - DRAFT_NMOVES]).change(draft, i);
}

static void draft_read(struct draft *draft, struct slice text)
{
	size_t at = 0, end;

	while (at < text.n && draft->n < MUTATE_LINES) {
		for (end = at; end < text.n && text.p[end] != '\n'; end++)
			;
		end += end < text.n;
		draft->v[draft->n] = slice_sub(text, at, end);
		draft->n++;
		at = end;
	}
}

static size_t draft_write(const struct draft *draft, uint8_t *data, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < draft->n && n + draft->v[i].n <= max; i++) {
		memcpy(data + n, draft->v[i].p, draft->v[i].n);
		n += draft->v[i].n;
	}
	return n;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	static struct draft draft;
	struct arena arena;
	size_t n;

	draft.n = 0;
	draft.seed = seed * 2654435761u + 1;
	if (draft_random(&draft, 3) == 0)
		return LLVMFuzzerMutate(data, size, max);
	arena_init(&arena);
	draft.arena = &arena;
	draft_read(&draft, arena_dup(&arena, (struct slice){(const char *)data, size}));
	if (!draft.n)
		draft_insert(&draft, 0, SLICE("apiVersion: v1\n"));
	for (size_t more = 1 + draft_random(&draft, 4); more && draft.n; more--)
		draft_change(&draft);
	n = draft_write(&draft, data, max);
	arena_release(&arena);
	return n;
}
