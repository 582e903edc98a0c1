#include "capfix/report_string.h"

#include <string.h>

#include "capfix/report_text.h"

/* First byte from `at` on that is not UTF-8, or the end. */
static size_t utf8_end(struct slice text, size_t at)
{
	uint32_t point;
	size_t n;
	while (at < text.n && (n = report_point(slice_sub(text, at, text.n), &point)) > 0)
		at += n;
	return at;
}

bool report_is_utf8(struct slice text)
{
	return utf8_end(text, 0) == text.n;
}

void report_utf8(struct buf *out, struct slice text)
{
	for (size_t at = 0; at < text.n; at++) {
		size_t end = utf8_end(text, at);
		buf_add(out, slice_sub(text, at, end));
		at = end;
		if (at < text.n)
			buf_addf(out, "\\x%02x", (unsigned)(unsigned char)text.p[at]);
	}
}

void report_percent(struct buf *out, struct slice text)
{
	static const char PLAIN[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c != '\0' && strchr(PLAIN, c))
			buf_addc(out, c);
		else
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
	}
}

void report_tabbed(struct buf *out, struct slice line, void (*add)(struct buf *out, struct slice piece))
{
	while (line.n > 0) {
		const char *tab = memchr(line.p, '\t', line.n);
		size_t n = tab ? (size_t)(tab - line.p) : line.n;
		add(out, slice_sub(line, 0, n));
		if (tab)
			buf_addc(out, '\t');
		line = slice_sub(line, tab ? n + 1 : n, line.n);
	}
}

void report_path_of(struct buf *out, const struct slice *parts, size_t n)
{
	size_t start = out->n;
	for (size_t i = 0; i < n; i++) {
		if (parts[i].n == 0)
			continue;
		if (out->n > start)
			buf_addc(out, '/');
		buf_add(out, parts[i]);
	}
}
