/*
 * pool_impl: what the parts of pool share. Private to them.
 *
 *   pool.c         jobs in a ring, what the caller sees
 *   pool_memory.c  the memory that texts lie in
 *   pool_process.c starting, ending and burying workers; why they died
 *   pool_talk.c    sending batches, reading answers, deadlines
 *   pool_worker.c  what runs in a worker
 */
#ifndef POOL_IMPL_H
#define POOL_IMPL_H

#include <sys/types.h>

#include "capfix/pool.h"

enum {
	BATCH_JOBS = 64,              /* in one message at most */
	CHUNK_TEXT = 256 * 1024,      /* a chunk for short texts */
	REQUEST_ROOM = 64 * 1024,     /* what is said about a batch */
	HEAD_MOST = 32 * 1024,
	HELD_MOST = 32 * 1024 * 1024, /* bytes of answers that wait; then only the oldest job goes on */
	ANSWER_MOST = 512 * 1024 * 1024,
	CPU_SECONDS = 900,            /* of a worker's life */
};

/* ---- memory ---- */

/* A part of the shared memory for texts: many short ones, or a long one. */
struct chunk {
	size_t at;
	size_t size;
	size_t used;
	size_t jobs;  /* that lie in it */
	size_t dirty; /* bytes that may have been touched */
	bool open;    /* texts are being added */
};

struct memory {
	char *base;
	size_t size;
	int fd; /* -1: the mapping itself is inherited */
	size_t shared_at;
	size_t shared_end;
	struct chunk *chunks; /* the short ones first */
	size_t nshort;
	size_t nchunks;
	size_t target; /* the chunk of the last room */
};

void memory_init(struct memory *memory, size_t jobs);
void memory_release(struct memory *memory);
/* In a worker: takes the memory for reading only. */
bool memory_enter(struct memory *memory);
/* Where worker number i is told what to do. */
char *memory_request(const struct memory *memory, size_t i);
char *memory_room(struct memory *memory, size_t n);
/* The first n bytes of the last room belong to a job now; its chunk. */
size_t memory_keep(struct memory *memory, size_t n);
void memory_drop(struct memory *memory, size_t chunk);

/* ---- workers ---- */

/* The first bytes of a message. To the worker: `size` bytes of requests lie in its room. From it: answers follow. */
struct message {
	uint32_t jobs;
	uint32_t last; /* from a worker: it wants to be replaced */
	uint64_t size;
};

struct worker {
	pid_t pid; /* 0: none */
	int fd;
	int words;      /* what it says on standard error; -1: not caught */
	bool greeted;   /* it has said how it is confined */
	bool killed;    /* by us */
	struct buf in;  /* what it has sent so far */
	size_t batch[BATCH_JOBS];
	size_t n;       /* jobs that it is at; 0: idle */
	int64_t sent;   /* ms */
	int64_t deadline;
	int64_t busy;   /* ms in its life */
	size_t memory;  /* its limit */
};

enum job_state { JOB_FINISHED, JOB_READY, JOB_SENT };

struct pool {
	struct pool_options options;
	struct memory memory;
	struct worker *workers;
	struct pool_job *ring;
	char *users;
	size_t size;   /* places in the ring */
	size_t first;  /* the oldest job; jobs are counted up for good */
	size_t end;    /* the next to come */
	size_t ready;  /* jobs that wait for a worker */
	size_t cursor; /* no ready job is older */
	size_t held;
	size_t rooms;  /* asked for since the workers were last listened to */
	int64_t seen;  /* ms: when they were */
	enum sandbox_state confined;
};

struct pool_job *pool_job(const struct pool *pool, size_t number);

/* Starts worker number i. False, with why. */
bool worker_start(struct pool *pool, size_t i, struct error *err);
/* Kills it, if it is alive, and forgets it. Nothing happens to its jobs. */
void worker_end(struct worker *worker);
/* It is dead or will be: ends it, and says why its job failed. */
enum pool_end worker_bury(struct worker *worker, struct error *why);
_Noreturn void worker_main(struct pool *pool, size_t i, pid_t parent, int fd, int words);

int64_t pool_clock(void);
/* Gives ready jobs to free workers; few jobs only if told to flush. */
void pool_give(struct pool *pool, bool flush);
/* Gives out what is ready, listens to workers (waiting for something to happen if told to), and looks at deadlines. */
void pool_pump(struct pool *pool, bool wait);

#endif
