/* What the parts of report_markdown share. */
#ifndef CAPFIX_REPORT_MARKDOWN_H
#define CAPFIX_REPORT_MARKDOWN_H

#include "capfix/buf.h"

/*
 * Appends the text as inline code that GitHub shows as it is. Inside <code> there are no mentions and no
 * references; what could be Markdown, HTML or the start of a link is a numeric entity, so it is not even inside.
 */
void markdown_code(struct buf *out, struct slice text);

/* Appends lines of a diff as a fenced block, with a fence that is longer than any in it. */
void markdown_diff(struct buf *out, struct slice diff);

#endif
