/*
 * container: what there is to say about one container, as data. Reports, --explain and --init-policy are made from it.
 *
 * Floor 3. Filled in by plan; slices are decoded and live in the arena of the file.
 */
#ifndef CAPFIX_CONTAINER_H
#define CAPFIX_CONTAINER_H

#include "capfix/base.h"

/* What became of one container. */
enum container_state {
	CONTAINER_COMPLIES, /* follows the rule as it is */
	CONTAINER_FIXED,    /* follows it once the edits are made */
	CONTAINER_REFUSED,  /* breaks it, and is left so */
	CONTAINER_OVERLAY,  /* has no image; its lists are held to the rule all the same */
	CONTAINER_WINDOWS,
	CONTAINER_EXEMPT,
};

/* One entry of a container's `add` today, or one that an `ensure` entry brings. */
struct container_add {
	struct slice text; /* as written, decoded */
	struct slice canonical;
	bool kept;
	size_t entry; /* kept: the policy entry's index (policy_at) */
	size_t line;  /* 1-based, as col */
	size_t col;
};

/* One container as it stands at one place. */
struct container_report {
	struct slice api_version;
	struct slice kind;
	struct slice namespace;
	struct slice name;      /* metadata.name or generateName */
	struct slice list;      /* containers, initContainers, ephemeralContainers, or the key of another shape */
	struct slice container; /* its own name */
	struct slice image;
	enum container_state state;
	size_t line; /* 1-based, of its first key; as col */
	size_t col;
	size_t last_line; /* the line that its last value ends on */
	bool privileged;  /* the runtime ignores drop then */
	bool drops_all;   /* today, spelled ALL */
	const struct container_add *adds;
	size_t nadds;
	const struct slice *drops; /* today, as written, decoded */
	size_t ndrops;
	struct slice reason; /* refused, overlay, windows, exempt: why. Else empty */
	size_t entry;        /* exempt: the policy entry's index */
};

#endif
