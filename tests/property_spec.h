/*
 * property_spec: pod specs, and the small change that other fields are made of.
 */
#ifndef PROPERTY_SPEC_H
#define PROPERTY_SPEC_H

#include "property_model.h"

/* A pod spec with its lists of containers. */
struct node *spec_pod(struct model *m, struct pod *pod);
/* A mapping of some texts. */
struct node *spec_words(struct gen *g);
/* A text that wants to be a block scalar. */
struct node *spec_lines(struct gen *g);

#endif
