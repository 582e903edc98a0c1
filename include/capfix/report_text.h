/*
 * report_text: findings as lines of text for people.
 *
 * Floor 4. Names and texts come from manifests and file systems, so they are hostile: what could forge a line or
 * drive a terminal is escaped.
 */
#ifndef CAPFIX_REPORT_TEXT_H
#define CAPFIX_REPORT_TEXT_H

#include "capfix/base.h"
#include "capfix/buf.h"
#include "capfix/finding.h"

/*
 * Appends text as one line that can be shown on a terminal: control characters (C0, DEL, C1), line and paragraph
 * separators and those that turn the direction of writing become \n, \t, \r, \xNN or \uNNNN; bytes that are not UTF-8
 * become \xNN.
 */
void report_escape(struct buf *out, struct slice text);

/*
 * Length of the well-formed UTF-8 sequence at the start of text, which has a byte, with its code point; 0 if there
 * is none.
 */
size_t report_point(struct slice text, uint32_t *point);

/* Appends "path:line:col: level: text [code]" and a line feed; without ":line:col" if line is 0. */
void report_finding(struct buf *out, struct slice path, const struct finding *finding, bool colour);

#endif
