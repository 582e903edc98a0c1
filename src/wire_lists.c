/* Which list does a place lie in? Found by looking back for a key and reading on from there. */
#include <string.h>

#include "wire_impl.h"

/* How far before an entry its list's key is looked for: in so many places that spell it. */
enum { MOST_TRIES = 16 };

const char *const wire_list_keys[LISTS] = {"drop", "add"};

/* A list whose key stands at `key` holds all up to `end`. */
static bool begins_list(struct wire_checker *checker, enum wire_list which, size_t key, size_t end)
{
	struct wire_lexer *list = &checker->lists[which];
	char before = key > 0 ? checker->text.p[key - 1] : ' ';

	if (before == '"' || before == '\'')
		key--;
	for (int flow = 0; flow < 2 && end - key <= checker->budget; flow++) {
		checker->budget -= end - key;
		*list = (struct wire_lexer){.text = checker->text, .name = wire_list_keys[which], .at = key, .flow = flow == 1};
		if (wire_lex(list, end) && list->keys == 1)
			return true;
	}
	return false;
}

/* The text [at, end) lies in such a list. */
bool wire_in_list(struct wire_checker *checker, enum wire_list which, size_t at, size_t end)
{
	struct wire_lexer *list = &checker->lists[which];
	struct slice text = checker->text;
	size_t tries = 0, n = strlen(wire_list_keys[which]);

	if (list->keys == 1 && list->at <= at && end - list->at <= checker->budget) {
		checker->budget -= end - list->at;
		if (wire_lex(list, end) && list->keys == 1)
			return true;
	}
	for (size_t key = at; key-- > 0 && tries < MOST_TRIES && checker->budget > 0; checker->budget--) {
		if (key + n >= text.n || memcmp(text.p + key, wire_list_keys[which], n) != 0)
			continue;
		if ((key > 0 && wire_is_word(text.p[key - 1])) || wire_is_word(text.p[key + n]))
			continue;
		if (begins_list(checker, which, key, end))
			return true;
		tries++;
	}
	list->keys = 0;
	return false;
}
