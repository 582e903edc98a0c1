#include "property_check.h"

#include <string.h>

static struct slice part(struct slice text, size_t from, size_t to)
{
	return from <= to && to <= text.n ? slice_sub(text, from, to) : (struct slice){NULL, 0};
}

const char *check_edits(const struct edits *edits, struct slice text, struct slice out)
{
	size_t at = 0, to = 0;

	for (size_t i = 0; i < edits->n; i++) {
		const struct edit *e = edits->v + i;
		size_t same = e->at - at;

		if (e->at < at || (i && e->at == at) || e->del > text.n - e->at)
			return "edits are out of order or leave the text";
		if (!slice_eq(part(text, at, e->at), part(out, to, to + same)))
			return "bytes outside the edits are not the same";
		to += same;
		if (!slice_eq(e->ins, part(out, to, to + e->ins.n)))
			return "an inserted text is not in the output";
		if (slice_eq(e->ins, slice_sub(text, e->at, e->at + e->del)))
			return "an edit changes nothing";
		to += e->ins.n;
		at = e->at + e->del;
	}
	if (to > out.n || !slice_eq(slice_sub(text, at, text.n), slice_sub(out, to, out.n)))
		return "bytes behind the last edit are not the same";
	return NULL;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_rule_word(struct slice word)
{
	static const char *const own[] = {"securityContext", "capabilities", "drop", "ALL"};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		if (slice_is(word, own[i]))
			return true;
	}
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] >= 'a' && word.p[i] <= 'z')
			return false;
	}
	return true; /* of a capability, in capitals; or nothing */
}

const char *check_words(const struct edits *edits)
{
	for (size_t i = 0; i < edits->n; i++) {
		struct slice ins = edits->v[i].ins;

		for (size_t at = 0, end; at < ins.n; at = end + 1) {
			for (end = at; end < ins.n && is_word_byte(ins.p[end]); end++)
				;
			if (!is_rule_word(slice_sub(ins, at, end)))
				return "an inserted word is not the rule's";
			if (end < ins.n && (!ins.p[end] || !strchr(" \t\r\n:{}[],-\"'", ins.p[end])))
				return "an inserted byte is not the rule's";
		}
	}
	return NULL;
}

/* The next line that is a comment (and not text that looks like one), from *at on; *at moves behind it. */
static bool comment_line(struct slice text, size_t *at, struct slice *line)
{
	while (*at < text.n) {
		const char *end = memchr(text.p + *at, '\n', text.n - *at);
		size_t stop = end ? (size_t)(end - text.p) : text.n, i = *at;

		*line = slice_sub(text, *at, stop);
		*at = end ? stop + 1 : stop;
		while (i < stop && text.p[i] == ' ')
			i++;
		if (stop - i > 6 && memcmp(text.p + i, "# own ", 6) == 0) {
			if (line->n && line->p[line->n - 1] == '\r')
				line->n--;
			return true;
		}
	}
	return false;
}

const char *check_comments(struct slice text, struct slice out)
{
	size_t a = 0, b = 0;
	struct slice before, after;

	while (comment_line(text, &a, &before)) {
		if (!comment_line(out, &b, &after))
			return "a comment is lost";
		if (!slice_eq(before, after))
			return "a comment is not the same";
	}
	return comment_line(out, &b, &after) ? "a comment is new" : NULL;
}

static size_t count_breaks(struct slice text, bool crlf)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n' && (i > 0 && text.p[i - 1] == '\r') == crlf;
	return n;
}

static bool ends_line(struct slice text)
{
	return text.n && text.p[text.n - 1] == '\n';
}

const char *check_lines(struct slice text, struct slice out)
{
	if (count_breaks(text, true) && count_breaks(out, false))
		return "line ends are not kept";
	if (!count_breaks(text, true) && count_breaks(out, true))
		return "line ends are not kept";
	if (ends_line(text) != ends_line(out))
		return "the final newline is not kept";
	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0 &&
		(out.n < 3 || memcmp(out.p, "\xef\xbb\xbf", 3) != 0))
		return "the byte order mark is not kept";
	return NULL;
}

static size_t count_findings(const struct findings *findings, enum finding_code code)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++)
		n += findings->v[i].code == code;
	return n;
}

const char *check_counts(const struct model *m, const struct rewrite_result *result)
{
	if (result->outcome != (m->fixed ? OUTCOME_CHANGED : OUTCOME_UNCHANGED))
		return "the outcome is another";
	if (result->fixed != m->fixed)
		return "another number of containers is fixed";
	if (result->refused != m->refused)
		return "another number of containers is refused";
	if (result->containers != m->containers)
		return "another number of containers is found";
	/* One text that stands at several places through aliases is refused in one finding. */
	size_t said = count_findings(&result->findings, CODE_REFUSED);
	if (said > m->refused || (said == 0) != (m->refused == 0))
		return "another number of findings say refused";
	if (count_findings(&result->findings, CODE_WINDOWS) != m->windows)
		return "another number of findings say windows";
	if (count_findings(&result->findings, CODE_OVERLAY) != m->overlays)
		return "another number of findings say overlay";
	return NULL;
}
