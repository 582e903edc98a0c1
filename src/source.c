#include "capfix/source.h"

#include <string.h>

static const char bom_utf8[] = "\xef\xbb\xbf";

/* Bytes of text between two marks of source.points. */
enum { POINT_BLOCK = 1024 };

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Code points that begin in text[from, to). */
static size_t count_points(struct slice text, size_t from, size_t to)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t n = 0;

	for (; to - from >= sizeof(ones); from += sizeof(ones)) {
		uint64_t word;

		/* One bit for each byte that is 10xxxxxx; the product sums them up in its highest byte. */
		memcpy(&word, text.p + from, sizeof(word));
		n += sizeof(word) - (((word >> 7 & ~(word >> 6) & ones) * ones) >> 56);
	}
	for (; from < to; from++)
		n += !is_tail(text.p[from]);
	return n;
}

static size_t bom_length(struct slice text)
{
	return text.n >= 3 && memcmp(text.p, bom_utf8, 3) == 0 ? 3 : 0;
}

/* Is there a line break that ends before `at`? "\r\n" is one break. */
static bool ends_line(struct slice text, size_t at)
{
	if (text.p[at - 1] == '\n')
		return true;
	return text.p[at - 1] == '\r' && (at == text.n || text.p[at] != '\n');
}

/* The place of `at` in a text without an index. */
static void find_place(struct slice text, size_t at, struct error *err)
{
	size_t start = bom_length(text);

	err->line = 1;
	for (size_t i = start + 1; i <= at; i++) {
		if (ends_line(text, i)) {
			err->line++;
			start = i;
		}
	}
	err->col = 1 + (at > start ? count_points(text, start, at) : 0);
}

/* The name of another encoding that the text seems to be in, or NULL (YAML 1.2, 5.2). */
static const char *other_encoding(struct slice text)
{
	unsigned char c[4] = {1, 1, 1, 1};

	if (text.n < 2)
		return NULL;
	memcpy(c, text.p, text.n < 4 ? text.n : 4);
	if (c[0] == 0xff && c[1] == 0xfe)
		return c[2] == 0 && c[3] == 0 ? "UTF-32" : "UTF-16";
	if (c[0] == 0xfe && c[1] == 0xff)
		return "UTF-16";
	if (text.n >= 4 && c[0] == 0 && c[1] == 0 && (c[2] == 0 || (c[2] == 0xfe && c[3] == 0xff)))
		return c[3] == 0 ? NULL : c[2] == 0 ? "UTF-32BE" : "UTF-32";
	if (text.n >= 4 && c[0] != 0 && c[1] == 0 && c[2] == 0 && c[3] == 0)
		return "UTF-32LE";
	if (c[0] == 0 && c[1] != 0 && (text.n < 4 || (c[2] == 0 && c[3] != 0)))
		return "UTF-16BE";
	if (c[0] != 0 && c[1] == 0 && (text.n < 4 || (c[2] != 0 && c[3] == 0)))
		return "UTF-16LE";
	return NULL;
}

/* Length of the code point at the start of text, 0 if that is not UTF-8 (RFC 3629, section 4). */
static size_t point_length(struct slice text)
{
	unsigned char c = (unsigned char)text.p[0];
	unsigned char next = text.n > 1 ? (unsigned char)text.p[1] : 0;
	/* What may follow: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
	unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
	unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
	size_t n = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4 || text.n < n || next < low || next > high)
		return 0;
	if ((n > 2 && !is_tail(text.p[2])) || (n > 3 && !is_tail(text.p[3])))
		return 0;
	return n;
}

/* The first byte at or after `at` that is not ASCII, eight bytes a step; or the end. */
static size_t skip_ascii(struct slice text, size_t at)
{
	while (text.n - at >= 4 * sizeof(uint64_t)) {
		uint64_t word[4];

		memcpy(word, text.p + at, sizeof(word));
		if (((word[0] | word[1] | word[2] | word[3]) & UINT64_C(0x8080808080808080)) != 0)
			break;
		at += sizeof(word);
	}
	while (at < text.n && (unsigned char)text.p[at] < 0x80)
		at++;
	return at;
}

bool source_check(struct slice text, struct error *err)
{
	const char *encoding = other_encoding(text);
	const char *nul = text.n == 0 ? NULL : memchr(text.p, '\0', text.n);
	size_t at = 0;

	if (encoding != NULL) {
		error_set(err, "%s, not UTF-8: convert the file, for example with iconv -f %s -t UTF-8", encoding,
			encoding);
		err->line = 1;
		err->col = 1;
		return false;
	}
	if (nul != NULL) {
		error_set(err, "a NUL byte: this is not a text; remove the byte, or leave the file out");
		find_place(text, (size_t)(nul - text.p), err);
		return false;
	}
	while ((at = skip_ascii(text, at)) < text.n) {
		size_t n = point_length(slice_sub(text, at, text.n));

		if (n == 0) {
			error_set(err, "not UTF-8: convert the file, for example with iconv");
			find_place(text, at, err);
			return false;
		}
		at += n;
	}
	return true;
}

/* Where `bytes` first stands in text, or the end. */
static size_t find(struct slice text, struct slice bytes)
{
	const char *p = text.p;
	const char *end = text.p + text.n;

	while (p != NULL && (size_t)(end - p) >= bytes.n) {
		p = memchr(p, bytes.p[0], (size_t)(end - p) - (bytes.n - 1));
		if (p != NULL && memcmp(p, bytes.p, bytes.n) == 0)
			return (size_t)(p - text.p);
		p = p == NULL ? NULL : p + 1;
	}
	return text.n;
}

bool source_check_breaks(struct slice text, struct error *err)
{
	static const struct {
		const char *bytes;
		const char *name;
	} breaks[] = {{"\xc2\x85", "U+0085"}, {"\xe2\x80\xa8", "U+2028"}, {"\xe2\x80\xa9", "U+2029"}};
	struct slice before = text;
	const char *name = NULL;

	if (text.n == 0)
		return true;
	for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++) {
		size_t at = find(before, slice_of(breaks[i].bytes));

		if (at < before.n) {
			/*
			 * Only one that stands earlier is of interest now. It may not begin inside this one: n stays.
			 */
			before.n = at;
			name = breaks[i].name;
		}
	}
	if (name == NULL)
		return true;
	error_set(err,
		"%s, where Kubernetes ends a line and other readers of YAML do not: replace it, or write it as an escape",
		name);
	find_place(text, before.n, err);
	return false;
}

/* Counts the lines, and notes where they start unless starts is NULL. */
static size_t index_lines(struct slice text, size_t start, size_t *starts)
{
	bool lone = text.n > 0 && memchr(text.p, '\r', text.n) != NULL;
	size_t at = start;
	size_t n = 0;

	do {
		const char *lf;

		if (starts != NULL)
			starts[n] = start;
		n++;
		if (at == text.n)
			break;
		if (lone) {
			while (++at < text.n && !ends_line(text, at))
				;
		} else {
			lf = memchr(text.p + at, '\n', text.n - at);
			at = lf == NULL ? text.n : (size_t)(lf - text.p) + 1;
		}
		start = at;
	} while (at < text.n);
	return n;
}

static void index_points(struct source *source, struct arena *arena)
{
	struct slice text = source->text;
	size_t blocks = text.n / POINT_BLOCK;

	source->points = NULL;
	if (skip_ascii(text, source->bom) == text.n)
		return;
	source->points = arena_alloc(arena, blocks + 1, sizeof(*source->points));
	for (size_t i = 0; i < blocks; i++)
		source->points[i + 1] = source->points[i] + count_points(text, i * POINT_BLOCK, (i + 1) * POINT_BLOCK);
}

void source_init(struct source *source, struct slice text, struct arena *arena)
{
	size_t bom = bom_length(text);

	source->text = text;
	source->bom = bom;
	source->lines = index_lines(text, bom, NULL);
	source->starts = arena_alloc(arena, source->lines, sizeof(*source->starts));
	index_lines(text, bom, source->starts);
	index_points(source, arena);
}

size_t source_line(const struct source *source, size_t at)
{
	size_t low = 0;
	size_t high = source->lines;

	BUG_IF(at > source->text.n);
	/* starts[low] <= at < starts[high], the byte order mark taken as part of the first line. */
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (source->starts[mid] <= at)
			low = mid;
		else
			high = mid;
	}
	return low;
}

size_t source_start(const struct source *source, size_t line)
{
	BUG_IF(line >= source->lines);
	return source->starts[line];
}

size_t source_next(const struct source *source, size_t line)
{
	BUG_IF(line >= source->lines);
	return line + 1 < source->lines ? source->starts[line + 1] : source->text.n;
}

size_t source_end(const struct source *source, size_t line)
{
	const char *p = source->text.p;
	size_t start = source_start(source, line);
	size_t end = source_next(source, line);
	bool lf = end > start && p[end - 1] == '\n';

	end -= lf;
	/* A CR right before the end of the line is always part of its break. */
	return end > start && p[end - 1] == '\r' ? end - 1 : end;
}

struct slice source_break(const struct source *source, size_t line)
{
	return slice_sub(source->text, source_end(source, line), source_next(source, line));
}

struct slice source_new_break(const struct source *source, size_t line)
{
	struct slice own = source_break(source, line);

	if (own.n > 0)
		return own;
	return line > 0 ? source_break(source, line - 1) : SLICE("\n");
}

/* Code points before `at`. */
static size_t points_before(const struct source *source, size_t at)
{
	size_t block = at / POINT_BLOCK;

	return source->points[block] + count_points(source->text, block * POINT_BLOCK, at);
}

void source_place(const struct source *source, size_t at, size_t *line, size_t *col)
{
	size_t index = source_line(source, at);
	size_t start = source->starts[index];

	*line = index + 1;
	if (at <= start)
		*col = 1;
	else if (source->points == NULL)
		*col = 1 + at - start;
	else
		*col = 1 + points_before(source, at) - points_before(source, start);
}
