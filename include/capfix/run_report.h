/*
 * run_report: what a run shows, on which stream, in which colour.
 *
 * Floor 5. Results go to standard output, talk to standard error. With --check, findings are the results.
 */
#ifndef CAPFIX_RUN_REPORT_H
#define CAPFIX_RUN_REPORT_H

#include "capfix/base.h"
#include "capfix/edit.h"
#include "capfix/finding.h"
#include "capfix/options.h"
#include "capfix/report_out.h"

struct report {
	struct out results;
	struct out talk;
	bool results_colour;
	bool talk_colour;
	bool check;   /* findings are results */
	bool quiet;   /* errors only */
	bool verbose; /* what the diff shows too */
};

void report_open(struct report *report, const struct options *options);
/* Writes what is left and says so if standard output could not be written: then false. */
bool report_close(struct report *report);

void report_diff(struct report *report, struct slice path, struct slice text, const struct edits *edits);
/* The path on a line of its own, quoted as git quotes it if that takes quotes. */
void report_name(struct report *report, struct slice path);
void report_findings(struct report *report, struct slice path, const struct findings *findings);
/* A finding that is no result whatever the mode, such as what is wrong with a policy. */
void report_aside(struct report *report, struct slice path, const struct finding *finding);
/* An error about a file as a whole, aside. */
void report_trouble(struct report *report, struct slice path, enum finding_code code, struct slice text);
/* "capfix: text" on standard error. */
void report_say(struct report *report, struct slice text);
/* Hands over what has gathered, results before talk, so that both make sense on one terminal. */
void report_settle(struct report *report);

#endif
