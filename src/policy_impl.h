/*
 * policy_impl: what the files of policy share. Private to them.
 *
 *   policy.c          the door: documents, top-level keys, the getters
 *   policy_read.c     reading the node table: keys, strings, mistakes and their words
 *   policy_entry.c    one entry of allow or exempt
 *   policy_pattern.c  its `match`
 *   policy_list.c     one entry of podSpecs or exclude
 *   policy_twins.c    duplicates and contradictions
 *   policy_match.c    an entry against a subject
 *   policy_index.c    finding the entries that may match, without looking at all: see policy_index.h
 */
#ifndef POLICY_IMPL_H
#define POLICY_IMPL_H

#include "capfix/policy.h"
#include "capfix/yaml.h"

enum match_key { MATCH_PATH, MATCH_KIND, MATCH_NAMESPACE, MATCH_NAME, MATCH_CONTAINER, MATCH_IMAGE, MATCH_KEYS };

/* One pattern per value. Sorted, literal ones first, each once. n is 0 where the key is not given. */
struct match_values {
	struct slice *v;
	size_t n;
	size_t literals;
};

struct policy_match {
	struct match_values keys[MATCH_KEYS];
	size_t given; /* keys */
	size_t chars; /* bytes that are no wildcards, see policy_allows */
};

struct policy {
	struct policy_entry *entries;
	size_t n;
	size_t cap;
	struct policy_pod_spec *pod_specs;
	size_t npod_specs;
	size_t pod_specs_cap;
	const struct policy_pod_spec **pod_specs_by_kind; /* the same, sorted; see pod_specs_sort */
	struct policy_exclude *excludes;
	size_t nexcludes;
	size_t excludes_cap;
	uint32_t today;
	struct policy_index *index;
};

/* Entries are grouped by capability; the last group holds the exempt ones. */
enum { GROUP_EXEMPT = CAPS_COUNT, GROUPS };

/* One thing of which there must not be two. */
struct twin {
	struct slice match; /* bytes that are equal where the matches are */
	struct slice name;  /* the capability; empty for the others */
	size_t line;
	size_t col;
};

struct twins {
	struct twin *v;
	size_t n;
	size_t cap;
};

/*
 * Nodes are followed through aliases (yaml_resolve). That stays cheap: yaml_parse refuses texts in which aliases repeat
 * too much. It can't loop either: the keys of a policy nest four levels deep, and no further.
 */
struct reader {
	const struct yaml *yaml;
	struct arena *arena;
	struct findings *errors;
	struct policy *policy;
	struct twins entries;
	struct twins pod_specs;
	struct twins excludes;
};

/* The keys that a mapping may have. */
struct fields {
	const char *what; /* "the policy", "an entry of `allow`" */
	const char *const *names;
	size_t n;
};

/* ---- policy_read.c ---- */

/* Adds an error at the node (at its key where it has no text of its own). `text` lives in the arena. */
void reader_mistake(struct reader *reader, uint32_t node, struct slice text);
/*
 * The values of a mapping's known keys, 0 where there is none. Reports unknown keys and those that stand there
 * twice. False (reported) if it is no mapping.
 */
bool reader_fields(struct reader *reader, uint32_t node, const struct fields *fields, uint32_t *values);
/* A string that is not empty; false (reported) for anything else. `what` is the key. The slice may borrow the text. */
bool reader_string(struct reader *reader, uint32_t node, const char *what, struct slice *out);
/* The same, on one line, in the arena, and not blank. `advice` follows "`what` is blank: ". */
bool reader_line(struct reader *reader, uint32_t node, const char *what, const char *advice, struct slice *out);
/* First item of a list, 0 for none. False (reported) if it is no list; a null counts as an empty one. */
bool reader_list(struct reader *reader, uint32_t node, const char *what, uint32_t *first);
/* The text for a message: cut where it is long, without control characters. */
const char *reader_shown(struct reader *reader, struct slice text);
/* Says that the entry lacks a key that it needs. */
void reader_missing(struct reader *reader, uint32_t entry, const char *key, const char *advice);
/* The name that was probably meant, or NULL. Case and a few letters are forgiven. */
const char *reader_near(struct slice word, const char *const *names, size_t n);

/* ---- policy_entry.c ---- */

void entry_read(struct reader *reader, uint32_t node, bool exempt);

/* ---- policy_list.c ---- */

void pod_spec_read(struct reader *reader, uint32_t node);
/* Once all are read; policy_pod.c. */
void pod_specs_sort(struct policy *policy, struct arena *arena);
void exclude_read(struct reader *reader, uint32_t node);

/* ---- policy_pattern.c ---- */

/* Reads `match`. False (reported) if it is not valid. */
bool match_read(struct reader *reader, uint32_t node, struct policy_match **out);
/* One glob on paths. False (reported) if it is not valid. */
bool path_glob_check(struct reader *reader, uint32_t node, const char *what, struct slice glob);
/* Bytes that are equal for equal matches and differ for others. Empty for NULL. */
struct slice match_bytes(const struct policy_match *match, struct arena *arena);

/* ---- policy_twins.c ---- */

void twins_add(struct twins *twins, struct arena *arena, struct twin twin);
/* Reports what stands there twice, and names allowed for a match that is exempt. `what`: the list of the nameless. */
void twins_report(struct twins *twins, struct arena *arena, struct findings *errors, const char *what);

/* ---- policy_match.c ---- */

struct slice subject_value(const struct subject *subject, enum match_key key);

/* ---- policy_index.c, policy_find.c ---- */

struct policy_index *index_build(const struct policy *policy, struct arena *arena);
/* The most specific live entry of the group that matches, or NULL. */
const struct policy_entry *index_find(
	const struct policy *policy, size_t group, const struct subject *subject, bool *used);

#endif
