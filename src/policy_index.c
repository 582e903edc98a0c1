/* Builds the index of a policy's entries. */
#include "policy_index.h"

/* How often each hash occurs; different ones may share a counter, which only makes a choice worse. */
struct counts {
	uint32_t *v;
	size_t mask;
};

static size_t entry_group(const struct policy_entry *entry)
{
	return entry->exempt ? (size_t)GROUP_EXEMPT : caps_index(entry->capability);
}

/*
 * Steps to the next byte of the pattern that must stand in the text, right behind the ones before it as long as
 * *run grows. In paths a slash beside `**` need not be there, so none counts.
 */
static bool next_literal(struct slice pattern, enum match_key key, size_t *at, uint32_t *window, size_t *run)
{
	char byte = 0;

	while (*at < pattern.n) {
		bool literal = glob_piece(pattern, at, &byte);
		if (literal && !(key == MATCH_PATH && byte == '/')) {
			*window = *window << 8 | (unsigned char)byte;
			(*run)++;
			return true;
		}
		*run = 0;
	}
	return false;
}

/* Size of the grams that a pattern is found by. 0: it has no literal byte. */
static size_t gram_size(struct slice pattern, enum match_key key)
{
	size_t at = 0, run = 0, longest = 0;
	uint32_t window = 0;

	while (longest < GRAM && next_literal(pattern, key, &at, &window, &run))
		if (run > longest)
			longest = run;
	return longest;
}

static void count(struct counts *counts, uint64_t hash)
{
	counts->v[hash >> 1 & counts->mask]++;
}

static uint32_t counted(const struct counts *counts, uint64_t hash)
{
	return counts->v[hash >> 1 & counts->mask];
}

static void grams_count(struct counts *counts, size_t group, enum match_key key, struct slice pattern)
{
	size_t size = gram_size(pattern, key);
	size_t at = 0, run = 0;
	uint32_t window = 0;

	while (size > 0 && next_literal(pattern, key, &at, &window, &run))
		if (run >= size)
			count(counts, index_gram_hash(group, key, size, index_gram(window, size)));
}

/* Its rarest gram. Only for a pattern that has one. */
static uint64_t rarest_gram(
	const struct counts *counts, size_t group, enum match_key key, struct slice pattern, size_t size)
{
	size_t at = 0, run = 0;
	uint32_t window = 0;
	uint64_t best = 0;

	while (next_literal(pattern, key, &at, &window, &run)) {
		if (run < size)
			continue;
		uint64_t hash = index_gram_hash(group, key, size, index_gram(window, size));
		if (best == 0 || counted(counts, hash) < counted(counts, best))
			best = hash;
	}
	BUG_IF(best == 0);
	return best;
}

/* The hash that the i-th value is found by, and the size of its gram (0: the whole value). 0 if it can't be. */
static uint64_t value_hash(
	const struct counts *counts, const struct policy_entry *entry, enum match_key key, size_t i, size_t *size)
{
	const struct match_values *values = &entry->match->keys[key];
	size_t group = entry_group(entry);

	*size = 0;
	if (i < values->literals)
		return index_literal_hash(group, key, values->v[i]);
	*size = gram_size(values->v[i], key);
	return *size == 0 ? 0 : rarest_gram(counts, group, key, values->v[i], *size);
}

static void entry_count(struct counts *counts, const struct policy_entry *entry)
{
	size_t group = entry_group(entry);

	for (enum match_key key = 0; entry->match != NULL && key < MATCH_KEYS; key++) {
		const struct match_values *values = &entry->match->keys[key];
		for (size_t i = 0; i < values->n; i++) {
			if (i < values->literals)
				count(counts, index_literal_hash(group, key, values->v[i]));
			else
				grams_count(counts, group, key, values->v[i]);
		}
	}
}

/* The key by which the fewest others are found along with the entry. MATCH_KEYS: it can't be found by any. */
static enum match_key best_key(const struct counts *counts, const struct policy_entry *entry)
{
	enum match_key best = MATCH_KEYS;
	uint64_t least = UINT64_MAX;

	for (enum match_key key = 0; entry->match != NULL && key < MATCH_KEYS; key++) {
		const struct match_values *values = &entry->match->keys[key];
		uint64_t sum = values->n > 0 ? 0 : UINT64_MAX;
		for (size_t i = 0; i < values->n && sum < least; i++) {
			size_t size;
			uint64_t hash = value_hash(counts, entry, key, i, &size);
			sum = hash == 0 ? UINT64_MAX : sum + counted(counts, hash);
		}
		if (sum < least) {
			least = sum;
			best = key;
		}
	}
	return best;
}

static void item_put(struct policy_index *index, uint32_t *head, const struct policy_entry *entry, size_t rank)
{
	index->items[index->n] = (struct item){entry, (uint32_t)rank, *head};
	*head = index->n++;
}

static void entry_put(
	struct policy_index *index, const struct counts *counts, size_t rank, const struct policy_entry *entry)
{
	struct group *group = &index->groups[entry_group(entry)];
	enum match_key key = best_key(counts, entry);

	if (key == MATCH_KEYS) {
		item_put(index, &group->rest, entry, rank);
		return;
	}
	for (size_t i = 0; i < entry->match->keys[key].n; i++) {
		size_t size;
		uint64_t hash = value_hash(counts, entry, key, i, &size);
		struct bucket *bucket = index_bucket(index, hash);
		bucket->hash = hash;
		item_put(index, &bucket->head, entry, rank);
		if (size == 0)
			group->literal[key] = true;
		else
			group->sizes[key] |= (uint8_t)(1u << (size - 1));
	}
}

static int more_specific(const void *a, const void *b)
{
	const struct policy_entry *x = *(const struct policy_entry *const *)a;
	const struct policy_entry *y = *(const struct policy_entry *const *)b;
	size_t xgiven = x->match != NULL ? x->match->given : 0;
	size_t ygiven = y->match != NULL ? y->match->given : 0;
	size_t xchars = x->match != NULL ? x->match->chars : 0;
	size_t ychars = y->match != NULL ? y->match->chars : 0;

	if (xgiven != ygiven)
		return xgiven > ygiven ? -1 : 1;
	if (xchars != ychars)
		return xchars > ychars ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static void groups_rank(struct policy_index *index, const struct policy *policy, struct arena *arena)
{
	for (size_t i = 0; i < policy->n; i++)
		index->groups[entry_group(&policy->entries[i])].n++;
	for (size_t g = 0; g < GROUPS; g++) {
		struct group *group = &index->groups[g];
		group->ranked = arena_alloc(arena, group->n, sizeof(struct policy_entry *));
		group->n = 0;
	}
	for (size_t i = 0; i < policy->n; i++) {
		struct group *group = &index->groups[entry_group(&policy->entries[i])];
		group->ranked[group->n++] = &policy->entries[i];
	}
	for (size_t g = 0; g < GROUPS; g++)
		if (index->groups[g].n > 1)
			arena_sort(arena, index->groups[g].ranked, index->groups[g].n, sizeof(struct policy_entry *),
				more_specific);
}

/* A power of two of at least twice n, so that look-ups stay short. */
static size_t room_for(size_t n, size_t most)
{
	size_t size = 16;

	while (size < 2 * n && size < most)
		size *= 2;
	return size;
}

/* How many values the entries have, and bytes in them. */
static size_t values_total(const struct policy *policy, size_t *bytes)
{
	size_t total = 0;

	*bytes = 0;
	for (size_t i = 0; i < policy->n; i++) {
		const struct policy_match *match = policy->entries[i].match;
		for (size_t key = 0; match != NULL && key < MATCH_KEYS; key++) {
			total += match->keys[key].n;
			for (size_t v = 0; v < match->keys[key].n; v++)
				*bytes += match->keys[key].v[v].n;
		}
	}
	return total;
}

struct policy_index *index_build(const struct policy *policy, struct arena *arena)
{
	struct policy_index *index = arena_alloc(arena, 1, sizeof(*index));
	size_t bytes;
	size_t values = values_total(policy, &bytes);
	struct counts counts = {.mask = room_for(bytes, (size_t)1 << 18) - 1};
	struct arena scratch;

	BUG_IF(values + policy->n >= UINT32_MAX);
	arena_init(&scratch);
	counts.v = arena_alloc(&scratch, counts.mask + 1, sizeof(*counts.v));
	index->mask = room_for(values, SIZE_MAX / 2) - 1;
	index->buckets = arena_alloc(arena, index->mask + 1, sizeof(*index->buckets));
	index->items = arena_alloc(arena, values + policy->n + 1, sizeof(*index->items));
	index->n = 1;
	groups_rank(index, policy, arena);
	for (size_t i = 0; i < policy->n; i++)
		entry_count(&counts, &policy->entries[i]);
	/* The last first: each goes to the head of its bucket. */
	for (size_t g = 0; g < GROUPS; g++)
		for (size_t rank = index->groups[g].n; rank-- > 0;)
			entry_put(index, &counts, rank, index->groups[g].ranked[rank]);
	arena_release(&scratch);
	return index;
}
