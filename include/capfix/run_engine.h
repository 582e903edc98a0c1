/*
 * run_engine: the one place where the command meets the engine, which works in other processes (pool).
 *
 * Floor 5. Bytes and what is known about them in, results out, in the order in which the bytes came. The parser never runs in
 * the process that calls this.
 */
#ifndef CAPFIX_RUN_ENGINE_H
#define CAPFIX_RUN_ENGINE_H

#include <sys/stat.h>

#include "capfix/files.h"
#include "capfix/pool.h"
#include "capfix/rewrite.h"

/* One file on its way. Its memory is used again for another file later. */
struct task {
	/* The caller's: */
	const struct file *file;
	struct stat seen;
	struct slice trouble;       /* what is wrong with it, where it was not sent; empty where nothing is */
	struct rewrite_input input; /* `text` is set by engine_send */
	struct slice policy_text;   /* what input.policy was made from, as engine_policy gave it */
	const struct run_policy *policy;
	bool written;               /* in place */
	bool deep;                  /* look again without the policy, if it exempts a container */
	/* The engine's: */
	struct rewrite_result result; /* lives until engine_drop, as what comes next */
	struct rewrite_result deeper; /* without the policy; the same as result where it exempts nothing, or not `deep` */
	struct arena arena;
	struct buf head;
	struct pool_job *job;
	struct policy_check *check;
};

struct engine {
	struct pool *pool;
	struct run_worker *state; /* what workers start with */
	uint32_t today;
	unsigned timeout; /* seconds */
};

/* jobs 0: as many as there are processors. Starts the first worker. Call before other things are opened. */
void engine_open(struct engine *engine, size_t jobs, unsigned timeout, uint32_t today);
void engine_close(struct engine *engine);

/* The longest text that can be worked on. */
size_t engine_most(const struct engine *engine);
/* Room for a text, and a task, the next in order; NULL: take the oldest task first. See pool. */
char *engine_room(struct engine *engine, size_t n);
struct task *engine_add(struct engine *engine);
/* The text is the first n bytes of the last engine_room. */
void engine_send(struct engine *engine, struct task *task, size_t n);
/* False if there is nothing to do about the text and nothing to say: it needs no task. Fast. */
bool engine_matters(const struct rewrite_input *input);

/* The oldest task, if it is finished; with `wait` it will be. A worker's failure is a result, too. */
struct task *engine_next(struct engine *engine, bool wait);
void engine_drop(struct engine *engine);

/*
 * Checks the text of a policy while there are no tasks. NULL with all mistakes, without a place if it could not be checked at all; else the
 * policy, as policy_listed makes it, in the arena, and *kept, a copy of the text that tasks can refer to.
 */
struct policy *engine_policy(struct engine *engine, struct slice text, struct slice *kept, struct arena *arena,
	struct findings *mistakes);

/*
 * Does something else that must not be done in this process: `work` in a worker of its own, whose `state` is as it is now.
 * Appends its answer, or says why there is none.
 */
bool engine_apart(const struct engine *engine, pool_work *work, void *state, struct buf *answer, struct error *err);

/* Why workers were not confined; NULL if all were, or if there was none. */
const char *engine_unconfined(const struct engine *engine);

#endif
