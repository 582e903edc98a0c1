/*
 * glob: shell-like patterns.
 *
 * Floor 3. A pattern is made of
 *
 *   *        any characters, also none
 *   ?        one character
 *   [a-z]    one character of a set; [!a-z] or [^a-z]: one that is not in it. A `]` that comes first belongs to the set
 *   \x       x itself, inside a set too
 *   **       with `paths`, where it is a whole part between slashes: any number of parts, also none
 *
 * With `paths`, `*`, `?` and sets never match a slash. So `*.yaml` matches at the top only, and with `**` and a slash
 * before it at any depth; `vendor` with a slash and `**` behind it matches `vendor` and all that is below it.
 * Without `paths`, a slash is a character like others: images have slashes, and `*` matches them.
 *
 * A leading dot is nothing special. Case counts. A character is a code point of UTF-8; a byte that is not UTF-8 is one
 * too. Braces are plain characters: where a list of patterns can be given, that says the same.
 */
#ifndef CAPFIX_GLOB_H
#define CAPFIX_GLOB_H

#include "capfix/base.h"

/*
 * Does the whole text match? Time at most pattern times text, no memory. A pattern with a fault may match or not.
 */
bool glob_match(struct slice pattern, struct slice text, bool paths);
/* What is wrong with the pattern, in words that can follow a colon. NULL if nothing is. */
const char *glob_fault(struct slice pattern);
bool glob_valid(struct slice pattern);
/* No wildcard and no `\` in it: it matches only itself. */
bool glob_is_literal(struct slice pattern);
/*
 * Steps over the piece of a valid pattern at *at. True if it is one byte that must stand in the text, given in
 * *byte; false for a wildcard. Call while *at is less than the pattern's length.
 */
bool glob_piece(struct slice pattern, size_t *at, char *byte);

#endif
