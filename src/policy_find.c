/* Looks up in the index of a policy's entries. */
#include "policy_index.h"

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 32) * 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9u;
	return (x ^ x >> 32) | 1;
}

static uint64_t seed(size_t group, enum match_key key, size_t size)
{
	return (((uint64_t)group * MATCH_KEYS + key) * (GRAM + 1) + size) << 32;
}

uint64_t index_gram_hash(size_t group, enum match_key key, size_t size, uint32_t gram)
{
	return mix(seed(group, key, size) | gram);
}

uint64_t index_literal_hash(size_t group, enum match_key key, struct slice text)
{
	uint64_t hash = seed(group, key, 0);

	for (size_t i = 0; i < text.n; i++)
		hash = (hash ^ (unsigned char)text.p[i]) * 0x100000001b3u;
	return mix(hash);
}

uint32_t index_gram(uint32_t window, size_t size)
{
	return size == GRAM ? window : window & (((uint32_t)1 << 8 * size) - 1);
}

struct bucket *index_bucket(const struct policy_index *index, uint64_t hash)
{
	size_t at = hash >> 1 & index->mask;

	while (index->buckets[at].hash != 0 && index->buckets[at].hash != hash)
		at = (at + 1) & index->mask;
	return &index->buckets[at];
}

struct search {
	const struct policy *policy;
	const struct policy_index *index;
	const struct group *group;
	const struct subject *subject;
	bool *used;    /* not NULL: all that match are wanted, not just the best */
	size_t best;   /* rank; group->n: nothing yet */
	size_t budget; /* visits left until looking at all of them is cheaper */
};

static bool applies(const struct search *search, const struct policy_entry *entry)
{
	return !policy_expired(search->policy, entry) && policy_matches(entry, search->subject);
}

/* Matches one entry. True if it applies. */
static bool take(struct search *search, size_t rank)
{
	const struct policy_entry *entry = search->group->ranked[rank];

	if (!applies(search, entry))
		return false;
	if (rank < search->best)
		search->best = rank;
	if (search->used)
		search->used[entry->index] = true;
	return true;
}

/* Matches the entries of one bucket that are more specific than the best one so far. */
static void bucket_visit(struct search *search, uint32_t head)
{
	while (head != 0 && search->budget > 0) {
		const struct item *item = &search->index->items[head];
		if (item->rank >= search->best && !search->used)
			return;
		search->budget--;
		head = take(search, item->rank) && !search->used ? 0 : item->next;
	}
}

static void hash_visit(struct search *search, uint64_t hash)
{
	bucket_visit(search, index_bucket(search->index, hash)->head);
}

static void grams_visit(struct search *search, size_t group, enum match_key key, struct slice text)
{
	uint8_t sizes = search->group->sizes[key];
	uint32_t window = 0;

	for (size_t i = 0; i < text.n && search->budget > 0; i++) {
		window = window << 8 | (unsigned char)text.p[i];
		for (size_t size = 1; size <= GRAM && size <= i + 1; size++)
			if (sizes >> (size - 1) & 1)
				hash_visit(search, index_gram_hash(group, key, size, index_gram(window, size)));
	}
}

/* A value of many equal grams can make the buckets dearer than the plain way. */
static void all_visit(struct search *search)
{
	search->best = search->group->n;
	for (size_t rank = 0; rank < search->group->n; rank++)
		if (take(search, rank) && !search->used)
			return;
}

const struct policy_entry *index_find(
	const struct policy *policy, size_t group, const struct subject *subject, bool *used)
{
	const struct group *in = &policy->index->groups[group];
	struct search search = {policy, policy->index, in, subject, used, in->n, 2 * in->n + 1};

	if (in->n == 0)
		return NULL;
	bucket_visit(&search, in->rest);
	for (enum match_key key = 0; key < MATCH_KEYS; key++) {
		struct slice text = subject_value(subject, key);
		if (in->literal[key])
			hash_visit(&search, index_literal_hash(group, key, text));
		if (in->sizes[key] != 0)
			grams_visit(&search, group, key, text);
	}
	if (search.budget == 0)
		all_visit(&search);
	return search.best < in->n ? in->ranked[search.best] : NULL;
}
