#include "capfix/rewrite.h"

#include <string.h>

#include "capfix/documents.h"
#include "capfix/source.h"
#include "capfix/template.h"
#include "rewrite_piece.h"

/*
 * A named text up to this size is parsed whole, so that what is wrong with it is found; of a larger one what can
 * matter.
 */
enum { CHEAP = 256 * 1024 };
/* Documents are parsed together up to this size: a parser for each small one would cost more than the parsing. */
enum { TOGETHER = 64 * 1024 };

static void add_error(
	struct rewrite_result *result, struct arena *arena, enum finding_code code, const struct error *err)
{
	findings_add(&result->findings, arena,
		(struct finding){
			.level = LEVEL_ERROR,
			.code = code,
			.line = err->line,
			.col = err->col,
			.text = arena_dup(arena, slice_of(err->text)),
		});
}

/* All that the pieces before this one brought is void: nothing of a text is changed if any of it cannot be read. */
static void fail(struct rewrite_result *result, struct arena *arena, enum finding_code code, const struct error *err)
{
	memset(result, 0, sizeof(*result));
	result->outcome = OUTCOME_FAILED;
	add_error(result, arena, code, err);
}

/* Walks through the documents of a text. */
struct walk {
	struct slice text;
	bool cut; /* document by document; else the text is one piece */
	bool all; /* documents that cannot matter too */
	size_t together;
	size_t at;
};

/* The next document, and whether it is to be parsed. False at the end. */
static bool next_document(const struct walk *walk, size_t *end, bool *matters)
{
	size_t at = walk->at;
	struct slice document;

	if (at == walk->text.n)
		return false;
	*end = walk->cut ? documents_next(walk->text, &at) : walk->text.n;
	document = slice_sub(walk->text, walk->at, *end);
	*matters = !walk->cut || walk->all || (documents_may_matter(document) && !documents_is_dull(document));
	return true;
}

/*
 * The next piece: documents that are to be parsed and stand together, up to `together` bytes of them. False if there
 * are no more.
 */
static bool next_piece(struct walk *walk, struct piece *piece)
{
	bool matters = false;
	size_t end;

	while (next_document(walk, &end, &matters) && !matters)
		walk->at = end;
	if (!matters)
		return false;
	piece->from = walk->at;
	do
		walk->at = end;
	while (next_document(walk, &end, &matters) && matters && end - piece->from <= walk->together);
	piece->text = slice_sub(walk->text, piece->from, walk->at);
	return true;
}

/* Goes through the pieces that can matter, in order. */
static void run_pieces(const struct rewrite_input *input, bool all, struct arena *arena, struct rewrite_result *result)
{
	struct walk walk = {
		.text = input->text,
		.cut = !input->unsliced && documents_can_cut(input->text),
		.all = all,
		.together = input->together ? input->together : TOGETHER,
	};
	struct piece piece = {.input = input, .arena = arena, .result = result};
	size_t counted = 0;
	struct error err = {0};
	enum finding_code code = CODE_PARSE;

	if (input->policy)
		piece.used = arena_alloc(arena, policy_count(input->policy) + 1, sizeof(*piece.used));
	result->used = piece.used;
	while (next_piece(&walk, &piece)) {
		piece.line += documents_count_lines(input->text, counted, piece.from);
		counted = piece.from;
		if (!piece_rewrite(&piece, &code, &err)) {
			err.line += err.line ? piece.line : 0;
			fail(result, arena, code, &err);
			return;
		}
	}
	result->edits.sealed = true;
	result->outcome = result->edits.n ? OUTCOME_CHANGED : OUTCOME_UNCHANGED;
	findings_sort(&result->findings, arena);
}

static void run_engine(const struct rewrite_input *input, struct arena *arena, struct rewrite_result *result)
{
	struct error err = {0};

	if (!source_check_breaks(input->text, &err)) {
		fail(result, arena, CODE_PARSE, &err);
		return;
	}
	run_pieces(input, input->whole && input->text.n <= CHEAP, arena, result);
}

static void add_template(
	const struct rewrite_input *input, struct arena *arena, struct rewrite_result *result, size_t at)
{
	struct source source;
	struct finding finding = {
		.level = LEVEL_NOTE,
		.code = CODE_TEMPLATE,
		.text = SLICE("a template: skipped; run capfix on what it renders, for example with `helm template`"),
	};

	result->outcome = OUTCOME_TEMPLATE;
	if (at != SIZE_MAX) {
		source_init(&source, input->text, arena);
		source_place(&source, at, &finding.line, &finding.col);
	}
	findings_add(&result->findings, arena, finding);
}

void rewrite(const struct rewrite_input *input, struct arena *arena, struct rewrite_result *result)
{
	struct error err = {0};
	size_t at = SIZE_MAX;
	bool matters = documents_may_matter(input->text);

	memset(result, 0, sizeof(*result));
	if (!source_check(input->text, &err)) {
		result->outcome = OUTCOME_FAILED;
		add_error(result, arena, CODE_PARSE, &err);
	} else if (!matters && !input->whole) {
		result->outcome = OUTCOME_UNCHANGED;
	} else if (template_find(input->text, &at) || (input->chart_template && matters)) {
		add_template(input, arena, result, at);
	} else {
		run_engine(input, arena, result);
	}
}

bool rewrite_may_matter(struct slice text)
{
	return documents_may_matter(text);
}
