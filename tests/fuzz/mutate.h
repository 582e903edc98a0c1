/*
 * mutate: a text as lines, and changes to it that people make to manifests. For the fuzzer.
 */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include "capfix/arena.h"
#include "capfix/base.h"

enum { MUTATE_LINES = 2048 };

/* Each line has its break. */
struct draft {
	struct slice v[MUTATE_LINES];
	size_t n;
	struct arena *arena;
	uint32_t seed;
};

/* Below n; 0 for 0. */
size_t draft_random(struct draft *draft, size_t n);
size_t draft_indent(struct slice line);
/* The line without its break, and the break. */
struct slice draft_body(struct slice line);
struct slice draft_break(struct slice line);
/* Behind the last line that lies deeper than line i. */
size_t draft_below(const struct draft *draft, size_t i);
/* Nothing where there is no room. */
void draft_insert(struct draft *draft, size_t at, struct slice line);
void draft_remove(struct draft *draft, size_t at, size_t n);
/* `text`, so many columns in, with the break of line i. */
struct slice draft_line(struct draft *draft, size_t i, size_t indent, const char *text);
/* Where the value of "key: value" or "- value" begins in the line's body; its end if there is none. */
size_t draft_value(struct slice body);

/* One change of any kind. */
void draft_change(struct draft *draft);

/* The kinds, in two files. */
struct draft_op {
	void (*change)(struct draft *draft, size_t i);
};
extern const struct draft_op DRAFT_MOVES[];
extern const size_t DRAFT_NMOVES;
extern const struct draft_op DRAFT_STYLES[];
extern const size_t DRAFT_NSTYLES;

#endif
