/*
 * run_look: the modes that look at every container and change nothing: --explain, --effective and --init-policy.
 *
 * Floor 5. Order of calls: open, each, close.
 */
#ifndef CAPFIX_RUN_LOOK_H
#define CAPFIX_RUN_LOOK_H

#include "capfix/files.h"
#include "capfix/options.h"
#include "capfix/rewrite.h"
#include "capfix/run_feed.h"
#include "capfix/run_report.h"

struct look_file;

struct look {
	const struct options *options;
	struct arena arena; /* what lives as long as the run */
	struct files files;
	struct folders folders;
	struct report report;
	struct feed feed;
	void (*visit)(void *context, const struct look_file *file);
	void *context;
	bool trouble; /* exit 2 */
};

/* One file that the engine has seen. */
struct look_file {
	struct slice path;
	const struct run_policy *policy; /* NULL: none holds */
	const struct rewrite_input *input;
	const struct rewrite_result *result;
	const struct rewrite_result *deeper; /* the same without the policy, if that exempts a container */
	struct arena *arena; /* lives as long as the file */
};

/* Collects the files of these paths, which need not be those of the options, and loads the policies. False: close. */
bool look_open(struct look *look, const struct options *options, const char *const *paths, size_t npaths);

/* Asks the engine about each file, in order, and hands it on. Findings about files as a whole are reported. */
void look_each(struct look *look, void (*visit)(void *context, const struct look_file *file), void *context);

/* Says "capfix: text" on standard error, unless --quiet. */
void look_say(struct look *look, struct slice text);

/* Writes what is left. The exit status. */
int look_close(struct look *look);

/* The modes. Their exit status is 0, or 2 for trouble: they ask for nothing to be fixed. */
int run_explain(const struct options *options);
int run_init(const struct options *options);

#endif
