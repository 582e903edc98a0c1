/* What a worker does, and how it is told to. */
#ifndef RUN_WORKER_H
#define RUN_WORKER_H

#include "capfix/pool.h"
#include "capfix/rewrite.h"

enum run_task { TASK_REWRITE, TASK_POLICY };

/*
 * The head of a request: all of the input but its text and policy, which is as of today. `deep`: a second result is
 * wanted, without the policy, if that exempts a container. The answer is two texts, then, of which the second may be
 * empty.
 */
void run_worker_head(
	struct buf *head, enum run_task task, uint32_t today, const struct rewrite_input *input, bool deep);

/* A worker's memory between two files; start with zeros. */
struct run_worker;
struct run_worker *run_worker_new(void);
void run_worker_free(struct run_worker *worker);

/* pool_work; state is a struct run_worker. */
bool run_worker(void *state, const struct pool_request *request, struct buf *answer);

#endif
