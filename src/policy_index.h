/*
 * policy_index: finding the entries that may match a subject, without looking at all of them. Private to
 * policy.
 *
 * Each entry lies in the buckets of one key of its match, one for each value: under the whole value if that is
 * literal, else under a gram of it. A gram is a run of up to four bytes that must stand in whatever the pattern
 * matches. Which key, and which gram, is decided by counting: the ones that the fewest entries share. A look-up
 * visits the bucket of the subject's value, and those of the grams that stand in it. Buckets are told apart by
 * their hash alone, so they may hold strangers: each visited entry is matched in full.
 *
 * policy_index.c builds it, policy_find.c looks up.
 */
#ifndef POLICY_INDEX_H
#define POLICY_INDEX_H

#include "policy_impl.h"

enum { GRAM = 4 };

struct item {
	const struct policy_entry *entry;
	uint32_t rank; /* in its group */
	uint32_t next; /* in its bucket, of a higher rank; 0: none */
};

struct bucket {
	uint64_t hash; /* 0: free */
	uint32_t head;
};

struct group {
	const struct policy_entry **ranked; /* the most specific first */
	size_t n;
	uint32_t rest;             /* those that have no literal byte to be found by */
	bool literal[MATCH_KEYS];  /* there are buckets of whole values */
	uint8_t sizes[MATCH_KEYS]; /* bit size-1: there are buckets of grams of that size */
};

struct policy_index {
	struct group groups[GROUPS];
	struct bucket *buckets;
	size_t mask;
	struct item *items; /* [0] is unused */
	uint32_t n;
};

/* Hashes are never 0. */
uint64_t index_gram_hash(size_t group, enum match_key key, size_t size, uint32_t gram);
uint64_t index_literal_hash(size_t group, enum match_key key, struct slice text);
/* The last `size` bytes of the window, as a number. */
uint32_t index_gram(uint32_t window, size_t size);
/* The bucket of the hash, or the free one that it would get. */
struct bucket *index_bucket(const struct policy_index *index, uint64_t hash);

#endif
