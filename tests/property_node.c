#include "property_node.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* splitmix64: every seed is a good one, the next number too. */
uint64_t gen_next(struct gen *g)
{
	uint64_t z = g->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

size_t gen_below(struct gen *g, size_t n)
{
	BUG_IF(n == 0);
	return (size_t)(gen_next(g) % n);
}

bool gen_chance(struct gen *g, unsigned percent)
{
	return gen_below(g, 100) < percent;
}

void gen_vague(struct gen *g, const char *why)
{
	g->exact = false;
	g->why = why;
}

const char *gen_printf(struct gen *g, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return arena_dup(g->arena, slice_of(text)).p;
}

struct node *node_new(struct gen *g, enum node_type type)
{
	struct node *node = arena_alloc(g->arena, 1, sizeof(*node));

	node->type = type;
	node->gap = 1;
	node->behind_gap = 2;
	return node;
}

struct node *node_text(struct gen *g, const char *text)
{
	struct node *node = node_new(g, N_SCALAR);

	node->text = text;
	return node;
}

struct node *node_raw(struct gen *g, const char *text)
{
	struct node *node = node_text(g, text);

	node->raw = true;
	return node;
}

struct node *node_null(struct gen *g)
{
	struct node *node = node_text(g, "");

	node->null = true;
	return node;
}

struct node *node_alias(struct gen *g, const char *anchor)
{
	struct node *node = node_new(g, N_ALIAS);

	node->text = anchor;
	return node;
}

struct node *node_map(struct gen *g)
{
	return node_new(g, N_MAP);
}

struct node *node_seq(struct gen *g)
{
	return node_new(g, N_SEQ);
}

void node_put(struct gen *g, struct node *node, size_t at, struct node *kid)
{
	node->kid = arena_grow(g->arena, node->kid, node->n, &node->cap, node->n + 1, sizeof(*node->kid));
	memmove(node->kid + at + 1, node->kid + at, (node->n - at) * sizeof(*node->kid));
	node->kid[at] = kid;
	node->n++;
}

void node_add(struct gen *g, struct node *seq, struct node *item)
{
	node_put(g, seq, seq->n, item);
}

static struct node *pair_at(struct gen *g, struct node *map, size_t at, const char *key, struct node *value)
{
	struct node *name = node_text(g, key);

	node_put(g, map, at, name);
	node_put(g, map, at + 1, value);
	return name;
}

struct node *node_pair(struct gen *g, struct node *map, const char *key, struct node *value)
{
	return pair_at(g, map, map->n, key, value);
}

struct node *node_pair_any(struct gen *g, struct node *map, const char *key, struct node *value)
{
	return pair_at(g, map, gen_below(g, map->n / 2 + 1) * 2, key, value);
}

const struct node *node_shown(const struct node *node, bool after)
{
	return after && node->becomes ? node->becomes : node;
}

bool node_lives(const struct node *node, bool after)
{
	return node->life == LIFE_BOTH || node->life == (after ? LIFE_AFTER : LIFE_BEFORE);
}

const char *node_value(const struct node *node, bool after)
{
	return after && node->after_text ? node->after_text : node->text;
}

static void event_scalar(struct buf *out, const struct node *node, bool after)
{
	static const char mark[] = {
		[S_PLAIN] = ':', [S_SINGLE] = '\'', [S_DOUBLE] = '"', [S_LITERAL] = '|', [S_FOLDED] = '>'};

	buf_addf(out, "=VAL %s%s ", node->anchor ? "&" : "", node->anchor ? node->anchor : "");
	buf_addc(out, node->style == S_EMPTY ? ':' : mark[node->style]);
	for (const char *p = node_value(node, after); *p && !(node->chopped && !p[1]); p++) {
		if (*p == '\n')
			buf_adds(out, "\\n");
		else
			buf_addc(out, *p);
	}
	buf_addc(out, '\n');
}

void node_events(struct buf *out, const struct node *root, bool after)
{
	const struct node *node = node_shown(root, after);
	bool map = node->type == N_MAP;

	if (node->type == N_ALIAS) {
		buf_addf(out, "=ALI %s\n", node->text);
	} else if (node->type == N_SCALAR) {
		event_scalar(out, node, after);
	} else {
		buf_addf(out, "+%s %s %s%s\n", map ? "MAP" : "SEQ", node->style == S_FLOW ? "flow" : "block",
			node->anchor ? "&" : "", node->anchor ? node->anchor : "");
		for (size_t i = 0; i < node->n; i += map ? 2 : 1) {
			if (!node_lives(node->kid[i], after))
				continue;
			node_events(out, node->kid[i], after);
			if (map)
				node_events(out, node->kid[i + 1], after);
		}
		buf_addf(out, "-%s\n", map ? "MAP" : "SEQ");
	}
}
