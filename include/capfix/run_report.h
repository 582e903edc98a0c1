/*
 * run_report: what a run shows, on which stream, in which colour.
 *
 * Floor 5. Results go to standard output, or to the file of --output; talk goes to standard error. With --check,
 * findings are the results. With a --format other than text, the report is: it takes the place of diffs, names and
 * lines of findings.
 */
#ifndef CAPFIX_RUN_REPORT_H
#define CAPFIX_RUN_REPORT_H

#include "capfix/base.h"
#include "capfix/edit.h"
#include "capfix/finding.h"
#include "capfix/options.h"
#include "capfix/report_format.h"
#include "capfix/report_out.h"
#include "capfix/report_output.h"

struct report {
	struct out results;
	struct out talk;
	struct progress progress; /* off until progress_start */
	bool results_colour;
	bool talk_colour;
	bool check;   /* findings are results */
	bool quiet;   /* errors only */
	bool show_kept;
	bool in_place;
	bool hints;   /* say what to do next */
	bool formatted;              /* `format` is in use */
	struct report_format format;
	char *here;                  /* for the format, as `below` */
	struct buf below;
	struct report_output output; /* of --output; not open without */
	struct out through;          /* standard output, for the text that `-i -` rewrites while results are a report */
	bool verbose; /* what the diff shows too */
};

/* False if the file of --output cannot be written: that is said when it is closed. */
bool report_open(struct report *report, const struct options *options);
/*
 * Writes what is left and says so if standard output, or the file of --output, could not be written: then false.
 * The totals are for the end of a report, and for hints; NULL where there is neither.
 */
bool report_close(struct report *report, const struct report_totals *totals);

/* One file that the engine has seen: its findings, and where a report is made its edits. */
void report_show(struct report *report, const struct report_file *file);
/* Text of standard input that `-i` hands on. */
void report_pass(struct report *report, struct slice text);

void report_diff(struct report *report, struct slice path, struct slice text, const struct edits *edits);
/* The path on a line of its own, quoted as git quotes it if that takes quotes. */
void report_name(struct report *report, struct slice path);
/* A finding that is no result whatever the mode, such as what is wrong with a policy. */
void report_aside(struct report *report, struct slice path, const struct finding *finding);
/* An error about a file as a whole, aside. */
void report_trouble(struct report *report, struct slice path, enum finding_code code, struct slice text);
/* "capfix: text" on standard error. */
void report_say(struct report *report, struct slice text);
/* Hands over what has gathered, results before talk, so that both make sense on one terminal. */
void report_settle(struct report *report);

#endif
