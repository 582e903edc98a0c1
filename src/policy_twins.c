/* Duplicates and contradictions. */
#include "policy_impl.h"

void twins_add(struct twins *twins, struct arena *arena, struct twin twin)
{
	twins->v = arena_grow(arena, twins->v, twins->n, &twins->cap, twins->n + 1, sizeof(twin));
	twins->v[twins->n++] = twin;
}

/* Exempt entries, which have no name, come before the allowed names of the same match. */
static int twin_cmp(const void *a, const void *b)
{
	const struct twin *x = a;
	const struct twin *y = b;
	int cmp = slice_cmp(x->match, y->match);

	if (cmp == 0)
		cmp = slice_cmp(x->name, y->name);
	if (cmp == 0 && x->line != y->line)
		cmp = x->line < y->line ? -1 : 1;
	if (cmp == 0)
		cmp = x->col < y->col ? -1 : x->col > y->col;
	return cmp;
}

static void report(struct arena *arena, struct findings *errors, const struct twin *twin, struct slice text)
{
	findings_add(errors, arena,
		(struct finding){
			.level = LEVEL_ERROR, .code = CODE_POLICY, .line = twin->line, .col = twin->col, .text = text});
}

static struct slice duplicate(struct arena *arena, const struct twin *first, const char *what)
{
	return arena_printf(arena, "the same entry of `%s` stands at %zu:%zu already: keep one of them", what,
		first->line, first->col);
}

static struct slice contradiction(struct arena *arena, const struct twin *exempt)
{
	return arena_printf(arena,
		"the same `match` is exempt at %zu:%zu: an exempt container keeps all it adds, remove one of "
		"the two",
		exempt->line, exempt->col);
}

void twins_report(struct twins *twins, struct arena *arena, struct findings *errors, const char *what)
{
	const struct twin *same_match = NULL; /* first of those with the match */
	const struct twin *same = NULL;       /* first of those with the match and the name */

	if (twins->n > 0)
		arena_sort(arena, twins->v, twins->n, sizeof(*twins->v), twin_cmp);
	for (size_t i = 0; i < twins->n; i++) {
		const struct twin *twin = &twins->v[i];
		bool again = same_match != NULL && slice_eq(same_match->match, twin->match);
		if (!again)
			same_match = twin;
		if (again && slice_eq(same->name, twin->name)) {
			report(arena, errors, twin, duplicate(arena, same, twin->name.n > 0 ? "allow" : what));
			continue;
		}
		same = twin;
		if (again && same_match->name.n == 0)
			report(arena, errors, twin, contradiction(arena, same_match));
	}
}
