/*
 * property_node: a document as the generator knows it: what it says before and after the rewrite, and how it is written.
 *
 * Each node says both: what is only in the input, only in the output, or spelled otherwise in the output. The texts and the
 * expected trees are all made from the same nodes. Everything lives in the case's arena.
 */
#ifndef PROPERTY_NODE_H
#define PROPERTY_NODE_H

#include "capfix/arena.h"
#include "capfix/buf.h"

enum node_type { N_SCALAR, N_MAP, N_SEQ, N_ALIAS };

enum node_style { S_PLAIN, S_SINGLE, S_DOUBLE, S_LITERAL, S_FOLDED, S_EMPTY, S_BLOCK, S_FLOW };

enum node_life { LIFE_BOTH, LIFE_BEFORE, LIFE_AFTER };

struct cont;

struct node {
	enum node_type type;
	enum node_style style;
	enum node_life life;    /* of a key: of the whole pair */
	bool raw;               /* a number, a boolean: never quoted */
	bool null;              /* no value, ~ or null */
	bool lines;             /* a text of several lines: a block scalar where one can be */
	bool settled;           /* the style is chosen already */
	const char *text;       /* the scalar's value; the alias's name */
	const char *after_text; /* the value in the output, if it is another */
	const char *anchor;
	const char *tag;
	bool chopped;         /* a block scalar at the end of a text without final newline: its value lacks one too */
	struct node *becomes; /* what stands there in the output instead */
	struct node **kid;    /* items; keys and values in turn */
	size_t n, cap;
	struct cont *cont; /* of the mapping that is a container */

	unsigned blanks;   /* empty lines above a key or an item */
	const char *above; /* a comment on its own line above it, below the empty lines */
	size_t above_col;
	const char *behind; /* a comment at the end of its line */
	const char *opened; /* the same, behind the opening bracket */
	const char *trail;  /* white space at the end of its line */
	unsigned behind_gap;

	size_t step;    /* columns from the line's own column to those of the nodes within, or of the continued text */
	unsigned gap;   /* blanks behind `:` or `-` */
	bool own_line;  /* `-` alone, the item's mapping on the next line */
	bool explicit;  /* `? key` */
	bool brk;       /* in flow: begins a line of its own */
	bool close_brk; /* in flow: so does the closing bracket */
	bool comma;     /* in flow: a comma behind the last */
	bool regular;   /* in flow: as a program prints JSON, around it too */
	bool tight;     /* in flow: no blanks behind `:` and `,` */
	bool pad;       /* in flow: blanks inside the brackets */
	bool fold;      /* the text is broken at its first blank */
	bool keep;      /* block scalar: `+` though one line break would not need it */
	size_t close_col; /* in flow: columns the closing bracket stands left of where it should */
};

/* One case: the source of chance, and what is known of the text as a whole. */
struct gen {
	struct arena *arena;
	uint64_t state;
	size_t serial;   /* of comments and anchors */
	bool exact;      /* the bytes of the output are known, not only the tree */
	const char *why; /* why they are not */
};

uint64_t gen_next(struct gen *g);
size_t gen_below(struct gen *g, size_t n);
bool gen_chance(struct gen *g, unsigned percent);
void gen_vague(struct gen *g, const char *why);
const char *gen_printf(struct gen *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#define GEN_PICK(g, list) ((list)[gen_below((g), sizeof(list) / sizeof(*(list)))])

struct node *node_new(struct gen *g, enum node_type type);
struct node *node_text(struct gen *g, const char *text);
/* A scalar that must be written as it is. */
struct node *node_raw(struct gen *g, const char *text);
struct node *node_null(struct gen *g);
struct node *node_alias(struct gen *g, const char *anchor);
struct node *node_map(struct gen *g);
struct node *node_seq(struct gen *g);
/* Puts a kid at place `at`, counted in kids. */
void node_put(struct gen *g, struct node *node, size_t at, struct node *kid);
void node_add(struct gen *g, struct node *seq, struct node *item);
/* Adds a pair at its end and gives back the key. */
struct node *node_pair(struct gen *g, struct node *map, const char *key, struct node *value);
/* Adds a pair at any place. */
struct node *node_pair_any(struct gen *g, struct node *map, const char *key, struct node *value);
/* The value as the input or the output has it. */
const struct node *node_shown(const struct node *node, bool after);
/* Whether the node is there in the input or the output. */
bool node_lives(const struct node *node, bool after);
const char *node_value(const struct node *node, bool after);

/* The nodes below `root` as the events that a parser must give for their text, a line for each. */
void node_events(struct buf *out, const struct node *root, bool after);

#endif
