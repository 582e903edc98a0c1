/* Each mistake in a policy, with its place and words. */
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

/* The value of `match` of a good entry: it stands at 3:46. */
static void expect_match(void **state, const char *match, const char *expected)
{
	struct buf text;

	buf_init(&text);
	buf_addf(&text, "version: 1\nallow:\n- {capability: NET_RAW, reason: text, match: %s}\n", match);
	expect_text(*state, buf_slice(&text), expected);
	buf_release(&text);
}

static void test_no_policy(void **state)
{
	static const char empty[] = "1:1: the policy is empty: it needs at least `version: 1`";
	static const char keys[] =
		"1:1: the policy must be a mapping with the keys version, allow, exempt, podSpecs, exclude";

	expect(state, "", empty);
	expect(state, "# nothing\n", empty);
	expect(state, "---\n", empty);
	expect(state, "~\n", empty);
	expect(state, "- version: 1\n", keys);
	expect(state, "text\n", keys);
	expect(state, "{}\n", "1:1: `version` is missing: write `version: 1`");
	expect(state, "version: 1\n---\nversion: 1\n",
		"3:1: a policy is one YAML document: join this one with the first, and take the `---` out");
}

/* The words are those of source and yaml; the place is what counts. */
static void expect_place(void **state, struct slice text, size_t line, size_t col)
{
	struct findings errors = {0};

	assert_null(policy_parse(text, *state, &errors));
	assert_int_equal(errors.n, 1);
	assert_int_equal(errors.v[0].code, CODE_POLICY);
	assert_int_equal(errors.v[0].level, LEVEL_ERROR);
	assert_int_equal(errors.v[0].line, line);
	assert_int_equal(errors.v[0].col, col);
	assert_true(errors.v[0].text.n > 0);
}

static void test_not_yaml(void **state)
{
	expect_place(state, SLICE("version: 1\na: \0b"), 2, 4);
	expect_place(state, SLICE("version: 1\n# \xff\n"), 2, 3);
	expect_place(state, SLICE("version: 1\n# \xe2\x80\xa8\n"), 2, 3);
	expect_place(state, SLICE("version: 1\nallow: *a\n"), 2, 8);
	expect_place(state, SLICE("version: 1\nallow: &a [*a]\n"), 2, 12);
}

static void test_version(void **state)
{
	static const char quotes[] = "1:10: `version` must be the number 1, without quotes";

	expect(state, "version: 2", "1:10: this capfix understands version 1 of policies, not 2: write `version: 1`");
	expect(state, "version: v1", "1:10: this capfix understands version 1 of policies, not v1: write `version: 1`");
	expect(state, "version: \"1\"", quotes);
	expect(state, "version: !!str 1", "1:16: `version` must be the number 1, without quotes");
	expect(state, "version: [1]", quotes);
	expect(state, "version:", "1:1: `version` must be the number 1, without quotes");
	expect(state, "allow: []", "1:1: `version` is missing: write `version: 1`");
}

static void test_keys(void **state)
{
	expect(state, "version: 1\nalow: []\nstuff: 1\nPodspecs: []\n",
		"2:1: unknown key `alow` in the policy: did you mean `allow`?\n"
		"3:1: unknown key `stuff` in the policy: the keys are version, allow, exempt, podSpecs, exclude\n"
		"4:1: unknown key `Podspecs` in the policy: did you mean `podSpecs`?");
	expect(state, "version: 1\nallow: []\n\"allow\": []\n",
		"3:1: `allow` stands here twice: the first is at 2:1, keep one of them");
	expect(state, "version: 1\n? [a]\n: b\n", "2:3: a key of the policy must be a word, not a list or a mapping");
	expect(state, "version: 1\n<<: {allow: []}\n",
		"2:1: unknown key `<<`: a policy knows no merge keys, write the keys out");
	expect(state, "version: 1\n\"a\\e[1m012345678901234567890123456789012345678901234567890123\xc3\xa9x\": 1\n",
		"2:1: unknown key `a?[1m012345678901234567890123456789012345678901234567890123...` in the policy: the "
		"keys are "
		"version, allow, exempt, podSpecs, exclude");
	expect(state, "version: 1\nallow: {}\nexempt: x\npodSpecs: 1\nexclude: a\n",
		"2:8: `allow` must be a list: start each entry with `- `\n"
		"3:9: `exempt` must be a list: start each entry with `- `\n"
		"4:11: `podSpecs` must be a list: start each entry with `- `\n"
		"5:10: `exclude` must be a list: start each entry with `- `");
	expect(state, "version: 1\nexempt:\n- capability: KILL\n  reason: text\n  ensure: true\n- ~\n",
		"3:3: unknown key `capability` in an entry of `exempt`: the keys are reason, owner, ticket, expires, "
		"match\n"
		"5:3: unknown key `ensure` in an entry of `exempt`: the keys are reason, owner, ticket, expires, "
		"match\n"
		"6:3: an entry of `exempt` must be a mapping with the keys reason, owner, ticket, expires, match");
	expect_allow(state, "- NET_RAW\n",
		"3:3: an entry of `allow` must be a mapping with the keys capability, reason, owner, ticket, expires, "
		"match, ensure");
}

static void test_capability(void **state)
{
	static const char all[] =
		"3:15: ALL can't be allowed: name the capabilities that are needed, one entry for each";

	expect_allow(state, "- reason: text\n",
		"3:3: `capability` is missing: name the one that is allowed, such as NET_BIND_SERVICE");
	expect_allow(state, "- capability: ALL\n  reason: text\n", all);
	expect_allow(state, "- capability: all\n  reason: text\n", all);
	expect_allow(state, "- capability: \"Cap_All\"\n  reason: text\n", all);
	expect_allow(state, "- capability: NET_RAWS\n  reason: text\n",
		"3:15: unknown capability `NET_RAWS`: did you mean NET_RAW?");
	expect_allow(state, "- capability: SETGIDS\n  reason: text\n",
		"3:15: unknown capability `SETGIDS`: did you mean SETGID?");
	expect_allow(state, "- capability: cap-net-admin\n  reason: text\n",
		"3:15: unknown capability `cap-net-admin`: Linux has none of that name, see capabilities(7)");
	expect_allow(state, "- capability: net_bind\n  reason: text\n",
		"3:15: unknown capability `net_bind`: did you mean NET_BIND_SERVICE?");
	expect_allow(state, "- capability: ''\n  reason: text\n",
		"3:15: `capability` is empty: give it a value, or leave the key out");
	expect_allow(state, "- capability: [KILL]\n  reason: text\n",
		"3:15: `capability` must be one name, not a list: write an entry for each, with its reason");
	expect_allow(state, "- capability: {a: b}\n  reason: text\n",
		"3:15: `capability` must be a string, not a list or a mapping");
	expect_allow(
		state, "- capability: 5\n  reason: text\n", "3:15: `capability` must be a string: put 5 in quotes");
}

static void test_texts(void **state)
{
	static const char blank[] = "4:11: `reason` is blank: say why this is needed, a reviewer will read it";

	expect_allow(state, "- capability: KILL\n",
		"3:3: `reason` is missing: say why this is needed, a reviewer will read it");
	expect_allow(state, "- capability: KILL\n  reason: \"\"\n", blank);
	expect_allow(state, "- capability: KILL\n  reason: \" \\n\\t \"\n", blank);
	expect_allow(state, "- capability: KILL\n  reason: # TODO\n",
		"4:3: `reason` is blank: say why this is needed, a reviewer will read it");
	expect_allow(state, "- capability: KILL\n  reason: ~\n", blank);
	expect_allow(state, "- capability: KILL\n  reason: [a]\n",
		"4:11: `reason` must be a string, not a list or a mapping");
	expect_allow(
		state, "- capability: KILL\n  reason: yes\n", "4:11: `reason` must be a string: put yes in quotes");
	expect_allow(state, "- {capability: KILL, reason: text, owner: '', ticket: 12}\n",
		"3:43: `owner` is blank: give it a value, or leave the key out\n"
		"3:55: `ticket` must be a string: put 12 in quotes");
	expect(state, "version: 1\nexempt:\n- match: {name: a}\n",
		"3:3: `reason` is missing: say why this is needed, a reviewer will read it");
}

static void test_ensure(void **state)
{
	static const char words[] = "3:44: `ensure` must be true or false, without quotes";

	expect_allow(state, "- {capability: KILL, reason: text, ensure: yes}\n", words);
	expect_allow(state, "- {capability: KILL, reason: text, ensure: 'true'}\n", words);
	expect_allow(state, "- {capability: KILL, reason: text, ensure: [true]}\n", words);
}

static void test_dates(void **state)
{
	static const char *const good[] = {"2024-02-29", "2000-02-29", "2027-12-31", "2027-04-30", "9999-01-01"};
	static const char *const bad[] = {"2027-02-29", "1900-02-29", "2027-04-31", "2027-00-10", "2027-13-10",
		"2027-01-00", "2027-01-32", "2027-1-1", "27-01-01", "2027/01/01", "2027-06-30T00:00:00Z", "0000-01-01",
		"20270101", "soon", "2027-06-3o", " 2027-06-30"};

	assert_int_equal(policy_date(SLICE("2027-06-30")), 20270630);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(policy_date(slice_of(good[i])) > 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(policy_date(slice_of(bad[i])), 0);
	expect_allow(state, "- {capability: KILL, reason: text, expires: 2027-02-29}\n",
		"3:45: `expires`: 2027-02-29 is no date, write year-month-day such as 2027-06-30");
	expect_allow(state, "- {capability: KILL, reason: text, expires: [2027-02-28]}\n",
		"3:45: `expires` must be a date such as 2027-06-30, the last day on which the entry applies");
	expect_allow(state, "- capability: KILL\n  reason: text\n  expires:\n",
		"5:3: `expires` must be a date such as 2027-06-30, the last day on which the entry applies");
}

static void test_match(void **state)
{
	static const char empty[] = "3:46: `match` is empty: leave it out to match everything";

	expect_match(state, "{}", empty);
	expect_match(state, "~", empty);
	expect_match(state, "nginx",
		"3:46: `match` must be a mapping with the keys path, kind, namespace, name, container, image");
	expect_match(state, "[a]",
		"3:46: `match` must be a mapping with the keys path, kind, namespace, name, container, image");
	expect_match(state, "{names: a}", "3:47: unknown key `names` in `match`: did you mean `name`?");
	expect_match(
		state, "{name: a, name: b}", "3:56: `name` stands here twice: the first is at 3:47, keep one of them");
	expect_match(state, "{name: {a: b}}", "3:53: `name` must be a string or a list of strings, not a mapping");
	expect_match(state, "{name: []}",
		"3:53: `name` is an empty list: name what it matches, or leave the key out to match any");
	expect_match(state, "{name: 1}", "3:53: `name` must be a string: put 1 in quotes");
	expect_match(state, "{name: ''}", "3:53: `name` is empty: give it a value, or leave the key out");
	expect_match(state, "{name: ~}", "3:53: `name` has no value: give it one, or leave the key out");
	expect_match(state, "{name: [a, [b], ~, true]}",
		"3:57: `name` must be a string, not a list or a mapping\n"
		"3:62: `name` has no value: give it one, or leave the key out\n"
		"3:65: `name` must be a string: put true in quotes");
}

static void test_globs(void **state)
{
	expect_match(state, "{name: 'a[b'}",
		"3:53: `name`: a[b can't be used as a pattern: a `[` has no `]`, write `\\[` for the character itself");
	expect_match(state, "{image: 'a\\'}",
		"3:54: `image`: a\\ can't be used as a pattern: nothing stands behind the `\\` at its end, write "
		"`\\\\` for the "
		"character itself");
	expect_match(state, "{kind: '[z-a]'}",
		"3:53: `kind`: [z-a] can't be used as a pattern: a range in `[ ]` runs backwards");
	expect_match(state, "{path: /a}",
		"3:53: `path`: /a can't be used as a pattern: paths are relative to the folder of the policy, leave "
		"the first slash out");
	expect_match(state, "{path: a/}",
		"3:53: `path`: a/ can't be used as a pattern: it would match no file, write `/**` at its end for all "
		"that is in the "
		"folder");
	expect_match(state, "{path: [a/../b, ./a, a//b]}",
		"3:54: `path`: a/../b can't be used as a pattern: paths are relative to the folder of the policy, and "
		"have no `.`, no "
		"`..` and no empty part\n"
		"3:62: `path`: ./a can't be used as a pattern: paths are relative to the folder of the policy, and "
		"have no `.`, no "
		"`..` and no empty part\n"
		"3:67: `path`: a//b can't be used as a pattern: paths are relative to the folder of the policy, and "
		"have no `.`, no "
		"`..` and no empty part");
	expect(state, "version: 1\nexclude: [vendor/, 5, '[']\n",
		"2:11: `exclude`: vendor/ can't be used as a pattern: it would match no file, write `/**` at its end "
		"for all that is "
		"in the folder\n"
		"2:20: `exclude` must be a string: put 5 in quotes\n"
		"2:23: `exclude`: [ can't be used as a pattern: a `[` has no `]`, write `\\[` for the character "
		"itself");
}

/* One entry of podSpecs with this value of a key. */
static void expect_pod_spec(
	void **state, const char *api_version, const char *kind, const char *path, const char *expected)
{
	struct buf text;

	buf_init(&text);
	buf_addf(&text, "version: 1\npodSpecs:\n- apiVersion: %s\n  kind: %s\n  path: %s\n", api_version, kind, path);
	expect_text(*state, buf_slice(&text), expected);
	buf_release(&text);
}

#define API "write group and version such as example.com/v1, or example.com/* for all versions"
#define NODE "write names joined by dots, `[]` behind a list and `{}` behind a map, such as spec.items[].template.spec"

static void test_pod_specs(void **state)
{
	size_t n;
	struct policy *policy = parse(*state,
		"version: 1\npodSpecs:\n- {apiVersion: v1, kind: X, path: a}\n"
		"- {apiVersion: '*.example.com/v[12]', kind: X, path: 'a.b-c[].d_e{}[]'}\n");

	policy_pod_specs(policy, &n);
	assert_int_equal(n, 2);
	expect_pod_spec(state, "example.com", "X", "a", "3:15: `apiVersion`: example.com can't be used: " API);
	expect_pod_spec(state, "a/b/c", "X", "a", "3:15: `apiVersion`: a/b/c can't be used: " API);
	expect_pod_spec(state, "/v1", "X", "a", "3:15: `apiVersion`: /v1 can't be used: " API);
	expect_pod_spec(state, "'a/[v'", "X", "a",
		"3:15: `apiVersion`: a/[v can't be used: a `[` has no `]`, write `\\[` for the character itself");
	expect_pod_spec(state, "a/v1", "X*", "a",
		"4:9: `kind`: X* can't be used: a kind has letters and digits only, and no wildcards");
	expect_pod_spec(state, "a/v1", "X", "a..b", "5:9: `path`: a..b can't be used: " NODE);
	expect_pod_spec(state, "a/v1", "X", ".a", "5:9: `path`: .a can't be used: " NODE);
	expect_pod_spec(state, "a/v1", "X", "a.", "5:9: `path`: a. can't be used: " NODE);
	expect_pod_spec(state, "a/v1", "X", "'a[0]'", "5:9: `path`: a[0] can't be used: " NODE);
	expect_pod_spec(state, "a/v1", "X", "'a[]bc'", "5:9: `path`: a[]bc can't be used: " NODE);
	expect(state, "version: 1\npodSpecs:\n- {kinds: a}\n",
		"3:3: `apiVersion` is missing: " API "\n"
		"3:3: `kind` is missing: write the kind as manifests have it, such as Worker\n"
		"3:3: `path` is missing: write where the pod spec is, such as spec.template.spec\n"
		"3:4: unknown key `kinds` in an entry of `podSpecs`: did you mean `kind`?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_no_policy, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_yaml, setup, teardown),
		cmocka_unit_test_setup_teardown(test_version, setup, teardown),
		cmocka_unit_test_setup_teardown(test_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_capability, setup, teardown),
		cmocka_unit_test_setup_teardown(test_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ensure, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dates, setup, teardown),
		cmocka_unit_test_setup_teardown(test_match, setup, teardown),
		cmocka_unit_test_setup_teardown(test_globs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pod_specs, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
