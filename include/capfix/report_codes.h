/*
 * report_codes: what each finding means and what to do about it. One table, for --explain-code, SARIF's rules and
 * the pages.
 *
 * Floor 4.
 */
#ifndef CAPFIX_REPORT_CODES_H
#define CAPFIX_REPORT_CODES_H

#include "capfix/buf.h"
#include "capfix/finding.h"

struct report_code {
	enum finding_level level; /* the usual one */
	const char *title;        /* a few words */
	const char *means;        /* sentences */
	const char *todo;         /* sentences */
};

/* BUG if there is no such code. */
const struct report_code *report_code(enum finding_code code);
/* The code of that name. False if there is none. */
bool report_code_find(struct slice name, enum finding_code *code);

/* Appends what --explain-code prints of one code, at most 80 columns wide; with NULL the list of all. */
void report_code_explain(struct buf *out, const enum finding_code *code);

#endif
