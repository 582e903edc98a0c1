/*
 * property_text: a whole case: the model, its input and what must come of it.
 */
#ifndef PROPERTY_TEXT_H
#define PROPERTY_TEXT_H

#include "property_model.h"

struct test_case {
	struct gen gen;
	struct model model;
	struct slice text;      /* the input */
	struct slice want;      /* the output; its bytes are sure only if gen.exact */
	struct slice tree;      /* the events of the input */
	struct slice want_tree; /* and of the output */
};

/* Everything lives in the arena. The same seed gives the same case. */
void case_make(struct test_case *c, uint64_t seed, struct arena *arena);

#endif
