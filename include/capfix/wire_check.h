/*
 * wire_check: could these edits be the rule's? What comes from a worker is held against it before use, so that no worker, whatever
 * a hostile file made of it, can have anything else written than the rule's own words, or have more taken away than what the
 * rule takes away.
 *
 * Floor 4. Does not parse: a check on bytes, true for all that the engine makes, as tight as that allows.
 */
#ifndef CAPFIX_WIRE_CHECK_H
#define CAPFIX_WIRE_CHECK_H

#include "capfix/base.h"
#include "capfix/edit.h"
#include "capfix/policy.h"

/*
 * False, with why and the place of the first one that is not, unless all edits
 * - are sorted, inside the text, do not touch each other, and cut no character or CR LF in two;
 * - insert only: securityContext, capabilities, drop, add, ALL, the signs {}[],:-"' and white space, and names of capabilities
 *   that the policy allows to anybody and that were there in another spelling, or that the policy wants there (`ensure`); and
 *   join no inserted word to a word of the text;
 * - insert ALL only into a list `drop`, and a capability only into a list `add`;
 * - take away only: a name that is respelled; an empty value of one of the keys that get filled; a comma; entries of a list `add`, with the
 *   comments behind them, or the whole key `add`. No comment with a line of its own, no other key, no document marker.
 * In a text with aliases, or with escapes that could spell a key, a list may stand below any key.
 * Linear in the text and the edits, but for hostile ones, where it gives up. policy may be NULL.
 */
bool wire_check_edits(
	const struct edits *edits, struct slice text, const struct policy *policy, struct error *err);

#endif
