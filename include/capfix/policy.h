/*
 * policy: the allowlist of `.capfix.yaml`: which capabilities which containers may add, and why. SPEC 5.
 *
 * Floor 3. Reads text that it is given; finding the file is the shell's work. Pure: after policy_set_today
 * nothing in a policy changes, so any number of threads may ask it. Who wants to know which entries were used
 * keeps a set of their `index`es.
 */
#ifndef CAPFIX_POLICY_H
#define CAPFIX_POLICY_H

#include "capfix/arena.h"
#include "capfix/base.h"
#include "capfix/caps.h"
#include "capfix/finding.h"
#include "capfix/glob.h"

/*
 * What a rule's `match` is held against. Empty slices where the manifest does not say: there only a pattern matches
 * that an empty text satisfies, such as `*`. Borrows.
 */
struct subject {
	struct slice path; /* relative to the policy file's folder, with `/`; see glob_match */
	struct slice kind;
	struct slice namespace; /* metadata.namespace */
	struct slice name;      /* metadata.name, else metadata.generateName */
	struct slice container;
	struct slice image; /* as written */
};

/*
 * One entry of `allow` or `exempt`. Slices live in the policy's arena. Texts for people are on one line: a run
 * of white space or control characters is one space.
 */
struct policy_entry {
	size_t index; /* 0-based, allow and exempt counted together: see policy_at */
	size_t line;  /* 1-based, of the entry */
	size_t col;
	struct slice capability; /* canonical; empty for `exempt` */
	struct slice reason;     /* never empty */
	struct slice owner;      /* empty if not given, as the next two */
	struct slice ticket;
	struct slice expires;       /* YYYY-MM-DD or empty */
	uint32_t expires_on;        /* the same as a number, 20270630; 0 if it never expires */
	bool exempt;                /* it is of `exempt` */
	bool ensure;                /* the capability is to be added where it is missing */
	struct policy_match *match; /* NULL: matches everything */
};

/* One entry of `podSpecs`: a kind to know beyond the built-in table. */
struct policy_pod_spec {
	size_t line;
	size_t col;
	struct slice api_version; /* group and version, a glob with paths; of the core group the version alone */
	struct slice kind;        /* literal */
	struct slice path; /* names joined by dots, each with any number of `[]` (list) or `{}` (map) behind it */
};

/* One glob of `exclude`. */
struct policy_exclude {
	size_t line;
	size_t col;
	struct slice glob;
};

struct policy;

/*
 * Parses and checks the whole text. On mistakes returns NULL, with all of them in `errors` (level error, code
 * policy, each with line and column, in the order of their places). A text that is not YAML has one mistake.
 * The policy lives in the arena and borrows nothing from text. Cost: n log n in the text.
 */
struct policy *policy_parse(struct slice text, struct arena *arena, struct findings *errors);

/* What a policy lists, without what its entries match. */
struct policy_list {
	struct policy_entry *entries; /* by index; their `match` is NULL */
	size_t n;
	struct policy_exclude *excludes;
	size_t nexcludes;
	struct policy_pod_spec *pod_specs;
	size_t npod_specs;
};

/*
 * A policy made from its lists, for who has got them from another process: all can be asked of it but what matches a
 * container or a kind (policy_allows, policy_exempts, policy_use, policy_matches, policy_pod_specs_of). Borrows the
 * lists and their texts.
 */
struct policy *policy_listed(const struct policy_list *list, struct arena *arena);

/* Today's date in UTC, such as 20270630. Entries that expired before it stop applying. 0, as at first: none has. */
void policy_set_today(struct policy *policy, uint32_t today);

/*
 * The entry that allows the capability (by canonical name) for the subject, or NULL. Never for ALL. Of several
 * the most specific: the one with more keys in its `match`; then with more bytes that are no wildcards (of a
 * list, the shortest value counts); then the first in the file. Expired entries are passed over.
 */
const struct policy_entry *policy_allows(
	const struct policy *policy, struct slice capability, const struct subject *subject);

/* The entry that exempts the container, or NULL. The most specific, as above. */
const struct policy_entry *policy_exempts(const struct policy *policy, const struct subject *subject);

/*
 * The same two, and every entry that matches is marked in `used`, which has room for policy_count of them: an entry
 * that is never marked in a whole run matched nothing.
 */
const struct policy_entry *policy_use(
	const struct policy *policy, struct slice capability, const struct subject *subject, bool *used);
const struct policy_entry *policy_use_exempt(const struct policy *policy, const struct subject *subject, bool *used);

/* Does this one entry match? Whether it has expired is another question. */
bool policy_matches(const struct policy_entry *entry, const struct subject *subject);

/* All entries of allow and exempt, by index, in the order of their places within each. BUG beyond the last. */
size_t policy_count(const struct policy *policy);
const struct policy_entry *policy_at(const struct policy *policy, size_t index);

/* It expired before today. False while no day is set. */
bool policy_expired(const struct policy *policy, const struct policy_entry *entry);
/*
 * Days from today to the entry's last day: 0 on that day, negative when it has expired. False if it never expires or no
 * day is set.
 */
bool policy_days_left(const struct policy *policy, const struct policy_entry *entry, int64_t *days);

/* The podSpecs in the order of the file; NULL with *n = 0 if there are none. */
const struct policy_pod_spec *policy_pod_specs(const struct policy *policy, size_t *n);
/* Those of one kind, sorted by path, then in the order of the file: *n from the one given back. */
const struct policy_pod_spec *const *policy_pod_specs_of(const struct policy *policy, struct slice kind, size_t *n);

/* The globs of `exclude` in the order of the file. */
const struct policy_exclude *policy_excludes(const struct policy *policy, size_t *n);
/* The glob of `exclude` that matches the path or a folder that it lies in, or NULL. path is as in subject. */
const struct policy_exclude *policy_excluded(const struct policy *policy, struct slice path);

/* A date of the calendar, written YYYY-MM-DD, as a number such as 20270630. 0 if it is none. For today's date too. */
uint32_t policy_date(struct slice text);

#endif
