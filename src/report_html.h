/* What the parts of report_html share. */
#ifndef CAPFIX_REPORT_HTML_H
#define CAPFIX_REPORT_HTML_H

#include "capfix/buf.h"

/*
 * Everything before the first section, and behind the last. Both are fixed texts: what is about manifests is not in
 * them.
 */
extern const char html_head[];
extern const char html_tail[];

/* Appends the text as it is to be read, between tags or in a quoted attribute: nothing in it is HTML. */
void html_text(struct buf *out, struct slice text);
/* "<td>text</td>" */
void html_cell(struct buf *out, struct slice text);
/* Appends the rows of a table that shows a unified diff side by side. */
void html_diff(struct buf *out, struct slice diff);
/* A bar that is filled by n of all, in tenths of a percent. */
void html_bar(struct buf *out, const char *kind, size_t n, size_t all);

#endif
