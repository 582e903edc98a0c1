/*
 * property_render: the text of the nodes, as it is before and as it must be after.
 */
#ifndef PROPERTY_RENDER_H
#define PROPERTY_RENDER_H

#include "property_model.h"

struct render {
	struct buf *out;
	bool after;
	/* The text ends with a block scalar whose content stands at this column (0: it does not), with its blank lines. */
	size_t scalar_col;
	bool scalar_keeps;
};

/*
 * Writes a document's root at column 0. The first rendering, that of the input, comes first: it takes away blank lines
 * and moves comments where they would be content of the block scalar above them.
 */
void render_root(struct render *r, struct node *root);
/* Empty lines and the comment above a node; ends at the start of a line. */
void render_above(struct render *r, struct node *node);

/* The parts: where a line is open, at column `col` of the line's own indentation. */
void render_flow(struct render *r, struct node *node, size_t base);
void render_behind(struct render *r, const struct node *node);
void render_break(struct render *r);
void render_props(struct render *r, const struct node *node);
void render_scalar(struct render *r, const struct node *node, size_t base);

#endif
