#include "capfix/glob.h"

#include <string.h>

/* Where the match stands, and the two places to go back to when it fails. */
struct scan {
	struct slice pattern;
	struct slice text;
	bool paths;
	size_t p;
	size_t t;
	bool star; /* behind the last `*` of this part: try again with one more character under it */
	size_t star_p;
	size_t star_t;
	bool deep; /* behind the last whole-part `**`: try again one part further on */
	size_t deep_p;
	size_t deep_t;
};

/* What a set's next item is. */
enum item { ITEM_RANGE, ITEM_CLOSE, ITEM_OPEN };

/* Bytes of the character at `at`: 1 where it is not UTF-8. */
static size_t char_len(struct slice s, size_t at)
{
	unsigned char c = (unsigned char)s.p[at];
	size_t len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
	if (len > s.n - at)
		return 1;
	for (size_t i = 1; i < len; i++)
		if (((unsigned char)s.p[at + i] & 0xc0) != 0x80)
			return 1;
	return len;
}

/* The character at `at` as a number that keeps the order of code points. */
static uint32_t char_at(struct slice s, size_t at, size_t len)
{
	uint32_t value = 0;
	for (size_t i = 0; i < len; i++)
		value = value << 8 | (unsigned char)s.p[at + i];
	return value;
}

/* One character of a set, its `\` taken off. False at the end of the pattern. */
static bool set_char(struct slice pattern, size_t *at, uint32_t *value)
{
	if (*at < pattern.n && pattern.p[*at] == '\\')
		(*at)++;
	if (*at >= pattern.n)
		return false;
	size_t len = char_len(pattern, *at);
	*value = char_at(pattern, *at, len);
	*at += len;
	return true;
}

/* Steps over one item of a set. `first`: nothing but `!` stands before it, so a `]` does not close. */
static enum item set_item(struct slice pattern, size_t *at, bool first, uint32_t *lo, uint32_t *hi)
{
	if (*at < pattern.n && pattern.p[*at] == ']' && !first) {
		(*at)++;
		return ITEM_CLOSE;
	}
	if (!set_char(pattern, at, lo))
		return ITEM_OPEN;
	*hi = *lo;
	if (pattern.n - *at < 2 || pattern.p[*at] != '-' || pattern.p[*at + 1] == ']')
		return ITEM_RANGE;
	(*at)++;
	return set_char(pattern, at, hi) ? ITEM_RANGE : ITEM_OPEN;
}

/* Steps over the `[` and the `!` of a set. */
static bool set_begin(struct slice pattern, size_t *at)
{
	(*at)++;
	if (*at >= pattern.n || (pattern.p[*at] != '!' && pattern.p[*at] != '^'))
		return false;
	(*at)++;
	return true;
}

/* Steps over the set at *at and tells whether the character belongs to it. */
static bool set_holds(struct slice pattern, size_t *at, uint32_t value)
{
	bool negated = set_begin(pattern, at);
	bool found = false;
	uint32_t lo, hi;
	for (bool first = true; set_item(pattern, at, first, &lo, &hi) == ITEM_RANGE; first = false)
		if (lo <= value && value <= hi)
			found = true;
	return found != negated;
}

/* A whole part `**` at p, which is the start of a part. */
static bool deep_at(struct slice pattern, size_t p)
{
	if (pattern.n - p < 2 || pattern.p[p] != '*' || pattern.p[p + 1] != '*')
		return false;
	return (p == 0 || pattern.p[p - 1] == '/') && (p + 2 == pattern.n || pattern.p[p + 2] == '/');
}

/* Nothing is left but parts that are `**`: they may stand for no part. */
static bool only_deep(struct slice pattern, size_t p)
{
	while (p < pattern.n && pattern.p[p] == '/' && deep_at(pattern, p + 1))
		p += 3;
	return p == pattern.n;
}

/* Takes one character of the text for the `?` or the set at p. */
static bool step_wild(struct scan *s)
{
	if (s->t == s->text.n || (s->paths && s->text.p[s->t] == '/'))
		return false;
	size_t len = char_len(s->text, s->t);
	if (s->pattern.p[s->p] == '?')
		s->p++;
	else if (!set_holds(s->pattern, &s->p, char_at(s->text, s->t, len)))
		return false;
	s->t += len;
	return true;
}

/* Takes the piece of the pattern at p. False if the text does not go on like that. */
static bool step(struct scan *s)
{
	if (s->paths && deep_at(s->pattern, s->p)) {
		s->p += 3;
		s->deep = true;
		s->deep_p = s->p;
		s->deep_t = s->t;
		s->star = false;
		return true;
	}
	char c = s->pattern.p[s->p];
	if (c == '*') {
		s->star = true;
		s->star_p = ++s->p;
		s->star_t = s->t;
		return true;
	}
	if (c == '?' || c == '[')
		return step_wild(s);
	size_t at = c == '\\' && s->p + 1 < s->pattern.n ? s->p + 1 : s->p;
	if (s->t == s->text.n || s->text.p[s->t] != s->pattern.p[at])
		return false;
	s->p = at + 1;
	s->t++;
	return true;
}

/*
 * Goes back to the last place with a choice. Only the last `*` and the last `**` can matter: whatever an
 * earlier one could take as well, the later one can take too, or it would have to take a slash.
 */
static bool again(struct scan *s)
{
	if (s->star && s->star_t < s->text.n && !(s->paths && s->text.p[s->star_t] == '/')) {
		s->star_t += char_len(s->text, s->star_t);
		s->t = s->star_t;
		s->p = s->star_p;
		return true;
	}
	s->star = false;
	if (!s->deep || s->deep_t >= s->text.n)
		return false;
	const char *slash = memchr(s->text.p + s->deep_t, '/', s->text.n - s->deep_t);
	if (slash == NULL)
		return false;
	s->deep_t = (size_t)(slash - s->text.p) + 1;
	s->t = s->deep_t;
	s->p = s->deep_p;
	return true;
}

bool glob_match(struct slice pattern, struct slice text, bool paths)
{
	struct scan s = {.pattern = pattern, .text = text, .paths = paths};
	for (;;) {
		bool end = s.t == text.n;
		if (end && (s.p == pattern.n || (paths && only_deep(pattern, s.p))))
			return true;
		if (paths && s.p + 2 == pattern.n && deep_at(pattern, s.p))
			return true;
		bool ok = s.p < pattern.n && step(&s);
		if (!ok && !again(&s))
			return false;
	}
}

/* Steps over the set at *at. */
static const char *set_fault(struct slice pattern, size_t *at)
{
	uint32_t lo, hi;
	set_begin(pattern, at);
	for (bool first = true;; first = false) {
		if (pattern.n - *at >= 2 && pattern.p[*at] == '[' && strchr(":.=", pattern.p[*at + 1]) != NULL)
			return "classes such as [:alpha:] are not known, write a range such as [a-z]";
		enum item item = set_item(pattern, at, first, &lo, &hi);
		if (item == ITEM_CLOSE)
			return NULL;
		if (item == ITEM_OPEN)
			return "a `[` has no `]`, write `\\[` for the character itself";
		if (lo > hi)
			return "a range in `[ ]` runs backwards";
	}
}

const char *glob_fault(struct slice pattern)
{
	size_t at = 0;
	while (at < pattern.n) {
		if (pattern.p[at] == '[') {
			const char *fault = set_fault(pattern, &at);
			if (fault != NULL)
				return fault;
			continue;
		}
		if (pattern.p[at] == '\\' && ++at == pattern.n)
			return "nothing stands behind the `\\` at its end, write `\\\\` for the character "
			       "itself";
		at++;
	}
	return NULL;
}

bool glob_valid(struct slice pattern)
{
	return glob_fault(pattern) == NULL;
}

bool glob_is_literal(struct slice pattern)
{
	for (size_t i = 0; i < pattern.n; i++) {
		char c = pattern.p[i];
		if (c == '*' || c == '?' || c == '[' || c == '\\')
			return false;
	}
	return true;
}

bool glob_piece(struct slice pattern, size_t *at, char *byte)
{
	char c = pattern.p[*at];
	if (c == '[') {
		set_holds(pattern, at, 0);
		return false;
	}
	if (c == '\\' && *at + 1 < pattern.n)
		(*at)++;
	*byte = pattern.p[(*at)++];
	return c != '*' && c != '?';
}
