/*
 * run_feed: takes files to the engine, and hands on what it says about each, in the order of the files.
 *
 * Floor 5. Texts are read straight into the memory that is shared with the workers. Order of calls: open, before other
 * things are opened; policies, with run_policies_load and feed's engine; file, for each; rest; close.
 */
#ifndef CAPFIX_RUN_FEED_H
#define CAPFIX_RUN_FEED_H

#include "capfix/options.h"
#include "capfix/run_engine.h"
#include "capfix/run_folders.h"

struct feed {
	struct engine engine;
	struct folders *folders;
	struct arena *arena; /* what lives as long as the run */
	/* Called for each task, in order. The task, and all in it, is gone afterwards. */
	void (*finish)(void *context, struct task *task);
	void *context;
	bool deep;      /* look into what the policy exempts too: task.deeper */
	bool all;       /* finish comes for files that there is nothing to say about, too */
	/* Else this comes for them, in no order; NULL: nobody counts them. */
	void (*nothing)(void *context, const struct file *file);
	size_t waiting; /* files on their way: finish has not come for them */
};

/* Starts the engine; the caller sets the rest. */
void feed_open(struct feed *feed, const struct options *options);
void feed_close(struct feed *feed);

/* A file that may be a manifest: no policy, no trouble. */
bool feed_is_manifest(const struct file *file);
/* Reads the file and sends it on its way, unless a policy excludes it. Others may get finished meanwhile. */
void feed_file(struct feed *feed, const struct file *file);
/* Waits for all that is on its way. */
void feed_rest(struct feed *feed);

#endif
