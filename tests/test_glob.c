#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/glob.h"

struct sample {
	const char *pattern;
	const char *text;
	bool match;
};

static void check(const struct sample *samples, size_t n, bool paths)
{
	for (size_t i = 0; i < n; i++) {
		bool match = glob_match(slice_of(samples[i].pattern), slice_of(samples[i].text), paths);

		if (match != samples[i].match)
			fail_msg("%s and %s: %d", samples[i].pattern, samples[i].text, match);
	}
}

#define CHECK(samples, paths) check(samples, sizeof(samples) / sizeof((samples)[0]), paths)

static void test_names(void **state)
{
	static const struct sample samples[] = {
		{"web", "web", true},
		{"web", "webs", false},
		{"web", "we", false},
		{"Web", "web", false},
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "a/b", true},
		{"?", "", false},
		{"?", "/", true},
		{"?", "\xc3\xa9", true},
		{"??", "\xc3\xa9", false},
		{"?", "\xff", true},
		{"ingress-*", "ingress-", true},
		{"ingress-*", "ingress-nginx", true},
		{"ingress-*", "ingress", false},
		{"*-x", "a-x-x", true},
		{"*-x", "a-x-y", false},
		{"a*b*c", "a1b2b3c", true},
		{"a*b*c", "a1b2b3", false},
		{"nginx:*", "nginx:1.2", true},
		{"nginx:*", "nginx", false},
		{"*/nginx:*", "docker.io/library/nginx:1", true},
		{"**", "a/b", true},
		{"a**b", "a/b", true},
		{"*.yaml", ".yaml", true},
		{"a?*", "a", false},
		{"{a,b}", "{a,b}", true},
		{"{a,b}", "a", false},
	};

	(void)state;
	CHECK(samples, false);
}

static void test_sets(void **state)
{
	static const struct sample samples[] = {
		{"[abc]", "b", true},
		{"[abc]", "d", false},
		{"[abc]", "", false},
		{"[a-c]x", "bx", true},
		{"[a-c]x", "dx", false},
		{"[!a-c]", "d", true},
		{"[!a-c]", "b", false},
		{"[^a-c]", "d", true},
		{"[]]", "]", true},
		{"[]a]", "a", true},
		{"[!]]", "]", false},
		{"[!]]", "a", true},
		{"[a-]", "-", true},
		{"[-a]", "-", true},
		{"[a\\]b]", "]", true},
		{"[a\\-c]", "b", false},
		{"[a\\-c]", "-", true},
		{"[*?]", "*", true},
		{"[*?]", "a", false},
		{"[\xc3\xa0-\xc3\xaf]", "\xc3\xa9", true},
		{"[\xc3\xa0-\xc3\xaf]", "\xc3\xbf", false},
		{"[!a]", "/", true},
		{"*[0-9]", "web-1", true},
		{"*[0-9]", "web-", false},
		{"\\*", "*", true},
		{"\\*", "a", false},
		{"\\[a]", "[a]", true},
		{"\\\\", "\\", true},
		{"a\\bc", "abc", true},
	};

	(void)state;
	CHECK(samples, false);
}

static void test_paths(void **state)
{
	static const struct sample samples[] = {
		{"*.yaml", "a.yaml", true},
		{"*.yaml", "d/a.yaml", false},
		{"*/*.yaml", "d/a.yaml", true},
		{"d?a", "d/a", false},
		{"d[/]a", "d/a", false},
		{"d[!x]a", "d/a", false},
		{"deploy/edge/**", "deploy/edge/a.yaml", true},
		{"deploy/edge/**", "deploy/edge/b/c/a.yaml", true},
		{"deploy/edge/**", "deploy/edge", true},
		{"deploy/edge/**", "deploy/edges/a.yaml", false},
		{"**", "a/b/c", true},
		{"**", "", true},
		{"**/a.yaml", "a.yaml", true},
		{"**/a.yaml", "x/y/a.yaml", true},
		{"**/a.yaml", "x/ya.yaml", false},
		{"**/testdata/**", "testdata/a", true},
		{"**/testdata/**", "x/testdata/y/z", true},
		{"**/testdata/**", "x/testdatas/y", false},
		{"a/**/b", "a/b", true},
		{"a/**/b", "a/x/y/b", true},
		{"a/**/b", "ab", false},
		{"a/**/b", "a/xb", false},
		{"a/**/**/b", "a/b", true},
		{"a/**/**", "a", true},
		{"a/**b", "a/x/b", false},
		{"a/**b", "a/xb", true},
		{"a/x**/b", "a/x/y/b", false},
		{"**/a*b/c*d", "a1b/c/a2b/c3d", true},
		{"**/a*b/c*d", "a1b/c/a2b/c3e", false},
		{"**/x/**/y/*.yaml", "x/y/q/x/1/y/a.yaml", true},
		{"**/x/**/y/*.yaml", "x/1/x/y/z/a.yaml", false},
	};

	(void)state;
	CHECK(samples, true);
}

/* The meaning as one would write it down: recursive, and as slow as it likes. Knows no sets and no `\`. */
static bool plain_match(const char *start, const char *p, const char *t, bool paths)
{
	bool part = p == start || p[-1] == '/';

	if (paths && part && p[0] == '*' && p[1] == '*' && (p[2] == '/' || p[2] == '\0')) {
		if (p[2] == '\0')
			return true;
		for (;;) {
			if (plain_match(start, p + 3, t, paths))
				return true;
			t = strchr(t, '/');
			if (t == NULL)
				return false;
			t++;
		}
	}
	if (*t == '\0' && paths && strncmp(p, "/**", 3) == 0 && (p[3] == '/' || p[3] == '\0'))
		return plain_match(start, p + 3, t, paths);
	if (*p == '\0')
		return *t == '\0';
	if (*p == '*') {
		for (;; t++) {
			if (plain_match(start, p + 1, t, paths))
				return true;
			if (*t == '\0' || (paths && *t == '/'))
				return false;
		}
	}
	if (*t == '\0' || (*p == '?' ? paths && *t == '/' : *p != *t))
		return false;
	return plain_match(start, p + 1, t + 1, paths);
}

static uint32_t random_next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static void random_text(uint32_t *seed, const char *const *pieces, size_t n, char *out)
{
	out[0] = '\0';
	for (uint32_t left = random_next(seed) % 9; left > 0; left--)
		strcat(out, pieces[random_next(seed) % n]);
}

static void test_like_the_plain_way(void **state)
{
	static const char *const pattern_pieces[] = {"a", "b", "/", "*", "?", "**", "/**/", "**/", "/**", "ab"};
	static const char *const text_pieces[] = {"a", "b", "/", "ab", "a/", "b/a"};
	uint32_t seed = 1;
	size_t matches = 0;

	(void)state;
	for (size_t i = 0; i < 200000; i++) {
		char pattern[64], text[64];
		bool paths = i % 3 != 0;

		random_text(&seed, pattern_pieces, 10, pattern);
		random_text(&seed, text_pieces, 6, text);
		bool match = glob_match(slice_of(pattern), slice_of(text), paths);
		if (match != plain_match(pattern, pattern, text, paths))
			fail_msg("%s and %s, paths %d: %d", pattern, text, paths, match);
		matches += match;
	}
	assert_true(matches > 10000);
}

/* Would take longer than anybody waits if it tried all ways: 2^40 of them. */
static void test_no_explosion(void **state)
{
	char pattern[200] = "", text[2001];

	(void)state;
	for (size_t i = 0; i < 40; i++)
		strcat(pattern, "*a");
	strcat(pattern, "*b");
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(glob_match(slice_of(pattern), slice_of(text), false));
	for (size_t i = 1; i < sizeof(text) - 1; i += 2)
		text[i] = '/';
	pattern[0] = '\0';
	for (size_t i = 0; i < 40; i++)
		strcat(pattern, "**/a");
	strcat(pattern, "/b");
	assert_false(glob_match(slice_of(pattern), slice_of(text), true));
}

static void test_faults(void **state)
{
	static const char *const good[] = {
		"", "a", "*", "[a]", "[]]", "[!]]", "[a-z]", "\\[", "\\\\", "[\\]]", "]", "a]", "[a-]", "[[]", "{a"};
	static const char *const bad[] = {
		"[", "a[", "[a", "[]", "[!]", "[!", "\\", "a\\", "[a\\]", "[a-", "[z-a]", "[[:alpha:]]", "[a\\"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_null(glob_fault(slice_of(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (glob_valid(slice_of(bad[i])))
			fail_msg("%s", bad[i]);
		/* Bad ones may match or not, but they stay inside the pattern. */
		char *copy = malloc(strlen(bad[i]));
		memcpy(copy, bad[i], strlen(bad[i]));
		glob_match((struct slice){copy, strlen(bad[i])}, SLICE("aaa"), false);
		free(copy);
	}
}

static void test_pieces(void **state)
{
	static const char pattern[] = "a*[x-z]\\*?b";
	static const char expected[] = "a##*#b";
	char seen[16] = "";
	size_t n = 0;

	(void)state;
	for (size_t at = 0; at < sizeof(pattern) - 1;) {
		char byte;
		seen[n] = '#';
		if (glob_piece(SLICE(pattern), &at, &byte))
			seen[n] = byte;
		n++;
	}
	assert_string_equal(seen, expected);
	assert_true(glob_is_literal(SLICE("a/b-c:1")));
	assert_false(glob_is_literal(SLICE("a\\b")));
	assert_false(glob_is_literal(SLICE("a?")));
	assert_false(glob_is_literal(SLICE("a[b]")));
	assert_false(glob_is_literal(SLICE("a*")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_like_the_plain_way),
		cmocka_unit_test(test_no_explosion),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
