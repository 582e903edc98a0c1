#include "capfix/documents.h"

#include <string.h>

#include "capfix/kinds.h"

static bool is_marker(struct slice text, size_t at)
{
	return at + 3 <= text.n && (!memcmp(text.p + at, "---", 3) || !memcmp(text.p + at, "...", 3)) &&
		(at + 3 == text.n || memchr(" \t\r\n", text.p[at + 3], 4));
}

/* The byte begins a line. */
static bool begins_line(struct slice text, size_t at, size_t begin)
{
	return at == begin || text.p[at - 1] == '\n' || text.p[at - 1] == '\r';
}

/*
 * The next such byte from `at` on; the end of the text if there is none. For single bytes memchr is many times faster
 * than memmem.
 */
static size_t find_byte(struct slice text, size_t at, char byte)
{
	const char *found = at < text.n ? memchr(text.p + at, byte, text.n - at) : NULL;

	return found ? (size_t)(found - text.p) : text.n;
}

bool documents_can_cut(struct slice text)
{
	size_t begin = text.n >= 3 && !memcmp(text.p, "\xef\xbb\xbf", 3) ? 3 : 0;

	for (size_t at = find_byte(text, begin, '%'); at < text.n; at = find_byte(text, at + 1, '%'))
		if (begins_line(text, at, begin))
			return false;
	for (size_t at = find_byte(text, begin, '\xef'); at < text.n; at = find_byte(text, at + 1, '\xef'))
		if (at + 3 <= text.n && !memcmp(text.p + at, "\xef\xbb\xbf", 3))
			return false;
	return true;
}

/* The next line in [at, to) that begins with a marker of this character; `to` if there is none. */
static size_t find_marker(struct slice text, size_t at, size_t to, char marker)
{
	struct slice part = slice_sub(text, 0, to);

	while ((at = find_byte(part, at, marker)) < to) {
		if (at > 0 && begins_line(text, at, 0) && is_marker(text, at))
			return at;
		at++;
	}
	return to;
}

static size_t line_end(struct slice text, size_t at)
{
	while (at < text.n && text.p[at] != '\n' && text.p[at] != '\r')
		at++;
	if (at + 1 < text.n && text.p[at] == '\r' && text.p[at + 1] == '\n')
		return at + 2;
	return at < text.n ? at + 1 : at;
}

/* Window by window, so that looking for one marker never runs far past the other: that would be quadratic in documents. */
enum { WINDOW = 4096 };

size_t documents_next(struct slice text, size_t *at)
{
	size_t from = *at + (is_marker(text, *at) ? 3 : 0);

	while (from < text.n) {
		size_t to = text.n - from < WINDOW ? text.n : from + WINDOW;
		size_t start = find_marker(text, from, to, '-'), end = find_marker(text, from, start, '.');

		/* A `...` belongs to the document that it ends. */
		if (end < start)
			return *at = line_end(text, end);
		if (start < to)
			return *at = start;
		from = to;
	}
	return *at = text.n;
}

/* An escape in a double-quoted key could spell anything (YAML 1.2, 5.7): \x, \u, \U, or a line continued. */
static bool has_hiding_escape(struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;

	while (p < end && (p = memchr(p, '\\', (size_t)(end - p)))) {
		if (p + 1 < end && memchr("xuU\n\r", p[1], 5))
			return true;
		p += 2;
	}
	return false;
}

bool documents_may_matter(struct slice text)
{
	return text.n && (memmem(text.p, text.n, "ontainers", 9) || has_hiding_escape(text) || kinds_may_hide(text));
}

/*
 * Takes a line `KEY: word` that begins in the first column, with nothing behind the word. False if the line is
 * another.
 */
static bool take_word(struct slice text, size_t *at, const char *key, struct slice *word)
{
	size_t n = strlen(key), from = *at + n, to;

	if (from > text.n || memcmp(text.p + *at, key, n) != 0)
		return false;
	while (from < text.n && text.p[from] == ' ')
		from++;
	for (to = from; to < text.n && text.p[to] > ' ' && text.p[to] != '#' && (unsigned char)text.p[to] < 0x7f; to++)
		;
	if (from == *at + n || to == from || to == text.n || (text.p[to] != '\n' && text.p[to] != '\r'))
		return false;
	*word = slice_sub(text, from, to);
	*at = line_end(text, to);
	return true;
}

/* Past the `---` line, comments and blank lines. */
static size_t first_content(struct slice text)
{
	size_t at = text.n >= 3 && !memcmp(text.p, "\xef\xbb\xbf", 3) ? 3 : 0;

	if (is_marker(text, at))
		at = line_end(text, at + 3);
	while (at < text.n && (text.p[at] == '#' || text.p[at] == '\n' || text.p[at] == '\r'))
		at = line_end(text, at);
	return at;
}

static bool is_dull_kind(struct slice api_version, struct slice kind)
{
	static const char *const core[] = {"ConfigMap", "Secret", "Service", "ServiceAccount", "Namespace", NULL};
	static const char crd[] = "apiextensions.k8s.io/";

	if (api_version.n > sizeof(crd) - 1 && !memcmp(api_version.p, crd, sizeof(crd) - 1))
		return slice_is(kind, "CustomResourceDefinition");
	for (size_t i = 0; slice_is(api_version, "v1") && core[i]; i++)
		if (slice_is(kind, core[i]))
			return true;
	return false;
}

bool documents_is_dull(struct slice piece)
{
	size_t at = first_content(piece);
	struct slice api_version, kind;
	bool both = take_word(piece, &at, "apiVersion:", &api_version)
		? take_word(piece, &at, "kind:", &kind)
		: take_word(piece, &at, "kind:", &kind) && take_word(piece, &at, "apiVersion:", &api_version);

	/* Another key must follow in the first column, or nothing: a word could go on in a deeper line. */
	if (!both || (at < piece.n && !((piece.p[at] >= 'a' && piece.p[at] <= 'z') || piece.p[at] == '#')))
		return false;
	return is_dull_kind(api_version, kind);
}

size_t documents_count_lines(struct slice text, size_t from, size_t to)
{
	struct slice part = slice_sub(text, from, to);
	size_t n = 0;

	for (size_t at = find_byte(part, 0, '\n'); at < part.n; at = find_byte(part, at + 1, '\n'))
		n++;
	for (size_t at = find_byte(part, 0, '\r'); at < part.n; at = find_byte(part, at + 1, '\r'))
		n += at + 1 == part.n || part.p[at + 1] != '\n';
	return n;
}
