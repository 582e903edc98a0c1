#include "capfix/kinds.h"

#include <string.h>

static const struct kind_path table[] = {
#include "kinds_table.inc"
};

enum { ROWS = sizeof(table) / sizeof(table[0]) };

const struct kind_path *kinds_table(size_t *n)
{
	*n = ROWS;
	return table;
}

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static int compare_kinds(const char *row, struct slice kind)
{
	size_t i = 0;

	while (row[i] && i < kind.n && lower(row[i]) == lower(kind.p[i]))
		i++;
	if (i == kind.n)
		return row[i] != '\0';
	return row[i] ? lower(row[i]) - lower(kind.p[i]) : -1;
}

static int compare(const struct kind_path *row, struct slice group, struct slice kind)
{
	int order = slice_cmp(slice_of(row->group), group);

	return order ? order : compare_kinds(row->kind, kind);
}

/*
 * The catalogue that most rows come from knows the kinds of CRDs in lower case only, so a spelling in the table may be
 * off: case does not count there. A group of CRDs always has a dot; Kubernetes' own groups of workloads have none.
 */
static bool same_kind(const struct kind_path *row, struct slice kind)
{
	return strchr(row->group, '.') || slice_is(kind, row->kind);
}

/* The first row that is not before group and kind. */
static size_t lower_bound(struct slice group, struct slice kind)
{
	size_t low = 0, high = ROWS;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(&table[mid], group, kind) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct kind_path *kinds_find(struct slice group, struct slice kind, size_t *n)
{
	size_t at = lower_bound(group, kind);

	*n = 0;
	if (at == ROWS || !same_kind(&table[at], kind))
		return &table[0];
	while (at + *n < ROWS && !compare(&table[at + *n], group, kind))
		++*n;
	return &table[at];
}

/* A pod spec has `containers`, and so have most other paths; objects speak for themselves. */
static bool tells(const struct kind_path *row)
{
	return row->shape == SHAPE_PODSPEC || row->shape == SHAPE_OBJECTS || row->shape == SHAPE_NONE ||
		strstr(row->path, "ontainers");
}

static bool group_is_silent(struct slice group)
{
	for (size_t at = lower_bound(group, SLICE("")); at < ROWS && slice_is(group, table[at].group); at++)
		if (!tells(&table[at]))
			return true;
	return false;
}

static size_t skip_space(struct slice text, size_t at)
{
	while (at < text.n && memchr(" \t\r\n", text.p[at], 4))
		at++;
	return at;
}

static bool is_group_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

/*
 * What stands behind an `apiVersion`: may it be the key of a group whose containers stand under other names? Yes too
 * for all that would have to be parsed to be sure: an alias, a tag, an escape, a block scalar, a comment in between.
 */
static bool may_name_silent_group(struct slice text, size_t at)
{
	size_t end;

	if (at < text.n && (text.p[at] == '"' || text.p[at] == '\''))
		at++;
	at = skip_space(text, at);
	if (at < text.n && text.p[at] == '#')
		return true;
	if (at == text.n || text.p[at] != ':')
		return false;
	at = skip_space(text, at + 1);
	if (at < text.n && memchr("*&!|>#", text.p[at], 6))
		return true;
	if (at < text.n && (text.p[at] == '"' || text.p[at] == '\''))
		at = skip_space(text, at + 1);
	for (end = at; end < text.n && is_group_char(text.p[end]); end++)
		;
	if (end < text.n && text.p[end] == '\\')
		return true;
	return end < text.n && text.p[end] == '/' && group_is_silent(slice_sub(text, at, end));
}

/* memmem is slow to start, and a manifest has an `apiVersion` every few lines: its capital letter is rare enough. */
bool kinds_may_hide(struct slice text)
{
	static const char before[] = "api", behind[] = "ersion";
	const size_t nbefore = sizeof(before) - 1, nbehind = sizeof(behind) - 1;
	const char *p = text.p, *end = text.p + text.n;

	for (; p < end && (p = memchr(p, 'V', (size_t)(end - p))); p++) {
		size_t at = (size_t)(p - text.p);

		if (at < nbefore || text.n - at <= nbehind || memcmp(p - nbefore, before, nbefore) != 0 ||
			memcmp(p + 1, behind, nbehind) != 0)
			continue;
		if (may_name_silent_group(text, at + 1 + nbehind))
			return true;
	}
	return false;
}
