/* The node table: ranges, values, and the guards against what libfyaml 0.7.12 reads wrongly. */
#include "capfix/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/buf.h"

struct parsed {
	struct arena arena;
	struct source source;
	struct yaml yaml;
	struct error err;
	bool ok;
};

static void parse_bytes(struct parsed *p, const char *text, size_t n)
{
	memset(p, 0, sizeof(*p));
	arena_init(&p->arena);
	source_init(&p->source, (struct slice){text, n}, &p->arena);
	p->ok = yaml_parse(&p->yaml, &p->source, &p->arena, &p->err);
}

static void parse(struct parsed *p, const char *text)
{
	parse_bytes(p, text, strlen(text));
}

/* All leaves with their raw text, in order: `a=<b>`; a null as `_`, an alias with its star. */
static void leaves(const char *text, const char *want)
{
	struct parsed p;
	struct buf out;

	parse(&p, text);
	assert_true(p.ok);
	buf_init(&out);
	for (uint32_t i = 1; i < p.yaml.n; i++) {
		const struct yaml_node *n = &p.yaml.nodes[i];
		struct slice raw = yaml_raw(&p.yaml, i);

		if (n->type == YAML_MAP || n->type == YAML_SEQ)
			continue;
		buf_addc(&out, '<');
		buf_add(&out, raw);
		buf_addf(&out, ">%s", n->style == YAML_EMPTY ? "_" : "");
		if (n->style == YAML_EMPTY)
			buf_addf(&out, "%u", n->start);
	}
	buf_addc(&out, '\0');
	assert_string_equal(out.p, want);
	buf_release(&out);
	arena_release(&p.arena);
}

static void test_ranges(void **state)
{
	(void)state;
	leaves("a: b\n", "<a><b>");
	leaves("'a' : \"b\"\n", "<'a'><\"b\">");
	leaves("a: b\n  c\nd: 'x\n  y'\n", "<a><b\n  c><d><'x\n  y'>");
	leaves("a: &x b\nc: *x\n", "<a><b><c><*x>");
	leaves("[a, {b: c}, d ]", "<a><b><c><d>");
	/* libfyaml ends a block scalar at the next token. */
	leaves("a: |\n  x\n\n\n# c\nb: >-\n    y\n  \nc: 1\n", "<a><|\n  x\n><b><>-\n    y\n><c><1>");
	leaves("a: |+\n  x\n\n\nb: 1\n", "<a><|+\n  x\n\n\n><b><1>");
	leaves("- |\n  x\n     \n- y\n", "<|\n  x\n     \n><y>"); /* a longer line of blanks is content */
	leaves("- |\n  x\n  \n- y\n", "<|\n  x\n><y>");
	leaves("a:\n- r: |\n    x\n  e: 1\n", "<a><r><|\n    x\n><e><1>");
	leaves("a: | # c\n  x", "<a><| # c\n  x>");
}

/* Behind the `:`, the `-`, the anchor; behind the key where there is no indicator. */
static void test_no_value(void **state)
{
	(void)state;
	leaves("a:\nb: # c\nc: &x\nd: 1\n", "<a><>_2<b><>_5<c><>_15<d><1>");
	leaves("- \n- a\n-\n", "<>_1<a><>_8");
	leaves("k:\n  - \n  - -\n", "<k><>_6<>_13");
	leaves("{a: , b:, c}", "<a><>_3<b><>_8<c><>_11");
	leaves("? a\n? b\n: c\n", "<a><>_3<b><c>");
	leaves("a :\n", "<a><>_3");
}

static void value(const char *text, const char *want)
{
	struct parsed p;
	struct slice got;

	parse(&p, text);
	assert_true(p.ok);
	got = yaml_text(&p.yaml, p.yaml.nodes[p.yaml.first_root].first, &p.arena);
	if (!slice_is(got, want))
		fail_msg("%s gives %.*s", text, (int)got.n, got.p);
	arena_release(&p.arena);
}

static void test_text(void **state)
{
	(void)state;
	value("- a b\n", "a b");
	value("- a\n  b\n\n  c\n", "a b\nc");
	value("- ''''\n", "'"); /* wrong in libfyaml 0.7.12 */
	value("- 'it''s'\n", "it's");
	value("- 'a\n  b'\n", "a b");
	value("- \"\\x41\\u00e9\\U0001F600\\n\\\\\\/\"\n", "A\xc3\xa9\xf0\x9f\x98\x80\n\\/");
	value("- \"\\ud83d\\ude00\"\n", "\xf0\x9f\x98\x80");
	value("- \"a\\\n   b \\\n   c\"\n", "ab c");
	value("- \"a  \n   b\"\n", "a b");
	value("- \"a \\t\n   b\"\n", "a \t b");
	value("- \"\"\n", "");
	value("- |\n  a\n   b\n\n  c\n\n", "a\n b\n\nc\n");
	value("- |-\n  a\n", "a");
	value("- |+\n  a\n\n", "a\n\n");
	value("- >\n  a\n  b\n\n  c\n   d\n  e\n", "a b\nc\n d\ne\n");
	value("- |2\n    a\n", "  a\n");
	value("- \"a\r\n  b\"\r\n", "a b");
}

static void string(const char *text, bool want)
{
	struct parsed p;

	parse(&p, text);
	assert_true(p.ok);
	if (yaml_is_string(&p.yaml, p.yaml.nodes[p.yaml.first_root].first) != want)
		fail_msg("%s", text);
	arena_release(&p.arena);
}

static void test_is_string(void **state)
{
	static const char *const no[] = {"- 1\n", "- -\n- 1\n", "- ~\n", "- null\n", "- Null\n", "-  \n", "- true\n", "- No\n", "- y\n",
					 "- 1.5e3\n", "- 0x1F\n", "- .inf\n", "- 2020-01-01\n", "- 12:30\n", "- [a]\n",
					 "- !!int '1'\n", "- !x a\n", "- !!null a\n"};
	static const char *const yes[] = {"- a\n", "- 'null'\n", "- \"1\"\n", "- NET_RAW\n", "- nULL\n", "- !!str 1\n", "- |\n  1\n",
					  "- v1\n", "- 1st\n", "- -x\n", "- .x\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (i != 1)
			string(no[i], false);
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		string(yes[i], true);
}

static void refuses_bytes(const char *text, size_t n, size_t line, size_t col, const char *what)
{
	struct parsed p;

	parse_bytes(&p, text, n);
	assert_false(p.ok);
	if (!strstr(p.err.text, what))
		fail_msg("%s", p.err.text);
	assert_int_equal(p.err.line, line);
	assert_int_equal(p.err.col, col);
	arena_release(&p.arena);
}

static void refuses(const char *text, size_t line, size_t col, const char *what)
{
	refuses_bytes(text, strlen(text), line, col, what);
}

/* 0.7.12 takes the siblings of an empty nested block scalar for its text, without a word. */
static void test_empty_block_scalar(void **state)
{
	(void)state;
	refuses("a:\n  x: |\n  y: 1\n", 3, 1, "empty block scalar");
	refuses("a:\n  x: >-\n\n  # c\nb: 1\n", 4, 1, "empty block scalar");
	refuses("- - |\n  - b\n", 2, 1, "empty block scalar");
	leaves("x: |\ny: 1\n", "<x><|\n><y><1>");
	leaves("a:\n  x: |1\n    y\n", "<a><x><|1\n    y\n>");
}

static void test_errors(void **state)
{
	(void)state;
	refuses("a: [\n", 2, 1, "not valid YAML");
	refuses("a: b: c\n", 1, 5, "not valid YAML");
	refuses("a: 1\nr: |0\n", 2, 2, "not valid YAML");
	refuses("a: *x\n", 1, 4, "names no anchor");
	refuses("a: &x 1\n---\nb: *x\n", 3, 4, "names no anchor"); /* anchors end with their document */
	refuses("a: &x [*x]\n", 1, 8, "inside the value");
	refuses("a: &x\n  b: *x\n", 2, 6, "inside the value");
	/* These would crash in fy_parser_destroy. */
	refuses("? :~\t- :\t-\n", 1, 9, "not valid YAML");
	refuses("'\n", 1, 2, "not valid YAML");
}

/* The parser says nothing of a text that it did not read to the end; source_check keeps these out before. */
static void test_silent_stop(void **state)
{
	struct parsed p;

	(void)state;
	parse_bytes(&p, "a: 1\0b: 2\n", 10);
	assert_false(p.ok);
	arena_release(&p.arena);
	parse_bytes(&p, "a: \xff\nb: 2\n", 10);
	assert_false(p.ok);
	arena_release(&p.arena);
}

static char *repeat(const char *head, const char *what, size_t n, const char *tail, size_t *len)
{
	size_t a = strlen(head), b = strlen(what), c = strlen(tail);
	char *text = xrealloc(NULL, a + b * n + c, 1);

	memcpy(text, head, a);
	for (size_t i = 0; i < n; i++)
		memcpy(text + a + i * b, what, b);
	memcpy(text + a + b * n, tail, c);
	*len = a + b * n + c;
	return text;
}

static void test_depth(void **state)
{
	size_t n;
	char *text = repeat("", "[", 100000, "", &n);

	(void)state;
	refuses_bytes(text, n, 1, YAML_MAX_DEPTH + 1, "deeper than");
	free(text);
	text = repeat("", "- ", 100000, "a\n", &n);
	refuses_bytes(text, n, 1, 2 * YAML_MAX_DEPTH + 1, "deeper than");
	free(text);
}

static void test_alias_bomb(void **state)
{
	struct parsed p;
	struct buf text;

	(void)state;
	buf_init(&text);
	buf_adds(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 9; i++) {
		buf_addf(&text, "a%d: &a%d [", i, i);
		for (int j = 0; j < 10; j++)
			buf_addf(&text, "%s*a%d", j ? ", " : "", i - 1);
		buf_adds(&text, "]\n");
	}
	parse_bytes(&p, text.p, text.n);
	assert_false(p.ok);
	assert_non_null(strstr(p.err.text, "aliases repeat too much"));
	assert_int_not_equal(p.err.line, 0);
	arena_release(&p.arena);
	buf_release(&text);
}

/* 100,000 anchors take 41 s in libfyaml's documents. */
static void test_many_anchors(void **state)
{
	struct parsed p;
	struct buf text;

	(void)state;
	buf_init(&text);
	for (int i = 0; i < 100000; i++)
		buf_addf(&text, "- &a%d x\n", i);
	buf_adds(&text, "- *a99999\n");
	parse_bytes(&p, text.p, text.n);
	assert_true(p.ok);
	assert_int_equal(yaml_resolve(&p.yaml, p.yaml.n - 1), p.yaml.n - 2);
	arena_release(&p.arena);
	buf_release(&text);
}

static uint32_t find(const struct parsed *p, uint32_t map, const char *key)
{
	uint32_t again;

	return yaml_get(&p->yaml, map, key, &again);
}

static void test_get(void **state)
{
	struct parsed p;
	uint32_t again, root;

	(void)state;
	parse(&p, "a: 1\n\"\\x62\": 2\n'it''s': 3\na: 4\n? [x]\n: 5\n");
	assert_true(p.ok);
	root = p.yaml.first_root;
	assert_true(slice_is(yaml_raw(&p.yaml, yaml_get(&p.yaml, root, "a", &again)), "1"));
	assert_true(slice_is(yaml_raw(&p.yaml, again), "4"));
	assert_true(slice_is(yaml_raw(&p.yaml, yaml_get(&p.yaml, root, "b", &again)), "2"));
	assert_int_equal(again, YAML_NONE);
	assert_int_equal(find(&p, root, "x"), YAML_NONE);
	assert_int_equal(yaml_get(&p.yaml, find(&p, root, "a"), "a", &again), YAML_NONE);
	arena_release(&p.arena);
}

static void merged(const char *text, const char *want, bool unclear)
{
	struct parsed p;
	struct yaml_chain chain;
	struct yaml_found found;

	parse(&p, text);
	assert_true(p.ok);
	yaml_chain(&p.yaml, find(&p, p.yaml.first_root, "m"), &chain);
	assert_false(chain.broken);
	found = yaml_find(&p.yaml, &chain, "k");
	assert_true(found.unclear == unclear);
	assert_true(found.value ? slice_is(yaml_raw(&p.yaml, found.value), want) : want == NULL);
	arena_release(&p.arena);
}

static void test_merge(void **state)
{
	(void)state;
	merged("a: &a {k: 1}\nm:\n  <<: *a\n", "1", false);
	merged("a: &a {k: 1}\nm:\n  <<: *a\n  k: 2\n", "2", false);
	merged("a: &a {k: 1}\nm:\n  k: 2\n  <<: *a\n", "2", true); /* go-yaml v2: 1 */
	merged("a: &a {k: 1}\nb: &b {k: 2}\nm:\n  <<: [*b, *a]\n", "2", false);
	merged("a: &a {k: 1}\nb: &b {<<: *a}\nm:\n  <<: *b\n", "1", false);
	merged("a: &a {k: 1}\nb: &b {<<: *a}\nc: &c {k: 3}\nm:\n  <<: [*b, *c]\n", "1", false);
	merged("a: &a {x: 1}\nm:\n  <<: *a\n", NULL, false);
	merged("a: &a {k: 1}\nm:\n  \"<<\": *a\n", NULL, false);
}

static void test_merge_broken(void **state)
{
	struct parsed p;
	struct yaml_chain chain;

	(void)state;
	parse(&p, "m:\n  <<: 1\n");
	yaml_chain(&p.yaml, find(&p, p.yaml.first_root, "m"), &chain);
	assert_true(chain.broken);
	arena_release(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_no_value),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_is_string),
		cmocka_unit_test(test_empty_block_scalar),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_silent_stop),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_alias_bomb),
		cmocka_unit_test(test_many_anchors),
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_merge_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
