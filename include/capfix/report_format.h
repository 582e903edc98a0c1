/*
 * report_format: a report for tools or pages, made while the files are done, in their order.
 *
 * Floor 4. A format is a set of functions that append to a buffer; the caller takes what is in it after each call,
 * so no more is held in memory than the format itself must gather. Order of calls: begin, then file and aside in
 * any order, then end, once. Whatever a format appends is safe for its readers, however hostile the names and texts
 * are.
 */
#ifndef CAPFIX_REPORT_FORMAT_H
#define CAPFIX_REPORT_FORMAT_H

#include "capfix/base.h"
#include "capfix/buf.h"
#include "capfix/finding.h"
#include "capfix/policy.h"
#include "capfix/rewrite.h"

/* What is known before the first file. Borrows. */
struct report_context {
	const char *mode;  /* "diff", "in-place", "list" or "check" */
	struct slice here; /* the working folder, absolute */
	struct slice
		below; /* the working folder below the root of the checkout, with a slash at its end; may be empty */
	bool in_place; /* the files are rewritten */
};

/* One file, as the engine left it. Borrows. */
struct report_file {
	struct slice path;       /* as messages name it; `-` for standard input */
	struct slice text;       /* before the edits */
	struct slice repository; /* its work tree, as people call it; empty: it is in none */
	bool standard_input;
	const struct policy *policy;         /* NULL: none */
	struct slice policy_path;            /* how messages name it */
	const struct rewrite_result *result; /* its findings are sorted */
	bool written;                        /* in_place: the new text is where it belongs */
};

/* What is known behind the last file. */
struct report_totals {
	size_t files; /* that were looked at */
	size_t changed;
	size_t containers;
	size_t fixed;
	size_t refused;
	int status; /* that the program exits with */
};

struct report_format {
	const struct report_ops *ops;
	struct report_context context;
	void *state; /* the format's own: made by begin, freed by end */
};

struct report_ops {
	const char *name;
	void (*begin)(struct report_format *format, struct buf *out);
	void (*file)(struct report_format *format, const struct report_file *file, struct buf *out);
	/* A finding that the engine did not make: about a policy, or a file that cannot be read or written. */
	void (*aside)(struct report_format *format, struct slice path, const struct finding *finding, struct buf *out);
	void (*end)(struct report_format *format, const struct report_totals *totals, struct buf *out);
};

/* The format of that name; NULL if there is none. `text` is none of these: see report_text. */
const struct report_ops *report_ops_find(const char *name);

/* The name of an outcome: "unchanged", "changed", "template", "failed". */
const char *report_outcome_name(enum outcome outcome);
const char *report_state_name(enum container_state state);

/* There is something to say about the file: containers, findings or an outcome. Others are only counted. */
bool report_file_matters(const struct report_file *file);

extern const struct report_ops report_json;
extern const struct report_ops report_sarif;
extern const struct report_ops report_github;
extern const struct report_ops report_markdown;
extern const struct report_ops report_html;

#endif
