/*
 * documents: a text cut into its YAML documents without parsing it.
 *
 * Floor 3. YAML 1.2, 9.1.2: a line that begins with `---` or `...`, followed by white space or the end, always ends a
 * document, inside scalars too (c-forbidden). So each piece can be parsed on its own, and those that cannot hold a
 * container need not be parsed at all.
 */
#ifndef CAPFIX_DOCUMENTS_H
#define CAPFIX_DOCUMENTS_H

#include "capfix/base.h"

/*
 * The text can be cut: it has no directive (a line that begins with `%`), and no byte order mark but at its start.
 */
bool documents_can_cut(struct slice text);

/* Takes the next piece off: it begins at *at, its end is given back; *at moves there. Call while *at < text.n. */
size_t documents_next(struct slice text, size_t *at);

/* The prefilter: false only if no container that capfix knows can be in the text. At the speed of memmem. */
bool documents_may_matter(struct slice text);

/*
 * The piece is one object of a kind that never holds containers, whatever its text holds: told by plain `apiVersion:`
 * and `kind:` as its first two keys, in the first column. CustomResourceDefinition, ConfigMap, Secret and such, whose
 * texts are long and full of containers.
 */
bool documents_is_dull(struct slice piece);

/* How many line breaks (LF, CR LF, CR) are in text[from, to). */
size_t documents_count_lines(struct slice text, size_t from, size_t to);

#endif
