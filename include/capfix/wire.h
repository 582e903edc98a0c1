/*
 * wire: what the parent and its workers tell each other, as bytes.
 *
 * Floor 4. Numbers take seven bits a byte, the lowest first; a text is its length and its bytes. Whoever reads trusts nothing:
 * a reader never leaves its bytes, a count is never larger than what is left could hold, and the first thing that does
 * not fit turns `bad` on for good, with zeros and empty texts from then on. Look at `bad` (or wire_ends) before use.
 */
#ifndef CAPFIX_WIRE_H
#define CAPFIX_WIRE_H

#include "capfix/arena.h"
#include "capfix/base.h"
#include "capfix/buf.h"
#include "capfix/finding.h"
#include "capfix/policy.h"
#include "capfix/rewrite.h"

void wire_number(struct buf *out, size_t number);
void wire_text(struct buf *out, struct slice text);

/* Borrows data, and so does all text that is read from it. */
struct wire {
	struct slice data;
	size_t at;
	bool bad;
};

size_t wire_get_number(struct wire *wire);
/* A number that is less than limit. */
size_t wire_get_below(struct wire *wire, size_t limit);
bool wire_get_bool(struct wire *wire);
/* How many things follow, of `least` bytes or more each. */
size_t wire_get_count(struct wire *wire, size_t least);
struct slice wire_get_text(struct wire *wire);
/* All was good, and nothing is left. */
bool wire_ends(const struct wire *wire);

void wire_findings(struct buf *out, const struct findings *findings);
void wire_get_findings(struct wire *wire, struct findings *findings, size_t most_lines, struct arena *arena);

/* `entries` is the policy's number of them: 0 without a policy. */
void wire_result(struct buf *out, const struct rewrite_result *result, size_t entries);
/*
 * Reads a result about `text` under `policy` (NULL: none), all of it. False if anything in it is out of range, contradicts itself, or has edits that
 * the rule cannot make (wire_check). Afterwards the result's arrays live in the arena; its texts borrow wire's data.
 */
bool wire_get_result(struct wire *wire, struct slice text, const struct policy *policy, struct rewrite_result *result,
	struct arena *arena, struct error *err);

/* A policy that was read, or NULL and what is wrong with it. */
void wire_policy(struct buf *out, const struct policy *policy, const struct findings *mistakes);
/*
 * Reads either. *policy is NULL if there are mistakes; else it can list what it says, but answers no questions about containers (see
 * policy_listed).
 */
bool wire_get_policy(struct wire *wire, struct policy **policy, struct findings *mistakes, struct arena *arena);

#endif
