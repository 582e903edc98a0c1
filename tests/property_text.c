#include "property_text.h"
#include "property_dress.h"
#include "property_render.h"

#include <string.h>

/* What the text as a whole looks like; chosen once, used for input and output. */
struct frame {
	bool bom, crlf, no_newline, start, directive;
	struct node **tail;  /* comments and empty lines behind each document */
	const char **marker; /* the line before each document but the first */
	bool *dots;          /* `...` behind it */
};

static void frame_choose(struct frame *f, struct model *m)
{
	static const char *const marker[] = {"---", "---", "---", "--- ", "--- # next", "---\t"};
	struct gen *g = m->g;

	f->bom = gen_chance(g, 5);
	f->crlf = gen_chance(g, 10);
	f->no_newline = gen_chance(g, m->open_end ? 80 : 15);
	/* libyaml: a directive's document must be marked, and so must one behind `...`. */
	f->start = gen_chance(g, 20);
	f->directive = gen_chance(g, 1);
	f->tail = arena_alloc(g->arena, m->ndocs, sizeof(*f->tail));
	f->marker = arena_alloc(g->arena, m->ndocs, sizeof(*f->marker));
	f->dots = arena_alloc(g->arena, m->ndocs, sizeof(*f->dots));
	for (size_t i = 0; i < m->ndocs; i++) {
		f->tail[i] = node_new(g, N_SCALAR);
		dress_above(g, f->tail[i], m->open_end ? 0 : 10);
		f->marker[i] = GEN_PICK(g, marker);
		f->dots[i] = gen_chance(g, 4);
	}
}

/* The text with the frame's line ends. */
static struct slice finish(const struct frame *f, struct buf *raw, bool chop, struct arena *arena)
{
	struct buf out;
	struct slice text;

	/* What is left of the input ends in no empty line, even if its last lines are gone. */
	while (chop && raw->n && raw->p[raw->n - 1] == '\n')
		raw->n--;
	buf_init(&out);
	if (f->bom)
		buf_adds(&out, "\xef\xbb\xbf");
	for (size_t i = 0; i < raw->n; i++) {
		if (f->crlf && raw->p[i] == '\n')
			buf_addc(&out, '\r');
		buf_addc(&out, raw->p[i]);
	}
	text = arena_dup(arena, buf_slice(&out));
	buf_release(&out);
	buf_release(raw);
	return text;
}

static struct slice render_all(struct frame *f, const struct model *m, bool after)
{
	struct buf raw;
	struct render r = {.out = &raw, .after = after};

	buf_init(&raw);
	if (f->directive)
		buf_adds(&raw, "%YAML 1.1\n");
	for (size_t i = 0; i < m->ndocs; i++) {
		if (i || f->start || f->directive)
			buf_addf(&raw, "%s\n", f->marker[i]);
		render_root(&r, m->docs[i]);
		render_above(&r, f->tail[i]);
		if (f->dots[i])
			buf_adds(&raw, "...\n");
	}
	return finish(f, &raw, f->no_newline, m->g->arena);
}

static struct slice events_all(const struct model *m, bool after)
{
	struct buf out;
	struct slice text;

	buf_init(&out);
	for (size_t i = 0; i < m->ndocs; i++) {
		buf_adds(&out, "+DOC\n");
		node_events(&out, m->docs[i], after);
	}
	text = arena_dup(m->g->arena, buf_slice(&out));
	buf_release(&out);
	return text;
}

/*
 * A text without final newline that ends in a block scalar with line breaks: nothing may be written behind it, since
 * its value would become another. So a new key of the container goes before the pair that holds it.
 */
static void settle_end(struct frame *f, const struct model *m)
{
	struct node *node = m->docs[m->ndocs - 1];
	const struct node *tail = f->tail[m->ndocs - 1];
	struct cont *c = NULL;
	size_t n;

	if (!f->no_newline || f->dots[m->ndocs - 1] || tail->above || (tail->blanks && !node->n))
		return;
	while ((node->type == N_MAP || node->type == N_SEQ) && node->n) {
		c = node->cont ? node->cont : c;
		node = node->kid[node->n - 1];
	}
	if (node->style != S_LITERAL && node->style != S_FOLDED)
		return;
	f->tail[m->ndocs - 1]->blanks = 0;
	n = strlen(node->text);
	if (node->text[n - 1] != '\n')
		return;
	if (node->text[n - 2] == '\n') {
		f->no_newline = false; /* the newline before it would be the final one */
		return;
	}
	node->chopped = true;
	if (c)
		c->before_last = true;
}

void case_make(struct test_case *c, uint64_t seed, struct arena *arena)
{
	struct frame frame;

	*c = (struct test_case){.gen = {.arena = arena, .state = seed, .exact = true}};
	c->model.g = &c->gen;
	c->model.path = "deploy/app.yaml";
	model_policy(&c->model);
	model_documents(&c->model);
	for (size_t i = 0; i < c->model.ndocs; i++)
		dress_document(&c->gen, c->model.docs[i]);
	frame_choose(&frame, &c->model);
	settle_end(&frame, &c->model);
	model_rule(&c->model);
	c->text = render_all(&frame, &c->model, false);
	c->want = render_all(&frame, &c->model, true);
	c->tree = events_all(&c->model, false);
	c->want_tree = events_all(&c->model, true);
}
