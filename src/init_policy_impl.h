/* init_policy, between its files. */
#ifndef CAPFIX_INIT_POLICY_IMPL_H
#define CAPFIX_INIT_POLICY_IMPL_H

#include "capfix/edit.h"
#include "capfix/init_policy.h"

/* The keys of `match`, in the order in which they are written. */
enum init_key { INIT_PATH, INIT_KIND, INIT_NAMESPACE, INIT_NAME, INIT_CONTAINER, INIT_IMAGE, INIT_KEYS };

/* Patterns; any of them is to match. */
struct init_values {
	struct slice *v;
	size_t n;
};

/* An entry to be, with the uses that it is for, in the order in which they were found. */
struct init_entry {
	const struct init_use **uses;
	size_t nuses;
	struct init_values match[INIT_KEYS];
	struct slice refusal; /* why the policy can't hold it; else empty */
	size_t at;            /* where it starts in the entries' text */
};

struct init_entries {
	struct init_entry *v;
	size_t n;
};

/* How entries are written. */
struct init_style {
	bool flow;
	bool quoted;         /* flow: keys and texts in double quotes, as in JSON */
	struct slice indent; /* of a dash, of an item of a flow list */
	size_t inner;        /* block: columns from the dash to the keys */
	bool comma;          /* flow: one behind the last entry too */
};

/* Where they go in an existing text. */
struct init_place {
	struct init_style style;
	struct edits edits;  /* what else changes, such as a comma behind the last old entry; not sealed */
	size_t at;           /* where the entries go */
	struct slice before; /* what stands before and behind them */
	struct slice after;
	bool open;               /* the last entry ends without a line break */
	struct slice line_break; /* of the text */
};

/* Merges the uses into entries. Sorts init->uses. */
void init_merge(struct init_policy *init, struct init_entries *entries);

/* Finds the place for more entries of `allow`. `text` is a valid policy. */
bool init_place_find(struct init_place *place, struct slice text, struct arena *arena, struct error *err);

/*
 * Appends the entries with their comments, lines ending with LF; sets the places of those that are not refused.
 * `reason` is what stands as each one's reason: nothing, or a word for the proof.
 */
void init_write_entries(
	struct buf *out, struct init_entries *entries, const struct init_style *style, const char *reason, bool open);
/* Appends what cannot be allowed, and why, as comments, each line after the indent. */
void init_write_odds(struct buf *out, const struct init_policy *init, struct slice indent);
void init_write_needs(struct buf *out, const struct init_policy *init);

/* Appends the text as a scalar that reads as a string: plain, or in quotes. */
void init_write_scalar(struct buf *out, struct slice text, bool quoted);

/* A pattern that matches the text only. Bytes that are not UTF-8 become `?`: YAML has no way to write them. */
struct slice init_literal(struct slice text, const char *behind, struct arena *arena);

#endif
