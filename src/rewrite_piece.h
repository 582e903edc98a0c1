/* rewrite_piece: one piece of a text, parsed, planned, patched and proved on its own. Private to rewrite. */
#ifndef CAPFIX_REWRITE_PIECE_H
#define CAPFIX_REWRITE_PIECE_H

#include "capfix/rewrite.h"

struct piece {
	const struct rewrite_input *input;
	struct arena *arena; /* of the result */
	struct rewrite_result
		*result; /* edits, findings, counts and reports are added to it, moved to the piece's place */
	bool *used;
	struct slice text;
	size_t from; /* where it begins in the whole text, in bytes */
	size_t line; /* and in lines */
	size_t edits_cap;
	size_t reports_cap;
};

/* False, with code and err (lines counted in the piece), if the text as a whole must be left alone. */
bool piece_rewrite(struct piece *piece, enum finding_code *code, struct error *err);

#endif
