/*
 * fuzz: what the fuzzer's targets share. A target is libFuzzer's LLVMFuzzerTestOneInput; replay.c calls it for kept
 * files with any compiler.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "capfix/base.h"
#include "capfix/rewrite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One that allows, ensures and exempts. */
const struct policy *fuzz_policy(void);

/* Says what does not hold, and aborts: so the fuzzer keeps the input. */
_Noreturn void fuzz_fail(const char *what);

/* What must hold for a text, its rewrite and the text that comes out. Each returns NULL or says what is wrong. */

/* Every comment that has a line of its own is in the output, in the same order, as it was. */
const char *fuzz_comments(struct slice text, struct slice out);
/* What is inserted is made of the rule's own words, of names of capabilities and of YAML's punctuation. */
const char *fuzz_words(const struct edits *edits);
/* Outcome, counts, reports and findings agree with each other and with the text. */
const char *fuzz_counts(const struct rewrite_result *result, struct slice text);
/* Document by document and in one go: the same comes out. */
const char *fuzz_same(const struct rewrite_result *cut, const struct rewrite_result *uncut);

#endif
