/* A small applier of unified diffs. Strict: no fuzz, no offsets, every line must be where the hunk says. */
#include "property_check.h"

#include "capfix/diff.h"

#include <stdio.h>
#include <string.h>

struct patch {
	struct slice diff, text;
	size_t at;   /* in the diff */
	size_t from; /* in the text */
	size_t line; /* 0-based number of the text's line at `from` */
	struct buf *out;
};

/* The line at *at with its newline, if it has one; *at moves behind it. */
static struct slice next_line(struct slice text, size_t *at)
{
	size_t start = *at;
	const char *end = memchr(text.p + start, '\n', text.n - start);

	*at = end ? (size_t)(end - text.p) + 1 : text.n;
	return slice_sub(text, start, *at);
}

static bool starts(struct slice text, size_t at, const char *prefix)
{
	return text.n - at >= strlen(prefix) && memcmp(text.p + at, prefix, strlen(prefix)) == 0;
}

static size_t number(struct slice text, size_t *at)
{
	size_t n = 0;

	for (; *at < text.n && text.p[*at] >= '0' && text.p[*at] <= '9'; (*at)++)
		n = n * 10 + (size_t)(text.p[*at] - '0');
	return n;
}

/* "start,count" or "start", which means one. */
static void range(struct slice text, size_t *at, size_t *start, size_t *count)
{
	*start = number(text, at);
	*count = 1;
	if (*at < text.n && text.p[*at] == ',') {
		++*at;
		*count = number(text, at);
	}
}

/* One line of a hunk, without its newline if the diff says that it has none. */
static struct slice body_line(struct patch *p, char *sign)
{
	struct slice line = next_line(p->diff, &p->at);

	*sign = line.p[0];
	line = slice_sub(line, 1, line.n);
	if (starts(p->diff, p->at, "\\")) {
		next_line(p->diff, &p->at);
		line.n--;
	}
	return line;
}

static const char *copy_to(struct patch *p, size_t line)
{
	while (p->line < line) {
		if (p->from == p->text.n)
			return "a hunk begins behind the end";
		buf_add(p->out, next_line(p->text, &p->from));
		p->line++;
	}
	return p->line == line ? NULL : "hunks overlap";
}

static const char *hunk(struct patch *p)
{
	size_t start, old, new_start, new;
	const char *wrong;

	p->at += strlen("@@ -");
	range(p->diff, &p->at, &start, &old);
	p->at += strlen(" +");
	range(p->diff, &p->at, &new_start, &new);
	if (!starts(p->diff, p->at, " @@"))
		return "a hunk's header is broken";
	next_line(p->diff, &p->at);
	if ((wrong = copy_to(p, old ? start - 1 : start)))
		return wrong;
	while (old || new) {
		char sign;
		struct slice line;

		if (p->at >= p->diff.n)
			return "a hunk ends early";
		line = body_line(p, &sign);
		if (sign != '+' && (old-- == 0 || !slice_eq(line, next_line(p->text, &p->from))))
			return "a line of the hunk is not the text's";
		p->line += sign != '+';
		if (sign != '-' && new -- == 0)
			return "a hunk has too many lines";
		if (sign != '-')
			buf_add(p->out, line);
	}
	return NULL;
}

static const char *apply(struct patch *p, struct slice path)
{
	char head[256];

	snprintf(head, sizeof(head), "--- a/%.*s\n+++ b/%.*s\n", (int)path.n, path.p, (int)path.n, path.p);
	if (!starts(p->diff, 0, head))
		return "the diff's header is another";
	p->at = strlen(head);
	while (p->at < p->diff.n) {
		const char *wrong = starts(p->diff, p->at, "@@ -") ? hunk(p) : "no hunk where one must be";

		if (wrong)
			return wrong;
	}
	buf_add(p->out, slice_sub(p->text, p->from, p->text.n));
	return NULL;
}

const char *check_diff(struct slice path, struct slice text, struct slice out, const struct edits *edits)
{
	struct buf diff, got;
	struct patch patch = {.text = text, .out = &got};
	const char *wrong;

	buf_init(&diff);
	buf_init(&got);
	diff_unified(&diff, path, text, edits);
	patch.diff = buf_slice(&diff);
	wrong = apply(&patch, path);
	if (!wrong && !slice_eq(buf_slice(&got), out))
		wrong = "the diff gives another text";
	buf_release(&diff);
	buf_release(&got);
	return wrong;
}
