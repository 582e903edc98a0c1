/*
 * property_rule: what the rule wants of a container, and how that looks in the container's style.
 */
#ifndef PROPERTY_RULE_H
#define PROPERTY_RULE_H

#include "property_model.h"

/* Fills in what the container wants. Needs no style. */
void rule_plan(const struct model *m, struct cont *c);
/* The node that the container shares with others, or NULL. */
const struct node *rule_shared(const struct cont *c);
/* Writes the planned change into the nodes. `again`: another container has written what they share. */
void rule_write(struct model *m, struct cont *c, bool again);

#endif
