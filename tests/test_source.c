#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "capfix/buf.h"
#include "capfix/source.h"

static void accept(struct slice text)
{
	struct error err = {77, 78, "untouched"};

	assert_true(source_check(text, &err));
	assert_int_equal(err.line, 77);
	assert_string_equal(err.text, "untouched");
}

static void refuse(struct slice text, size_t line, size_t col, const char *what)
{
	struct error err = {0};

	assert_false(source_check(text, &err));
	if (strstr(err.text, what) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.text, what);
	assert_int_equal(err.line, line);
	assert_int_equal(err.col, col);
}

static void test_check_accepts(void **state)
{
	(void)state;
	accept((struct slice){NULL, 0});
	accept(SLICE("a"));
	accept(SLICE("a: b\n"));
	accept(SLICE("\xef\xbb\xbfkey: \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n"));
	accept(SLICE("\x7f\x01\t\r\n"));
}

static void test_check_names_encodings(void **state)
{
	(void)state;
	refuse(SLICE("\xff\xfe"
		     "a\0:\0"),
		1, 1, "UTF-16, not UTF-8: convert the file, for example with iconv");
	refuse(SLICE("\xfe\xff\0a\0:"), 1, 1, "UTF-16");
	refuse(SLICE("\xff\xfe\0\0a\0\0\0"), 1, 1, "UTF-32,");
	refuse(SLICE("\0\0\xfe\xff\0\0\0a"), 1, 1, "UTF-32,");
	refuse(SLICE("a\0:\0 \0b\0"), 1, 1, "UTF-16LE");
	refuse(SLICE("\0a\0:\0 \0b"), 1, 1, "UTF-16BE");
	refuse(SLICE("a\0\0\0:\0\0\0"), 1, 1, "UTF-32LE");
	refuse(SLICE("\0\0\0a\0\0\0:"), 1, 1, "UTF-32BE");
	refuse(SLICE("a\0"), 1, 1, "UTF-16LE");
	refuse(SLICE("\0a"), 1, 1, "UTF-16BE");
	refuse(SLICE("\xff\xfe"), 1, 1, "UTF-16");
}

static void test_check_refuses_nul(void **state)
{
	(void)state;
	refuse(SLICE("a: \0b"), 1, 4, "NUL");
	refuse(SLICE("\0"), 1, 1, "NUL");
	refuse(SLICE("\0\0\0\0"), 1, 1, "NUL");
	refuse(SLICE("a\0bc"), 1, 2, "NUL");
	refuse(SLICE("\xc3\xa9\r\n\xc3\xa9\xc3\xa9x\0"), 2, 4, "NUL");
	refuse(SLICE("a\rb\n\rc\0"), 4, 2, "NUL");
}

static void test_check_places(void **state)
{
	(void)state;
	refuse(SLICE("\xff"), 1, 1, "not UTF-8: convert the file, for example with iconv");
	refuse(SLICE("a: caf\xe9\n"), 1, 7, "not UTF-8");
	refuse(SLICE("\xef\xbb\xbf"
		     "a: \xe9\n"),
		1, 4, "not UTF-8");
	refuse(SLICE("\xef\xbb\xbf\xe9\n"), 1, 1, "not UTF-8");
	refuse(SLICE("a: \xc3\xa9\xc3\xa9\r\n  b: \xe2\x82\xacx\x80\n"), 2, 8, "not UTF-8");
	refuse(SLICE("one\n\n\n0123456789012345678901234567890123456789\xc0\n"), 4, 41, "not UTF-8");
}

/* A text that ends in the middle of a character, whatever stands behind it in memory. */
static void test_check_cut_off(void **state)
{
	static const char *const points[] = {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		for (size_t n = 1; n < strlen(points[i]); n++)
			refuse((struct slice){points[i], n}, 1, 1, "not UTF-8");
		accept(slice_of(points[i]));
	}
}

static size_t encode(uint32_t c, char *to)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* Every number that four bytes can hold: a character, or refused. */
static void test_check_all_code_points(void **state)
{
	struct error err;
	char text[8] = "xx";

	(void)state;
	for (uint32_t c = 1; c < 0x200000; c++) {
		bool good = c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff);

		if (source_check((struct slice){text, 2 + encode(c, text + 2)}, &err) != good)
			fail_msg("U+%04X", c);
	}
}

/* The same from the other side: what is accepted is what encode() gives for the number it stands for. */
static bool is_one_point(const unsigned char *p, size_t n)
{
	uint32_t c = p[0] < 0x80 ? p[0] : p[0] < 0xe0 ? p[0] & 0x1f : p[0] < 0xf0 ? p[0] & 0x0f : p[0] & 0x07;
	char again[4];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3f);
	return c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff) && encode(c, again) == n && memcmp(p, again, n) == 0;
}

static bool is_utf8(const unsigned char *p, size_t n)
{
	for (size_t at = 0, len; at < n; at += len) {
		for (len = 1; len <= 4 && at + len <= n && !is_one_point(p + at, len); len++)
			;
		if (len > 4 || at + len > n)
			return false;
	}
	return true;
}

static void test_check_all_short_texts(void **state)
{
	struct error err;
	size_t good = 0;

	(void)state;
	for (uint32_t i = 0; i < 1u << 24; i += i % 251 == 0 ? 1 : 5) {
		unsigned char text[5] = {'x', 'x', (unsigned char)(i >> 16), (unsigned char)(i >> 8), (unsigned char)i};
		bool expected = is_utf8(text, 5) && memchr(text, 0, 5) == NULL;

		good += expected;
		if (source_check((struct slice){(char *)text, 5}, &err) != expected)
			fail_msg("%02x %02x %02x", text[2], text[3], text[4]);
	}
	assert_true(good > 100000);
	for (uint32_t i = 0; i < 3000000; i++) {
		uint32_t mix = i * 2654435761u;
		unsigned char text[4] = {(unsigned char)(0xe0 + i % 32), (unsigned char)(0x80 + (mix >> 8) % 80),
			(unsigned char)(0x80 + (mix >> 16) % 66), (unsigned char)(0x7f + (mix >> 24) % 66)};

		if (source_check((struct slice){(char *)text, 4}, &err) != is_utf8(text, 4))
			fail_msg("%02x %02x %02x %02x", text[0], text[1], text[2], text[3]);
	}
}

/* A bad byte is found wherever it stands relative to the words of the fast path. */
static void test_check_every_offset(void **state)
{
	char text[100];

	(void)state;
	for (size_t n = 4; n < sizeof(text); n++) {
		for (size_t at = 0; at < n; at++) {
			memset(text, 'a', n);
			text[at] = (char)0x80;
			refuse((struct slice){text, n}, 1, at + 1, "not UTF-8");
			text[at] = '\0';
			refuse((struct slice){text, n}, 1, at + 1, "NUL");
		}
	}
}

static void refuse_break(struct slice text, size_t line, size_t col, const char *what)
{
	struct error err = {0};

	assert_true(source_check(text, &err));
	assert_false(source_check_breaks(text, &err));
	if (strstr(err.text, what) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.text, what);
	assert_int_equal(err.line, line);
	assert_int_equal(err.col, col);
}

static void test_check_breaks(void **state)
{
	struct error err = {77, 78, "untouched"};

	(void)state;
	assert_true(source_check_breaks((struct slice){NULL, 0}, &err));
	assert_true(source_check_breaks(SLICE("a: b\r\n\xe2\x80\xa7\xe2\x80\xaa\xc2\x84\xc2\xa0\xc3\x85"), &err));
	assert_int_equal(err.line, 77);
	refuse_break(SLICE("a: x\xc2\x85y"), 1, 5, "U+0085");
	refuse_break(SLICE("a\n\xe2\x80\xa8"), 2, 1, "U+2028");
	refuse_break(SLICE("\xe2\x80\xa7\xe2\x80\xa9"), 1, 2, "U+2029");
	/* The first of several. */
	refuse_break(SLICE("a \xe2\x80\xa9 \xe2\x80\xa8 \xc2\x85"), 1, 3, "U+2029");
	refuse_break(SLICE("a \xc2\x85 \xe2\x80\xa8 \xe2\x80\xa9"), 1, 3, "U+0085");
	refuse_break(SLICE("a \xe2\x80\xa8 \xc2\x85"), 1, 3, "U+2028");
}

static void test_lines(void **state)
{
	/* Lines: "a" LF, "" CR LF, "b" CR, "" LF CR LF ... each with its break. */
	struct slice text = SLICE("a\n\r\nb\r\n\rc\n\nlast");
	static const char *const contents[] = {"a", "", "b", "", "c", "", "last"};
	static const char *const breaks[] = {"\n", "\r\n", "\r\n", "\r", "\n", "\n", ""};
	struct source source;
	struct arena arena;
	size_t at = 0;

	(void)state;
	arena_init(&arena);
	source_init(&source, text, &arena);
	assert_int_equal(source.lines, 7);
	assert_int_equal(source.bom, 0);
	for (size_t i = 0; i < source.lines; i++) {
		assert_int_equal(source_start(&source, i), at);
		assert_true(slice_is(slice_sub(text, at, source_end(&source, i)), contents[i]));
		assert_true(slice_is(source_break(&source, i), breaks[i]));
		for (; at < source_next(&source, i); at++)
			assert_int_equal(source_line(&source, at), i);
	}
	assert_int_equal(at, text.n);
	assert_int_equal(source_line(&source, text.n), 6);
	arena_release(&arena);
}

static size_t line_count(struct slice text)
{
	struct source source;
	struct arena arena;
	size_t n;

	arena_init(&arena);
	source_init(&source, text, &arena);
	n = source.lines;
	assert_int_equal(source_next(&source, n - 1), text.n);
	assert_int_equal(source_line(&source, text.n), n - 1);
	arena_release(&arena);
	return n;
}

static void test_line_count(void **state)
{
	(void)state;
	assert_int_equal(line_count((struct slice){NULL, 0}), 1);
	assert_int_equal(line_count(SLICE("a")), 1);
	assert_int_equal(line_count(SLICE("a\n")), 1);
	assert_int_equal(line_count(SLICE("\n")), 1);
	assert_int_equal(line_count(SLICE("\r")), 1);
	assert_int_equal(line_count(SLICE("\r\n")), 1);
	assert_int_equal(line_count(SLICE("\n\r")), 2);
	assert_int_equal(line_count(SLICE("\n\n")), 2);
	assert_int_equal(line_count(SLICE("\r\r\n")), 2);
	assert_int_equal(line_count(SLICE("\xef\xbb\xbf")), 1);
	assert_int_equal(line_count(SLICE("\xef\xbb\xbf\n")), 1);
	assert_int_equal(line_count(SLICE("\xef\xbb\xbf\r\nx")), 2);
}

static void test_bom(void **state)
{
	struct source source;
	struct arena arena;
	size_t line;
	size_t col;

	(void)state;
	arena_init(&arena);
	source_init(&source,
		SLICE("\xef\xbb\xbf"
		      "ab\ncd"),
		&arena);
	assert_int_equal(source.bom, 3);
	assert_int_equal(source_start(&source, 0), 3);
	assert_int_equal(source_start(&source, 1), 6);
	assert_int_equal(source_line(&source, 0), 0);
	source_place(&source, 0, &line, &col);
	assert_int_equal(col, 1);
	source_place(&source, 3, &line, &col);
	assert_int_equal(col, 1);
	source_place(&source, 4, &line, &col);
	assert_int_equal(col, 2);
	source_place(&source, 7, &line, &col);
	assert_int_equal(line, 2);
	assert_int_equal(col, 2);
	arena_release(&arena);
}

static void test_new_break(void **state)
{
	static const struct {
		const char *text;
		size_t line;
		const char *expected;
	} cases[] = {{"a\nb\r\nc", 0, "\n"}, {"a\nb\r\nc", 1, "\r\n"}, {"a\nb\r\nc", 2, "\r\n"}, {"a", 0, "\n"},
		{"", 0, "\n"}, {"a\rb", 1, "\r"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source source;
		struct arena arena;

		arena_init(&arena);
		source_init(&source, slice_of(cases[i].text), &arena);
		assert_true(slice_is(source_new_break(&source, cases[i].line), cases[i].expected));
		arena_release(&arena);
	}
}

/* Columns count code points, near and far from the marks that make long lines cheap. */
static void test_place(void **state)
{
	static const char *const points[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "b"};
	struct source source;
	struct arena arena;
	struct buf buf;
	size_t expected_line = 1;
	size_t expected_col = 1;
	size_t at = 0;

	(void)state;
	arena_init(&arena);
	buf_init(&buf);
	for (size_t i = 0; i < 20000; i++)
		buf_adds(&buf, i % 4999 == 4998 ? "\n" : points[i * 7 % 5]);
	source_init(&source, buf_slice(&buf), &arena);
	while (at < buf.n) {
		size_t line;
		size_t col;

		source_place(&source, at, &line, &col);
		assert_int_equal(line, expected_line);
		assert_int_equal(col, expected_col);
		expected_col = buf.p[at] == '\n' ? 1 : expected_col + 1;
		expected_line += buf.p[at] == '\n';
		for (at++; at < buf.n && ((unsigned char)buf.p[at] & 0xc0) == 0x80; at++)
			;
	}
	assert_int_equal(expected_line, 5);
	buf_release(&buf);
	arena_release(&arena);
}

/* One line of 8 MB that is asked about 200,000 times: counting from its start would take hours. */
static void test_place_in_a_long_line(void **state)
{
	enum { N = 4 << 20 };
	struct source source;
	struct arena arena;
	struct buf buf;
	size_t line;
	size_t col;

	(void)state;
	arena_init(&arena);
	buf_init(&buf);
	for (size_t i = 0; i < N; i++)
		buf_adds(&buf, "\xc3\xa9");
	source_init(&source, buf_slice(&buf), &arena);
	for (size_t i = 0; i < 200000; i++) {
		source_place(&source, (size_t)2 * (N - i), &line, &col);
		assert_int_equal(line, 1);
		assert_int_equal(col, N - i + 1);
	}
	buf_release(&buf);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check_accepts),
		cmocka_unit_test(test_check_names_encodings),
		cmocka_unit_test(test_check_refuses_nul),
		cmocka_unit_test(test_check_places),
		cmocka_unit_test(test_check_cut_off),
		cmocka_unit_test(test_check_all_code_points),
		cmocka_unit_test(test_check_all_short_texts),
		cmocka_unit_test(test_check_every_offset),
		cmocka_unit_test(test_check_breaks),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_line_count),
		cmocka_unit_test(test_bom),
		cmocka_unit_test(test_new_break),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_place_in_a_long_line),
	};

	alarm(60); /* what is not linear does not get ready */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
