/* The policy of a case: its text, and what it means. */
#include "property_model.h"

#include <string.h>

static bool matches(const char *pattern, const char *value)
{
	size_t n = pattern ? strlen(pattern) : 0;

	if (!pattern)
		return true;
	if (!value)
		return false;
	if (n && pattern[n - 1] == '*')
		return strncmp(pattern, value, n - 1) == 0;
	return strcmp(pattern, value) == 0;
}

bool model_allows(const struct model *m, const struct cont *c, const char *canonical)
{
	for (size_t i = 0; i < m->nallow; i++) {
		const struct allow *a = m->allow + i;

		if (strcmp(a->capability, canonical) == 0 && matches(a->kind, c->pod->kind) &&
			matches(a->name, c->pod->name) && matches(a->namespace, c->pod->namespace) &&
			matches(a->container, c->name) && matches(a->image, c->image))
			return true;
	}
	return false;
}

static const char *maybe(struct gen *g, unsigned percent, const char *value)
{
	return gen_chance(g, percent) ? value : NULL;
}

static void match_key(struct gen *g, struct buf *out, const char *key, const char *value)
{
	if (!value)
		return;
	if (gen_chance(g, 30))
		buf_addf(out, "      %s: [\"zzz-*\", \"%s\"]\n", key, value);
	else
		buf_addf(out, "      %s: \"%s\"\n", key, value);
}

static void allow_text(struct gen *g, struct buf *out, const struct allow *a)
{
	const char *prefix = gen_chance(g, 20) ? "CAP_" : "";

	buf_addf(out, "  - capability: %s%s\n    reason: \"needed by %zu\"\n", prefix, a->capability, ++g->serial);
	if (!a->kind && !a->name && !a->namespace && !a->container && !a->image)
		return;
	buf_adds(out, "    match:\n");
	match_key(g, out, "kind", a->kind);
	match_key(g, out, "name", a->name);
	match_key(g, out, "namespace", a->namespace);
	match_key(g, out, "container", a->container);
	match_key(g, out, "image", a->image);
	if (gen_chance(g, 20))
		buf_adds(out, "      path: \"deploy/**\"\n");
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The policy says nothing twice: that would be one of its errors. */
static bool allow_again(const struct model *m, const struct allow *new)
{
	for (size_t i = 0; i < m->nallow; i++) {
		const struct allow *a = m->allow + i;

		if (same(a->capability, new->capability) && same(a->kind, new->kind) && same(a->name, new->name) &&
			same(a->namespace, new->namespace) && same(a->container, new->container) &&
			same(a->image, new->image))
			return true;
	}
	return false;
}

void model_policy(struct model *m)
{
	static const char *const kind[] = {"Pod", "Deployment", "CronJob", "DaemonSet"};
	static const char *const name[] = {"web", "we*", "agent", "a*", "*"};
	static const char *const container[] = {"c1*", "c2*", "c1", "c*"};
	static const char *const image[] = {"nginx:*", "nginx", "registry.example.com/*"};
	struct gen *g = m->g;
	size_t want = 1 + gen_below(g, 8);
	struct buf out;

	if (gen_chance(g, 25))
		return;
	buf_init(&out);
	buf_adds(&out, "version: 1\nallow:\n");
	for (size_t i = 0; i < want; i++) {
		struct allow a = {.capability = caps_random(g)};

		a.kind = maybe(g, 15, GEN_PICK(g, kind));
		a.name = maybe(g, 15, GEN_PICK(g, name));
		a.namespace = maybe(g, 10, "edge");
		a.container = maybe(g, 25, GEN_PICK(g, container));
		a.image = maybe(g, 10, GEN_PICK(g, image));
		if (allow_again(m, &a))
			continue;
		m->allow = arena_grow(g->arena, m->allow, m->nallow, &m->allow_cap, m->nallow + 1, sizeof(a));
		m->allow[m->nallow++] = a;
		allow_text(g, &out, &a);
	}
	m->policy = arena_dup(g->arena, buf_slice(&out)).p;
	buf_release(&out);
}
