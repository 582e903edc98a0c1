/*
 * property_model: what the generator knows about pods, their containers and the policy.
 */
#ifndef PROPERTY_MODEL_H
#define PROPERTY_MODEL_H

#include "property_node.h"

/* One entry of the policy's `allow`. A member that is NULL matches everything; a star can only be its last byte. */
struct allow {
	const char *capability; /* canonical */
	const char *kind;
	const char *name;
	const char *namespace;
	const char *container;
	const char *image;
};

struct pod {
	const char *kind;
	const char *name;
	const char *namespace; /* NULL: none */
	bool windows;
	struct node *spec;
};

enum verb { VERB_KEEP, VERB_SPELL, VERB_REMOVE };

enum drop_plan { DROP_KEEP, DROP_SPELL, DROP_APPEND, DROP_CREATE };

/* Where containers share text: the node that has the anchor. */
enum share { SHARE_NOTHING, SHARE_SC, SHARE_CAPS, SHARE_DROP, SHARE_ADD };

struct cont {
	const struct pod *pod;
	struct node *map;
	const char *name;
	const char *image; /* NULL: an overlay */
	bool deleted;      /* $patch: delete */
	size_t uses;       /* how often it stands in the document, aliases included */

	/* The values as they stand in the text, or where an alias or a merge key leads to. NULL: not there. */
	struct node *sc, *caps, *drop, *add;
	struct node *home; /* the mapping that has sc */
	bool bad;          /* something on the way has the wrong type, or stands there twice */
	enum share share;
	bool before_last; /* a new key goes before the last pair: the text ends in that pair's block scalar */

	size_t step; /* of new mappings, when they are nested */
	size_t dash; /* of new lists */

	/* What the rule says. */
	enum drop_plan want_drop;
	size_t drop_spell; /* the entry to respell */
	enum verb *want_add;
	bool add_goes;
	bool changes;
	bool refused;
};

struct model {
	struct gen *g;
	struct node **docs;
	size_t ndocs, docs_cap;
	struct cont **conts; /* in the order of the text, for a document */
	size_t nconts, conts_cap;
	struct allow *allow;
	size_t nallow, allow_cap;
	bool open_end; /* the last container is made to end the text inside a block scalar */
	const char *path;
	const char *policy;                                   /* NULL: none */
	size_t containers, fixed, refused, overlays, windows; /* what the result must say */
};

/* Chooses a policy: a text that policy_parse must take, and its meaning. */
void model_policy(struct model *m);
bool model_allows(const struct model *m, const struct cont *c, const char *canonical);

/* Adds documents until the text is big enough for a case. */
void model_documents(struct model *m);
/* One container of the list. */
void model_container(struct model *m, const struct pod *pod, struct node *list, bool ephemeral);
/* Gives the container a securityContext, or none, in some state. */
void model_security(struct model *m, struct cont *c);
/* Makes containers of one document, from number `from` on, share text. */
void model_share(struct model *m, struct node *doc, size_t from);

/* After the style is known: what must come out, written into the nodes; and the counts. */
void model_rule(struct model *m);

const char *caps_random(struct gen *g);
const char *caps_plain(struct gen *g, const char *name);
bool caps_is_known(const char *canonical);

#endif
