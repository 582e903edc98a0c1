/* wire and wire_check: what workers answer survives the way, and nothing else does. Reads golden/ for real answers. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "capfix/wire.h"
#include "capfix/wire_check.h"

/* ---- numbers and texts ---- */

static void test_numbers(void **state)
{
	static const size_t numbers[] = {0, 1, 127, 128, 300, 16383, 16384, UINT32_MAX, SIZE_MAX};
	struct wire wire = {0};
	struct buf out;

	(void)state;
	buf_init(&out);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		wire_number(&out, numbers[i]);
	wire_text(&out, SLICE("text"));
	wire_text(&out, SLICE(""));
	wire.data = buf_slice(&out);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_int_equal(wire_get_number(&wire), numbers[i]);
	assert_true(slice_is(wire_get_text(&wire), "text"));
	assert_int_equal(wire_get_text(&wire).n, 0);
	assert_true(wire_ends(&wire));
	assert_int_equal(wire_get_number(&wire), 0);
	assert_true(wire.bad);
	buf_release(&out);
}

/* Reads one number from the bytes; true if they are one. */
static bool is_number(const char *bytes, size_t n)
{
	struct wire wire = {.data = {bytes, n}};

	wire_get_number(&wire);
	return wire_ends(&wire);
}

static void test_bad_numbers(void **state)
{
	(void)state;
	assert_true(is_number("\x7f", 1));
	assert_false(is_number("", 0));
	assert_false(is_number("\x80", 1));                                     /* goes on, but there is no more */
	assert_false(is_number("\x80\x00", 2));                                 /* a zero in front */
	assert_true(is_number("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10)); /* SIZE_MAX */
	assert_false(is_number("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10));
	assert_false(is_number("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11));
}

static void test_bad_lengths(void **state)
{
	struct wire text = {.data = SLICE("\x05"
					  "four")};
	struct wire count = {.data = SLICE("\x03"
					   "12345")};
	struct wire below = {.data = SLICE("\x03")};

	(void)state;
	assert_int_equal(wire_get_text(&text).n, 0);
	assert_true(text.bad);
	assert_int_equal(wire_get_count(&count, 2), 0);
	assert_true(count.bad);
	assert_int_equal(wire_get_below(&below, 3), 0);
	assert_true(below.bad);
}

/* ---- real answers ---- */

struct sample {
	struct slice text;
	struct slice path;
	struct policy *policy;
	bool chart_template;
	bool whole;
	struct rewrite_result result;
	struct buf answer;
	struct arena arena;
};

static bool read_part(struct sample *sample, const char *in, const char *name, struct slice *text)
{
	struct slice path = arena_printf(&sample->arena, "%.*s/%s", (int)(strrchr(in, '/') - in), in, name);
	FILE *file = fopen(path.p, "rb");
	struct buf bytes;
	char block[4096];
	size_t n;

	if (!file)
		return false;
	buf_init(&bytes);
	while ((n = fread(block, 1, sizeof(block), file)) > 0)
		buf_add(&bytes, (struct slice){block, n});
	fclose(file);
	*text = arena_dup(&sample->arena, buf_slice(&bytes));
	buf_release(&bytes);
	return true;
}

static void read_args(struct sample *sample, char *args)
{
	for (char *line = strtok(args, "\n"); line; line = strtok(NULL, "\n")) {
		if (strncmp(line, "path=", 5) == 0)
			sample->path = slice_of(line + 5);
		sample->chart_template = sample->chart_template || strcmp(line, "chart-template") == 0;
		sample->whole = sample->whole || strcmp(line, "whole") == 0;
	}
}

static void sample_make(struct sample *sample, const char *in)
{
	struct findings mistakes = {0};
	struct rewrite_input input;
	struct slice text;

	*sample = (struct sample){0};
	assert_true(read_part(sample, in, strrchr(in, '/') + 1, &sample->text));
	sample->path = slice_of(strrchr(in, '/') + 1);
	if (read_part(sample, in, "policy.yaml", &text))
		sample->policy = policy_parse(text, &sample->arena, &mistakes);
	if (read_part(sample, in, "args", &text))
		read_args(sample, (char *)text.p);
	input = (struct rewrite_input){
		.text = sample->text,
		.path = sample->path,
		.policy = sample->policy,
		.chart_template = sample->chart_template,
		.whole = sample->whole,
	};
	rewrite(&input, &sample->arena, &sample->result);
	wire_result(&sample->answer, &sample->result, sample->policy ? policy_count(sample->policy) : 0);
}

static void sample_release(struct sample *sample)
{
	buf_release(&sample->answer);
	arena_release(&sample->arena);
}

static bool sample_get(
	const struct sample *sample, struct slice answer, struct rewrite_result *got, struct arena *arena, struct error *err)
{
	struct wire wire = {.data = answer};

	return wire_get_result(&wire, sample->text, sample->policy, got, arena, err);
}

static void for_golden(void (*each)(struct sample *sample, const char *name))
{
	struct sample sample;
	glob_t found;

	assert_int_equal(glob("golden/*/*/in.*", 0, NULL, &found), 0);
	assert_true(found.gl_pathc > 300);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		sample_make(&sample, found.gl_pathv[i]);
		each(&sample, found.gl_pathv[i]);
		sample_release(&sample);
	}
	globfree(&found);
}

static void check_round(struct sample *sample, const char *name)
{
	struct rewrite_result got;
	struct error err = {.text = ""};
	struct arena arena = {0};
	struct buf again;

	buf_init(&again);
	if (!sample_get(sample, buf_slice(&sample->answer), &got, &arena, &err))
		fail_msg("%s: refused: %s", name, err.text);
	wire_result(&again, &got, sample->policy ? policy_count(sample->policy) : 0);
	if (!slice_eq(buf_slice(&again), buf_slice(&sample->answer)))
		fail_msg("%s: not the same", name);
	assert_int_equal(got.outcome, sample->result.outcome);
	assert_int_equal(got.edits.n, sample->result.edits.n);
	assert_int_equal(got.findings.n, sample->result.findings.n);
	assert_int_equal(got.containers, sample->result.containers);
	assert_int_equal(got.fixed, sample->result.fixed);
	assert_int_equal(got.refused, sample->result.refused);
	assert_int_equal(got.nreports, sample->result.nreports);
	assert_int_equal(got.used != NULL, sample->result.used != NULL);
	buf_release(&again);
	arena_release(&arena);
}

/* All that the engine answers is understood, and passes the check of its edits. */
static void test_round_trip(void **state)
{
	(void)state;
	for_golden(check_round);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Whatever comes instead of an answer, reading it stays inside, and what is let through can be applied. */
static void check_spoiled(struct sample *sample, const char *name)
{
	uint32_t seed = 1;

	(void)name;
	for (int round = 0; round < 60; round++) {
		struct slice answer = buf_slice(&sample->answer);
		char *bytes = memcpy(xrealloc(NULL, answer.n, 1), answer.p, answer.n);
		struct rewrite_result got;
		struct arena arena = {0};
		struct error err;
		struct buf out;

		answer.p = bytes;
		for (uint32_t i = next_random(&seed) % 3; i < 3; i++)
			bytes[next_random(&seed) % answer.n] = (char)next_random(&seed);
		if (round % 4 == 0)
			answer.n = next_random(&seed) % answer.n;
		buf_init(&out);
		if (sample_get(sample, answer, &got, &arena, &err))
			edits_apply(&got.edits, sample->text, &out);
		buf_release(&out);
		arena_release(&arena);
		free(bytes);
	}
}

static void test_spoiled(void **state)
{
	(void)state;
	for_golden(check_spoiled);
}

/* A new member of these must go over the wire, too; then the number here is a new one. */
static void test_members(void **state)
{
	(void)state;
	if (sizeof(size_t) != 8)
		return;
	assert_int_equal(sizeof(struct container_report), 208);
	assert_int_equal(sizeof(struct container_add), 64);
	assert_int_equal(sizeof(struct rewrite_result), 112);
	assert_int_equal(sizeof(struct finding), 40);
	assert_int_equal(sizeof(struct policy_entry), 120);
	assert_int_equal(sizeof(struct policy_pod_spec), 64);
	assert_int_equal(sizeof(struct policy_exclude), 32);
}

/* ---- policies ---- */

static const char policy_text[] = "version: 1\n"
				  "allow:\n"
				  "- {capability: NET_RAW, reason: pings, owner: us, ticket: T-1, expires: 2027-06-30}\n"
				  "- {capability: SYS_TIME, reason: clocks, match: {name: ntp}}\n"
				  "exempt:\n"
				  "- {reason: legacy, match: {namespace: old}}\n"
				  "podSpecs:\n"
				  "- {apiVersion: example.com/*, kind: Worker, path: spec.pod}\n"
				  "exclude: ['vendor/**']\n";

static void test_policy(void **state)
{
	struct findings mistakes = {0};
	struct arena arena = {0};
	struct policy *policy = policy_parse(slice_of(policy_text), &arena, &mistakes), *got;
	struct buf out, again;
	struct wire wire = {0};
	size_t n;

	(void)state;
	buf_init(&out);
	buf_init(&again);
	assert_non_null(policy);
	wire_policy(&out, policy, &mistakes);
	wire.data = buf_slice(&out);
	assert_true(wire_get_policy(&wire, &got, &mistakes, &arena));
	assert_non_null(got);
	wire_policy(&again, got, &mistakes);
	assert_true(slice_eq(buf_slice(&out), buf_slice(&again)));
	assert_int_equal(policy_count(got), 3);
	assert_true(slice_is(policy_at(got, 0)->owner, "us"));
	assert_int_equal(policy_at(got, 0)->expires_on, 20270630);
	assert_int_equal(policy_at(got, 1)->index, 1);
	assert_true(policy_at(got, 2)->exempt);
	assert_true(slice_is(policy_pod_specs(got, &n)[0].kind, "Worker"));
	assert_non_null(policy_excluded(got, SLICE("vendor/x.yaml")));
	assert_null(policy_excluded(got, SLICE("src/x.yaml")));
	for (size_t cut = 0; cut < out.n; cut++) {
		wire = (struct wire){.data = {out.p, cut}};
		assert_false(wire_get_policy(&wire, &got, &mistakes, &arena));
	}
	buf_release(&out);
	buf_release(&again);
	arena_release(&arena);
}

static void test_mistakes(void **state)
{
	struct findings mistakes = {0}, got = {0};
	struct arena arena = {0};
	struct policy *policy = policy_parse(SLICE("version: 2\nnonsense: 1\n"), &arena, &mistakes);
	struct wire wire = {0};
	struct buf out;

	(void)state;
	buf_init(&out);
	assert_null(policy);
	wire_policy(&out, policy, &mistakes);
	wire.data = buf_slice(&out);
	assert_true(wire_get_policy(&wire, &policy, &got, &arena));
	assert_null(policy);
	assert_int_equal(got.n, 2);
	assert_int_equal(got.v[1].line, 2);
	/* No policy and no mistake: neither can be shown. */
	wire = (struct wire){.data = SLICE("\0\0")};
	got.n = 0;
	assert_false(wire_get_policy(&wire, &policy, &got, &arena));
	buf_release(&out);
	arena_release(&arena);
}

/* ---- edits ---- */

static const char manifest[] = "spec:\n"
			       "  containers:\n"
			       "  - name: web\n"
			       "    image: nginx\n"
			       "    args: [--one, two]\n"
			       "    emptyDir: {}\n"
			       "    securityContext:\n"
			       "      capabilities:\n"
			       "        # why\n"
			       "        add: # these\n"
			       "        - SYS_TIME # clock\n"
			       "        # own\n"
			       "        - net_raw\n"
			       "        drop: [all, KILL]\n"
			       "---\n"
			       "  - command\n"
			       "x: {securityContext: {}}\n";

/* Under a policy that allows NET_RAW and SYS_TIME. */
static bool passes_all(const char *text, const struct edit *v, size_t n)
{
	struct edits edits = {.v = (struct edit *)v, .n = n, .sealed = true};
	struct findings mistakes = {0};
	struct arena arena = {0};
	struct error err;
	bool ok = wire_check_edits(&edits, slice_of(text), policy_parse(slice_of(policy_text), &arena, &mistakes), &err);

	arena_release(&arena);
	return ok;
}

/* Replaces the first `old` behind the first `mark` of the manifest. */
static bool passes(const char *mark, const char *old, const char *new)
{
	const char *at = strstr(strstr(manifest, mark), old);
	struct edit edit = {.at = (size_t)(at - manifest), .del = strlen(old), .ins = slice_of(new)};

	return passes_all(manifest, &edit, 1);
}

static void test_inserted(void **state)
{
	(void)state;
	assert_true(passes("x: {sec", "", "x:\n  securityContext:\n    capabilities:\n      drop:\n      - \"ALL\"\n") == false);
	assert_true(passes("    args", "", "    securityContext:\n      capabilities:\n        drop:\n        - \"ALL\"\n"));
	assert_true(passes(", KILL", "", ", ALL"));
	assert_true(passes("{}}", "", "securityContext: {'capabilities': {\"drop\": [ALL]}}\r\n\t"));
	assert_false(passes(", KILL", "", ", NONE"));
	assert_false(passes(", KILL", "", ", ALLE"));
	assert_false(passes(", KILL", "", ", all"));
	assert_false(passes(", KILL", "", "# ALL"));
	assert_false(passes(", KILL", "", "privileged: drop"));
	assert_false(passes(", KILL", "", "\xc3\xa4"));
	/* ALL in another list than drop; capabilities that the policy does not allow, or that were not there. */
	assert_false(passes("        # own", "", "        - ALL\n"));
	assert_false(passes("two", "]", ", ALL]"));
	assert_false(passes("        # own", "", "        - SYS_ADMIN\n"));
	assert_false(passes("        # own", "", "        - NET_RAW\n"));
	assert_false(passes(", KILL", "", ", NET_RAW"));
	assert_false(passes("KILL", "", "ALL"));  /* ALLKILL */
	assert_false(passes("ILL]", "", "ALL"));
	assert_false(passes("]\n---", "", "drop")); /* KILLdrop */
}

static void test_removed(void **state)
{
	(void)state;
	assert_true(passes("all", "all", "ALL"));
	assert_true(passes("net_raw", "net_raw", "NET_RAW"));
	assert_false(passes("net_raw", "net_raw", "SYS_TIME"));
	assert_true(passes("        - SYS", "        - SYS_TIME # clock\n", ""));
	assert_true(passes("        - net", "        - net_raw\n", ""));
	assert_true(passes("        add", "        add: # these\n        - SYS_TIME # clock\n", ""));
	assert_true(passes("x: {sec", "{}", ""));
	assert_true(passes("x: {sec", " {}", ""));
	/* A comment on its own line, an item of another list, another key, a marker, another empty value. */
	assert_false(passes("        # own", "        # own\n", ""));
	assert_false(passes("# clock", "# clock", ""));
	assert_false(passes("[--one", "--one, ", ""));
	assert_false(passes("[--one", "[--one, two]", ""));
	assert_false(passes("image", "    image: nginx\n", ""));
	assert_false(passes("image", "image", ""));
	assert_false(passes("image", "nginx", ""));
	assert_false(passes("nginx", "nginx", "ALL"));
	assert_false(passes("---", "---\n", ""));
	assert_false(passes("        drop", "        drop: [all, KILL]\n", ""));
	assert_false(passes_all("add:\n- X\n---\n- Y\n", &(struct edit){.at = 9, .del = 4}, 1));
	assert_false(passes("  - command", "  - command\n", ""));
	assert_false(passes("emptyDir", "{}", ""));
	assert_false(passes("emptyDir", "emptyDir: {}\n", ""));
	assert_false(passes("spec", manifest, ""));
}

/* A key that goes in parts, around a comment that stays; and parts without the rest. */
static void test_parts(void **state)
{
	static const char text[] = "a: {x: y,\n"
				   "  # own\n"
				   "  add: [\n"
				   "  # own, too\n"
				   "    KILL ]}\n"
				   "b: c\n";
	const char *add = strstr(text, "add"), *kill = strstr(text, "KILL");
	struct edit parts[] = {
		{.at = 8, .del = 2},
		{.at = (size_t)(add - text), .del = strlen("add: [\n")},
		{.at = (size_t)(kill - text), .del = strlen("KILL ]")},
	};
	struct edit joined = {.at = strlen(text) - 6, .del = 1};

	(void)state;
	assert_true(passes_all(text, parts, 3));
	assert_true(passes_all(text, parts + 1, 2));
	assert_false(passes_all(text, parts, 1));     /* joins two lines */
	assert_false(passes_all(text, parts + 1, 1)); /* half a list */
	assert_false(passes_all(text, parts, 2));
	assert_false(passes_all(text, parts + 2, 1)); /* the other half */
	assert_false(passes_all(text, &joined, 1));
}

static void test_flow(void **state)
{
	static const char text[] = "{\"capabilities\":{\"add\":[\"X\",\"Y\"],\"drop\":[\"all\"]},\"args\":[\"a\",\"b\"]}";
	const char *x = strstr(text, "\"X\","), *add = strstr(text, "\"add\""), *a = strstr(text, "\"a\",");
	struct edit one = {.at = (size_t)(x - text), .del = 4};
	struct edit key = {.at = (size_t)(add - text), .del = strlen("\"add\":[\"X\",\"Y\"],")};
	struct edit half = {.at = (size_t)(add - text), .del = strlen("\"add\":[\"X\",")};
	struct edit other = {.at = (size_t)(a - text), .del = 4};
	struct edit two[] = {one, {.at = (size_t)(x - text) + 6, .del = 1}};

	(void)state;
	assert_true(passes_all(text, &one, 1));
	assert_true(passes_all(text, &key, 1));
	assert_false(passes_all(text, &half, 1));
	assert_false(passes_all(text, &other, 1));
	assert_false(passes_all(text, two, 2));
}

static void test_order(void **state)
{
	static const char text[] = "a: \xc3\xa4\r\n- x\n";
	struct edit touch[] = {{.at = 0, .ins = SLICE("drop ")}, {.at = 0, .ins = SLICE("drop ")}};
	struct edit back[] = {{.at = 8, .ins = SLICE("drop ")}, {.at = 0, .ins = SLICE("drop ")}};
	struct edit far = {.at = strlen(text) + 1, .ins = SLICE("drop")};
	struct edit end = {.at = strlen(text), .ins = SLICE("drop")};
	struct edit longer = {.at = 7, .del = SIZE_MAX, .ins = SLICE("drop")};
	struct edit half = {.at = 4, .ins = SLICE(" drop ")};
	struct edit crlf = {.at = 6, .ins = SLICE(" drop ")};
	struct edit none = {.at = 0};

	(void)state;
	assert_true(passes_all(text, &end, 1));
	assert_true(passes_all(text, touch, 1));
	assert_false(passes_all(text, touch, 2));
	assert_false(passes_all(text, back, 2));
	assert_false(passes_all(text, &far, 1));
	assert_false(passes_all(text, &longer, 1));
	assert_false(passes_all(text, &half, 1));
	assert_false(passes_all(text, &crlf, 1));
	assert_false(passes_all(text, &none, 1));
	assert_false(passes_all("", touch, 1));
}

/* An answer that changes nothing but has edits, or fails without a word. */
static void test_contradictions(void **state)
{
	struct sample sample = {.text = SLICE("a: b\n")};
	struct rewrite_result result = {.outcome = OUTCOME_UNCHANGED}, got;
	struct edit edit = {.at = 5, .ins = SLICE("drop")};
	struct arena arena = {0};
	struct error err;

	(void)state;
	wire_result(&sample.answer, &result, 0);
	assert_true(sample_get(&sample, buf_slice(&sample.answer), &got, &arena, &err));
	result.edits = (struct edits){.v = &edit, .n = 1, .sealed = true};
	sample.answer.n = 0;
	wire_result(&sample.answer, &result, 0);
	assert_false(sample_get(&sample, buf_slice(&sample.answer), &got, &arena, &err));
	result = (struct rewrite_result){.outcome = OUTCOME_FAILED};
	sample.answer.n = 0;
	wire_result(&sample.answer, &result, 0);
	assert_false(sample_get(&sample, buf_slice(&sample.answer), &got, &arena, &err));
	buf_release(&sample.answer);
	arena_release(&arena);
}

/* With aliases in the text a list may stand anywhere, but it must be one. */
static void test_elsewhere(void **state)
{
	static const char text[] = "caps: &c [A, B]\n"
				   "x: *c\n"
				   "image: nginx\n"
				   "# own\n"
				   "securityContext: &s {}\n"
				   "add: *c\n"
				   "---\n"
				   "- A\n";
	static const char *const wrong[] = {"image: nginx\n", "# own\n", "x: *c\n", "---\n", "[A, B", "*c\nimage: nginx\n"};
	static const char *const right[] = {"A, ", ", B", " {}", "add: *c\n", "- A\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct edit edit = {.at = (size_t)(strstr(text, wrong[i]) - text), .del = strlen(wrong[i])};

		if (passes_all(text, &edit, 1))
			fail_msg("%s", wrong[i]);
	}
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		struct edit edit = {.at = (size_t)(strstr(text, right[i]) - text), .del = strlen(right[i])};

		if (!passes_all(text, &edit, 1))
			fail_msg("%s", right[i]);
	}
}

/* A text made to be searched again and again is given up on in time. */
static void test_linear(void **state)
{
	enum { ITEMS = 50000 };
	struct edit *v = xrealloc(NULL, ITEMS, sizeof(*v));
	clock_t start = clock();
	struct buf text;

	(void)state;
	buf_init(&text);
	buf_adds(&text, "add:\n");
	for (size_t i = 0; i < ITEMS; i++) {
		buf_adds(&text, "- KILL\n");
		v[i] = (struct edit){.at = text.n, .del = 10};
		buf_adds(&text, "- ADDadd x\n");
	}
	for (size_t i = 0; i < ITEMS; i++)
		v[i].del = 11;
	buf_addc(&text, '\0');
	assert_true(passes_all(text.p, v, ITEMS));
	memcpy(text.p, "odd", 3);
	assert_false(passes_all(text.p, v, ITEMS));
	/* The word is there, but begins no list; aliases would explain it. */
	memcpy(text.p, "add", 3);
	text.p[3] = ' ';
	text.p[6] = '&';
	text.p[7] = '*';
	assert_true(passes_all(text.p, v, ITEMS));
	assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
	buf_release(&text);
	free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_bad_numbers),
		cmocka_unit_test(test_bad_lengths),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_spoiled),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_inserted),
		cmocka_unit_test(test_removed),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_flow),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_contradictions),
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_linear),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
