/* The style of collections, and comments. */
#include "property_dress_scalar.h"

#include <string.h>

/* Each comment is another, so that a lost one is missed. */
static const char *comment(struct gen *g, const char *where)
{
	static const char *const rest[] = {
		"", "", "", ": {{ .Values.x }}", " - ALL", " securityContext: {}", " \"'[", " \xe2\x82\xac", "#"};

	return gen_printf(g, "# %s %zu%s", where, ++g->serial, GEN_PICK(g, rest));
}

void dress_above(struct gen *g, struct node *node, unsigned percent)
{
	if (gen_chance(g, percent))
		node->blanks = 1 + (unsigned)gen_below(g, 2);
	if (gen_chance(g, percent)) {
		node->above = comment(g, "own");
		node->above_col = gen_chance(g, 20) ? 0 : gen_below(g, 16);
	}
}

static void dress_behind(struct gen *g, struct node *node, unsigned percent)
{
	if (gen_chance(g, percent)) {
		node->behind = comment(g, "behind");
		node->behind_gap = 1 + (unsigned)gen_below(g, 3);
	} else if (!node->null && gen_chance(g, percent / 8)) {
		node->trail = gen_chance(g, 80) ? "  " : "\t";
	}
}

/* Lists of capabilities are often in flow style, the maps around them at times, others seldom. */
static unsigned flow_percent(const struct dress *d, const struct node *key)
{
	if (!key)
		return d->flow_percent;
	if (strcmp(key->text, "drop") == 0 || strcmp(key->text, "add") == 0 || strcmp(key->text, "args") == 0)
		return 40;
	if (strcmp(key->text, "capabilities") == 0 || strcmp(key->text, "securityContext") == 0)
		return 15;
	return d->flow_percent;
}

/* Breaks the lines of a flow collection: nowhere, before each kid, or somewhere. */
static void dress_flow(struct gen *g, struct node *node, const struct dress *d)
{
	bool map = node->type == N_MAP;
	bool lines = node->n && (d->json ? d->lines && !gen_chance(g, 15) : gen_chance(g, d->flow ? 10 : 25));
	bool wrap = lines && !d->json && gen_chance(g, 30);
	unsigned own = d->json ? 0 : d->trivia;

	node->style = S_FLOW;
	node->step = d->json ? d->step : 1 + gen_below(g, 4);
	node->comma = node->n && !d->json && gen_chance(g, 12);
	node->pad = !d->json && gen_chance(g, 15);
	node->tight = d->tight;
	node->regular = d->regular && (lines || node->n == 0);
	node->close_brk = lines && (!wrap || gen_chance(g, 50));
	for (size_t i = 0; lines && i < node->n; i += map ? 2 : 1)
		node->kid[i]->brk = !wrap || gen_chance(g, 50);
	for (size_t i = 0; lines && i < node->n; i += map ? 2 : 1) {
		if (node->kid[i]->brk)
			dress_above(g, node->kid[i], own);
		if (node->kid[i]->brk && !wrap && gen_chance(g, own))
			node->kid[map ? i + 1 : i]->behind = comment(g, "behind");
	}
	if (lines && node->kid[0]->brk && gen_chance(g, own))
		node->opened = comment(g, "opened");
	if (node->close_brk && !d->json && gen_chance(g, 10))
		node->close_col = gen_below(g, 8);
}

static void dress_block(struct gen *g, struct node *node, const struct dress *d, bool in_seq)
{
	node->style = S_BLOCK;
	if (node->type == N_MAP)
		node->step = d->mixed ? 1 + gen_below(g, 8) : d->step;
	else
		node->step = d->mixed ? gen_below(g, 5) : d->dash;
	if (node->type == N_SEQ && in_seq && node->step == 0)
		node->step = 1;
	for (size_t i = 0; i < node->n; i += node->type == N_MAP ? 2 : 1) {
		struct node *kid = node->kid[i];

		dress_above(g, kid, d->trivia);
		if (node->type == N_SEQ) {
			kid->gap = gen_chance(g, 8) ? 1 + (unsigned)gen_below(g, 4) : 1;
			kid->own_line = gen_chance(g, 3);
			dress_behind(g, kid, d->trivia);
			kid->trail = kid->trail ? "  " : NULL; /* libyaml takes no tab behind a dash */
		} else {
			kid->gap = gen_chance(g, 5) ? 1 + (unsigned)gen_below(g, 3) : 1;
			dress_behind(g, node->kid[i + 1], d->trivia);
			/* A collection may become the value of an explicit key: libyaml takes no tab behind that `:`. */
			if (node->kid[i + 1]->type != N_SCALAR && node->kid[i + 1]->trail)
				node->kid[i + 1]->trail = "  ";
		}
	}
}

static bool nested(const struct node *node)
{
	return node->type == N_MAP && node->style == S_BLOCK;
}

/*
 * The step of a container's nested block mappings. Where they differ, the first of its own values counts, else the first
 * that is nested deeper. 0: there is none.
 */
static size_t nested_step(const struct node *node, bool own)
{
	size_t by = node->type == N_MAP ? 2 : 1, step = 0;

	for (size_t i = by - 1; own && i < node->n; i += 2) {
		if (nested(node->kid[i]))
			return node->kid[i]->step;
	}
	for (size_t i = by - 1; !step && i < node->n; i += by) {
		if (by == 2 && nested(node) && nested(node->kid[i]))
			step = node->kid[i]->step;
		if (!step)
			step = nested_step(node->kid[i], false);
	}
	return step;
}

static void dress_node(
	struct gen *g, struct node *node, struct dress d, const struct node *key, const struct node *parent);

static void dress_kids(struct gen *g, struct node *node, struct dress d)
{
	bool map = node->type == N_MAP;

	d.flow += node->style == S_FLOW;
	d.regular &= node->regular;
	d.flow_item = !map && node->style == S_FLOW;
	for (size_t i = 0; i < node->n; i += map ? 2 : 1) {
		struct dress k = d;

		k.key = true;
		if (map) {
			dress_scalar(g, node->kid[i], &k);
			node->kid[i]->explicit = !d.flow && gen_chance(g, 1) && gen_chance(g, 40);
			if (node->kid[i]->explicit)
				gen_vague(g, "an explicit key");
		}
		dress_node(g, node->kid[map ? i + 1 : i], d, map ? node->kid[i] : NULL, node);
	}
}

static void dress_node(
	struct gen *g, struct node *node, struct dress d, const struct node *key, const struct node *parent)
{
	struct cont *c = node->cont;

	if (node->type == N_SCALAR) {
		dress_scalar(g, node, &d);
		return;
	}
	if (node->type == N_ALIAS)
		return;
	if (c) {
		c->dash = parent->step;
		if (gen_chance(g, 12))
			d.step = 1 + gen_below(g, 8);
		d.mixed |= gen_chance(g, 5);
	}
	if (d.flow || node->n == 0 || d.json || gen_chance(g, flow_percent(&d, key)))
		dress_flow(g, node, &d);
	else
		dress_block(g, node, &d, !key);
	if (!d.json && node->n && gen_chance(g, 1))
		node->tag = node->type == N_MAP ? "!!map" : "!!seq";
	dress_kids(g, node, d);
	if (c && node->style == S_BLOCK)
		c->step = nested_step(node, true);
	if (c && !c->step)
		c->step = c->pod->spec->step;
}

void dress_document(struct gen *g, struct node *root)
{
	static const unsigned trivia[] = {0, 0, 2, 6, 15};
	static const enum node_style quote[] = {S_PLAIN, S_PLAIN, S_PLAIN, S_PLAIN, S_DOUBLE, S_SINGLE};
	struct dress d = {.step = gen_chance(g, 70) ? 2 : 1 + gen_below(g, 8), .flow_percent = 4};

	d.dash = gen_chance(g, 45) ? 0 : gen_chance(g, 80) ? d.step : 1 + gen_below(g, 5);
	d.mixed = gen_chance(g, 8);
	d.json = gen_chance(g, 10);
	d.lines = gen_chance(g, 60);
	d.regular = d.json && d.lines;
	d.tight = d.json && !d.lines && gen_chance(g, 50);
	d.quote = GEN_PICK(g, quote);
	d.trivia = GEN_PICK(g, trivia);
	if (d.json && d.quote == S_PLAIN)
		d.quote = S_DOUBLE;
	if (root->null) {
		root->style = S_EMPTY;
		return;
	}
	dress_node(g, root, d, NULL, NULL);
	root->tag = NULL;
	root->step = root->style == S_BLOCK ? 0 : root->step;
	if (root->style == S_BLOCK && gen_chance(g, 2))
		root->step = 1 + gen_below(g, 4);
}
