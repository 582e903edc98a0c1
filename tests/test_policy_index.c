/* The index of a policy finds what looking at each entry would find. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/buf.h"
#include "capfix/policy.h"

struct fixture {
	struct arena arena;
	struct policy *policy;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	arena_init(&f->arena);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	free(f);
	return 0;
}

static void parse(struct fixture *f, const char *text)
{
	struct findings errors = {0};

	f->policy = policy_parse(slice_of(text), &f->arena, &errors);
	if (f->policy == NULL)
		fail_msg("%zu:%zu: %s", errors.v[0].line, errors.v[0].col, errors.v[0].text.p);
}

static struct subject web(void)
{
	return (struct subject){
		.path = SLICE("deploy/edge/web.yaml"),
		.kind = SLICE("Deployment"),
		.namespace = SLICE("edge"),
		.name = SLICE("ingress-web"),
		.container = SLICE("nginx"),
		.image = SLICE("registry.example.com/library/nginx:1.25"),
	};
}

/* The reason of the entry that allows it, or "". */
static const char *allowed(struct fixture *f, const char *capability, struct subject subject)
{
	const struct policy_entry *entry = policy_allows(f->policy, slice_of(capability), &subject);

	return entry != NULL ? entry->reason.p : "";
}

/* A value whose every gram leads to the same bucket of misses. */
static void test_gives_up_on_grams(void **state)
{
	struct fixture *f = *state;
	struct subject subject = {.name = SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), .container = SLICE("c")};

	parse(f,
		"version: 1\nallow:\n- {capability: NET_RAW, reason: misses, match: {name: '*aaaa*x'}}\n"
		"- {capability: NET_RAW, reason: misses, match: {name: '*aaaa*y'}}\n"
		"- {capability: NET_RAW, reason: misses, match: {name: '*aaaa*z'}}\n"
		"- {capability: NET_RAW, reason: c, match: {container: c}}\n");
	assert_string_equal(allowed(f, "NET_RAW", subject), "c");
}

static uint32_t random_next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static const char *const words[] = {"a", "ab", "abc", "abcd", "abcde", "abab", "bcd", "cdab", "x", "dddd"};
static const char *const globs[] = {"*", "?", "a*", "*d", "ab*", "*bcd*", "abcd*", "a?c*", "[ab]*", "*abcde", "d*d",
	"x\\*", "ab", "abcd", "x", "*b*b*"};
static const char *const keys[] = {"path", "kind", "namespace", "name", "container", "image"};

static void random_entry(struct buf *buf, uint32_t *seed, size_t i)
{
	static const char *const caps[] = {"NET_RAW", "KILL"};
	const char *separator = "";

	buf_addf(buf, "- {capability: %s, reason: r%zu", caps[random_next(seed) % 2], i);
	if (random_next(seed) % 10 == 0)
		buf_adds(buf, ", expires: 2020-01-01");
	buf_addf(buf, ", match: {");
	size_t must = random_next(seed) % 6;
	for (size_t key = 0; key < 6; key++) {
		if (key != must && random_next(seed) % 4 != 0)
			continue;
		buf_addf(buf, "%s%s: ['%s', '%s']", separator, keys[key], globs[random_next(seed) % 16],
			globs[random_next(seed) % 16]);
		separator = ", ";
	}
	buf_adds(buf, "}}\n");
}

/* What the index finds is what looking at each entry finds. */
static const struct policy_entry *plain_allows(
	const struct policy *policy, struct slice capability, const struct subject *subject, size_t *matching)
{
	const struct policy_entry *only = NULL;

	*matching = 0;
	for (size_t i = 0; i < policy_count(policy); i++) {
		const struct policy_entry *entry = policy_at(policy, i);
		if (!slice_eq(entry->capability, capability) || policy_expired(policy, entry) ||
			!policy_matches(entry, subject))
			continue;
		only = entry;
		++*matching;
	}
	return only;
}

static struct slice random_word(uint32_t *seed)
{
	return slice_of(words[random_next(seed) % 10]);
}

static void check_lookup(struct fixture *f, uint32_t *seed, size_t *hits)
{
	struct subject subject = {random_word(seed), random_word(seed), random_word(seed), random_word(seed),
		random_word(seed), random_word(seed)};
	size_t matching;
	const struct policy_entry *plain = plain_allows(f->policy, SLICE("KILL"), &subject, &matching);
	const struct policy_entry *found = policy_allows(f->policy, SLICE("KILL"), &subject);

	assert_int_equal(found != NULL, matching > 0);
	if (matching == 1)
		assert_ptr_equal(found, plain);
	if (found != NULL)
		assert_true(policy_matches(found, &subject) && !policy_expired(f->policy, found));
	*hits += matching > 0;
}

static void test_like_the_plain_way(void **state)
{
	struct fixture *f = *state;
	uint32_t seed = 7;
	size_t hits = 0;

	for (size_t round = 0; round < 300; round++) {
		struct findings errors = {0};
		struct buf buf;

		buf_init(&buf);
		buf_adds(&buf, "version: 1\nallow:\n");
		for (size_t i = random_next(&seed) % 12 + 1; i > 0; i--)
			random_entry(&buf, &seed, i);
		f->policy = policy_parse(buf_slice(&buf), &f->arena, &errors);
		buf_release(&buf);
		if (f->policy == NULL)
			continue; /* two equal entries */
		policy_set_today(f->policy, round % 2 ? 20260101 : 0);
		for (size_t i = 0; i < 100; i++)
			check_lookup(f, &seed, &hits);
	}
	assert_true(hits > 2000);
}

/* 5,000 entries of one capability; each container finds its own one. */
static void check_many(struct fixture *f, const char *match, bool deep)
{
	struct buf buf;

	buf_init(&buf);
	buf_adds(&buf, "version: 1\nallow:\n");
	for (size_t i = 0; i < 5000; i++) {
		buf_addf(&buf, "- capability: NET_RAW\n  reason: app %zu\n  match: {kind: Deployment, ", i);
		buf_addf(&buf, "%s: '%s%zu%s'}\n", match, deep ? "**/app-" : "app-", i, deep ? "/*.yaml" : "-*");
	}
	buf_addc(&buf, '\0');
	parse(f, buf.p);
	for (size_t i = 0; i < 10000; i++) {
		struct subject subject = web();
		subject.name = arena_printf(&f->arena, "app-%zu-web", i);
		subject.path = arena_printf(&f->arena, "deploy/app-%zu/web.yaml", i);
		const struct policy_entry *entry = policy_allows(f->policy, SLICE("NET_RAW"), &subject);
		assert_int_equal(entry != NULL, i < 5000);
		if (entry != NULL)
			assert_int_equal(entry->index, i);
	}
	buf_release(&buf);
}

static void test_many(void **state)
{
	check_many(*state, "name", false);
	check_many(*state, "path", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_gives_up_on_grams, setup, teardown),
		cmocka_unit_test_setup_teardown(test_like_the_plain_way, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
