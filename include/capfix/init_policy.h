/*
 * init_policy: writes the policy that keeps what containers add today, or extends one. --init-policy.
 *
 * Floor 4. Order of calls: start, look at each container of the tree, write. The reasons are left blank, so what is
 * written is no valid policy until a person has justified each entry. Before it is given out it is proved: with the
 * reasons filled in, it parses and allows each add that it was made for.
 */
#ifndef CAPFIX_INIT_POLICY_H
#define CAPFIX_INIT_POLICY_H

#include "capfix/arena.h"
#include "capfix/buf.h"
#include "capfix/container.h"
#include "capfix/policy.h"

/* One capability that one container adds. */
struct init_use {
	size_t capability; /* caps_index */
	struct slice path; /* as messages name it */
	size_t line;       /* of the entry of `add` */
	struct subject subject;
	struct slice repository;            /* of its image */
	const struct policy_entry *expired; /* an entry that allowed it once; else NULL */
	size_t order;                       /* in which they were found */
	bool by_image;
};

/* An add that no policy can allow: ALL, or a name that Linux does not know. */
struct init_odd {
	struct slice path;
	size_t line;
	struct slice text;
	bool all;
};

/* Containers of images that need capabilities back, but add none of them today. */
struct init_need {
	const struct image_hint *hint;
	size_t n;
	struct slice path; /* the first */
	size_t line;
};

/* Lives in the arena. */
struct init_policy {
	struct arena *arena;
	const struct policy *policy; /* the one to extend; may be NULL */
	uint32_t today;              /* see policy_set_today */
	struct init_use *uses;
	size_t nuses;
	size_t uses_cap;
	struct init_odd *odds;
	size_t nodds;
	size_t odds_cap;
	struct init_need *needs;
	size_t nneeds;
	size_t needs_cap;
	size_t added;         /* after writing: new entries */
	struct slice refused; /* after writing: lines about adds that get no entry; empty if there are none */
};

void init_policy_start(struct init_policy *init, uint32_t today, struct arena *arena);

/*
 * Takes down what the container adds and the policy does not allow. Copies what it needs. `policy` must be the same
 * for all containers, and live on.
 */
void init_policy_look(struct init_policy *init, const struct policy *policy, struct slice path,
	struct slice subject_path, const struct container_report *report);

/*
 * Appends the policy's text: a new one, or `text`, which must be valid, with entries added to its `allow`: every byte
 * of it stays but for a `null` that stands for that list. False where that would take guessing; err says what to do.
 */
bool init_policy_write(struct init_policy *init, const struct slice *text, struct buf *out, struct error *err);

#endif
