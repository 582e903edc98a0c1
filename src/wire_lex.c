#include <string.h>

#include "wire_impl.h"

char wire_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool wire_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool wire_is_break(char c)
{
	return c == '\n' || c == '\r';
}

bool wire_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
		(unsigned char)c >= 0x80;
}

/* The byte behind `at` is white space, or there is none. */
static bool blank_behind(const struct wire_lexer *lexer, size_t at)
{
	return at + 1 >= lexer->text.n || wire_is_blank(lexer->text.p[at + 1]) || wire_is_break(lexer->text.p[at + 1]);
}

static bool in_flow(const struct wire_lexer *lexer)
{
	return lexer->flow || lexer->depth > 0;
}

/* A `:` that ends a key. */
static bool ends_key(const struct wire_lexer *lexer, size_t at)
{
	return blank_behind(lexer, at) || (in_flow(lexer) && memchr(",[]{}", lexer->text.p[at + 1], 5));
}

static bool skip_comment(struct wire_lexer *lexer, size_t end)
{
	char before = lexer->at > 0 ? lexer->text.p[lexer->at - 1] : '\n';

	if (!wire_is_blank(before) && !wire_is_break(before))
		return false;
	if (lexer->strict && !lexer->content)
		return false;
	while (lexer->at < end && !wire_is_break(lexer->text.p[lexer->at]))
		lexer->at++;
	return true;
}

static bool skip_quoted(struct wire_lexer *lexer, size_t end)
{
	size_t start = lexer->at + 1, at = start;
	char quote = lexer->text.p[lexer->at];
	bool escapes = false;

	for (; at < end && lexer->text.p[at] != quote; at++) {
		if (quote == '"' && lexer->text.p[at] == '\\') {
			escapes = true;
			at++;
		}
	}
	if (at >= end)
		return false;
	/* '' in single quotes is seen as two scalars: none of them is a key. */
	lexer->key = escapes || slice_is(slice_sub(lexer->text, start, at), lexer->name);
	lexer->at = lexer->quoted = at + 1;
	return !lexer->closed;
}

static bool skip_plain(struct wire_lexer *lexer, size_t end)
{
	size_t start = lexer->at, at = start;
	char first = lexer->text.p[start];

	if (lexer->strict && (first == '|' || first == '>'))
		return false;
	for (; at < end; at++) {
		char c = lexer->text.p[at];

		if (wire_is_blank(c) || wire_is_break(c) || (in_flow(lexer) && memchr(",[]{}", c, 5)))
			break;
		if (c == ':' && at > start && ends_key(lexer, at))
			break;
	}
	/* What an alias stands for is not known here. */
	lexer->key = first == '*' || slice_is(slice_sub(lexer->text, start, at), lexer->name);
	lexer->at = at;
	return at > start && !lexer->closed;
}

static bool take_colon(struct wire_lexer *lexer)
{
	if (!lexer->key || lexer->keys > 0)
		return false;
	lexer->key = false;
	lexer->keys++;
	lexer->at++;
	return true;
}

static bool take_sign(struct wire_lexer *lexer, char c)
{
	if ((c == ']' || c == '}') && lexer->depth == 0)
		return false;
	if (c == '[' || c == '{')
		lexer->depth++;
	else if (c == ']' || c == '}')
		lexer->closed = --lexer->depth == 0 && lexer->keys > 0;
	lexer->key = false;
	lexer->at++;
	return true;
}

static bool take(struct wire_lexer *lexer, char c, size_t end)
{
	if (c == '"' || c == '\'')
		return skip_quoted(lexer, end);
	if (memchr("[]{},", c, 5))
		return take_sign(lexer, c);
	/* JSON needs no space behind the `:` of a quoted key. */
	if (c == ':' && (lexer->at == lexer->quoted || ends_key(lexer, lexer->at)))
		return take_colon(lexer);
	if ((c == '-' || c == '?') && blank_behind(lexer, lexer->at)) {
		lexer->at++;
		return true;
	}
	return skip_plain(lexer, end);
}

bool wire_lex(struct wire_lexer *lexer, size_t end)
{
	while (lexer->at < end) {
		char c = lexer->text.p[lexer->at];

		if (wire_is_blank(c) || wire_is_break(c)) {
			lexer->content = lexer->content && !wire_is_break(c);
			lexer->at++;
			continue;
		}
		if (c == '#') {
			if (!skip_comment(lexer, end))
				return false;
			continue;
		}
		if (!take(lexer, c, end))
			return false;
		lexer->content = true;
	}
	return true;
}
