#include "capfix/template.h"

#include <string.h>

struct scan {
	struct slice text;
	size_t at;
	size_t begin;  /* 3 behind a byte order mark, else 0 */
	size_t indent; /* of the line that `at` is on */
	int flow;      /* depth of flow brackets, as far as they can be told without parsing */
};

static bool is_break(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_line(struct scan *scan)
{
	while (scan->at < scan->text.n && !is_break(scan->text.p[scan->at]))
		scan->at++;
}

/* A quoted scalar, from its opening quote. One that does not end is taken for text: gives back false. */
static bool skip_quoted(struct scan *scan)
{
	struct slice text = scan->text;
	char quote = text.p[scan->at];

	for (size_t at = scan->at + 1; at < text.n; at++) {
		if (quote == '"' && text.p[at] == '\\') {
			at++;
		} else if (text.p[at] == quote) {
			if (quote == '\'' && at + 1 < text.n && text.p[at + 1] == quote) {
				at++;
				continue;
			}
			scan->at = at + 1;
			return true;
		}
	}
	return false;
}

/* `|` or `>` and what may stand behind it on its line: a block scalar begins. */
static bool is_block_header(const struct scan *scan)
{
	struct slice text = scan->text;
	size_t at = scan->at + 1;

	while (at < text.n && (text.p[at] == '+' || text.p[at] == '-' || (text.p[at] >= '1' && text.p[at] <= '9')))
		at++;
	if (at < text.n && !is_blank(text.p[at]) && !is_break(text.p[at]))
		return false;
	while (at < text.n && is_blank(text.p[at]))
		at++;
	return at == text.n || is_break(text.p[at]) || text.p[at] == '#';
}

/* Skips the lines below a block scalar's header: blank ones, and those indented more than the header's line. */
static void skip_block(struct scan *scan)
{
	struct slice text = scan->text;

	skip_line(scan);
	while (scan->at < text.n) {
		size_t line = scan->at + 1, at = line;

		while (at < text.n && is_blank(text.p[at]))
			at++;
		if (at < text.n && !is_break(text.p[at]) && at - line <= scan->indent)
			return;
		scan->at = at;
		skip_line(scan);
	}
}

/* Where a scalar can begin: a quote, `|` or `>` anywhere else is text. */
static bool begins_scalar(const struct scan *scan)
{
	size_t at = scan->at;

	while (at > 0 && is_blank(scan->text.p[at - 1]))
		at--;
	if (at == 0 || is_break(scan->text.p[at - 1]))
		return true;
	if (memchr("[{,", scan->text.p[at - 1], 3))
		return true;
	if (scan->at == at)
		return scan->text.p[at - 1] == ':' && scan->flow > 0;
	return memchr(":-?", scan->text.p[at - 1], 3);
}

/* Behind an anchor or a tag a scalar can begin too: `key: !!str "…"`. */
static bool behind_property(const struct scan *scan)
{
	size_t at = scan->at;

	while (at > 0 && is_blank(scan->text.p[at - 1]))
		at--;
	if (at == scan->at)
		return false;
	while (at > 0 && !is_blank(scan->text.p[at - 1]) && !is_break(scan->text.p[at - 1]) &&
		!memchr("[{,", scan->text.p[at - 1], 3))
		at--;
	return at < scan->at && (scan->text.p[at] == '!' || scan->text.p[at] == '&');
}

static void start_of_line(struct scan *scan)
{
	size_t at = scan->at;

	while (at < scan->text.n && scan->text.p[at] == ' ')
		at++;
	scan->indent = at - scan->at;
}

/*
 * `${{NAME}}`, which fills a number or the like into an OpenShift Template; for Helm it would be no action. Not in
 * flow YAML: no plain text there.
 */
static bool is_parameter(const struct scan *scan)
{
	struct slice text = scan->text;
	size_t at = scan->at + 2, name = at;

	if (scan->flow || scan->at == 0 || text.p[scan->at - 1] != '$')
		return false;
	while (at < text.n &&
		((text.p[at] >= 'A' && text.p[at] <= 'Z') || (text.p[at] >= 'a' && text.p[at] <= 'z') ||
			(text.p[at] >= '0' && text.p[at] <= '9') || text.p[at] == '_'))
		at++;
	return at > name && text.n - at >= 2 && text.p[at] == '}' && text.p[at + 1] == '}';
}

/* One step; true where `{{` stands. */
static bool step(struct scan *scan)
{
	struct slice text = scan->text;
	char c = text.p[scan->at];

	if (c == '{' && scan->at + 1 < text.n && text.p[scan->at + 1] == '{' && !is_parameter(scan))
		return true;
	if (c == '#' && (scan->at == scan->begin || is_blank(text.p[scan->at - 1]) || is_break(text.p[scan->at - 1]))) {
		skip_line(scan);
		return false;
	}
	if ((c == '"' || c == '\'') && (begins_scalar(scan) || behind_property(scan)) && skip_quoted(scan))
		return false;
	if ((c == '|' || c == '>') && (begins_scalar(scan) || behind_property(scan)) && is_block_header(scan)) {
		skip_block(scan);
		return false;
	}
	scan->flow += c == '{' || c == '[';
	scan->flow -= (c == '}' || c == ']') && scan->flow > 0;
	scan->at++;
	if (is_break(c))
		start_of_line(scan);
	return false;
}

/* Is there any `{{`? By memchr, which is several times faster than memmem for two bytes. */
static bool has_braces(struct slice text)
{
	const char *at = text.p, *end = text.p + text.n;

	while (at < end && (at = memchr(at, '{', (size_t)(end - at)))) {
		if (at + 1 < end && at[1] == '{')
			return true;
		at++;
	}
	return false;
}

bool template_find(struct slice text, size_t *at)
{
	struct scan scan = {.text = text};

	if (!has_braces(text))
		return false;
	if (text.n >= 3 && !memcmp(text.p, "\xef\xbb\xbf", 3))
		scan.at = scan.begin = 3;
	start_of_line(&scan);
	while (scan.at < text.n) {
		if (!step(&scan))
			continue;
		*at = scan.at;
		return true;
	}
	return false;
}
