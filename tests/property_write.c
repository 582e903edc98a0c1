/* How a planned change looks in a container's style: SPEC 4. */
#include "property_rule.h"

#include <string.h>

/* What a new node must look like, from the mapping that it is born in. */
struct look {
	const struct cont *cont;
	bool block;
	bool json;  /* double quotes */
	bool lines; /* in flow: a line for each, as JSON is printed */
	bool tight;
	size_t step;
};

static bool all_double(const struct node *map)
{
	for (size_t i = 0; i < map->n; i += 2) {
		if (map->kid[i]->life != LIFE_AFTER && map->kid[i]->style != S_DOUBLE)
			return false;
	}
	return map->n > 0;
}

/* `outer` has a say where the mapping has no keys of its own. */
static struct look look_of(struct gen *g, const struct cont *c, const struct node *map, const struct node *outer)
{
	const struct node *keys = map->n ? map : outer;
	struct look look = {.cont = c, .block = map->style == S_BLOCK, .json = all_double(keys)};

	look.lines = look.json && keys->style == S_FLOW && keys->n && keys->kid[keys->n - 2]->brk;
	look.tight = keys->tight;
	/* What is tight can be seen only between double quotes, where no anchor or alias stands behind the last colon. */
	if (look.tight && (!look.json || keys->kid[keys->n - 1]->anchor || keys->kid[keys->n - 1]->type == N_ALIAS))
		gen_vague(g, "tight or not");
	/* And a step only where all is printed alike. */
	if (look.lines && !keys->regular)
		gen_vague(g, "the step of a flow mapping that isn't all JSON");
	look.step = keys->step;
	return look;
}

static void look_at(struct node *node, const struct look *look)
{
	node->style = look->block ? S_BLOCK : S_FLOW;
	node->step = look->block ? look->cont->step : look->step;
	node->close_brk = look->lines;
	node->tight = look->tight;
}

static struct node *new_text(struct gen *g, const char *text, const struct look *look)
{
	struct node *node = node_text(g, text);

	node->style = look->json ? S_DOUBLE : S_PLAIN;
	node->brk = look->lines;
	return node;
}

static struct node *new_list(struct gen *g, const struct look *look)
{
	struct node *seq = node_seq(g);

	look_at(seq, look);
	if (look->block)
		seq->step = look->cont->dash;
	node_add(g, seq, new_text(g, "ALL", look));
	return seq;
}

static struct node *new_map(struct gen *g, const char *key, struct node *value, const struct look *look)
{
	struct node *map = node_map(g);

	look_at(map, look);
	node_add(g, map, new_text(g, key, look));
	node_add(g, map, value);
	return map;
}

/* Puts a new pair at the end of a mapping that stands there already. */
static void append_pair(struct gen *g, struct node *map, const char *key, struct node *value, const struct look *look)
{
	struct node *name = new_text(g, key, look);
	size_t at = map->n - (map->cont && map->cont->before_last ? 2 : 0);

	if (map->style == S_FLOW && map->kid[map->n - 1]->style == S_EMPTY)
		gen_vague(g, "white space behind an empty value in flow");
	name->life = LIFE_AFTER;
	name->brk = map->kid[map->n - 2]->brk;
	node_put(g, map, at, value);
	node_put(g, map, at, name);
}

/* In place of an empty value. */
static void replace(struct gen *g, struct node *old, struct node *new)
{
	if (old->trail || old->opened || old->close_brk || (old->style == S_EMPTY && new->style == S_FLOW))
		gen_vague(g, "white space around an empty value");
	new->anchor = old->anchor;
	new->tag = old->tag;
	old->becomes = new;
}

static bool nothing(const struct node *node)
{
	return node->null || (node->type == N_MAP && node->n == 0);
}

static struct node *caps_map(struct gen *g, const struct look *look)
{
	return new_map(g, "drop", new_list(g, look), look);
}

/* A value that is born where `old` stands empty takes the style of the mapping around. */
static void create_drop(struct gen *g, struct cont *c)
{
	struct look look;

	if (!c->sc || nothing(c->sc)) {
		look = look_of(g, c, c->home, c->home);
		if (!c->sc)
			append_pair(g, c->map, "securityContext", new_map(g, "capabilities", caps_map(g, &look), &look),
				&look);
		else
			replace(g, c->sc, new_map(g, "capabilities", caps_map(g, &look), &look));
	} else if (!c->caps || nothing(c->caps)) {
		look = look_of(g, c, c->sc, c->home);
		if (!c->caps)
			append_pair(g, c->sc, "capabilities", caps_map(g, &look), &look);
		else
			replace(g, c->caps, caps_map(g, &look));
	} else {
		look = look_of(g, c, c->caps, c->sc);
		if (!c->drop)
			append_pair(g, c->caps, "drop", new_list(g, &look), &look);
		else
			replace(g, c->drop, new_list(g, &look));
	}
}

static const struct node *key_of(const struct node *map, const struct node *value)
{
	for (size_t i = 0; i < map->n; i += 2) {
		if (map->kid[i + 1] == value)
			return map->kid[i];
	}
	BUG("a value without a key");
}

static void append_all(struct gen *g, struct cont *c)
{
	struct node *all = node_text(g, "ALL");
	const struct node *last = c->drop->n ? c->drop->kid[c->drop->n - 1] : NULL;

	if (last) {
		all->style = last->style;
		all->brk = last->brk;
		all->gap = last->gap;
		if (c->drop->tight && c->drop->n == 1 && c->drop->anchor)
			gen_vague(g, "tight or not");
	} else {
		all->style = key_of(c->caps, c->drop)->style == S_DOUBLE ? S_DOUBLE : S_PLAIN;
		if (c->drop->pad || c->drop->opened || c->drop->close_brk)
			gen_vague(g, "white space in an empty list");
	}
	all->life = LIFE_AFTER;
	node_add(g, c->drop, all);
}

static bool broken(const struct node *flow)
{
	for (size_t i = 0; i < flow->n; i++) {
		if (flow->kid[i]->brk)
			return true;
	}
	return flow->close_brk;
}

static void filter_add(struct gen *g, struct cont *c)
{
	for (size_t i = 0; i < c->add->n; i++) {
		struct node *entry = c->add->kid[i];

		if (c->want_add[i] == VERB_SPELL)
			entry->after_text = caps_plain(g, entry->text);
		if (c->want_add[i] != VERB_REMOVE)
			continue;
		entry->life = LIFE_BEFORE;
		if (c->add->style == S_FLOW && broken(c->add))
			gen_vague(g, "an entry goes from a broken flow list");
	}
}

/* The last entry takes its key along: the list that stands here, or its alias. */
static void remove_add(struct gen *g, struct cont *c)
{
	for (size_t i = 0; i < c->caps->n; i += 2) {
		const struct node *value = c->caps->kid[i + 1];

		if (value == c->add ||
			(value->type == N_ALIAS && c->add->anchor && strcmp(value->text, c->add->anchor) == 0))
			c->caps->kid[i]->life = LIFE_BEFORE;
		else if (c->caps->style == S_FLOW && c->caps->kid[i + 1]->style == S_EMPTY)
			gen_vague(g, "white space behind an empty value in flow");
	}
	if (c->caps->style == S_FLOW && broken(c->caps))
		gen_vague(g, "add goes from a broken flow mapping");
	if (!c->image && c->caps->n == 2) {
		struct node *none = node_map(g);

		none->style = S_FLOW;
		replace(g, c->caps, none);
	}
}

void rule_write(struct model *m, struct cont *c, bool again)
{
	struct gen *g = m->g;
	bool drop = !again || c->share == SHARE_ADD;

	if (c->want_add && (!again || c->share == SHARE_DROP))
		filter_add(g, c);
	if (c->add_goes && (!again || c->share == SHARE_DROP || c->share == SHARE_ADD))
		remove_add(g, c);
	if (drop && c->want_drop == DROP_SPELL)
		c->drop->kid[c->drop_spell]->after_text = "ALL";
	else if (drop && c->want_drop == DROP_APPEND)
		append_all(g, c);
	else if (drop && c->want_drop == DROP_CREATE)
		create_drop(g, c);
}
