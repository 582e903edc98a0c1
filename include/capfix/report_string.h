/*
 * report_string: text of any bytes, made fit for a place that takes only some.
 *
 * Floor 4.
 */
#ifndef CAPFIX_REPORT_STRING_H
#define CAPFIX_REPORT_STRING_H

#include "capfix/base.h"
#include "capfix/buf.h"

bool report_is_utf8(struct slice text);

/* Appends the text as UTF-8: as it is, but for bytes that are none, which become \xNN. */
void report_utf8(struct buf *out, struct slice text);

/*
 * Appends the text with each byte but letters, digits, - . _ ~ and / as %NN (RFC 3986): a relative reference, or
 * any path.
 */
void report_percent(struct buf *out, struct slice text);

#endif
