/*
 * kinds: which objects hold containers, and where.
 *
 * Floor 3. The table is kinds_table.inc, made from kinds.tsv, sorted by group, kind and path. Group and kind must both
 * match; any version of the group counts. A policy's podSpecs add to it.
 */
#ifndef CAPFIX_KINDS_H
#define CAPFIX_KINDS_H

#include "capfix/arena.h"
#include "capfix/base.h"
#include "capfix/finding.h"
#include "capfix/policy.h"
#include "capfix/yaml.h"

enum kind_shape {
	SHAPE_PODSPEC, /* initContainers, containers, ephemeralContainers below the path */
	SHAPE_LIST,    /* the path ends with `[]`: each item is a container */
	SHAPE_MAP,     /* the path ends with `{}`: each value is a container, named by its key */
	SHAPE_ONE,     /* one container */
	SHAPE_BARE,    /* a securityContext outside a container */
	SHAPE_OBJECTS, /* the path ends with `[]`: each item is an object */
	SHAPE_NONE,    /* no containers, whatever it looks like; the path is empty */
};

struct kind_path {
	const char *group; /* "" for core */
	const char *kind;
	const char *path; /* keys joined by dots; `[]` behind one: each item of its list; `{}`: each value of its map */
	enum kind_shape shape;
	bool image; /* a container there names its image, so that one without is an overlay */
};

/*
 * The rows of a group and kind: *n of them from the one given back. Built-in kinds are compared exactly, those of CRDs
 * without case: see same_kind.
 */
const struct kind_path *kinds_find(struct slice group, struct slice kind, size_t *n);

/* All rows, for tests. */
const struct kind_path *kinds_table(size_t *n);

/*
 * Part of the prefilter, for texts without `containers`: true if the text may hold an object of a group that has
 * containers under other keys, such as `steps`. Sure only when it says no. At the speed of memmem.
 */
bool kinds_may_hide(struct slice text);

/* One object: a document, or an item of a list of objects. Slices are decoded, empty where the text does not say. */
struct object {
	uint32_t node;
	struct slice api_version;
	struct slice group;
	struct slice kind;
	struct slice namespace;
	struct slice name; /* metadata.name, else metadata.generateName */
};

/* Where on the way down the rule begins. */
enum site_start {
	SITE_CONTAINER, /* `node` is a container */
	SITE_CONTEXT,   /* `node` is a securityContext of its own, of containers that are not in the text */
};

/* One place where a container stands, seen from the root of its document (an aliased one has several). */
struct site {
	const struct object *object;
	uint32_t item;     /* the item or value as it stands there, perhaps an alias */
	uint32_t node;     /* what it is; an alias is followed */
	struct slice list; /* the key that leads to it: "containers", "initContainers", "steps", "script", … */
	struct slice name; /* the container's name if it says none itself: its key in a map. Else empty */
	enum site_start start;
	bool image;   /* without an image it is an overlay */
	bool windows; /* its pod spec says os.name: windows */
};

/* Something on the way to containers that capfix cannot follow. */
struct obstacle {
	uint32_t node;
	struct slice text;
};

struct sites {
	struct site *v;
	size_t n;
	size_t cap;
	struct obstacle *obstacles;
	size_t nobstacles;
	size_t obstacles_cap;
	struct obstacle *unknown; /* container-shaped content of kinds that the table does not know */
	size_t nunknown;
	size_t unknown_cap;
	bool *live; /* by node: top-level values that paths of podSpecs go through; NULL if there are none */
};

/* Sites that aliases may lead to in one text before it is refused as a whole. */
enum { KINDS_MAX_SITES = 1000000 };

/*
 * Finds the containers of all documents: in the order of documents and objects, in each one path after the other.
 * policy: its podSpecs count too; may be NULL. False, with err, if there are more than KINDS_MAX_SITES.
 */
bool kinds_sites(const struct yaml *yaml, const struct policy *policy, struct arena *arena, struct sites *sites,
	struct error *err);

#endif
