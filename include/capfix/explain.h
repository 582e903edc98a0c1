/*
 * explain: what a container may do today and after the fix, and why, in words for people.
 *
 * Floor 4. Made from a container's report alone; who has no report of a file has nothing to explain. No line is
 * longer than EXPLAIN_WIDTH columns unless a single word is. Names come from manifests, so they are escaped
 * (report_text.h).
 */
#ifndef CAPFIX_EXPLAIN_H
#define CAPFIX_EXPLAIN_H

#include "capfix/arena.h"
#include "capfix/buf.h"
#include "capfix/container.h"
#include "capfix/effective.h"
#include "capfix/policy.h"

enum { EXPLAIN_WIDTH = 100 };

/* One container. Borrows. */
struct explain_input {
	struct slice path; /* of its file, as messages name it */
	const struct container_report *report;
	/*
	 * Where the lists of today are read: `report` itself, but for a container that the policy exempts the report
	 * of a run without a policy, because nobody looks into an exempt container.
	 */
	const struct container_report *today;
	const struct policy *policy; /* NULL: none */
	struct slice policy_path;
};

/* Today's lists and those after the fix, and what each runtime makes of them. */
struct explain_effect {
	bool known; /* not for an overlay, which depends on what it is merged into, and not on Windows */
	struct effective_lists before_lists;
	struct effective_lists after_lists;
	uint64_t before[RUNTIME_COUNT];
	uint64_t after[RUNTIME_COUNT];
};

/* The lists live in the arena. */
void explain_effect(struct explain_effect *effect, const struct explain_input *input, struct arena *arena);

/* An add that stands in the file; else an `ensure` entry of the policy brings it. */
bool explain_is_listed(const struct container_report *report, size_t add);

/* Appends the container's page, an empty line at its end. */
void explain_container(struct buf *out, const struct explain_input *input, struct arena *arena);

/*
 * Appends the set in its shortest form: "none", "all (41)", "WHOSE defaults (14)", a list of names, or one of the
 * former with "+ NAME" and "- NAME" behind it.
 */
void explain_set(struct buf *out, enum runtime runtime, const char *whose, uint64_t set);
/* Appends the names of the set in their order, blanks between them. */
void explain_names(struct buf *out, uint64_t set);

/* Appends the text, which must be escaped, wrapped at its blanks; all lines but the first are indented by `hang`. */
void explain_wrap(struct buf *out, struct slice text, size_t hang);
/* Columns that the text takes: its code points. */
size_t explain_columns(struct slice text);

#endif
