#include "capfix/wire_check.h"

#include <string.h>

#include "capfix/caps.h"
#include "capfix/prove.h"
#include "wire_impl.h"

const char *const wire_own_words[WORD_CAPABILITY] = {"securityContext", "capabilities", "drop", "add", "ALL"};

/* The text has the capability's name in it, in any case, or escapes that could hide it. */
static bool names(struct slice text, struct slice capability)
{
	for (size_t at = 0; at + capability.n <= text.n; at++) {
		size_t n = 0;

		while (n < capability.n && wire_upper(text.p[at + n]) == capability.p[n])
			n++;
		if (n == capability.n)
			return true;
	}
	return text.n > 0 && memchr(text.p, '\\', text.n);
}

/* Which capabilities the policy gives to anybody. Looked up once, when the first one is asked for. */
static void read_policy(struct wire_checker *checker)
{
	checker->policy_read = true;
	for (size_t i = 0; checker->policy && i < policy_count(checker->policy); i++) {
		const struct policy_entry *entry = policy_at(checker->policy, i);
		size_t index = caps_index(entry->capability);

		if (index == CAPS_COUNT)
			continue;
		checker->allowed[index] = true;
		checker->ensured[index] = checker->ensured[index] || entry->ensure;
	}
}

/* The policy lets somebody have the capability, and it was there before or the policy wants it to be there. */
static bool allows(struct wire_checker *checker, struct slice capability, struct slice removed)
{
	size_t index = caps_index(capability);

	if (!checker->policy_read)
		read_policy(checker);
	if (index == CAPS_COUNT || !checker->allowed[index] || removed.n > checker->budget)
		return false;
	checker->budget -= removed.n;
	return checker->ensured[index] || names(removed, capability);
}

/* Which of the words it is. */
static int word_of(struct wire_checker *checker, struct slice word, struct slice removed)
{
	for (int i = 0; i < WORD_CAPABILITY; i++)
		if (slice_is(word, wire_own_words[i]))
			return i;
	return allows(checker, word, removed) ? WORD_CAPABILITY : WORD_NONE;
}

/* Words at the ends of the inserted text stand for themselves in the result, too. */
static bool stands_alone(struct slice text, const struct edit *edit)
{
	size_t end = edit->at + edit->del;

	if (edit->ins.n == 0)
		return true;
	if (edit->at > 0 && wire_is_word(text.p[edit->at - 1]) && wire_is_word(edit->ins.p[0]))
		return false;
	return end == text.n || !wire_is_word(text.p[end]) || !wire_is_word(edit->ins.p[edit->ins.n - 1]);
}

/* Only own words and signs; notes in `has` which of the words there are. */
static bool inserts_own_words(struct wire_checker *checker, const struct edit *edit, bool has[WORD_NONE])
{
	struct slice ins = edit->ins, removed = slice_sub(checker->text, edit->at, edit->at + edit->del);

	for (size_t at = 0; at < ins.n;) {
		size_t start = at;
		int word;

		while (at < ins.n && wire_is_word(ins.p[at]))
			at++;
		if (at == start && !memchr("{}[],:-\"' \t\r\n", ins.p[at++], 13))
			return false;
		if (wire_is_word(ins.p[start])) {
			word = word_of(checker, slice_sub(ins, start, at), removed);
			if (word == WORD_NONE)
				return false;
			has[word] = true;
		}
	}
	return stands_alone(checker->text, edit);
}

/* Between two characters, and not in the middle of CR LF. */
static bool is_boundary(struct slice text, size_t at)
{
	if (at == 0 || at == text.n)
		return true;
	if (((unsigned char)text.p[at] & 0xc0) == 0x80)
		return false;
	return text.p[at] != '\n' || text.p[at - 1] != '\r';
}

static bool in_place(struct slice text, const struct edit *edit, size_t from)
{
	if (edit->at < from || edit->at > text.n || edit->del > text.n - edit->at)
		return false;
	return (edit->del > 0 || edit->ins.n > 0) && is_boundary(text, edit->at) &&
		is_boundary(text, edit->at + edit->del);
}

/* What is put in the place of [at, end) comes to lie in such a list: before what goes, or behind it. */
static bool at_list(struct wire_checker *checker, enum wire_list which, size_t at, size_t end)
{
	return wire_in_list(checker, which, at, at) || (end > at && wire_in_list(checker, which, at, end));
}

/* The inserted text begins with the `:` that this key before it lacks: `{drop}`. */
static bool completes_key(const struct wire_checker *checker, const struct edit *edit, const char *key)
{
	size_t end = edit->at, at;

	if (edit->ins.n == 0 || edit->ins.p[0] != ':')
		return false;
	if (end > 0 && (checker->text.p[end - 1] == '"' || checker->text.p[end - 1] == '\''))
		end--;
	for (at = end; at > 0 && wire_is_word(checker->text.p[at - 1]); at--)
		;
	return slice_is(slice_sub(checker->text, at, end), key);
}

/* ALL goes to a list `drop`, a capability to a list `add`: one that comes with it, or one that is there. */
static bool inserts_in_lists(struct wire_checker *checker, const struct edit *edit, const bool has[WORD_NONE])
{
	size_t at = edit->at, end = edit->at + edit->del;
	char before = at > 0 ? checker->text.p[at - 1] : '\0';

	if (checker->elsewhere)
		return true;
	/* What is respelled keeps its quotes. */
	if ((before == '"' || before == '\'') && end < checker->text.n && checker->text.p[end] == before) {
		at--;
		end++;
	}
	if (has[WORD_ALL] && !has[WORD_DROP] && !completes_key(checker, edit, "drop") &&
		!at_list(checker, LIST_DROP, at, end))
		return false;
	return !has[WORD_CAPABILITY] || has[WORD_ADD] || completes_key(checker, edit, "add") ||
		at_list(checker, LIST_ADD, at, end);
}

static bool has_escapes(struct slice text)
{
	for (const char *p = text.p, *end = text.p + text.n; p < end && (p = memchr(p, '\\', (size_t)(end - p))); p++)
		if (p + 1 < end && memchr("xuU", p[1], 3))
			return true;
	return false;
}

static bool wrong(struct error *err, const struct edit *edit, const char *what)
{
	return error_set(err, "%s at byte %zu", what, edit->at);
}

static bool check_edit(struct wire_checker *checker, const struct edit *edit, size_t from, struct error *err)
{
	bool has[WORD_NONE] = {false};

	if (!in_place(checker->text, edit, from))
		return wrong(err, edit, "an edit out of its place");
	if (!inserts_own_words(checker, edit, has) || !inserts_in_lists(checker, edit, has))
		return wrong(err, edit, "an edit with words that are not the rule's");
	if (!wire_removes_own(checker, edit))
		return wrong(err, edit, "an edit that takes away more than the rule does");
	return true;
}

bool wire_check_edits(
	const struct edits *edits, struct slice text, const struct policy *policy, struct error *err)
{
	struct wire_checker checker = {.text = text, .policy = policy, .budget = 64 * (text.n + 1024)};
	size_t from = 0;

	if (edits->n == 0)
		return true;
	if (text.n == 0)
		return error_set(err, "an edit of an empty text");
	checker.elsewhere = (memchr(text.p, '&', text.n) && memchr(text.p, '*', text.n)) || has_escapes(text);
	for (size_t i = 0; i < edits->n; i++) {
		if (!check_edit(&checker, &edits->v[i], from, err))
			return false;
		/* Edits that touch would be one. */
		from = edits->v[i].at + edits->v[i].del + 1;
	}
	if (!wire_removed_all(&checker))
		return error_set(err, "an edit that takes half of a list");
	return prove_comments(text, edits, err);
}
