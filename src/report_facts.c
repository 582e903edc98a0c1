#include "capfix/report_facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Of several that share a text (by an alias), so many are looked at: a hostile file must not make this quadratic. */
enum { TRIES = 32 };

struct facts_place {
	size_t line;
	size_t col;
	const struct container_report *report;
	const struct container_add *add; /* NULL in the table of containers */
};

struct facts_seen {
	uint64_t hash;
	size_t count; /* 0: free */
};

static int compare(const void *a, const void *b)
{
	const struct facts_place *x = a, *y = b;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->col != y->col ? (x->col < y->col ? -1 : 1) : 0;
}

static void index_adds(struct facts *facts, struct arena *arena)
{
	const struct rewrite_result *result = facts->file->result;
	size_t n = 0;
	for (size_t i = 0; i < result->nreports; i++)
		n += result->reports[i].nadds;
	facts->adds = arena_alloc(arena, n + 1, sizeof(*facts->adds));
	for (size_t i = 0; i < result->nreports; i++)
		for (size_t j = 0; j < result->reports[i].nadds; j++) {
			const struct container_add *add = &result->reports[i].adds[j];
			/* What is to be added has no place yet. */
			if (add->line > 0)
				facts->adds[facts->nadds++] =
					(struct facts_place){add->line, add->col, &result->reports[i], add};
		}
	arena_sort(arena, facts->adds, facts->nadds, sizeof(*facts->adds), compare);
}

void facts_init(struct facts *facts, const struct report_file *file, struct arena *arena)
{
	const struct rewrite_result *result = file->result;
	*facts = (struct facts){.file = file, .nseen = 16};
	facts->places = arena_alloc(arena, result->nreports + 1, sizeof(*facts->places));
	facts->refused = arena_alloc(arena, result->nreports + 1, sizeof(struct container_report *));
	for (size_t i = 0; i < result->nreports; i++) {
		const struct container_report *report = &result->reports[i];
		facts->places[facts->nplaces++] = (struct facts_place){report->line, report->col, report, NULL};
		if (report->state == CONTAINER_REFUSED)
			facts->refused[facts->nrefused++] = report;
	}
	arena_sort(arena, facts->places, facts->nplaces, sizeof(*facts->places), compare);
	index_adds(facts, arena);
	while (facts->nseen < 2 * result->findings.n)
		facts->nseen *= 2;
	facts->seen = arena_alloc(arena, facts->nseen, sizeof(*facts->seen));
}

static bool begins(struct slice *text, struct slice with)
{
	if (text->n < with.n || memcmp(text->p, with.p, with.n) != 0)
		return false;
	*text = slice_sub(*text, with.n, text->n);
	return true;
}

/* Messages about a container begin with it: `init container "web"`, or `this container` where it has no name. */
static bool is_named(struct slice text, const struct container_report *report)
{
	struct slice what = slice_is(report->list, "initContainers") ? SLICE("init container")
		: slice_is(report->list, "ephemeralContainers")      ? SLICE("ephemeral container")
								     : SLICE("container");
	if (report->container.n == 0)
		return begins(&text, SLICE("this ")) && begins(&text, what);
	return begins(&text, what) && begins(&text, SLICE(" \"")) && begins(&text, report->container) &&
		begins(&text, SLICE("\""));
}

/* How many of the sorted places are not behind line and col. */
static size_t count_upto(const struct facts_place *places, size_t n, size_t line, size_t col)
{
	struct facts_place here = {.line = line, .col = col};
	size_t from = 0;
	while (from < n) {
		size_t mid = from + (n - from) / 2;
		if (compare(&places[mid], &here) <= 0)
			from = mid + 1;
		else
			n = mid;
	}
	return from;
}

size_t facts_place_at(const struct facts *facts, size_t line, size_t col)
{
	size_t n = count_upto(facts->places, facts->nplaces, line, col);
	if (n == 0)
		return SIZE_MAX;
	/* Columns count from 1: what is up to the column before is what is before it. */
	const struct facts_place *last = &facts->places[n - 1];
	return count_upto(facts->places, n, last->line, last->col - 1);
}

const struct container_report *facts_place_report(const struct facts *facts, size_t at)
{
	return facts->places[at].report;
}

static const struct facts_place *find_add(const struct facts *facts, const struct finding *finding)
{
	size_t at = count_upto(facts->adds, facts->nadds, finding->line, finding->col);
	for (int i = 0; i < TRIES && at > 0; i++) {
		const struct facts_place *place = &facts->adds[--at];
		if (place->line != finding->line || place->col != finding->col)
			break;
		if (is_named(finding->text, place->report))
			return place;
	}
	return NULL;
}

/* The container that the place lies in. */
static const struct container_report *find_container(const struct facts *facts, const struct finding *finding)
{
	size_t at = count_upto(facts->places, facts->nplaces, finding->line, finding->col);
	size_t first = at > 0 ? at - 1 : 0;
	for (int i = 0; i < TRIES && at > 0; i++) {
		const struct facts_place *place = &facts->places[--at];
		if (compare(place, &facts->places[first]) != 0)
			break;
		if (finding->line > place->report->last_line)
			continue;
		if (finding->code == CODE_IMMUTABLE || is_named(finding->text, place->report))
			return place->report;
	}
	return NULL;
}

/*
 * The place of a refusal may lie outside its container, where an anchor is. The message ends with the container's
 * reason.
 */
static const struct container_report *find_refused(struct facts *facts, const struct finding *finding)
{
	for (size_t i = 0; i < TRIES && i < facts->nrefused; i++) {
		size_t at = (facts->cursor + i) % facts->nrefused;
		const struct container_report *report = facts->refused[at];
		struct slice text = finding->text;
		if (!is_named(text, report) || text.n < report->reason.n ||
			!slice_eq(slice_sub(text, text.n - report->reason.n, text.n), report->reason))
			continue;
		facts->cursor = at + 1;
		return report;
	}
	return NULL;
}

static bool about_add(enum finding_code code)
{
	return code == CODE_ADD || code == CODE_UNKNOWN || code == CODE_KEPT || code == CODE_RESPELLED ||
		code == CODE_CANCELLED || code == CODE_NO_EFFECT;
}

/* "… lacks NAME, which …" */
static const struct container_add *find_ensured(const struct container_report *report, struct slice text)
{
	for (size_t i = 0; i < report->nadds; i++) {
		const struct container_add *add = &report->adds[i];
		char words[64];
		int n = snprintf(words, sizeof(words), " lacks %.*s, ", (int)add->canonical.n, add->canonical.p);
		if (add->line == 0 && n > 0 && (size_t)n < sizeof(words) && memmem(text.p, text.n, words, (size_t)n))
			return add;
	}
	return NULL;
}

struct fact facts_of(struct facts *facts, const struct finding *finding)
{
	struct fact fact = {0};
	const struct facts_place *place = about_add(finding->code) ? find_add(facts, finding) : NULL;
	const struct policy *policy = facts->file->policy;
	fact.container = place ? place->report : find_container(facts, finding);
	fact.add = place ? place->add : NULL;
	if (!fact.container && finding->code == CODE_REFUSED && facts->nrefused > 0)
		fact.container = find_refused(facts, finding);
	if (!fact.container)
		return fact;
	if (finding->code == CODE_ENSURED)
		fact.add = find_ensured(fact.container, finding->text);
	if (policy && fact.add && fact.add->kept)
		fact.entry = policy_at(policy, fact.add->entry);
	else if (policy && finding->code == CODE_EXEMPT && fact.container->state == CONTAINER_EXEMPT)
		fact.entry = policy_at(policy, fact.container->entry);
	return fact;
}

/* FNV-1a, with a zero byte behind each part. */
static uint64_t hash_part(uint64_t h, struct slice part)
{
	for (size_t i = 0; i < part.n; i++)
		h = (h ^ (unsigned char)part.p[i]) * 1099511628211U;
	return h * 1099511628211U;
}

static uint64_t hash_finding(struct slice path, const struct finding *finding, struct fact fact)
{
	const struct container_report *c = fact.container;
	uint64_t h = hash_part(14695981039346656037U, path);
	h = hash_part(h, slice_of(finding_code_name(finding->code)));
	if (!c)
		return hash_part(h, finding->text);
	struct slice parts[] = {
		c->kind, c->namespace, c->name, c->list, c->container, fact.add ? fact.add->canonical : SLICE("")};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		h = hash_part(h, parts[i]);
	return h;
}

void facts_fingerprint(struct facts *facts, const struct finding *finding, struct fact fact, char out[FINGERPRINT_SIZE])
{
	uint64_t hash = hash_finding(facts->file->path, finding, fact);
	size_t at = (size_t)(hash ^ hash >> 32) & (facts->nseen - 1);
	while (facts->seen[at].count > 0 && facts->seen[at].hash != hash)
		at = (at + 1) & (facts->nseen - 1);
	facts->seen[at].hash = hash;
	facts->seen[at].count++;
	snprintf(out, FINGERPRINT_SIZE, "%016" PRIx64 ":%zu", hash, facts->seen[at].count);
}

void facts_fingerprint_aside(struct slice path, const struct finding *finding, char out[FINGERPRINT_SIZE])
{
	snprintf(out, FINGERPRINT_SIZE, "%016" PRIx64 ":1", hash_finding(path, finding, (struct fact){0}));
}
