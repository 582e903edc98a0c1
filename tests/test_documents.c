/* Cutting a text into documents. */
#include "capfix/documents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/buf.h"
#include "capfix/source.h"

/* The pieces, with `|` between them. */
static void cut(const char *text, const char *want)
{
	struct slice slice = slice_of(text);
	struct buf out;
	size_t at = 0;

	buf_init(&out);
	while (at < slice.n) {
		size_t from = at;

		if (from)
			buf_addc(&out, '|');
		documents_next(slice, &at);
		assert_true(at > from);
		buf_add(&out, slice_sub(slice, from, at));
	}
	buf_addc(&out, '\0');
	assert_string_equal(out.p, want);
	buf_release(&out);
}

static void test_cuts(void **state)
{
	(void)state;
	cut("a: 1\n", "a: 1\n");
	cut("a: 1\n---\nb: 2\n", "a: 1\n|---\nb: 2\n");
	cut("---\na: 1\n---\nb: 2", "---\na: 1\n|---\nb: 2");
	cut("a: 1\n...\nb: 2\n", "a: 1\n...\n|b: 2\n");
	cut("a: 1\n...\n---\nb: 2\n", "a: 1\n...\n|---\nb: 2\n");
	cut("a: 1\n--- b\n---\tc\n---", "a: 1\n|--- b\n|---\tc\n|---");
	cut("a: 1\r\n---\r\nb: 2\r\n", "a: 1\r\n|---\r\nb: 2\r\n");
	cut("a: 1\r---\rb: 2\r", "a: 1\r|---\rb: 2\r");
	/* Inside a scalar too: YAML 1.2, 9.1.2. */
	cut("a: |\n  x\n---\n  y\n", "a: |\n  x\n|---\n  y\n");
	cut("\xef\xbb\xbf---\na: 1\n---\n", "\xef\xbb\xbf---\na: 1\n|---\n");
}

/* Markers at and around the edges of the windows that the search goes by. */
static void test_cuts_far_away(void **state)
{
	static const char *const markers[] = {"---\n", "...\n", "--- x\n"};

	(void)state;
	for (size_t n = 4080; n < 4110; n++) {
		for (size_t m = 0; m < 3; m++) {
			struct buf text;
			size_t at = 0, want;

			buf_init(&text);
			buf_fill(&text, 'a', n);
			buf_addc(&text, '\n');
			want = text.n + (m == 1 ? 4 : 0);
			buf_adds(&text, markers[m]);
			buf_adds(&text, "b: 1\n");
			assert_int_equal(documents_next(buf_slice(&text), &at), want);
			assert_int_equal(documents_next(buf_slice(&text), &at), text.n);
			buf_release(&text);
		}
	}
}

static void test_does_not_cut(void **state)
{
	(void)state;
	cut("a: 1\n ---\nb: 2\n", "a: 1\n ---\nb: 2\n");
	cut("a: 1\n---b\nc: 2\n", "a: 1\n---b\nc: 2\n");
	cut("a: 1\n----\nc: 2\n", "a: 1\n----\nc: 2\n");
	cut("a: x---\n....\n", "a: x---\n....\n");
	cut("# ------\n# --- x\n", "# ------\n# --- x\n");
}

static void test_can_cut(void **state)
{
	(void)state;
	assert_true(documents_can_cut(slice_of("a: 50%\n# 100 %\n")));
	assert_true(documents_can_cut(slice_of("\xef\xbb\xbf"
					       "a: \xef\xbc\xa1\n")));
	assert_false(documents_can_cut(slice_of("%YAML 1.1\n---\na: 1\n")));
	assert_false(documents_can_cut(slice_of("a: 1\n...\n%TAG ! x\n---\n")));
	assert_false(documents_can_cut(slice_of("a: 1\r%x")));
	assert_false(documents_can_cut(slice_of("\xef\xbb\xbf%YAML 1.1\n")));
	assert_false(documents_can_cut(slice_of("a: 1\n\xef\xbb\xbf---\nb: 2\n")));
}

static void test_may_matter(void **state)
{
	(void)state;
	assert_true(documents_may_matter(slice_of("containers: []")));
	assert_true(documents_may_matter(slice_of("initContainers: []")));
	assert_true(documents_may_matter(slice_of("\"\\x63ontain\\u0065rs\": []")));
	assert_true(documents_may_matter(slice_of("? \"contai\\\nners\"\n")));
	assert_false(documents_may_matter(slice_of("")));
	assert_false(documents_may_matter(slice_of("a: b\\nc \\\\ \\\"\n")));
}

static bool dull(const char *text)
{
	return documents_is_dull(slice_of(text));
}

static void test_dull(void **state)
{
	(void)state;
	assert_true(dull("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n"));
	assert_true(dull("---\n# c\n\nkind: ConfigMap\r\napiVersion: v1\r\ndata: {}\r\n"));
	assert_true(dull("kind:   Secret  \napiVersion: v1\n") == false); /* blanks behind the word: parse */
	assert_true(dull("apiVersion: v1\nkind: Service\n"));
	assert_false(dull("apiVersion: v1\nkind: Pod\nspec:\n"));
	assert_false(dull("apiVersion: v1\nkind: List\nitems:\n"));
	assert_false(dull("apiVersion: example.com/v1\nkind: ConfigMap\ndata:\n"));
	/* The word may go on, or belong to something else. */
	assert_false(dull("apiVersion: v1\nkind: Service\n  Account\n"));
	assert_false(dull("  apiVersion: v1\n  kind: Secret\n"));
	assert_false(dull("metadata: {}\napiVersion: v1\nkind: Secret\n"));
	assert_false(dull("{apiVersion: v1, kind: Secret}\n"));
	assert_false(dull("apiVersion:v1\nkind: Secret\n"));
	assert_false(dull("apiVersion: v1 # c\nkind: Secret\n"));
	assert_false(dull("apiVersion: v1\nkind: Secret"));
}

static void test_count_lines(void **state)
{
	struct slice text = SLICE("a\nb\r\nc\rd\n\n\re");

	(void)state;
	for (size_t to = 0; to <= text.n; to++) {
		struct arena arena;
		struct source source;

		if (to > 0 && to < text.n && text.p[to - 1] == '\r' && text.p[to] == '\n')
			continue; /* not the start of a line */
		arena_init(&arena);
		source_init(&source, text, &arena);
		if (to < text.n)
			assert_int_equal(documents_count_lines(text, 0, to), source_line(&source, to));
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_cuts_far_away),
		cmocka_unit_test(test_does_not_cut),
		cmocka_unit_test(test_can_cut),
		cmocka_unit_test(test_may_matter),
		cmocka_unit_test(test_dull),
		cmocka_unit_test(test_count_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
