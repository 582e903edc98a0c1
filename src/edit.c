#include "capfix/edit.h"

#include <string.h>

void edits_add(struct edits *edits, struct arena *arena, struct edit edit)
{
	edits->v = arena_grow(arena, edits->v, edits->n, &edits->cap, edits->n + 1, sizeof(edit));
	edits->v[edits->n++] = edit;
	edits->sealed = false;
}

static int by_place(const void *a, const void *b)
{
	const struct edit *x = a;
	const struct edit *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->rank < y->rank ? -1 : x->rank > y->rank;
}

/* Takes out what does nothing. False if an edit leaves the text. */
static bool drop_empty(struct edits *edits, size_t text_len)
{
	size_t kept = 0;

	for (size_t i = 0; i < edits->n; i++) {
		struct edit edit = edits->v[i];

		if (edit.at > text_len || edit.del > text_len - edit.at)
			return false;
		if (edit.del > 0 || edit.ins.n > 0)
			edits->v[kept++] = edit;
	}
	edits->n = kept;
	return true;
}

/* Writes the edits v[0, n), which touch, over *into. */
static void merge(struct edit *into, const struct edit *v, size_t n, struct arena *arena)
{
	struct edit all = v[0];
	char *ins;

	all.del = 0;
	all.ins.n = 0;
	for (size_t i = 0; i < n; i++) {
		all.del += v[i].del;
		all.ins.n += v[i].ins.n;
	}
	ins = arena_alloc(arena, all.ins.n, 1);
	all.ins.p = ins;
	for (size_t i = 0; i < n; i++) {
		if (v[i].ins.n > 0)
			memcpy(ins, v[i].ins.p, v[i].ins.n);
		ins += v[i].ins.n;
	}
	*into = all;
}

/*
 * How many of v[0, n) touch, counted from the first. 0 if two of them cannot both be done. An insertion at the very
 * start of a deletion is not inside: rank says whether its text comes before or after what replaces the deleted.
 */
static size_t touching(const struct edit *v, size_t n)
{
	size_t end = v[0].at + v[0].del;
	size_t del_at = v[0].at; /* where the last deletion starts */
	size_t i;

	for (i = 1; i < n && v[i].at <= end; i++) {
		if (v[i].at < end && (v[i].at != del_at || v[i].del > 0))
			return 0;
		if (v[i].del > 0) {
			del_at = v[i].at;
			end = v[i].at + v[i].del;
		}
	}
	return i;
}

bool edits_seal(struct edits *edits, struct arena *arena, size_t text_len)
{
	size_t kept = 0;
	size_t n;

	if (!drop_empty(edits, text_len))
		return false;
	arena_sort(arena, edits->v, edits->n, sizeof(*edits->v), by_place);
	for (size_t i = 0; i < edits->n; i += n) {
		n = touching(edits->v + i, edits->n - i);
		if (n == 0)
			return false;
		if (n == 1)
			edits->v[kept++] = edits->v[i];
		else
			merge(&edits->v[kept++], edits->v + i, n, arena);
	}
	edits->n = kept;
	edits->sealed = true;
	return true;
}

void edits_apply(const struct edits *edits, struct slice text, struct buf *out)
{
	size_t done = 0;
	size_t more = text.n;

	BUG_IF(!edits->sealed && edits->n > 0);
	for (size_t i = 0; i < edits->n; i++)
		more += edits->v[i].ins.n;
	buf_reserve(out, more);
	for (size_t i = 0; i < edits->n; i++) {
		const struct edit *edit = &edits->v[i];

		buf_add(out, slice_sub(text, done, edit->at));
		buf_add(out, edit->ins);
		done = edit->at + edit->del;
	}
	buf_add(out, slice_sub(text, done, text.n));
}
