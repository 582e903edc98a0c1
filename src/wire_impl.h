/* What the parts of wire_check share. */
#ifndef WIRE_IMPL_H
#define WIRE_IMPL_H

#include "capfix/edit.h"
#include "capfix/policy.h"

/* Reads a piece of YAML that should hold nothing but entries of a list, and its key once at most. */
struct wire_lexer {
	struct slice text;
	const char *name; /* of the key */
	size_t at;
	size_t depth;  /* of brackets opened so far */
	size_t keys;   /* seen so far */
	bool flow;     /* the piece begins inside brackets */
	bool strict;   /* no comment without an entry before it on its line, no block scalar */
	bool content;  /* something stands before `at` on its line */
	bool closed;   /* brackets around the list have ended */
	bool key;      /* the last word can be the key */
	size_t quoted; /* where the last quoted scalar ended */
};

/* Goes on to `end`. False if there is anything else before it. */
bool wire_lex(struct wire_lexer *lexer, size_t end);

enum wire_list { LIST_DROP, LIST_ADD, LISTS };

extern const char *const wire_list_keys[LISTS];

/* What edits may bring. The first four are keys that get filled. */
enum { WORD_DROP = 2, WORD_ADD, WORD_ALL, WORD_CAPABILITY, WORD_NONE };

extern const char *const wire_own_words[WORD_CAPABILITY];

struct wire_checker {
	struct slice text;
	const struct policy *policy;
	bool policy_read;
	bool allowed[CAPS_COUNT];
	bool ensured[CAPS_COUNT];
	struct wire_lexer lists[LISTS]; /* the last one that was found, read up to where it was needed */
	struct wire_lexer part;         /* the last removed text; its brackets are still open if the next one goes on with it */
	bool space;                     /* white space has gone, up to space_end, that only a list that goes next can explain */
	size_t space_end;
	size_t budget;                  /* bytes that may still be read in search of keys: what is honest needs few */
	bool elsewhere;                 /* aliases or escapes: a list may stand below another key, or one not spelled out */
};

/* The text [at, end) lies in such a list. */
bool wire_in_list(struct wire_checker *checker, enum wire_list which, size_t at, size_t end);
/* What the edit takes away is the rule's to take, as far as can be told yet. Call for all edits in their order. */
bool wire_removes_own(struct wire_checker *checker, const struct edit *edit);
/* Afterwards: nothing that was taken away was only a part. */
bool wire_removed_all(const struct wire_checker *checker);

char wire_upper(char c); /* ASCII */
bool wire_is_blank(char c);
bool wire_is_break(char c);
/* A part of a word: a letter, a digit, `_`, or beyond ASCII. */
bool wire_is_word(char c);

#endif
