#include <string.h>

#include "capfix/report_text.h"
#include "report_html.h"
#include "capfix/report_string.h"

static void add_escaped(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'')
			buf_addf(out, "&#%u;", (unsigned)(unsigned char)c);
		else
			buf_addc(out, c);
	}
}

void html_text(struct buf *out, struct slice text)
{
	struct buf plain;
	buf_init(&plain);
	report_escape(&plain, text);
	add_escaped(out, buf_slice(&plain));
	buf_release(&plain);
}

void html_cell(struct buf *out, struct slice text)
{
	buf_adds(out, "<td>");
	html_text(out, text);
	buf_adds(out, "</td>");
}

void html_bar(struct buf *out, const char *kind, size_t n, size_t all)
{
	size_t share = all > 0 ? n * 1000 / all : 0;
	buf_addf(out,
		"<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
		"<rect class=\"all\" width=\"1000\" height=\"10\"/>"
		"<rect class=\"%s\" width=\"%zu\" height=\"10\"/></svg>",
		kind, share);
}

/*
 * --- side by side: the lines that go on the left, those that come on the right
 * ----------------------------------------
 */

struct sides {
	struct buf *out;
	size_t old_line; /* number of the next one */
	size_t new_line;
	struct slice gone; /* lines with their sign, not written yet */
	struct slice come;
};

/* Takes the first line off. Without its break. */
static struct slice next_line(struct slice *text)
{
	const char *lf = memchr(text->p, '\n', text->n);
	size_t n = lf ? (size_t)(lf - text->p) : text->n;
	struct slice line = slice_sub(*text, 0, n);
	*text = slice_sub(*text, lf ? n + 1 : n, text->n);
	return line;
}

static void add_side(struct buf *out, const char *kind, size_t number, struct slice line)
{
	buf_addf(out, "<td class=\"n\">%zu</td><td class=\"%s\">", number, kind);
	report_tabbed(out, slice_sub(line, 1, line.n), html_text);
	buf_adds(out, "</td>");
}

/* The remark that a line has no break at its end is none of its lines. */
static void skip_remarks(struct slice *text)
{
	while (text->n > 0 && text->p[0] == '\\')
		next_line(text);
}

static void flush(struct sides *sides)
{
	skip_remarks(&sides->gone);
	skip_remarks(&sides->come);
	while (sides->gone.n > 0 || sides->come.n > 0) {
		buf_adds(sides->out, "<tr>");
		if (sides->gone.n > 0)
			add_side(sides->out, "old", sides->old_line++, next_line(&sides->gone));
		else
			buf_adds(sides->out, "<td class=\"n\"></td><td class=\"none\"></td>");
		if (sides->come.n > 0)
			add_side(sides->out, "new", sides->new_line++, next_line(&sides->come));
		else
			buf_adds(sides->out, "<td class=\"n\"></td><td class=\"none\"></td>");
		buf_adds(sides->out, "</tr>\n");
		skip_remarks(&sides->gone);
		skip_remarks(&sides->come);
	}
}

/* The number behind the sign, as in "-12,3": of no lines it is that of the line before. */
static size_t hunk_start(struct slice line, char sign)
{
	const char *at = memchr(line.p, sign, line.n);
	size_t n = 0;
	for (at = at ? at + 1 : line.p + line.n; at < line.p + line.n && *at >= '0' && *at <= '9'; at++)
		n = n * 10 + (size_t)(*at - '0');
	bool none = at + 1 < line.p + line.n && at[0] == ',' && at[1] == '0';
	return none ? n + 1 : n;
}

static void begin_hunk(struct sides *sides, struct slice line)
{
	sides->old_line = hunk_start(line, '-');
	sides->new_line = hunk_start(line, '+');
	buf_adds(sides->out, "<tr class=\"hunk\"><td colspan=\"4\">");
	report_tabbed(sides->out, line, html_text);
	buf_adds(sides->out, "</td></tr>\n");
}

static void add_both(struct sides *sides, struct slice line)
{
	buf_adds(sides->out, "<tr class=\"same\">");
	add_side(sides->out, "both", sides->old_line++, line);
	add_side(sides->out, "both", sides->new_line++, line);
	buf_adds(sides->out, "</tr>\n");
}

/* Makes the run of lines longer by one, which stands right behind it. */
static void extend(struct slice *run, struct slice line)
{
	if (run->n == 0)
		run->p = line.p;
	run->n = (size_t)(line.p + line.n - run->p);
}

void html_diff(struct buf *out, struct slice diff)
{
	struct sides sides = {.out = out};
	struct slice *last = &sides.gone;
	/* The names are in the heading already. */
	for (int i = 0; i < 2 && diff.n > 0; i++)
		next_line(&diff);
	while (diff.n > 0) {
		struct slice rest = diff, line = next_line(&diff);
		struct slice whole = slice_sub(rest, 0, rest.n - diff.n);
		char sign = line.n > 0 ? line.p[0] : ' ';
		if (sign == '-' || sign == '+') {
			/* What goes after something has come belongs to the next rows. */
			if (sign == '-' && sides.come.n > 0)
				flush(&sides);
			last = sign == '-' ? &sides.gone : &sides.come;
			extend(last, whole);
		} else if (sign == '\\') {
			if (last->n > 0)
				extend(last, whole);
		} else {
			flush(&sides);
			if (sign == '@')
				begin_hunk(&sides, line);
			else
				add_both(&sides, line);
		}
	}
	flush(&sides);
}
