/* Sets of capabilities in words, and lines that fit. */
#include <string.h>

#include "capfix/caps.h"
#include "capfix/explain.h"

static void add_names(struct buf *out, uint64_t set, const char *before)
{
	for (size_t i = 0; i < CAPS_COUNT; i++)
		if (set >> i & 1)
			buf_addf(out, "%s%s", before, caps_name(i));
}

void explain_names(struct buf *out, uint64_t set)
{
	size_t start = out->n;

	for (size_t i = 0; i < CAPS_COUNT; i++)
		if (set >> i & 1)
			buf_addf(out, "%s%s", out->n > start ? " " : "", caps_name(i));
}

void explain_set(struct buf *out, enum runtime runtime, const char *whose, uint64_t set)
{
	uint64_t defaults = effective_defaults(runtime);
	size_t names = effective_count(set);
	size_t from_all = effective_count(EFFECTIVE_ALL & ~set) + 1;
	size_t from_defaults = effective_count(defaults ^ set) + 1;

	if (set == 0) {
		buf_adds(out, "none");
	} else if (from_defaults < names && from_defaults <= from_all) {
		buf_addf(out, "%s defaults (%zu)", whose, effective_count(defaults));
		add_names(out, set & ~defaults, " + ");
		add_names(out, defaults & ~set, " - ");
	} else if (from_all < names) {
		buf_addf(out, "all (%d)", CAPS_COUNT);
		add_names(out, EFFECTIVE_ALL & ~set, " - ");
	} else {
		explain_names(out, set);
	}
}

size_t explain_columns(struct slice text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

/* The next word: what stands up to a blank, the blanks before it included. */
static struct slice next_word(struct slice text, size_t at)
{
	size_t end = at;

	while (end < text.n && text.p[end] == ' ')
		end++;
	while (end < text.n && text.p[end] != ' ')
		end++;
	return slice_sub(text, at, end);
}

void explain_wrap(struct buf *out, struct slice text, size_t hang)
{
	size_t col = 0;

	for (size_t at = 0; at < text.n;) {
		struct slice word = next_word(text, at);
		at += word.n;
		if (col > hang && col + explain_columns(word) > EXPLAIN_WIDTH) {
			while (word.n > 0 && word.p[0] == ' ')
				word = slice_sub(word, 1, word.n);
			if (word.n == 0)
				break;
			buf_addc(out, '\n');
			buf_fill(out, ' ', hang);
			col = hang;
		}
		buf_add(out, word);
		col += explain_columns(word);
	}
	buf_addc(out, '\n');
}
