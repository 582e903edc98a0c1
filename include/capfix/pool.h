/*
 * pool: processes that turn texts into answers, in the order in which the texts came.
 *
 * Floor 4. Knows nothing of YAML. The parent puts texts straight into memory that the workers can read and not write, and gets
 * their answers through sockets. Workers are confined before they see a byte (sandbox). Whatever becomes of one — it crashes,
 * stalls, eats memory, sends rubbish — costs the job that it was at; another takes its place. Jobs that share a batch
 * with such a one are done again, each alone, so that every job ends the same whoever its neighbours are.
 *
 * What is in flight is bounded: so many jobs, so much text, so many bytes of answers that wait for their turn. The order of
 * calls for each text:
 *
 *   room = pool_room(pool, n)      NULL: take the oldest job first (pool_next, waiting, and pool_drop)
 *   fill room[0, n)
 *   job = pool_add(pool)           the next in order, NULL as above. Without pool_send it is finished as it is
 *   pool_send(pool, job, …)
 *
 * and pool_next for those that are done. The parent must have one thread only.
 */
#ifndef CAPFIX_POOL_H
#define CAPFIX_POOL_H

#include "capfix/base.h"
#include "capfix/buf.h"
#include "capfix/sandbox.h"

/* What a worker is asked. Everything is readable as long as the worker lives, but `head`: until the answer. */
struct pool_request {
	struct slice head;   /* what the caller says about the text */
	struct slice text;
	struct slice shared; /* from pool_shared: the same pointer means the same text for the whole life of the pool */
};

/*
 * Does one job in a worker: appends the answer. `state` is the worker's own copy of what pool_options say. False if
 * the worker should be replaced after this batch, because it has leaked, say.
 */
typedef bool pool_work(void *state, const struct pool_request *request, struct buf *answer);

enum pool_end {
	POOL_NOT_SENT,   /* the caller has not sent it */
	POOL_ANSWERED,
	POOL_CRASHED,    /* died of a signal; why: which */
	POOL_GAVE_UP,    /* ended itself; why: its last words (out of memory, a bug) */
	POOL_FORBIDDEN,  /* tried what it may not, and was killed for it */
	POOL_TIMEOUT,
	POOL_RUBBISH,    /* the answer was not accepted; why: what accept said */
	POOL_NO_WORKER,  /* no process could be started; why: the system's reason */
};

struct pool_job {
	void *user; /* pool_options.user_size bytes; the same ones each time that this place in the ring comes round */
	enum pool_end end;
	struct error why;
	struct slice head; /* borrowed until pool_drop, as the next two */
	struct slice text;
	struct slice shared;
	size_t held;       /* bytes of memory that its answer takes; accept sets it */
	/* pool's own: */
	size_t chunk;
	unsigned char state;
	bool alone;
};

/*
 * Checks an answer and takes a copy of what it needs. False, with why, if it makes no sense. May come twice for a job: the
 * last one counts. `answer` is gone after the call.
 */
typedef bool pool_accept(void *context, struct pool_job *job, struct slice answer, struct error *err);

struct pool_options {
	size_t jobs;         /* processes at most; at least 1 */
	unsigned timeout_ms; /* for an answer */
	size_t memory;       /* that a worker may use; more for long texts */
	pool_work *work;
	void *state;
	pool_accept *accept;
	void *context;
	size_t user_size;
};

struct pool;

/* Copies options. Dies if there is no memory to share. No process is started yet. */
struct pool *pool_new(const struct pool_options *options);
/* Kills the workers, whatever they are at. */
void pool_free(struct pool *pool);
/* Starts the first worker, to save time later. */
void pool_warm(struct pool *pool);

/* The longest text that there can be room for. */
size_t pool_most(const struct pool *pool);
/* Room for a text that stays for good, zeroed; NULL if there is none left. */
char *pool_shared(struct pool *pool, size_t n);
/* Room for n bytes, until the next call of this, or pool_send. n is at most pool_most. */
char *pool_room(struct pool *pool, size_t n);
struct pool_job *pool_add(struct pool *pool);
/* The job's text are the first n bytes of the last pool_room. head and shared are borrowed; head is at most 32 KiB. */
void pool_send(struct pool *pool, struct pool_job *job, size_t n, struct slice head, struct slice shared);

/* The oldest job, if it is finished; with `wait` it will be. NULL if not, or if there is none. */
struct pool_job *pool_next(struct pool *pool, bool wait);
/* The oldest job is done with. */
void pool_drop(struct pool *pool);

/* Calls release for all users' memory, before pool_free. */
void pool_each_user(struct pool *pool, void (*release)(void *user));

/* How the workers so far were confined: the worst. SANDBOX_STATES if none has said. */
enum sandbox_state pool_confined(const struct pool *pool);

#endif
