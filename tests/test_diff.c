#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "capfix/diff.h"

struct fixture {
	struct arena arena;
	struct edits edits;
	struct buf diff;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	buf_release(&f->diff);
	free(f);
	return 0;
}

static void add(struct fixture *f, size_t at, size_t del, const char *ins)
{
	edits_add(&f->edits, &f->arena, (struct edit){at, del, slice_of(ins), 0});
}

/* Adds an edit that replaces `old`, found in text, by `ins`. */
static void replace(struct fixture *f, const char *text, const char *old, const char *ins)
{
	add(f, (size_t)(strstr(text, old) - text), strlen(old), ins);
}

static void expect(struct fixture *f, const char *text, const char *expected)
{
	assert_true(edits_seal(&f->edits, &f->arena, strlen(text)));
	f->diff.n = 0;
	diff_unified(&f->diff, SLICE("f.yaml"), slice_of(text), &f->edits);
	buf_addc(&f->diff, '\0');
	assert_string_equal(f->diff.p, expected);
	f->edits = (struct edits){0};
}

#define HEAD "--- a/f.yaml\n+++ b/f.yaml\n"

static void test_no_change(void **state)
{
	struct fixture *f = *state;

	expect(f, "a\nb\n", "");
	add(f, 2, 1, "b"); /* the same again */
	expect(f, "a\nb\n", "");
	expect(f, "", "");
	add(f, 0, 2, ""); /* goes, and comes back two lines later */
	add(f, 4, 0, "a\n");
	expect(f, "a\na\na\n", "");
}

static void test_changed_line(void **state)
{
	struct fixture *f = *state;
	const char *text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

	replace(f, text, "5", "five");
	expect(f, text, HEAD "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
	replace(f, text, "1", "one");
	expect(f, text, HEAD "@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n");
	replace(f, text, "9", "nine");
	expect(f, text, HEAD "@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+nine\n");
}

static void test_one_line(void **state)
{
	struct fixture *f = *state;

	replace(f, "a\n", "a", "b");
	expect(f, "a\n", HEAD "@@ -1 +1 @@\n-a\n+b\n");
}

static void test_insertions_show_only_what_is_new(void **state)
{
	struct fixture *f = *state;
	const char *text = "a\nb\nc\n";
	const char *expected = HEAD "@@ -1,3 +1,4 @@\n a\n b\n+  x\n c\n";

	add(f, 4, 0, "  x\n"); /* at the start of "c" */
	expect(f, text, expected);
	add(f, 3, 0, "\n  x"); /* at the end of "b" */
	expect(f, text, expected);
	add(f, 2, 1, "b\n  x"); /* "b" itself is in the edit */
	expect(f, text, expected);
	add(f, 2, 4, "b\n  x\nc\n");
	expect(f, text, expected);
	add(f, 6, 0, "  x\n");
	expect(f, text, HEAD "@@ -1,3 +1,4 @@\n a\n b\n c\n+  x\n");
	add(f, 5, 0, "\n  x");
	expect(f, text, HEAD "@@ -1,3 +1,4 @@\n a\n b\n c\n+  x\n");
	add(f, 0, 0, "  x\n");
	expect(f, text, HEAD "@@ -1,3 +1,4 @@\n+  x\n a\n b\n c\n");
}

static void test_deletions_show_only_what_goes(void **state)
{
	struct fixture *f = *state;
	const char *text = "a\nb\nc\n";
	const char *expected = HEAD "@@ -1,3 +1,2 @@\n a\n-b\n c\n";

	add(f, 2, 2, "");
	expect(f, text, expected);
	add(f, 1, 2, ""); /* "\nb" */
	expect(f, text, expected);
	add(f, 0, 6, "");
	expect(f, text, HEAD "@@ -1,3 +0,0 @@\n-a\n-b\n-c\n");
}

/* An edit before a line and one behind it leave the line as context. */
static void test_a_line_between_two_insertions(void **state)
{
	struct fixture *f = *state;
	const char *text = "a\nb\nc\n";

	add(f, 2, 0, "x\n");
	add(f, 3, 0, "\ny");
	expect(f, text, HEAD "@@ -1,3 +1,5 @@\n a\n+x\n b\n+y\n c\n");
}

static void test_two_edits_in_a_line(void **state)
{
	struct fixture *f = *state;
	const char *text = "a: [b, c]\nd\n";

	add(f, 4, 1, "B");
	add(f, 8, 0, ", e");
	expect(f, text, HEAD "@@ -1,2 +1,2 @@\n-a: [b, c]\n+a: [B, c, e]\n d\n");
}

/* As git and GNU diff write it: first all that goes, then all that comes. */
static void test_neighbours(void **state)
{
	struct fixture *f = *state;
	const char *text = "a\nb\nc\nd\n";

	replace(f, text, "b", "B");
	replace(f, text, "c", "C");
	expect(f, text, HEAD "@@ -1,4 +1,4 @@\n a\n-b\n-c\n+B\n+C\n d\n");
}

static void test_hunks_merge(void **state)
{
	struct fixture *f = *state;
	const char *near = "a\n1\n2\n3\n4\n5\n6\nb\n";
	const char *far = "a\n1\n2\n3\n4\n5\n6\n7\nb\n";

	replace(f, near, "a", "A");
	replace(f, near, "b", "B");
	expect(f, near, HEAD "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
	replace(f, far, "a", "A\nA2");
	replace(f, far, "b", "B");
	expect(f, far, HEAD "@@ -1,4 +1,5 @@\n-a\n+A\n+A2\n 1\n 2\n 3\n@@ -6,4 +7,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

#define NONL "\\ No newline at end of file\n"

static void test_no_newline(void **state)
{
	struct fixture *f = *state;

	replace(f, "a\nb", "b", "c");
	expect(f, "a\nb", HEAD "@@ -1,2 +1,2 @@\n a\n-b\n" NONL "+c\n" NONL);
	add(f, 3, 0, "\n");
	expect(f, "a\nb", HEAD "@@ -1,2 +1,2 @@\n a\n-b\n" NONL "+b\n");
	add(f, 3, 1, "");
	expect(f, "a\nb\n", HEAD "@@ -1,2 +1,2 @@\n a\n-b\n+b\n" NONL);
	add(f, 3, 0, "\nc");
	expect(f, "a\nb", HEAD "@@ -1,2 +1,3 @@\n a\n-b\n" NONL "+b\n+c\n" NONL);
	add(f, 1, 2, "");
	expect(f, "a\nb", HEAD "@@ -1,2 +1 @@\n-a\n-b\n" NONL "+a\n" NONL);
	add(f, 4, 0, "c");
	expect(f, "a\nb\n", HEAD "@@ -1,2 +1,3 @@\n a\n b\n+c\n" NONL);
	/* The last line is only context. */
	replace(f, "a\nb", "a", "A");
	expect(f, "a\nb", HEAD "@@ -1,2 +1,2 @@\n-a\n+A\n b\n" NONL);
	add(f, 0, 0, "x\n");
	expect(f, "b", HEAD "@@ -1 +1,2 @@\n+x\n b\n" NONL);
}

static void test_empty_text(void **state)
{
	struct fixture *f = *state;

	add(f, 0, 0, "a\n");
	expect(f, "", HEAD "@@ -0,0 +1 @@\n+a\n");
	add(f, 0, 1, "");
	expect(f, "a", HEAD "@@ -1 +0,0 @@\n-a\n" NONL);
}

static void test_cr_is_content(void **state)
{
	struct fixture *f = *state;

	add(f, 3, 0, "  x\r\n");
	expect(f, "a\r\nb\r\n", HEAD "@@ -1,2 +1,3 @@\n a\r\n+  x\r\n b\r\n");
	add(f, 1, 0, "\r\n  x");
	expect(f, "a\r\nb\r\n", HEAD "@@ -1,2 +1,3 @@\n a\r\n+  x\r\n b\r\n");
	add(f, 2, 0, "x\r");
	expect(f, "a\rb\r", HEAD "@@ -1 +1 @@\n-a\rb\r\n" NONL "+a\rx\rb\r\n" NONL);
}

static void expect_header(struct fixture *f, struct slice path, const char *expected)
{
	f->edits = (struct edits){0};
	add(f, 0, 1, "b");
	assert_true(edits_seal(&f->edits, &f->arena, 1));
	f->diff.n = 0;
	diff_unified(&f->diff, path, SLICE("a"), &f->edits);
	assert_true(f->diff.n > strlen(expected));
	f->diff.p[strlen(expected)] = '\0';
	assert_string_equal(f->diff.p, expected);
}

static void test_paths(void **state)
{
	struct fixture *f = *state;

	expect_header(f, SLICE("d/f"), "--- a/d/f\n+++ b/d/f\n@@");
	expect_header(f, SLICE("./d/f"), "--- a/d/f\n");
	expect_header(f, SLICE("/d/f"), "--- a/d/f\n");
	expect_header(f, SLICE(".//./d/f"), "--- a/d/f\n");
	expect_header(f, SLICE(".d/f"), "--- a/.d/f\n");
	expect_header(f, SLICE("../f"), "--- a/../f\n");
	expect_header(f, SLICE("a b"), "--- a/a b\t\n+++ b/a b\t\n@@");
	expect_header(f, SLICE("a \"b\""), "--- \"a/a \\\"b\\\"\"\n+++ \"b/a \\\"b\\\"\"\n@@");
	expect_header(f, SLICE("\t\n\\\r\a\b\v\f\001\x7f"), "--- \"a/\\t\\n\\\\\\r\\a\\b\\v\\f\\001\\177\"\n");
	expect_header(f, SLICE("\x7f"), "--- \"a/\\177\"\n");
	expect_header(f, SLICE("~"), "--- a/~\n");
	expect_header(f, SLICE("\xc3\xa4.yaml"), "--- \"a/\\303\\244.yaml\"\n");
}

static void test_colour(void **state)
{
	struct fixture *f = *state;

	diff_colour(&f->diff,
		SLICE("--- a/x\n+++ b/x\n@@ -1,3 +1,2 @@\n--- y\n a\n\\ No newline at end of file\n"
		      "-b\r\n++z\r\n@@ -9 +9 @@\n-q\n+r\n--- a/y\n"));
	buf_addc(&f->diff, '\0');
	assert_string_equal(f->diff.p,
		"\033[1m--- a/x\033[m\n\033[1m+++ b/x\033[m\n\033[36m@@ -1,3 +1,2 @@\033[m\n\033[31m--- y\033[m\n a\n"
		"\\ No newline at end of file\n\033[31m-b\033[m\r\n\033[32m++z\033[m\r\n\033[36m@@ -9 +9 @@\033[m\n"
		"\033[31m-q\033[m\n\033[32m+r\033[m\n\033[1m--- a/y\033[m\n");
	f->diff.n = 0;
	diff_colour(&f->diff, (struct slice){NULL, 0});
	assert_int_equal(f->diff.n, 0);
}

/*
 * At random: texts with all line ends, edits anywhere, and a strict reader of unified diffs that must come to what
 * edits_apply gives.
 */
static uint32_t seed;

static size_t below(size_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static void random_text(struct buf *buf, size_t pieces)
{
	/* Few different lines, so that neighbours are often equal. */
	static const char *const words[] = {"a", "b", "\n", "\n", "a\n", "b\n", "a\r\n", "\r", "\n\n", "+", "- ", "\\"};

	for (size_t i = 0; i < pieces; i++)
		buf_adds(buf, words[below(sizeof(words) / sizeof(words[0]))]);
}

static size_t to_line_start(struct slice text, size_t at)
{
	while (at > 0 && text.p[at - 1] != '\n')
		at--;
	return at;
}

/* Edits that do not overlap, most of them such as the patcher makes: whole lines, or at the end of a line. */
static void random_edits(struct fixture *f, struct slice text)
{
	size_t n = 1 + below(5);
	size_t free_from = 0;

	for (size_t i = 0; i < n && free_from <= text.n; i++) {
		size_t at = free_from + below(text.n - free_from + 1);
		size_t del = below(2) ? 0 : below(text.n - at + 1) % 8;
		struct buf ins = {0};

		random_text(&ins, below(4));
		if (below(2) && to_line_start(text, at) >= free_from) {
			at = to_line_start(text, at);
			del = del > 0 ? to_line_start(text, at + del) - at : 0;
			if (ins.n > 0)
				buf_addc(&ins, '\n');
		}
		edits_add(&f->edits, &f->arena, (struct edit){at, del, arena_dup(&f->arena, buf_slice(&ins)), i});
		free_from = at + del + below(2);
		buf_release(&ins);
	}
}

/* Takes one line, its LF included, off the start of *text. */
static struct slice take_line(struct slice *text)
{
	const char *lf = text->n == 0 ? NULL : memchr(text->p, '\n', text->n);
	size_t n = lf == NULL ? text->n : (size_t)(lf - text->p) + 1;
	struct slice line = slice_sub(*text, 0, n);

	*text = slice_sub(*text, n, text->n);
	return line;
}

static size_t take_number(const char **p)
{
	char *end;
	size_t n = strtoul(*p, &end, 10);

	assert_ptr_not_equal(end, *p);
	*p = end;
	return n;
}

struct range {
	size_t start; /* 0-based */
	size_t count;
};

static struct range take_range(const char **p, const char *before)
{
	struct range range = {0, 1};

	assert_memory_equal(*p, before, strlen(before));
	*p += strlen(before);
	range.start = take_number(p);
	if (**p == ',') {
		++*p;
		range.count = take_number(p);
		assert_int_not_equal(range.count, 1);
	}
	if (range.count > 0) {
		assert_true(range.start > 0);
		range.start--;
	}
	return range;
}

struct applier {
	struct slice text; /* what of the old text is left */
	size_t line;       /* of the old text: where that begins */
	struct buf out;
	size_t out_line;
	bool out_done; /* its last line had no newline */
};

/* The content of a diff's line; a mark for a missing newline behind it is taken too. */
static struct slice take_content(struct slice *diff)
{
	struct slice line = take_line(diff);

	assert_int_equal(line.p[line.n - 1], '\n');
	if (diff->n > 0 && diff->p[0] == '\\') {
		assert_true(slice_is(take_line(diff), NONL));
		line.n--;
	}
	return slice_sub(line, 1, line.n);
}

/* Context at the ends of a hunk is three lines, or all there is; checked by how the hunk begins and ends. */
static void check_context(size_t lead, size_t trail, const struct applier *a, struct range old)
{
	assert_true(lead == 3 || (lead < 3 && old.start == 0));
	assert_true(trail == 3 || (trail < 3 && a->text.n == 0));
}

static void apply_hunk(struct applier *a, struct slice *diff)
{
	const char *p = take_line(diff).p;
	struct range old = take_range(&p, "@@ -");
	struct range new = take_range(&p, " +");
	size_t old_end = old.start + old.count;
	size_t lead = 0;
	size_t equal = 0;
	bool changed = false;

	assert_memory_equal(p, " @@\n", 4);
	for (; a->line < old.start; a->line++, a->out_line++)
		buf_add(&a->out, take_line(&a->text));
	assert_int_equal(a->out_line, new.start);
	new.start += new.count;
	while (a->line < old_end || a->out_line < new.start) {
		char sign = diff->p[0];
		struct slice content = take_content(diff);

		assert_non_null(memchr(" -+", sign, 3));
		if (sign != '+') {
			assert_true(slice_eq(content, take_line(&a->text)));
			a->line++;
		}
		if (sign != '-') {
			assert_false(a->out_done);
			buf_add(&a->out, content);
			a->out_line++;
			a->out_done = content.n == 0 || content.p[content.n - 1] != '\n';
		}
		equal = sign == ' ' ? equal + 1 : 0;
		changed |= sign != ' ';
		lead += !changed;
		assert_true(equal <= 6);
	}
	assert_true(changed);
	assert_int_equal(a->line, old_end);
	assert_int_equal(a->out_line, new.start);
	check_context(lead, equal, a, old);
}

/* Lines that go and lines that come in their place: neither the first nor the last of them are equal. */
struct pair {
	struct slice first[2];
	struct slice last[2];
};

static void check_pair(const struct pair *pair)
{
	if (pair->first[0].p == NULL || pair->first[1].p == NULL)
		return;
	assert_false(slice_eq(pair->first[0], pair->first[1]));
	assert_false(slice_eq(pair->last[0], pair->last[1]));
}

static void check_minimal(struct slice diff)
{
	struct pair pair = {0};
	char before = ' ';

	while (diff.n > 0) {
		char sign = diff.p[0];
		struct slice content = take_content(&diff);

		/* All that goes stands before all that comes. */
		assert_false(before == '+' && sign == '-');
		before = sign;
		if (sign == ' ' || sign == '@') {
			check_pair(&pair);
			pair = (struct pair){0};
			continue;
		}
		if (pair.first[sign == '+'].p == NULL)
			pair.first[sign == '+'] = content;
		pair.last[sign == '+'] = content;
	}
	check_pair(&pair);
}

static void check_diff(struct slice text, const struct edits *edits, struct slice diff)
{
	struct applier a = {.text = text};
	struct buf expected = {0};

	edits_apply(edits, text, &expected);
	assert_true((diff.n == 0) == slice_eq(text, buf_slice(&expected)));
	if (diff.n > 0) {
		assert_true(slice_is(take_line(&diff), "--- a/f\n"));
		assert_true(slice_is(take_line(&diff), "+++ b/f\n"));
		check_minimal(diff);
	}
	while (diff.n > 0)
		apply_hunk(&a, &diff);
	assert_true(a.text.n == 0 || !a.out_done);
	buf_add(&a.out, a.text);
	assert_true(slice_eq(buf_slice(&a.out), buf_slice(&expected)));
	buf_release(&a.out);
	buf_release(&expected);
}

static void test_random(void **state)
{
	struct fixture *f = *state;
	struct buf text = {0};

	for (uint32_t round = 0; round < 200000; round++) {
		seed = round;
		text.n = f->diff.n = 0;
		random_text(&text, below(8) == 0 ? below(80) : below(20));
		random_edits(f, buf_slice(&text));
		assert_true(edits_seal(&f->edits, &f->arena, text.n));
		diff_unified(&f->diff, SLICE("f"), buf_slice(&text), &f->edits);
		check_diff(buf_slice(&text), &f->edits, buf_slice(&f->diff));
		f->edits = (struct edits){0};
		arena_release(&f->arena);
	}
	buf_release(&text);
}

/* One line of 16 MB with 400,000 edits: a look for its end at each of them would take minutes. */
static void test_many_edits_in_a_line(void **state)
{
	enum { N = 400000, STEP = 40 };
	struct fixture *f = *state;
	struct buf text = {0};
	struct slice diff;

	buf_fill(&text, 'x', (size_t)N * STEP);
	for (size_t i = 0; i < N; i++)
		add(f, i * STEP, 1, "yy");
	assert_true(edits_seal(&f->edits, &f->arena, text.n));
	diff_unified(&f->diff, SLICE("f"), buf_slice(&text), &f->edits);
	diff = buf_slice(&f->diff);
	check_diff(buf_slice(&text), &f->edits, diff);
	buf_release(&text);
}

static void test_many_hunks(void **state)
{
	enum { N = 200000 };
	struct fixture *f = *state;
	struct buf text = {0};

	for (size_t i = 0; i < N; i++) {
		add(f, text.n, 0, "new\n");
		buf_adds(&text, "1\n2\n3\n4\n5\n6\n7\n8\n");
	}
	assert_true(edits_seal(&f->edits, &f->arena, text.n));
	diff_unified(&f->diff, SLICE("f"), buf_slice(&text), &f->edits);
	check_diff(buf_slice(&text), &f->edits, buf_slice(&f->diff));
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_no_change, setup, teardown),
		cmocka_unit_test_setup_teardown(test_changed_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_insertions_show_only_what_is_new, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deletions_show_only_what_goes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_line_between_two_insertions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two_edits_in_a_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_neighbours, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hunks_merge, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_newline, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cr_is_content, setup, teardown),
		cmocka_unit_test_setup_teardown(test_paths, setup, teardown),
		cmocka_unit_test_setup_teardown(test_colour, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_edits_in_a_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_hunks, setup, teardown),
	};

	alarm(60); /* what is not linear does not get ready */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
