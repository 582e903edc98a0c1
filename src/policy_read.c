/* Reading the node table of a policy: keys, strings, mistakes and their words. */
#include "policy_impl.h"

#include <string.h>

/* Bytes of the user's text that a message shows. */
enum { SHOWN = 60 };

/* Words longer than this are compared with nothing. */
enum { WORD = 24 };

void reader_mistake(struct reader *reader, uint32_t node, struct slice text)
{
	const struct yaml_node *at = &reader->yaml->nodes[node];
	struct finding finding = {.level = LEVEL_ERROR, .code = CODE_POLICY, .text = text};

	if (at->start == at->end && at->key != YAML_NONE)
		node = at->key;
	yaml_place(reader->yaml, node, &finding.line, &finding.col);
	findings_add(reader->errors, reader->arena, finding);
}

void reader_missing(struct reader *reader, uint32_t entry, const char *key, const char *advice)
{
	reader_mistake(reader, entry, arena_printf(reader->arena, "`%s` is missing: %s", key, advice));
}

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

const char *reader_shown(struct reader *reader, struct slice text)
{
	size_t n = text.n;
	bool cut = n > SHOWN;

	if (cut)
		for (n = SHOWN; n > 0 && ((unsigned char)text.p[n] & 0xc0) == 0x80;)
			n--;
	char *p = arena_alloc(reader->arena, n + sizeof("..."), 1);
	for (size_t i = 0; i < n; i++)
		p[i] = is_control(text.p[i]) ? '?' : text.p[i];
	if (cut)
		memcpy(p + n, "...", sizeof("..."));
	return p;
}

static char to_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;
	return ab < c ? ab : c;
}

/* Letters to change, add or take away to get from a to b. Both are short. */
static size_t distance(struct slice a, struct slice b)
{
	size_t row[WORD + 1];

	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t same = diagonal + (to_lower(a.p[i - 1]) != to_lower(b.p[j - 1]));
			diagonal = row[j];
			row[j] = least(row[j] + 1, row[j - 1] + 1, same);
		}
	}
	return row[b.n];
}

/* The only name that begins with the word, which is not too short to mean anything. */
static const char *completed(struct slice word, const char *const *names, size_t n)
{
	const char *found = NULL;

	for (size_t i = 0; i < n && word.n >= 4; i++) {
		struct slice name = slice_of(names[i]);
		if (name.n < word.n || !slice_eq(slice_sub(name, 0, word.n), word))
			continue;
		if (found != NULL)
			return NULL;
		found = names[i];
	}
	return found;
}

const char *reader_near(struct slice word, const char *const *names, size_t n)
{
	const char *best = NULL;
	size_t limit = word.n < 4 ? 1 : word.n < 9 ? 2 : 3;

	for (size_t i = 0; i < n && word.n <= WORD; i++) {
		size_t d = distance(word, slice_of(names[i]));
		if (d > limit || d >= word.n)
			continue;
		best = names[i];
		limit = d == 0 ? 0 : d - 1;
	}
	return best != NULL ? best : completed(word, names, n);
}

static struct slice names_joined(struct reader *reader, const struct fields *fields)
{
	struct slice all = slice_of(fields->names[0]);

	for (size_t i = 1; i < fields->n; i++)
		all = arena_printf(reader->arena, "%s, %s", all.p, fields->names[i]);
	return all;
}

static void unknown_key(struct reader *reader, uint32_t key, const struct fields *fields, struct slice text)
{
	const char *shown = reader_shown(reader, text);
	const char *near = reader_near(text, fields->names, fields->n);
	struct slice words;

	if (slice_is(text, "<<"))
		words = arena_printf(
			reader->arena, "unknown key `<<`: a policy knows no merge keys, write the keys out");
	else if (near != NULL)
		words = arena_printf(
			reader->arena, "unknown key `%s` in %s: did you mean `%s`?", shown, fields->what, near);
	else
		words = arena_printf(reader->arena, "unknown key `%s` in %s: the keys are %s", shown, fields->what,
			names_joined(reader, fields).p);
	reader_mistake(reader, key, words);
}

static void known_key(struct reader *reader, uint32_t value, const char *name, uint32_t *found)
{
	const struct yaml_node *nodes = reader->yaml->nodes;
	size_t line, col;

	if (*found == YAML_NONE) {
		*found = value;
		return;
	}
	yaml_place(reader->yaml, nodes[*found].key, &line, &col);
	reader_mistake(reader, nodes[value].key,
		arena_printf(reader->arena, "`%s` stands here twice: the first is at %zu:%zu, keep one of them", name,
			line, col));
}

static void field(struct reader *reader, uint32_t value, const struct fields *fields, uint32_t *values)
{
	uint32_t at = reader->yaml->nodes[value].key;
	uint32_t key = yaml_resolve(reader->yaml, at);

	if (reader->yaml->nodes[key].type != YAML_SCALAR) {
		reader_mistake(reader, at,
			arena_printf(
				reader->arena, "a key of %s must be a word, not a list or a mapping", fields->what));
		return;
	}
	struct slice text = yaml_text(reader->yaml, key, reader->arena);
	for (size_t i = 0; i < fields->n; i++) {
		if (slice_is(text, fields->names[i])) {
			known_key(reader, value, fields->names[i], &values[i]);
			return;
		}
	}
	unknown_key(reader, at, fields, text);
}

bool reader_fields(struct reader *reader, uint32_t node, const struct fields *fields, uint32_t *values)
{
	uint32_t map = yaml_resolve(reader->yaml, node);

	memset(values, 0, fields->n * sizeof(*values));
	if (reader->yaml->nodes[map].type != YAML_MAP) {
		reader_mistake(reader, node,
			arena_printf(reader->arena, "%s must be a mapping with the keys %s", fields->what,
				names_joined(reader, fields).p));
		return false;
	}
	uint32_t value = reader->yaml->nodes[map].first;
	for (; value != YAML_NONE; value = reader->yaml->nodes[value].next)
		field(reader, value, fields, values);
	return true;
}

bool reader_string(struct reader *reader, uint32_t node, const char *what, struct slice *out)
{
	uint32_t at = yaml_resolve(reader->yaml, node);

	const char *fault = NULL;
	if (reader->yaml->nodes[at].type != YAML_SCALAR)
		fault = "must be a string, not a list or a mapping";
	else if (yaml_is_null(reader->yaml, at))
		fault = "has no value: give it one, or leave the key out";
	if (fault != NULL) {
		reader_mistake(reader, node, arena_printf(reader->arena, "`%s` %s", what, fault));
		return false;
	}
	*out = yaml_text(reader->yaml, at, reader->arena);
	if (!yaml_is_string(reader->yaml, at)) {
		reader_mistake(reader, node,
			arena_printf(reader->arena, "`%s` must be a string: put %s in quotes", what,
				reader_shown(reader, *out)));
		return false;
	}
	if (out->n == 0)
		reader_mistake(reader, node,
			arena_printf(reader->arena, "`%s` is empty: give it a value, or leave the key out", what));
	return out->n > 0;
}

static struct slice one_line(struct arena *arena, struct slice text)
{
	char *p = arena_alloc(arena, text.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		bool blank = text.p[i] == ' ' || is_control(text.p[i]);
		if (!blank)
			p[n++] = text.p[i];
		else if (n > 0 && p[n - 1] != ' ')
			p[n++] = ' ';
	}
	while (n > 0 && p[n - 1] == ' ')
		n--;
	return (struct slice){p, n};
}

bool reader_line(struct reader *reader, uint32_t node, const char *what, const char *advice, struct slice *out)
{
	struct slice text;
	uint32_t at = yaml_resolve(reader->yaml, node);

	bool scalar = reader->yaml->nodes[at].type == YAML_SCALAR;
	if (scalar && (yaml_is_null(reader->yaml, at) || yaml_text(reader->yaml, at, reader->arena).n == 0))
		text = SLICE("");
	else if (!reader_string(reader, node, what, &text))
		return false;
	*out = one_line(reader->arena, text);
	if (out->n == 0)
		reader_mistake(reader, node, arena_printf(reader->arena, "`%s` is blank: %s", what, advice));
	return out->n > 0;
}

bool reader_list(struct reader *reader, uint32_t node, const char *what, uint32_t *first)
{
	uint32_t list = yaml_resolve(reader->yaml, node);

	*first = YAML_NONE;
	if (reader->yaml->nodes[list].type == YAML_SCALAR && yaml_is_null(reader->yaml, list))
		return true;
	if (reader->yaml->nodes[list].type != YAML_SEQ) {
		reader_mistake(reader, node,
			arena_printf(reader->arena, "`%s` must be a list: start each entry with `- `", what));
		return false;
	}
	*first = reader->yaml->nodes[list].first;
	return true;
}
