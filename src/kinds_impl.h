/* What the parts of kinds share. */
#ifndef CAPFIX_KINDS_IMPL_H
#define CAPFIX_KINDS_IMPL_H

#include "capfix/kinds.h"

/* A list or map that a path goes through: what is left of it, and of the path. */
struct level {
	uint32_t item;
	const char *path;
	struct slice key; /* its own, in the path */
};

struct walk {
	const struct yaml *yaml;
	const struct policy *policy; /* may be NULL */
	struct arena *arena;
	struct sites *sites;
	const struct object *object;
	bool *seen; /* by node: an obstacle has been noted there; NULL before the first */
	struct level *levels;
	size_t nlevels;
	size_t levels_cap;
};

/* Which lists of a pod spec to walk, as bits. */
enum { POD_INIT = 1, POD_CONTAINERS = 2, POD_EPHEMERAL = 4, POD_ALL = 7 };

/* A path to walk from the current object. */
struct route {
	const char *path;
	enum kind_shape shape;
	bool image;
	unsigned lists; /* of a pod spec */
};

/*
 * The value of a key as it stands, or YAML_NONE; merge keys are followed. What parsers may read in different ways is
 * an obstacle, and there is nothing to find where the map is none.
 */
uint32_t kinds_child(struct walk *walk, uint32_t map, const char *key);
/* A scalar's value, or that of a key; empty if it is something else or null. */
struct slice kinds_text(struct walk *walk, uint32_t node);
struct slice kinds_text_at(struct walk *walk, uint32_t map, const char *key);
/* Notes something that cannot be followed, once for each node. */
void kinds_obstacle(struct walk *walk, uint32_t node, struct slice text);

/* From the current object to its containers; kinds_walk.c. */
void kinds_walk(struct walk *walk, const struct route *route);

/*
 * An object of a kind that is not known: is there something container-shaped in it? Names the first place;
 * kinds_unknown.c.
 */
void kinds_unknown(struct walk *walk);

#endif
