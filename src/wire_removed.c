/* What edits take away. */
#include <string.h>

#include "wire_impl.h"

/* `---` or `...` at the start of a line that goes. */
static bool has_marker(struct slice text, size_t at, size_t end)
{
	for (; at + 3 <= end; at++) {
		if (at > 0 && !wire_is_break(text.p[at - 1]))
			continue;
		if (at + 3 < text.n && !wire_is_blank(text.p[at + 3]) && !wire_is_break(text.p[at + 3]))
			continue;
		if (memcmp(text.p + at, "---", 3) == 0 || memcmp(text.p + at, "...", 3) == 0)
			return true;
	}
	return false;
}

/* A capability, or ALL, in another spelling. One with escapes cannot be told from here. */
static bool is_respelled(const struct edit *edit, struct slice removed)
{
	static const char prefix[] = "CAP_";
	size_t skip = removed.n - edit->ins.n;

	for (size_t i = 0; i < removed.n; i++)
		if (!wire_is_word(removed.p[i]) && removed.p[i] != '\\')
			return false;
	if (memchr(removed.p, '\\', removed.n))
		return edit->ins.n > 0;
	if (edit->ins.n == 0 || (skip != 0 && skip != 4))
		return false;
	for (size_t i = 0; i < removed.n; i++) {
		if (wire_upper(removed.p[i]) != (i < skip ? prefix[i] : edit->ins.p[i - skip]))
			return false;
	}
	return true;
}

static struct slice trimmed(struct slice text)
{
	size_t from = 0, to = text.n;

	while (from < to && wire_is_blank(text.p[from]))
		from++;
	while (to > from && wire_is_blank(text.p[to - 1]))
		to--;
	return slice_sub(text, from, to);
}

/* {}, with nothing but white space between; null; ~. Perhaps with the comma behind it. */
static bool is_empty_value(struct slice value)
{
	if (value.n > 1 && value.p[value.n - 1] == ',')
		value = trimmed(slice_sub(value, 0, value.n - 1));
	if (slice_is(value, "~") || slice_is(value, "null") || slice_is(value, "Null") || slice_is(value, "NULL"))
		return true;
	if (value.n < 2 || value.p[0] != '{' || value.p[value.n - 1] != '}')
		return false;
	for (size_t i = 1; i + 1 < value.n; i++)
		if (!wire_is_blank(value.p[i]) && !wire_is_break(value.p[i]))
			return false;
	return true;
}

/* A key whose value the rule fills. Kinds of others have theirs (kinds_table.inc, SHAPE_BARE). */
static bool is_filled(struct slice key)
{
	const struct slice ending = SLICE("SecurityContext");

	for (size_t i = 0; i <= WORD_ADD; i++)
		if (slice_is(key, wire_own_words[i]))
			return true;
	if (slice_is(key, "container"))
		return true;
	return key.n > ending.n && slice_eq(slice_sub(key, key.n - ending.n, key.n), ending);
}

/* What stands before the byte is `key:`, with one of the keys that get filled. */
static bool behind_own_key(const struct wire_checker *checker, size_t at)
{
	struct slice text = checker->text;
	size_t end;

	while (at > 0 && (wire_is_blank(text.p[at - 1]) || wire_is_break(text.p[at - 1])))
		at--;
	if (at == 0 || text.p[at - 1] != ':')
		return memchr(text.p, '&', text.n) || memchr(text.p, '!', text.n); /* behind an anchor or a tag */
	at--;
	while (at > 0 && (wire_is_blank(text.p[at - 1]) || wire_is_break(text.p[at - 1])))
		at--;
	if (at > 0 && (text.p[at - 1] == '"' || text.p[at - 1] == '\''))
		at--;
	end = at;
	while (at > 0 && wire_is_word(text.p[at - 1]))
		at--;
	return is_filled(slice_sub(text, at, end)) || checker->elsewhere;
}

/* Between two parts of one list that goes, only comments on their own lines and blank lines stay. */
static bool only_comments(struct slice text, size_t at, size_t end)
{
	for (; at < end; at++) {
		if (text.p[at] == '#') {
			while (at < end && !wire_is_break(text.p[at]))
				at++;
		} else if (!wire_is_blank(text.p[at]) && !wire_is_break(text.p[at])) {
			return false;
		}
	}
	return true;
}

/* Goes on with a list whose opening bracket is gone. */
static bool goes_on(struct wire_checker *checker, const struct edit *edit)
{
	struct wire_lexer *part = &checker->part;

	if (!only_comments(checker->text, part->at, edit->at))
		return false;
	part->at = edit->at;
	part->content = false;
	return wire_lex(part, edit->at + edit->del);
}

/* The removed text by itself: a key `add` and its entries, or the start of these, or entries of such a list. */
static bool is_of_list(struct wire_checker *checker, const struct edit *edit)
{
	size_t end = edit->at + edit->del;
	struct wire_lexer *part = &checker->part;

	for (int flow = 0; flow < 2; flow++) {
		*part = (struct wire_lexer){
			.text = checker->text,
			.name = wire_list_keys[LIST_ADD],
			.at = edit->at,
			.flow = flow == 1,
			.strict = true,
		};
		if (!wire_lex(part, end))
			continue;
		if (part->keys == 1)
			return true;
		if (part->depth == 0 && (wire_in_list(checker, LIST_ADD, edit->at, end) || checker->elsewhere))
			return true;
	}
	part->keys = part->depth = 0;
	return false;
}

/* Line breaks, blanks and one comma at most. */
static bool is_space(struct slice text)
{
	size_t breaks = 0, commas = 0;

	for (size_t i = 0; i < text.n; i++) {
		breaks += wire_is_break(text.p[i]);
		commas += text.p[i] == ',';
		if (!wire_is_blank(text.p[i]) && !wire_is_break(text.p[i]) && text.p[i] != ',')
			return false;
	}
	return breaks > 0 && commas < 2;
}

/* White space between comments that stay: part of a list that goes, either of what went before or of what goes next. */
static bool take_space(struct wire_checker *checker, const struct edit *edit)
{
	if (checker->part.keys == 1 && only_comments(checker->text, checker->part.at, edit->at)) {
		checker->part.at = edit->at + edit->del;
		return true;
	}
	if (checker->space && !only_comments(checker->text, checker->space_end, edit->at))
		return false;
	checker->space = true;
	checker->space_end = edit->at + edit->del;
	return true;
}

static bool take_list(struct wire_checker *checker, const struct edit *edit)
{
	bool belongs = !checker->space || only_comments(checker->text, checker->space_end, edit->at);

	checker->space = false;
	return belongs && !has_marker(checker->text, edit->at, edit->at + edit->del) &&
		is_of_list(checker, edit);
}

bool wire_removes_own(struct wire_checker *checker, const struct edit *edit)
{
	size_t end = edit->at + edit->del;
	struct slice removed = slice_sub(checker->text, edit->at, end), value = trimmed(removed);

	if (checker->part.depth > 0)
		return goes_on(checker, edit);
	if (edit->del > 0 && is_space(removed))
		return take_space(checker, edit);
	if (value.n == 0 || slice_is(value, ",") || is_respelled(edit, removed))
		return !checker->space;
	if (is_empty_value(value))
		return !checker->space && behind_own_key(checker, edit->at);
	return take_list(checker, edit);
}

bool wire_removed_all(const struct wire_checker *checker)
{
	return checker->part.depth == 0 && !checker->space;
}
