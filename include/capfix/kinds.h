/*
 * kinds: which objects hold containers, and where.
 *
 * Floor 3. The table is kinds_table.inc, sorted by group, kind and path. Group and kind must both match; any version of the group counts.
 */
#ifndef CAPFIX_KINDS_H
#define CAPFIX_KINDS_H

#include "capfix/arena.h"
#include "capfix/base.h"
#include "capfix/finding.h"
#include "capfix/yaml.h"

enum kind_shape {
	SHAPE_PODSPEC, /* containers, initContainers, ephemeralContainers below the path */
	SHAPE_LIST,    /* the path's last part is a list of containers */
	SHAPE_ONE,     /* the path leads to one container */
};

struct kind_path {
	const char *group; /* "" for core */
	const char *kind;
	const char *path; /* keys joined by dots; `[]` behind one: each item of its list; `{}`: each value of its map */
	enum kind_shape shape;
};

/* The rows of a group and kind: *n of them from the one given back. */
const struct kind_path *kinds_find(struct slice group, struct slice kind, size_t *n);

/* One object: a document, or an item of a list of objects. Slices are decoded, empty where the text does not say. */
struct object {
	uint32_t node;
	struct slice api_version;
	struct slice group;
	struct slice kind;
	struct slice namespace;
	struct slice name; /* metadata.name, else metadata.generateName */
};

/* One place where a container stands, seen from the root of its document (an aliased one has several). */
struct site {
	const struct object *object;
	uint32_t item;    /* the item or value as it stands there, perhaps an alias */
	uint32_t node;    /* what it is; an alias is followed */
	struct slice list; /* "containers", "initContainers", …; "container" for one on its own */
	bool windows;     /* its pod spec says os.name: windows */
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
};

/* Sites that aliases may lead to in one text before it is refused as a whole. */
enum { KINDS_MAX_SITES = 1000000 };

/* Finds the containers of all documents, in the order of the text. False, with err, if there are more than KINDS_MAX_SITES. */
bool kinds_sites(const struct yaml *yaml, struct arena *arena, struct sites *sites, struct error *err);

#endif
