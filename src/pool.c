#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pool_impl.h"

/* Texts between two looks at the workers. */
enum { LISTEN_EVERY = 32 };

int64_t pool_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct pool_job *pool_job(const struct pool *pool, size_t number)
{
	return &pool->ring[number % pool->size];
}

struct pool *pool_new(const struct pool_options *options)
{
	struct pool *pool = xrealloc(NULL, 1, sizeof(*pool));
	size_t jobs = options->jobs > 0 ? options->jobs : 1;

	*pool = (struct pool){.options = *options, .confined = SANDBOX_STATES, .seen = pool_clock()};
	pool->options.jobs = jobs;
	memory_init(&pool->memory, jobs);
	pool->workers = xrealloc(NULL, jobs, sizeof(*pool->workers));
	memset(pool->workers, 0, jobs * sizeof(*pool->workers));
	pool->size = pool->memory.nshort * BATCH_JOBS;
	pool->ring = xrealloc(NULL, pool->size, sizeof(*pool->ring));
	pool->users = xrealloc(NULL, pool->size, options->user_size);
	memset(pool->ring, 0, pool->size * sizeof(*pool->ring));
	memset(pool->users, 0, pool->size * options->user_size);
	for (size_t i = 0; i < pool->size; i++)
		pool->ring[i].user = pool->users + i * options->user_size;
	return pool;
}

void pool_free(struct pool *pool)
{
	for (size_t i = 0; i < pool->options.jobs; i++)
		worker_end(&pool->workers[i]);
	memory_release(&pool->memory);
	free(pool->workers);
	free(pool->ring);
	free(pool->users);
	free(pool);
}

void pool_each_user(struct pool *pool, void (*release)(void *user))
{
	for (size_t i = 0; i < pool->size; i++)
		release(pool->ring[i].user);
}

void pool_warm(struct pool *pool)
{
	struct error err;

	/* If it cannot be started now, it is tried again when there is work. */
	if (pool->workers[0].pid == 0)
		(void)worker_start(pool, 0, &err);
}

size_t pool_most(const struct pool *pool)
{
	return pool->memory.chunks[pool->memory.nchunks - 1].size;
}

char *pool_shared(struct pool *pool, size_t n)
{
	struct memory *memory = &pool->memory;
	char *room = memory->base + memory->shared_at;

	if (n > memory->shared_end - memory->shared_at)
		return NULL;
	memory->shared_at += n;
	return room;
}

static bool is_full(const struct pool *pool)
{
	return pool->end - pool->first == pool->size;
}

char *pool_room(struct pool *pool, size_t n)
{
	BUG_IF(n > pool_most(pool));
	if (++pool->rooms >= LISTEN_EVERY) {
		pool->rooms = 0;
		pool_pump(pool, false);
	}
	return is_full(pool) ? NULL : memory_room(&pool->memory, n);
}

struct pool_job *pool_add(struct pool *pool)
{
	struct pool_job *job = pool_job(pool, pool->end);

	if (is_full(pool))
		return NULL;
	pool->end++;
	*job = (struct pool_job){.user = job->user};
	return job;
}

void pool_send(struct pool *pool, struct pool_job *job, size_t n, struct slice head, struct slice shared)
{
	struct memory *memory = &pool->memory;
	const struct chunk *chunk = &memory->chunks[memory->target];
	const char *text = memory->base + chunk->at + chunk->used;

	BUG_IF(job != pool_job(pool, pool->end - 1) || head.n > HEAD_MOST);
	job->chunk = memory_keep(memory, n);
	job->text = (struct slice){text, n};
	job->head = head;
	job->shared = shared;
	job->state = JOB_READY;
	if (pool->ready++ == 0)
		pool->cursor = pool->end - 1;
	pool_give(pool, false);
}

struct pool_job *pool_next(struct pool *pool, bool wait)
{
	struct pool_job *job = pool_job(pool, pool->first);

	if (pool->first == pool->end)
		return NULL;
	while (wait && job->state != JOB_FINISHED)
		pool_pump(pool, true);
	return job->state == JOB_FINISHED ? job : NULL;
}

void pool_drop(struct pool *pool)
{
	struct pool_job *job = pool_job(pool, pool->first);

	BUG_IF(pool->first == pool->end || job->state != JOB_FINISHED);
	pool->held -= job->held;
	if (job->end != POOL_NOT_SENT)
		memory_drop(&pool->memory, job->chunk);
	pool->first++;
}

enum sandbox_state pool_confined(const struct pool *pool)
{
	return pool->confined;
}
