/*
 * report_facts: what a finding is about: its container, capability and policy entry, found by their places and names.
 *
 * Floor 4. For one file at a time. Where it is not certain which container is meant, none is.
 */
#ifndef CAPFIX_REPORT_FACTS_H
#define CAPFIX_REPORT_FACTS_H

#include "capfix/arena.h"
#include "capfix/report_format.h"

struct facts_place;

struct facts {
	const struct report_file *file;
	struct facts_place *places; /* containers by place; in the arena, as the rest */
	size_t nplaces;
	struct facts_place *adds; /* entries of their `add` by place */
	size_t nadds;
	const struct container_report **refused; /* in the order of the reports */
	size_t nrefused;
	size_t cursor;           /* in refused */
	struct facts_seen *seen; /* how often each fingerprint was given; a hash table */
	size_t nseen;
};

/* NULL where there is none. */
struct fact {
	const struct container_report *container;
	const struct container_add *add;
	const struct policy_entry *entry; /* that decided */
};

/* Looks at all containers once: n log n. */
void facts_init(struct facts *facts, const struct report_file *file, struct arena *arena);
struct fact facts_of(struct facts *facts, const struct finding *finding);

/* The index of the container at or before the place: of several at one place the first. SIZE_MAX if there is none. */
size_t facts_place_at(const struct facts *facts, size_t line, size_t col);
const struct container_report *facts_place_report(const struct facts *facts, size_t at);

/* Room for a fingerprint with its NUL. */
enum { FINGERPRINT_SIZE = 40 };

/*
 * Writes a name for the finding that stays when lines move: a hash of path, object, container, code and capability,
 * and behind a colon its number among the findings of this file that share the hash. Ask once for each finding, in
 * their order. It tells findings apart; it is no proof against somebody who wants two to look alike.
 */
void facts_fingerprint(
	struct facts *facts, const struct finding *finding, struct fact fact, char out[FINGERPRINT_SIZE]);
/* The same for a finding that is about no container. */
void facts_fingerprint_aside(struct slice path, const struct finding *finding, char out[FINGERPRINT_SIZE]);

#endif
