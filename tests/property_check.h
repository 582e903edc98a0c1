/*
 * property_check: what must hold for a text and its rewrite.
 *
 * Each check returns NULL, or says what is wrong.
 */
#ifndef PROPERTY_CHECK_H
#define PROPERTY_CHECK_H

#include "property_text.h"

#include "capfix/rewrite.h"

/* The events that libyaml gives for the text, as node_events writes them; appends. */
const char *check_events(struct buf *out, struct slice text);
/* The edits lie in the text in order, and taking them back from the output gives the text. */
const char *check_edits(const struct edits *edits, struct slice text, struct slice out);
/* What is inserted is made of the rule's own words, of names of capabilities and of YAML's punctuation. */
const char *check_words(const struct edits *edits);
/* The lines that are comments are the same in both, in the same order. */
const char *check_comments(struct slice text, struct slice out);
/* Line ends, byte order mark and final newline are kept. */
const char *check_lines(struct slice text, struct slice out);
/* The unified diff, applied to the text, gives the output. */
const char *check_diff(struct slice path, struct slice text, struct slice out, const struct edits *edits);
/* The counts and findings are those of the model. */
const char *check_counts(const struct model *m, const struct rewrite_result *result);

#endif
