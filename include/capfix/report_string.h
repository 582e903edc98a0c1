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

/* Appends the line piece by piece through `add`, but for its tabs, which are indentation and stay as they are. */
void report_tabbed(struct buf *out, struct slice line, void (*add)(struct buf *out, struct slice piece));

/* Appends the parts that are not empty, slashes between them. */
void report_path_of(struct buf *out, const struct slice *parts, size_t n);

#endif
