/*
 * property_dress: chooses at random how a document is written.
 */
#ifndef PROPERTY_DRESS_H
#define PROPERTY_DRESS_H

#include "property_model.h"

/* Styles, steps, quotes, comments and empty lines for a whole document. */
void dress_document(struct gen *g, struct node *root);
/* Empty lines and a comment above a node, at times. */
void dress_above(struct gen *g, struct node *node, unsigned percent);
/* Whether the text can be a plain scalar that is a string. */
bool dress_plain_ok(const char *text, bool flow);

#endif
