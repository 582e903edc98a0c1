/*
 * property_dress_scalar: the taste of a document, and what it makes of scalars.
 */
#ifndef PROPERTY_DRESS_SCALAR_H
#define PROPERTY_DRESS_SCALAR_H

#include "property_dress.h"

struct dress {
	size_t step;  /* of nested mappings */
	size_t dash;  /* of lists */
	bool mixed;   /* both at random for each node */
	bool json;    /* all in flow, all in double quotes */
	bool lines;   /* flow collections over lines */
	bool regular; /* and so does all around */
	bool tight;
	enum node_style quote; /* of most keys and texts */
	unsigned flow;         /* inside a flow collection */
	bool flow_item;        /* inside a flow sequence */
	bool key;
	unsigned flow_percent;
	unsigned trivia; /* percent of lines with a comment or an empty line above */
};

void dress_scalar(struct gen *g, struct node *node, const struct dress *d);

#endif
