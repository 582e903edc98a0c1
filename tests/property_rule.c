/* The rule, as SPEC 3 has it, on the generator's own model; and its result written into the nodes. */
#include "property_rule.h"

#include <ctype.h>
#include <string.h>

static bool is_all(const char *text)
{
	return strlen(text) == 3 && toupper((unsigned char)text[0]) == 'A' && toupper((unsigned char)text[1]) == 'L' &&
		toupper((unsigned char)text[2]) == 'L';
}

static bool is_list(const struct node *node)
{
	return node && node->type == N_SEQ;
}

static void plan_drop(struct cont *c)
{
	bool found = false;

	if (!is_list(c->drop)) {
		c->want_drop = c->image ? DROP_CREATE : DROP_KEEP;
		return;
	}
	c->want_drop = c->image || c->drop->n ? DROP_APPEND : DROP_KEEP;
	for (size_t i = 0; i < c->drop->n; i++) {
		const char *text = c->drop->kid[i]->text;

		if (strcmp(text, "ALL") == 0) {
			c->want_drop = DROP_KEEP;
			return;
		}
		if (!found && is_all(text)) {
			found = true;
			c->want_drop = DROP_SPELL;
			c->drop_spell = i;
		}
	}
}

static void plan_add(const struct model *m, struct cont *c)
{
	size_t gone = 0;

	if (!is_list(c->add) || c->add->n == 0)
		return;
	c->want_add = arena_alloc(m->g->arena, c->add->n, sizeof(*c->want_add));
	for (size_t i = 0; i < c->add->n; i++) {
		const char *text = c->add->kid[i]->text;
		const char *canonical = caps_plain(m->g, text);
		bool allowed = caps_is_known(canonical) && model_allows(m, c, canonical);

		if (!allowed)
			c->want_add[i] = VERB_REMOVE;
		else
			c->want_add[i] = strcmp(text, canonical) == 0 ? VERB_KEEP : VERB_SPELL;
		c->changes |= c->want_add[i] != VERB_KEEP;
		gone += !allowed;
	}
	c->add_goes = gone == c->add->n;
}

void rule_plan(const struct model *m, struct cont *c)
{
	c->want_drop = DROP_KEEP;
	c->want_add = NULL;
	c->changes = c->refused = c->add_goes = false;
	if (c->deleted || c->pod->windows)
		return;
	if (c->bad) {
		c->refused = true;
		return;
	}
	plan_drop(c);
	plan_add(m, c);
	c->changes |= c->want_drop != DROP_KEEP;
	/* All between the braces goes, but the comment behind the first one belongs to nothing. */
	if (c->add_goes && !c->image && c->caps && c->caps->n == 2 && c->caps->opened) {
		c->refused = true;
		c->changes = false;
	}
}

/* What the container wants of the text that it shares, as a text. Empty: nothing. */
static const char *wish(const struct model *m, const struct cont *c)
{
	const char *text = "";

	if (c->share != SHARE_ADD && c->want_drop != DROP_KEEP)
		text = gen_printf(m->g, "drop %d %zu", (int)c->want_drop, c->drop_spell);
	if (c->share == SHARE_DROP || !c->want_add)
		return text;
	for (size_t i = 0; i < c->add->n; i++) {
		if (c->want_add[i] != VERB_KEEP)
			text = gen_printf(m->g, "%s %zu:%d", text, i, (int)c->want_add[i]);
	}
	return text;
}

const struct node *rule_shared(const struct cont *c)
{
	const struct node *const node[] = {NULL, c->sc, c->caps, c->drop, c->add};

	return node[c->share];
}

/* A list of adds that another container defines, and that goes from this one by its alias alone. */
static bool leaves(const struct cont *c)
{
	if (c->share != SHARE_ADD || !c->add_goes)
		return false;
	for (size_t i = 1; i < c->caps->n; i += 2) {
		if (c->caps->kid[i] == c->add)
			return false;
	}
	return true;
}

/* Text that several share is changed only if all of them want the same change. */
static void agree(const struct model *m, const struct node *shared)
{
	const char *first = NULL;
	bool same = true;

	for (size_t i = 0; i < m->nconts; i++) {
		const struct cont *c = m->conts[i];

		if (rule_shared(c) != shared || leaves(c))
			continue;
		if (!first)
			first = wish(m, c);
		same &= strcmp(first, wish(m, c)) == 0;
	}
	for (size_t i = 0; !same && i < m->nconts; i++) {
		struct cont *c = m->conts[i];

		if (rule_shared(c) == shared && !leaves(c) && *wish(m, c)) {
			c->changes = false;
			c->refused = true;
		}
	}
}

static bool shared_before(const struct model *m, size_t i)
{
	for (size_t k = 0; k < i && m->conts[i]->share != SHARE_NOTHING; k++) {
		if (rule_shared(m->conts[k]) == rule_shared(m->conts[i]))
			return true;
	}
	return false;
}

static void count(struct model *m, const struct cont *c)
{
	m->containers += c->uses;
	m->fixed += c->changes ? c->uses : 0;
	m->refused += c->refused ? c->uses : 0;
	m->overlays += !c->image && !c->pod->windows && !c->refused && c->uses ? 1 : 0;
	m->windows += c->pod->windows && c->uses ? 1 : 0;
}

void model_rule(struct model *m)
{
	for (size_t i = 0; i < m->nconts; i++)
		rule_plan(m, m->conts[i]);
	for (size_t i = 0; i < m->nconts; i++) {
		if (m->conts[i]->share != SHARE_NOTHING && !shared_before(m, i))
			agree(m, rule_shared(m->conts[i]));
	}
	for (size_t i = 0; i < m->nconts; i++) {
		if (m->conts[i]->changes)
			rule_write(m, m->conts[i], shared_before(m, i));
		count(m, m->conts[i]);
	}
}
