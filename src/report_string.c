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
