/* Which entry of a policy answers for which container. */
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

/* One entry for NET_RAW with this match. */
static void parse_match(struct fixture *f, const char *match)
{
	struct buf buf;

	buf_init(&buf);
	buf_addf(&buf, "version: 1\nallow:\n- {capability: NET_RAW, reason: r, match: %s}\n", match);
	buf_addc(&buf, '\0');
	parse(f, buf.p);
	buf_release(&buf);
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

static void expect_match(struct fixture *f, const char *match, bool expected)
{
	struct subject subject = web();

	parse_match(f, match);
	if ((policy_allows(f->policy, SLICE("NET_RAW"), &subject) != NULL) != expected)
		fail_msg("%s: not %d", match, expected);
	assert_int_equal(policy_matches(policy_at(f->policy, 0), &subject), expected);
}

static void test_each_key(void **state)
{
	static const char *const good[] = {"{path: deploy/edge/web.yaml}", "{path: 'deploy/**'}", "{path: '**/*.yaml'}",
		"{kind: Deployment}", "{kind: 'D*'}", "{namespace: edge}", "{namespace: 'e?ge'}", "{name: ingress-web}",
		"{name: 'ingress-*'}", "{container: nginx}", "{container: '*'}", "{container: '[m-o]ginx'}",
		"{image: '*nginx:*'}", "{image: 'registry.example.com/library/nginx:1.25'}", "{image: '*/nginx:1.25'}"};
	static const char *const bad[] = {"{path: web.yaml}", "{path: '*.yaml'}", "{path: 'deploy/*'}",
		"{path: 'edge/**'}", "{kind: deployment}", "{namespace: edg}", "{name: 'web*'}", "{container: '?'}",
		"{image: nginx}", "{image: 'nginx:*'}"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		expect_match(*state, good[i], true);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_match(*state, bad[i], false);
}

static void test_all_keys_and_any_value(void **state)
{
	expect_match(*state, "{kind: Deployment, namespace: edge, container: nginx}", true);
	expect_match(*state, "{kind: Deployment, namespace: other, container: nginx}", false);
	expect_match(*state, "{container: [a, nginx, z]}", true);
	expect_match(*state, "{container: [a, 'ngin?', z]}", true);
	expect_match(*state, "{container: [nginx, '*q']}", true);
	expect_match(*state, "{container: [a, b, z]}", false);
	expect_match(*state, "{container: [a, nginx], name: [x, 'y*']}", false);
	expect_match(*state, "{container: [nginx, nginx]}", true);
}

static void test_missing_values(void **state)
{
	struct fixture *f = *state;
	struct subject none = {0};

	parse_match(f, "{namespace: '*'}");
	assert_string_equal(allowed(f, "NET_RAW", none), "r");
	parse_match(f, "{namespace: '?*'}");
	assert_string_equal(allowed(f, "NET_RAW", none), "");
	parse_match(f, "{image: [nginx, 'n*']}");
	assert_string_equal(allowed(f, "NET_RAW", none), "");
	parse(f, "version: 1\nallow: [{capability: NET_RAW, reason: r}]\n");
	assert_string_equal(allowed(f, "NET_RAW", none), "r");
}

/* A slash beside `**` need not be there, so the index can't count on it. */
static void test_slash_that_is_not_there(void **state)
{
	struct fixture *f = *state;
	struct subject subject = {.path = SLICE("web.yaml")};

	parse_match(f, "{path: '**/web.yaml'}");
	assert_string_equal(allowed(f, "NET_RAW", subject), "r");
	parse_match(f, "{path: 'web.yaml/**'}");
	assert_string_equal(allowed(f, "NET_RAW", subject), "r");
	subject.path = SLICE("a/b");
	parse_match(f, "{path: 'a/**/b'}");
	assert_string_equal(allowed(f, "NET_RAW", subject), "r");
}

static void test_other_capability(void **state)
{
	struct fixture *f = *state;

	parse(f,
		"version: 1\nallow: [{capability: cap_net_raw, reason: r}]\nexempt: [{reason: e, match: {container: "
		"nginx}}]\n");
	assert_string_equal(allowed(f, "NET_RAW", web()), "r");
	assert_string_equal(allowed(f, "NET_ADMIN", web()), "");
	assert_string_equal(allowed(f, "ALL", web()), "");
	assert_string_equal(allowed(f, "NO_SUCH", web()), "");
	assert_string_equal(allowed(f, "", web()), "");
	parse(f, "version: 1\n");
	assert_string_equal(allowed(f, "NET_RAW", web()), "");
}

static void test_exempt(void **state)
{
	struct fixture *f = *state;
	struct subject subject = web();

	parse(f,
		"version: 1\nallow: [{capability: NET_RAW, reason: r, match: {name: agent}}]\n"
		"exempt:\n- {reason: e, expires: 2027-01-01, match: {name: agent, kind: DaemonSet}}\n");
	assert_null(policy_exempts(f->policy, &subject));
	subject.name = SLICE("agent");
	assert_null(policy_exempts(f->policy, &subject));
	subject.kind = SLICE("DaemonSet");
	const struct policy_entry *entry = policy_exempts(f->policy, &subject);
	assert_non_null(entry);
	assert_true(entry->exempt);
	assert_int_equal(entry->line, 4);
	assert_int_equal(entry->index, 1);
	policy_set_today(f->policy, 20270102);
	assert_null(policy_exempts(f->policy, &subject));
}

/* More keys, then more bytes that are no wildcards, then the first. */
static void test_most_specific(void **state)
{
	struct fixture *f = *state;
	struct subject other = web();

	parse(f,
		"version: 1\nallow:\n"
		"- {capability: NET_RAW, reason: all}\n"
		"- {capability: NET_RAW, reason: glob, match: {name: 'ingress-*'}}\n"
		"- {capability: NET_RAW, reason: longest one key, match: {image: 'registry.example.com/library/*'}}\n"
		"- {capability: NET_RAW, reason: two keys, match: {kind: 'D*', container: '*'}}\n"
		"- {capability: NET_RAW, reason: two longer keys, match: {kind: 'Deploy*', container: '*'}}\n"
		"- {capability: NET_RAW, reason: the longest two keys, match: {kind: 'D*oyment', container: '?*'}}\n"
		"- {capability: NET_RAW, reason: long but misses, match: {kind: Deployment, container: nginx, name: "
		"nope}}\n"
		"- {capability: NET_RAW, reason: list of a short one, match: {kind: ['D*', Deployment], container: "
		"'*x'}}\n");
	assert_string_equal(allowed(f, "NET_RAW", web()), "the longest two keys");
	other.kind = SLICE("Deployed");
	assert_string_equal(allowed(f, "NET_RAW", other), "two longer keys");
	other.kind = SLICE("DaemonSet");
	assert_string_equal(allowed(f, "NET_RAW", other), "list of a short one");
	other.container = SLICE("c");
	assert_string_equal(allowed(f, "NET_RAW", other), "two keys");
	other.kind = SLICE("Pod");
	assert_string_equal(allowed(f, "NET_RAW", other), "longest one key");
	other.image = SLICE("x");
	assert_string_equal(allowed(f, "NET_RAW", other), "glob");
	other.name = SLICE("x");
	assert_string_equal(allowed(f, "NET_RAW", other), "all");
}

static void test_first_of_equals(void **state)
{
	struct fixture *f = *state;

	parse(f,
		"version: 1\nallow:\n- {capability: NET_RAW, reason: first, match: {name: 'ingress-?*'}}\n"
		"- {capability: NET_RAW, reason: second, match: {name: 'ingress-*'}}\n");
	assert_string_equal(allowed(f, "NET_RAW", web()), "first");
}

static void test_expiry(void **state)
{
	struct fixture *f = *state;
	int64_t days = 99;

	parse(f,
		"version: 1\nallow:\n- {capability: NET_RAW, reason: old, expires: 2024-02-29, match: {name: "
		"'ingress-*'}}\n"
		"- {capability: NET_RAW, reason: ever}\n");
	const struct policy_entry *old = policy_at(f->policy, 0);
	assert_string_equal(allowed(f, "NET_RAW", web()), "old");
	assert_false(policy_expired(f->policy, old));
	assert_false(policy_days_left(f->policy, old, &days));
	policy_set_today(f->policy, 20240229);
	assert_string_equal(allowed(f, "NET_RAW", web()), "old");
	assert_false(policy_expired(f->policy, old));
	assert_true(policy_days_left(f->policy, old, &days));
	assert_int_equal(days, 0);
	policy_set_today(f->policy, 20240301);
	assert_string_equal(allowed(f, "NET_RAW", web()), "ever");
	assert_true(policy_expired(f->policy, old));
	assert_true(policy_days_left(f->policy, old, &days));
	assert_int_equal(days, -1);
	policy_set_today(f->policy, 20230301);
	assert_true(policy_days_left(f->policy, old, &days));
	assert_int_equal(days, 365);
	assert_false(policy_expired(f->policy, policy_at(f->policy, 1)));
	assert_false(policy_days_left(f->policy, policy_at(f->policy, 1), &days));
}

static void test_excluded(void **state)
{
	struct fixture *f = *state;

	parse(f, "version: 1\nexclude: ['vendor/**', '**/testdata', 'a/*.yaml']\n");
	assert_int_equal(policy_excluded(f->policy, SLICE("vendor/x/y.yaml"))->col, 11);
	assert_non_null(policy_excluded(f->policy, SLICE("vendor")));
	assert_non_null(policy_excluded(f->policy, SLICE("x/testdata/y.yaml")));
	assert_non_null(policy_excluded(f->policy, SLICE("a/b.yaml")));
	assert_null(policy_excluded(f->policy, SLICE("a/b/c.yaml")));
	assert_null(policy_excluded(f->policy, SLICE("x/vendor/y.yaml")));
	assert_null(policy_excluded(f->policy, SLICE("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each_key, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_keys_and_any_value, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slash_that_is_not_there, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_capability, setup, teardown),
		cmocka_unit_test_setup_teardown(test_exempt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_most_specific, setup, teardown),
		cmocka_unit_test_setup_teardown(test_first_of_equals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_expiry, setup, teardown),
		cmocka_unit_test_setup_teardown(test_excluded, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
