/*
 * run_summary: what a run has seen and done, counted for each git work tree and in all.
 *
 * Floor 5.
 */
#ifndef CAPFIX_RUN_SUMMARY_H
#define CAPFIX_RUN_SUMMARY_H

#include "capfix/options.h"
#include "capfix/rewrite.h"
#include "capfix/run_folders.h"
#include "capfix/run_report.h"

struct tally {
	size_t files;  /* that were to be looked into */
	size_t parsed; /* texts that could hold containers, and are YAML */
	size_t changed;
	size_t containers;
	size_t fixed;  /* that the edits change */
	size_t before; /* containers that comply as they are */
	size_t after;  /* those, and the ones that were or would be fixed */
	size_t kept;   /* added capabilities */
	size_t removed;
	size_t refused;
	size_t errors;
};

struct summary {
	struct arena *arena; /* borrowed; what is counted lives in it */
	struct tally all;
	struct tally *repos; /* by `repo` of struct folder; 0 is for what lies in none */
	size_t n;
	size_t cap;
};

/* A file has been read. `parsed`: it is worth a result; then that is counted too. */
void summary_file(struct summary *summary, size_t repo, const struct rewrite_result *result);
/* The new text of a file that has been counted could not be written. */
void summary_unwritten(struct summary *summary, size_t repo, const struct rewrite_result *result);
/* Something could not be read or parsed. The file, if it is one, has been counted, or has not been read. */
void summary_error(struct summary *summary, size_t repo);

/*
 * Says it, as far as these options want it: always with -v; and where files are written in place, if there was
 * more than one.
 */
void summary_say(const struct summary *summary, const struct options *options, const struct folders *folders,
	struct report *report);

#endif
