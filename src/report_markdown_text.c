#include <ctype.h>
#include <string.h>

#include "capfix/report_text.h"
#include "report_markdown.h"
#include "capfix/report_string.h"

static bool is_plain(char c)
{
	return (c & 0x80) || isalnum((unsigned char)c) || c == ' ' || c == '/' || c == '-' || c == ',';
}

void markdown_code(struct buf *out, struct slice text)
{
	struct buf plain;
	buf_init(&plain);
	report_escape(&plain, text);
	buf_adds(out, "<code>");
	for (size_t i = 0; i < plain.n; i++) {
		if (is_plain(plain.p[i]))
			buf_addc(out, plain.p[i]);
		else
			buf_addf(out, "&#%u;", (unsigned)(unsigned char)plain.p[i]);
	}
	buf_adds(out, "</code>");
	buf_release(&plain);
}

static size_t longest_run(struct slice text, char c)
{
	size_t longest = 0, run = 0;
	for (size_t i = 0; i < text.n; i++) {
		run = text.p[i] == c ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

/* A tab is indentation here. A CR would end a line, so it is shown. */
static void add_line(struct buf *out, struct slice line)
{
	report_tabbed(out, line, report_escape);
	buf_addc(out, '\n');
}

void markdown_diff(struct buf *out, struct slice diff)
{
	size_t ticks = longest_run(diff, '`') + 1;
	if (ticks < 3)
		ticks = 3;
	buf_fill(out, '`', ticks);
	buf_adds(out, "diff\n");
	while (diff.n > 0) {
		const char *lf = memchr(diff.p, '\n', diff.n);
		size_t n = lf ? (size_t)(lf - diff.p) : diff.n;
		add_line(out, slice_sub(diff, 0, n));
		diff = slice_sub(diff, lf ? n + 1 : n, diff.n);
	}
	buf_fill(out, '`', ticks);
	buf_addc(out, '\n');
}
