#include "capfix/diff.h"

#include <string.h>

#define BOLD "\033[1m"
#define CYAN "\033[36m"
#define RED "\033[31m"
#define GREEN "\033[32m"
#define RESET "\033[m"

/* Lines of the hunk that are still to come: a removed line "-- x" looks like a header otherwise. */
struct hunk {
	size_t old;
	size_t new;
};

/* Takes a number off the start of *line. */
static size_t take_number(struct slice *line)
{
	size_t n = 0;

	while (line->n > 0 && line->p[0] >= '0' && line->p[0] <= '9') {
		n = n * 10 + (size_t)(line->p[0] - '0');
		*line = slice_sub(*line, 1, line->n);
	}
	return n;
}

/* Reads the count of "START,COUNT" behind the next `sign`; a count that is left out is 1. */
static size_t take_count(struct slice *line, char sign)
{
	while (line->n > 0 && line->p[0] != sign)
		*line = slice_sub(*line, 1, line->n);
	if (line->n == 0)
		return 0;
	*line = slice_sub(*line, 1, line->n);
	take_number(line);
	if (line->n == 0 || line->p[0] != ',')
		return 1;
	*line = slice_sub(*line, 1, line->n);
	return take_number(line);
}

static const char *line_colour(struct slice line, struct hunk *hunk)
{
	char c = line.p[0];

	if (c == '\\')
		return NULL;
	if (hunk->old + hunk->new == 0) {
		if (c != '@')
			return BOLD;
		hunk->old = take_count(&line, '-');
		hunk->new = take_count(&line, '+');
		return CYAN;
	}
	hunk->old -= hunk->old > 0 && c != '+';
	hunk->new -= hunk->new > 0 && c != '-';
	return c == '-' ? RED : c == '+' ? GREEN : NULL;
}

/* Where the line's break begins, a CR before its LF taken as part of it: the colour ends before both, as git's does. */
static size_t content_end(struct slice line)
{
	size_t n = line.n;

	if (n > 0 && line.p[n - 1] == '\n')
		n--;
	if (n > 0 && line.p[n - 1] == '\r')
		n--;
	return n;
}

void diff_colour(struct buf *out, struct slice diff)
{
	struct hunk hunk = {0};

	for (size_t at = 0; at < diff.n;) {
		const char *lf = memchr(diff.p + at, '\n', diff.n - at);
		struct slice line = slice_sub(diff, at, lf == NULL ? diff.n : (size_t)(lf - diff.p) + 1);
		size_t end = content_end(line);
		const char *colour = line_colour(line, &hunk);

		at += line.n;
		if (colour == NULL) {
			buf_add(out, line);
			continue;
		}
		buf_adds(out, colour);
		buf_add(out, slice_sub(line, 0, end));
		buf_adds(out, RESET);
		buf_add(out, slice_sub(line, end, line.n));
	}
}
