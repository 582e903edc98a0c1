/* What a policy says once it is parsed, and entries that do not go together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/buf.h"
#include "capfix/policy.h"

static int setup(void **state)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	arena_init(arena);
	*state = arena;
	return 0;
}

static int teardown(void **state)
{
	arena_release(*state);
	free(*state);
	return 0;
}

static struct policy *parse(struct arena *arena, const char *text)
{
	struct findings errors = {0};
	struct policy *policy = policy_parse(slice_of(text), arena, &errors);

	if (policy == NULL)
		fail_msg("%zu:%zu: %s", errors.v[0].line, errors.v[0].col, errors.v[0].text.p);
	assert_int_equal(errors.n, 0);
	return policy;
}

/* All mistakes, as "line:col: text" on a line each. */
static void expect_text(struct arena *arena, struct slice text, const char *expected)
{
	struct findings errors = {0};
	struct buf seen;

	buf_init(&seen);
	assert_null(policy_parse(text, arena, &errors));
	assert_true(errors.n > 0);
	for (size_t i = 0; i < errors.n; i++) {
		const struct finding *e = &errors.v[i];
		assert_int_equal(e->level, LEVEL_ERROR);
		assert_int_equal(e->code, CODE_POLICY);
		buf_addf(&seen, "%s%zu:%zu: ", i > 0 ? "\n" : "", e->line, e->col);
		buf_add(&seen, e->text);
	}
	buf_addc(&seen, '\0');
	assert_string_equal(seen.p, expected);
	buf_release(&seen);
}

static void expect(void **state, const char *text, const char *expected)
{
	expect_text(*state, slice_of(text), expected);
}

/* Lines of an entry of allow, from line 3 on. */
static void expect_allow(void **state, const char *lines, const char *expected)
{
	struct buf text;

	buf_init(&text);
	buf_addf(&text, "version: 1\nallow:\n%s", lines);
	expect_text(*state, buf_slice(&text), expected);
	buf_release(&text);
}

/* The example of the manual, with every key. */
#define EXAMPLE(eol)                                                                                                   \
	"version: 1" eol "allow:" eol "  - capability: CAP_NET_BIND_SERVICE        # required" eol                     \
	"    reason: \"nginx listens on :80\"" eol "    owner: team-edge" eol "    ticket: SEC-123" eol                \
	"    expires: 2027-06-30" eol "    match:" eol "      path: [\"deploy/edge/**\"]" eol                          \
	"      kind: Deployment" eol "      namespace: edge" eol "      name: \"ingress-*\"" eol                       \
	"      container: nginx" eol "      image: \"nginx:*\"" eol "exempt:" eol                                      \
	"  - reason: \"CNI agent, needs the runtime's defaults\"" eol                                                  \
	"    match: {kind: DaemonSet, name: calico-node}" eol "podSpecs:" eol                                          \
	"  - {apiVersion: \"example.com/*\", kind: Worker, path: \"spec.template.spec\"}" eol                          \
	"exclude: [\"vendor/**\", \"**/testdata/**\"]" eol

static void check_example(struct arena *arena, const char *text)
{
	struct policy *policy = parse(arena, text);
	struct subject subject = {SLICE("deploy/edge/a.yaml"), SLICE("Deployment"), SLICE("edge"), SLICE("ingress-x"),
		SLICE("nginx"), SLICE("nginx:1")};
	size_t n;

	assert_int_equal(policy_count(policy), 2);
	const struct policy_entry *entry = policy_at(policy, 0);
	assert_ptr_equal(policy_allows(policy, SLICE("NET_BIND_SERVICE"), &subject), entry);
	assert_int_equal(entry->index, 0);
	assert_int_equal(entry->line, 3);
	assert_int_equal(entry->col, 5);
	assert_true(slice_is(entry->capability, "NET_BIND_SERVICE"));
	assert_true(slice_is(entry->reason, "nginx listens on :80"));
	assert_true(slice_is(entry->owner, "team-edge"));
	assert_true(slice_is(entry->ticket, "SEC-123"));
	assert_true(slice_is(entry->expires, "2027-06-30"));
	assert_int_equal(entry->expires_on, 20270630);
	assert_false(entry->exempt || entry->ensure);
	entry = policy_at(policy, 1);
	assert_true(entry->exempt);
	assert_int_equal(entry->capability.n, 0);
	assert_int_equal(entry->line, 16);
	assert_true(slice_is(entry->reason, "CNI agent, needs the runtime's defaults"));
	const struct policy_pod_spec *spec = policy_pod_specs(policy, &n);
	assert_int_equal(n, 1);
	assert_int_equal(spec->line, 19);
	assert_true(slice_is(spec->api_version, "example.com/*"));
	assert_true(slice_is(spec->kind, "Worker"));
	assert_true(slice_is(spec->path, "spec.template.spec"));
	const struct policy_exclude *exclude = policy_excludes(policy, &n);
	assert_int_equal(n, 2);
	assert_true(slice_is(exclude[1].glob, "**/testdata/**"));
	assert_int_equal(exclude[1].line, 20);
	assert_int_equal(exclude[1].col, 24);
}

static void test_example(void **state)
{
	check_example(*state, EXAMPLE("\n"));
	check_example(*state, EXAMPLE("\r\n"));
	check_example(*state, "\xef\xbb\xbf" EXAMPLE("\n"));
}

static void test_borrows_nothing(void **state)
{
	struct findings errors = {0};
	char *text = strdup(EXAMPLE("\n"));
	struct policy *policy = policy_parse(slice_of(text), *state, &errors);

	memset(text, '#', strlen(text));
	assert_true(slice_is(policy_at(policy, 0)->ticket, "SEC-123"));
	assert_true(slice_is(policy_at(policy, 0)->capability, "NET_BIND_SERVICE"));
	assert_true(slice_is(policy_at(policy, 0)->reason, "nginx listens on :80"));
	assert_true(policy_matches(
		policy_at(policy, 1), &(struct subject){.kind = SLICE("DaemonSet"), .name = SLICE("calico-node")}));
	free(text);
}

static void test_small_ones(void **state)
{
	size_t n = 9;
	struct policy *policy = parse(*state, "version: 1\nallow:\nexempt: []\npodSpecs: ~\nexclude: # none yet\n");

	assert_int_equal(policy_count(policy), 0);
	assert_null(policy_pod_specs(policy, &n));
	assert_int_equal(n, 0);
	assert_null(policy_excludes(policy, &n));
	assert_int_equal(n, 0);
	parse(*state, "---\nversion: 1\n...\n");
	parse(*state, "{\"version\": 1, \"allow\": [{\"capability\": \"BPF\", \"reason\": \"r\", \"ensure\": true}]}");
}

static void test_values(void **state)
{
	struct policy *policy = parse(*state,
		"version: 1\nallow:\n"
		"- capability: &c chown\n  reason: &r |\n    on two\n    \tlines \n\n  expires: '2024-02-29'\n"
		"  ensure: true\n  match: {name: &n [a, b]}\n"
		"- capability: KILL\n  reason: \" \\e[1m a \\t b\\0c \"\n  ensure: false\n"
		"- capability: *c\n  reason: *r\n  match: {container: *n}\n");

	assert_true(slice_is(policy_at(policy, 0)->capability, "CHOWN"));
	assert_true(slice_is(policy_at(policy, 0)->reason, "on two lines"));
	assert_int_equal(policy_at(policy, 0)->expires_on, 20240229);
	assert_true(policy_at(policy, 0)->ensure);
	assert_true(slice_is(policy_at(policy, 1)->reason, "[1m a b c"));
	assert_false(policy_at(policy, 1)->ensure);
	assert_true(slice_is(policy_at(policy, 2)->capability, "CHOWN"));
	assert_true(slice_is(policy_at(policy, 2)->reason, "on two lines"));
	assert_true(policy_matches(policy_at(policy, 2), &(struct subject){.container = SLICE("b")}));
}

static void test_duplicates(void **state)
{
	expect_allow(state,
		"- {capability: KILL, reason: a, match: {name: [a, 'b*', c], kind: Pod}}\n"
		"- {capability: CHOWN, reason: a, match: {name: [a, 'b*', c], kind: Pod}}\n"
		"- {capability: cap_kill, reason: b, expires: 2027-01-01, match: {kind: [Pod], name: ['b*', c, a, "
		"a]}}\n"
		"- {capability: KILL, reason: c, match: {name: [a, 'b*'], kind: Pod}}\n"
		"- {capability: KILL, reason: c, match: {name: [c, a, 'b*'], kind: Pod}}\n",
		"5:3: the same entry of `allow` stands at 3:3 already: keep one of them\n"
		"7:3: the same entry of `allow` stands at 3:3 already: keep one of them");
	expect_allow(state, "- {capability: KILL, reason: a}\n- {capability: KILL, reason: b}\n",
		"4:3: the same entry of `allow` stands at 3:3 already: keep one of them");
	expect(state,
		"version: 1\nexempt:\n- {reason: a, match: {name: x}}\n- {reason: b, match: {name: x}}\n"
		"exclude: [a, b, a]\npodSpecs:\n- {apiVersion: v1, kind: X, path: a}\n- {apiVersion: v1, kind: X, "
		"path: b}\n"
		"- {path: a, apiVersion: v1, kind: X}\n",
		"4:3: the same entry of `exempt` stands at 3:3 already: keep one of them\n"
		"5:17: the same entry of `exclude` stands at 5:11 already: keep one of them\n"
		"9:3: the same entry of `podSpecs` stands at 7:3 already: keep one of them");
	/* What is not valid is not compared. */
	expect_allow(state,
		"- {capability: KILL, reason: a, match: {name: 1}}\n- {capability: KILL, reason: a, match: {name: "
		"2}}\n",
		"3:47: `name` must be a string: put 1 in quotes\n4:47: `name` must be a string: put 2 in quotes");
	/* No two of these are equal, though their values are when written one after another. */
	parse(*state,
		"version: 1\nallow:\n- {capability: KILL, reason: a, match: {name: [a, bc]}}\n"
		"- {capability: KILL, reason: a, match: {name: [ab, c]}}\n- {capability: KILL, reason: a, match: "
		"{kind: [a, bc]}}\n"
		"- {capability: KILL, reason: a, match: {kind: [a, b], name: c}}\n- {capability: KILL, reason: a}\n");
}

static void test_contradictions(void **state)
{
	expect(state,
		"version: 1\nallow:\n- {capability: KILL, reason: a, match: {name: [x, z]}}\n"
		"- {capability: BPF, reason: a, match: {name: [z, x]}}\n- {capability: BPF, reason: a}\n"
		"exempt:\n- {reason: a, match: {name: [x, z]}}\n",
		"3:3: the same `match` is exempt at 7:3: an exempt container keeps all it adds, remove one of the two\n"
		"4:3: the same `match` is exempt at 7:3: an exempt container keeps all it adds, remove one of the two");
}

static void test_all_at_once(void **state)
{
	expect(state,
		"verson: 1\r\nallow:\r\n- capability: ALL\r\n  expires: never\r\n  match: {nam: a, name: '['}\r\n"
		"- capability: KILL\r\n  reason: ' '\r\n---\r\na: b\r\n",
		"1:1: `version` is missing: write `version: 1`\n"
		"1:1: unknown key `verson` in the policy: did you mean `version`?\n"
		"3:3: `reason` is missing: say why this is needed, a reviewer will read it\n"
		"3:15: ALL can't be allowed: name the capabilities that are needed, one entry for each\n"
		"4:12: `expires`: never is no date, write year-month-day such as 2027-06-30\n"
		"5:11: unknown key `nam` in `match`: did you mean `name`?\n"
		"5:25: `name`: [ can't be used as a pattern: a `[` has no `]`, write `\\[` for the character itself\n"
		"7:11: `reason` is blank: say why this is needed, a reviewer will read it\n"
		"9:1: a policy is one YAML document: join this one with the first, and take the `---` out");
}

static void test_aliases(void **state)
{
	/* The same mistake by two ways is shown once. */
	expect_allow(state,
		"- {capability: KILL, reason: a, match: {name: &n [1]}}\n- {capability: BPF, reason: a, match: {name: "
		"*n}}\n",
		"3:51: `name` must be a string: put 1 in quotes");
	/* An alias stands for whatever it names: a list is no entry. */
	expect(state, "version: 1\nallow: &a []\nexempt: [*a]\n",
		"3:10: an entry of `exempt` must be a mapping with the keys reason, owner, ticket, expires, match");
}

/* 2,000 entries that share a list of 2,000 names through an alias would be 4 million values. */
static void test_alias_flood(void **state)
{
	struct findings errors = {0};
	struct buf text;

	buf_init(&text);
	buf_adds(&text, "version: 1\nallow:\n- {capability: KILL, reason: a, match: {name: &n [a");
	for (size_t i = 0; i < 2000; i++)
		buf_addf(&text, ", n%zu", i);
	buf_adds(&text, "]}}\n");
	for (size_t i = 0; i < 2000; i++)
		buf_addf(&text, "- {capability: KILL, reason: a, match: {container: c%zu, name: *n}}\n", i);
	assert_null(policy_parse(buf_slice(&text), *state, &errors));
	assert_int_equal(errors.n, 1);
	assert_true(slice_is(
		errors.v[0].text, "aliases repeat too much of this document: Kubernetes refuses it; write it out"));
	buf_release(&text);
}

/* Adds to what is there, and sorts its own. */
static void test_adds_to_errors(void **state)
{
	struct findings errors = {0};

	findings_add(&errors, *state, (struct finding){.line = 9, .text = SLICE("before")});
	assert_null(policy_parse(SLICE("version: 2"), *state, &errors));
	assert_int_equal(errors.n, 2);
	assert_true(slice_is(errors.v[0].text, "before"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_example, setup, teardown),
		cmocka_unit_test_setup_teardown(test_borrows_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_small_ones, setup, teardown),
		cmocka_unit_test_setup_teardown(test_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_duplicates, setup, teardown),
		cmocka_unit_test_setup_teardown(test_contradictions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_aliases, setup, teardown),
		cmocka_unit_test_setup_teardown(test_alias_flood, setup, teardown),
		cmocka_unit_test_setup_teardown(test_adds_to_errors, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
