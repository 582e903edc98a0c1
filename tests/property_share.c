/* Anchors, aliases and merge keys: containers that share text. */
#include "property_rule.h"

#include <string.h>

static bool is_nothing(const struct node *node)
{
	return !node || node->null || node->type != N_MAP || node->n == 0;
}

static const char *anchor_of(struct gen *g, struct node *node)
{
	if (!node->anchor)
		node->anchor = gen_printf(g, "a%zu", ++g->serial);
	return node->anchor;
}

/* Gives the key a value, a new one or another. */
static void set_pair(struct gen *g, struct node *map, const char *key, struct node *value)
{
	for (size_t i = 0; i < map->n; i += 2) {
		if (strcmp(map->kid[i]->text, key) == 0) {
			map->kid[i + 1] = value;
			return;
		}
	}
	node_pair_any(g, map, key, value);
}

static void remove_pair(struct node *map, const char *key)
{
	for (size_t i = 0; i < map->n; i += 2) {
		if (strcmp(map->kid[i]->text, key) != 0)
			continue;
		memmove(map->kid + i, map->kid + i + 2, (map->n - i - 2) * sizeof(*map->kid));
		map->n -= 2;
		return;
	}
}

/* Whether the shared key can stand in the container. */
static bool has_home(const struct cont *c, enum share share)
{
	if (c->bad || c->share != SHARE_NOTHING)
		return false;
	if (share == SHARE_SC || !c->sc)
		return true;
	return !is_nothing(c->sc) && (share == SHARE_CAPS || !c->caps || !is_nothing(c->caps));
}

/* Makes the maps that are not there at all. */
static void build_home(struct gen *g, struct cont *c, enum share share)
{
	if (share > SHARE_SC && !c->sc)
		node_pair_any(g, c->map, "securityContext", c->sc = node_map(g));
	if (share > SHARE_CAPS && !c->caps)
		node_pair_any(g, c->sc, "capabilities", c->caps = node_map(g));
}

static bool can_give(const struct cont *c, enum share share)
{
	const struct node *const node[] = {NULL, c->sc, c->caps, c->drop, c->add};

	if (!has_home(c, share) || !node[share])
		return false;
	return share == SHARE_SC || share == SHARE_CAPS || (node[share]->type == N_SEQ && node[share]->n);
}

static void take(struct gen *g, struct cont *c, const struct cont *from, enum share share)
{
	static const char *const key[] = {NULL, "securityContext", "capabilities", "drop", "add"};
	struct node *const node[] = {NULL, from->sc, from->caps, from->drop, from->add};
	struct node *home;

	build_home(g, c, share);
	home = share == SHARE_SC ? c->map : share == SHARE_CAPS ? c->sc : c->caps;
	set_pair(g, home, key[share], node_alias(g, anchor_of(g, node[share])));
	c->share = share;
	if (share == SHARE_SC) {
		c->sc = from->sc;
		c->home = from->home;
	}
	if (share <= SHARE_CAPS)
		c->caps = from->caps;
	if (share != SHARE_ADD)
		c->drop = from->drop;
	if (share != SHARE_DROP)
		c->add = from->add;
}

/* The text is used in a place that wants nothing changed. */
static void foreign_use(struct model *m, struct cont *c)
{
	struct gen *g = m->g;
	struct cont *other = arena_alloc(g->arena, 1, sizeof(*other));

	*other = *c;
	other->deleted = true;
	other->uses = 0;
	node_pair(g, c->pod->spec, "x-other", node_alias(g, rule_shared(c)->anchor));
	m->conts = arena_grow(g->arena, m->conts, m->nconts, &m->conts_cap, m->nconts + 1, sizeof(struct cont *));
	m->conts[m->nconts++] = other;
}

static bool share_value(struct model *m, size_t from)
{
	struct gen *g = m->g;
	static const enum share any[] = {
		SHARE_SC, SHARE_CAPS, SHARE_CAPS, SHARE_DROP, SHARE_DROP, SHARE_ADD, SHARE_ADD, SHARE_ADD};
	enum share share = GEN_PICK(g, any);
	struct cont *giver = m->conts[from + gen_below(g, m->nconts - from)];
	bool taken = false;

	if (!can_give(giver, share))
		return false;
	for (size_t i = m->nconts - 1; m->conts[i] != giver; i--) {
		if (has_home(m->conts[i], share) && gen_chance(g, 70)) {
			take(g, m->conts[i], giver, share);
			taken = true;
		}
	}
	if (!taken)
		return false;
	giver->share = share;
	if (share <= SHARE_CAPS && gen_chance(g, 12))
		foreign_use(m, giver);
	return true;
}

static struct node *list_of(const struct cont *c)
{
	for (size_t i = 1; i < c->pod->spec->n; i += 2) {
		struct node *seq = c->pod->spec->kid[i];

		for (size_t k = 0; seq->type == N_SEQ && k < seq->n; k++) {
			if (seq->kid[k] == c->map)
				return seq;
		}
	}
	BUG("a container in no list");
}

static void share_container(struct model *m, size_t from)
{
	struct cont *c = m->conts[from + gen_below(m->g, m->nconts - from)];

	node_add(m->g, list_of(c), node_alias(m->g, anchor_of(m->g, c->map)));
	c->uses++;
}

/* A holder stands at the top, under a key that Kubernetes doesn't know. */
static void put_holder(struct gen *g, struct node *doc, struct node *holder)
{
	static const char *const key[] = {"x-common", ".common", "x-defaults"};

	anchor_of(g, holder);
	node_put(g, doc, 0, holder);
	node_put(g, doc, 0, node_text(g, GEN_PICK(g, key)));
}

static size_t any_place(struct gen *g, const struct node *map)
{
	return gen_below(g, map->n / 2 + 1) * 2;
}

static void merge(struct gen *g, struct node *map, const struct node *holder, size_t at)
{
	struct node *value = node_alias(g, holder->anchor), *seq = node_seq(g), *key = node_text(g, "<<");

	if (gen_chance(g, 15)) {
		node_add(g, seq, value);
		value = seq;
	}
	key->raw = true;
	node_put(g, map, at, value);
	node_put(g, map, at, key);
}

/* The whole securityContext in a holder, by alias or by merge key. */
static void hold_sc(struct model *m, struct node *doc, size_t from)
{
	struct gen *g = m->g;
	struct cont *giver = m->conts[from + gen_below(g, m->nconts - from)];
	bool by_merge = gen_chance(g, 60);
	struct node *holder = by_merge ? node_map(g) : giver->sc;
	struct cont given;

	if (!can_give(giver, SHARE_SC))
		return;
	given = *giver;
	given.home = by_merge ? holder : doc;
	if (by_merge)
		node_pair(g, holder, "securityContext", giver->sc);
	if (by_merge && gen_chance(g, 40))
		node_pair_any(g, holder, "stdin", node_raw(g, "true"));
	put_holder(g, doc, holder);
	for (size_t i = from; i < m->nconts; i++) {
		struct cont *c = m->conts[i];

		if (c != giver && (!has_home(c, SHARE_SC) || gen_chance(g, 40)))
			continue;
		if (c != giver && by_merge && c->sc && !c->deleted && !c->pod->windows && gen_chance(g, 25)) {
			/* Its own hides what the holder has, for every parser only if it comes later. */
			merge(g, c->map, holder, 0);
			continue;
		}
		take(g, c, &given, SHARE_SC);
		if (!by_merge)
			continue;
		remove_pair(c->map, "securityContext");
		given.sc->anchor = NULL;
		merge(g, c->map, holder, any_place(g, c->map));
	}
	gen_vague(g, "the style of a holder");
}

/* The image and other things in a holder; or a part of the securityContext. */
static void hold_other(struct model *m, struct node *doc, size_t from)
{
	struct gen *g = m->g;
	bool image = gen_chance(g, 50), within = gen_chance(g, 50);
	struct node *holder = node_map(g);

	node_pair(g, holder, within ? "runAsNonRoot" : "stdin", node_raw(g, "true"));
	if (image && !within)
		node_pair_any(g, holder, "image", node_text(g, "nginx:1"));
	put_holder(g, doc, holder);
	for (size_t i = from; i < m->nconts; i++) {
		struct cont *c = m->conts[i];

		if (c->bad || gen_chance(g, 30))
			continue;
		if (!within) {
			merge(g, c->map, holder, any_place(g, c->map));
			if (image && !c->deleted) {
				c->image = "nginx:1";
				remove_pair(c->map, "image");
			}
		} else if (!is_nothing(c->sc)) {
			merge(g, c->sc, holder, any_place(g, c->sc));
		}
	}
}

/* Anchors on what is not the rule's business. */
static void share_other(struct model *m, size_t from)
{
	struct gen *g = m->g;
	struct node *list = node_seq(g);
	bool first = true;

	node_add(g, list, node_text(g, "-v"));
	for (size_t i = from; i < m->nconts; i++) {
		if (gen_chance(g, 30))
			continue;
		remove_pair(m->conts[i]->map, "args");
		node_pair(g, m->conts[i]->map, "args", first ? list : node_alias(g, anchor_of(g, list)));
		first = false;
	}
}

void model_share(struct model *m, struct node *doc, size_t from)
{
	switch (gen_below(m->g, 8)) {
	case 0:
		share_container(m, from);
		break;
	case 1:
		hold_sc(m, doc, from);
		break;
	case 2:
		hold_other(m, doc, from);
		break;
	case 3:
		share_other(m, from);
		break;
	default:
		for (size_t tries = 0; tries < 6 && !share_value(m, from); tries++)
			;
		break;
	}
}
