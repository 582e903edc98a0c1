#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "capfix/wire.h"
#include "pool_impl.h"

enum {
	FEW = 16,               /* jobs that are not worth a message yet, if more may come */
	SMALL = 64 * 1024,      /* bytes of text in a message, more or less */
	READ_SIZE = 64 * 1024,
	LARGE = 1024 * 1024,    /* a text that needs more memory than others; a buffer too large to keep */
	MEMORY_PER_BYTE = 128,  /* that a large text may need */
};

/* ---- ends ---- */

static void finish(struct pool_job *job, enum pool_end end)
{
	job->state = JOB_FINISHED;
	job->end = end;
}

/* The worker is gone. A job that was alone with it has failed; of several any may be to blame, so each is done alone. */
static void fail_batch(struct pool *pool, const struct worker *was, enum pool_end end, const struct error *why)
{
	for (size_t i = was->n; i-- > 0;) {
		struct pool_job *job = pool_job(pool, was->batch[i]);

		if (job->state != JOB_SENT)
			continue;
		if (was->n == 1) {
			job->why = *why;
			finish(job, end);
			continue;
		}
		job->state = JOB_READY;
		job->alone = true;
		if (pool->ready++ == 0 || was->batch[i] < pool->cursor)
			pool->cursor = was->batch[i];
	}
}

/* It has died, if `end` is POOL_ANSWERED; else it dies for what it did. */
static void lose(struct pool *pool, struct worker *worker, enum pool_end end, const struct error *what)
{
	struct worker was = *worker;
	struct error why = {.text = ""};
	enum pool_end died = worker_bury(worker, &why);

	if (end == POOL_ANSWERED)
		fail_batch(pool, &was, died, &why);
	else
		fail_batch(pool, &was, end, what);
}

/* ---- giving out ---- */

static void put_request(const struct pool *pool, const struct pool_job *job, struct buf *out)
{
	const struct slice places[] = {job->text, job->shared};

	for (size_t i = 0; i < 2; i++) {
		wire_number(out, places[i].n > 0 ? (size_t)(places[i].p - pool->memory.base) : 0);
		wire_number(out, places[i].n);
	}
	wire_text(out, job->head);
}

/* Jobs for one batch: from `number` on, as many as make a fair share. Fills the worker's batch. */
static void fill_batch(struct pool *pool, struct worker *worker, size_t number, size_t share, struct buf *out)
{
	const struct pool_job *first = pool_job(pool, number);
	size_t bytes = 0, most = first->alone ? 1 : share;

	for (; number < pool->end && worker->n < most && bytes < SMALL; number++) {
		struct pool_job *job = pool_job(pool, number);

		if (job->state != JOB_READY)
			continue;
		if (worker->n > 0 && job->alone)
			break;
		if (out->n + job->head.n + 64 > REQUEST_ROOM)
			break;
		put_request(pool, job, out);
		job->state = JOB_SENT;
		worker->batch[worker->n++] = number;
		pool->ready--;
		bytes += job->text.n;
	}
}

static void allow_memory(const struct pool *pool, struct worker *worker, const struct pool_job *job)
{
	size_t bytes = job->text.n + job->shared.n, need = pool->options.memory;

	if (bytes <= LARGE)
		return;
	need += bytes * MEMORY_PER_BYTE;
	if (sandbox_allow_memory(worker->pid, need))
		worker->memory = need;
}

/* False if it cannot be told: it is dead, then, or must be. One that does not read is left to its deadline. */
static bool tell(const struct worker *worker, const struct message *message)
{
	const char *bytes = (const char *)message;

	for (size_t at = 0; at < sizeof(*message);) {
		ssize_t n = send(worker->fd, bytes + at, sizeof(*message) - at, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK;
		at += (size_t)n;
	}
	return true;
}

static void give_batch(struct pool *pool, struct worker *worker, size_t share)
{
	struct message message;
	struct buf out;

	buf_init(&out);
	allow_memory(pool, worker, pool_job(pool, pool->cursor));
	fill_batch(pool, worker, pool->cursor, share, &out);
	memcpy(memory_request(&pool->memory, (size_t)(worker - pool->workers)), out.p, out.n);
	message = (struct message){.jobs = (uint32_t)worker->n, .size = out.n};
	buf_release(&out);
	worker->sent = pool_clock();
	worker->deadline = worker->sent + pool->options.timeout_ms;
	if (!tell(worker, &message))
		lose(pool, worker, POOL_ANSWERED, NULL);
}

/* Workers that could take a batch; *one is the first of them, one that runs if any does. */
static size_t count_free(struct pool *pool, struct worker **one)
{
	size_t n = 0;

	*one = NULL;
	for (size_t i = 0; i < pool->options.jobs; i++) {
		struct worker *worker = &pool->workers[i];

		if (worker->n > 0)
			continue;
		n++;
		if (!*one || ((*one)->pid == 0 && worker->pid != 0))
			*one = worker;
	}
	return n;
}

static bool none_runs(const struct pool *pool)
{
	for (size_t i = 0; i < pool->options.jobs; i++)
		if (pool->workers[i].pid != 0)
			return false;
	return true;
}

/* The next ready job cannot be done by anybody. */
static void give_up(struct pool *pool, const struct error *err)
{
	struct pool_job *job = pool_job(pool, pool->cursor);

	job->why = *err;
	finish(job, POOL_NO_WORKER);
	pool->ready--;
}

/* The oldest ready job, if it may be given out now. */
static bool find_ready(struct pool *pool, bool flush)
{
	if (pool->ready == 0)
		return false;
	while (pool_job(pool, pool->cursor)->state != JOB_READY)
		pool->cursor++;
	if (pool->held > HELD_MOST && pool->cursor != pool->first)
		return false;
	return flush || pool->ready >= FEW || pool_job(pool, pool->cursor)->text.n >= SMALL;
}

void pool_give(struct pool *pool, bool flush)
{
	struct worker *worker;
	struct error err;

	while (find_ready(pool, flush)) {
		size_t nfree = count_free(pool, &worker), share = nfree > 0 ? (pool->ready + nfree - 1) / nfree : 0;

		if (nfree == 0)
			return;
		if (worker->pid == 0 && !worker_start(pool, (size_t)(worker - pool->workers), &err)) {
			if (!none_runs(pool))
				return; /* fewer must do */
			give_up(pool, &err);
			continue;
		}
		share = share < FEW / 2 ? FEW / 2 : share;
		give_batch(pool, worker, share < BATCH_JOBS ? share : BATCH_JOBS);
	}
}

/* ---- taking back ---- */

static bool take_answer(struct pool *pool, size_t number, struct slice answer, struct error *err)
{
	struct pool_job *job = pool_job(pool, number);

	job->held = 0;
	if (!pool->options.accept(pool->options.context, job, answer, err))
		return false;
	pool->held += job->held;
	finish(job, POOL_ANSWERED);
	return true;
}

static bool take_answers(struct pool *pool, struct worker *worker, struct slice answers, struct error *err)
{
	struct wire wire = {.data = answers};

	for (size_t i = 0; i < worker->n; i++) {
		struct slice answer = wire_get_text(&wire);

		if (wire.bad)
			return error_set(err, "bytes that are no answers");
		if (!take_answer(pool, worker->batch[i], answer, err))
			return false;
	}
	return wire_ends(&wire) || error_set(err, "more than the answers");
}

/* It has answered. Whoever has had much memory, has worked for long, or says so itself makes room for a fresh one. */
static void set_free(struct pool *pool, struct worker *worker, bool last)
{
	worker->busy += pool_clock() - worker->sent;
	worker->n = 0;
	if (last || worker->memory > pool->options.memory || worker->busy > (int64_t)CPU_SECONDS * 1000) {
		worker_end(worker);
		return;
	}
	worker->in.n = 0;
	if (worker->in.cap > LARGE)
		buf_release(&worker->in);
}

static void take_greeting(struct pool *pool, struct worker *worker)
{
	unsigned char state = (unsigned char)worker->in.p[0];
	enum sandbox_state said = state < SANDBOX_STATES ? (enum sandbox_state)state : SANDBOX_REFUSED;

	worker->greeted = true;
	worker->in.n--;
	memmove(worker->in.p, worker->in.p + 1, worker->in.n);
	if (pool->confined == SANDBOX_STATES || pool->confined == SANDBOX_CLOSED)
		pool->confined = said;
}

/* Looks at what has come. False, with err, if it cannot be right. */
static bool take_message(struct pool *pool, struct worker *worker, struct error *err)
{
	struct message header;

	if (!worker->greeted && worker->in.n > 0)
		take_greeting(pool, worker);
	if (worker->in.n == 0)
		return true;
	if (worker->n == 0)
		return error_set(err, "something unasked");
	if (worker->in.n < sizeof(header))
		return true;
	memcpy(&header, worker->in.p, sizeof(header));
	if (header.jobs != worker->n || header.size > ANSWER_MOST)
		return error_set(err, "bytes that are no message");
	if (worker->in.n - sizeof(header) < header.size)
		return true;
	if (worker->in.n - sizeof(header) > header.size)
		return error_set(err, "more than the answers");
	if (!take_answers(pool, worker, slice_sub(buf_slice(&worker->in), sizeof(header), worker->in.n), err))
		return false;
	set_free(pool, worker, header.last != 0);
	return true;
}

/* Takes what it has sent, as long as there is more. */
static void listen_to(struct pool *pool, struct worker *worker)
{
	struct error err;

	while (worker->pid != 0) {
		ssize_t n;

		buf_reserve(&worker->in, READ_SIZE);
		n = recv(worker->fd, worker->in.p + worker->in.n, worker->in.cap - worker->in.n, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n <= 0) {
			lose(pool, worker, POOL_ANSWERED, NULL);
			return;
		}
		worker->in.n += (size_t)n;
		if (!take_message(pool, worker, &err))
			lose(pool, worker, POOL_RUBBISH, &err);
	}
}

/* Ends those whose time is up. `lost` ms have passed in which nobody listened: they do not count. */
static void check_deadlines(struct pool *pool, int64_t now, int64_t lost)
{
	for (size_t i = 0; i < pool->options.jobs; i++) {
		struct worker *worker = &pool->workers[i];

		if (worker->n == 0)
			continue;
		worker->deadline += lost;
		if (worker->deadline <= now)
			lose(pool, worker, POOL_TIMEOUT, &(struct error){.text = ""});
	}
}

/* How long to wait for something to happen: -1 for ever. */
static int64_t time_left(const struct pool *pool, int64_t now)
{
	int64_t least = -1;

	for (size_t i = 0; i < pool->options.jobs; i++) {
		const struct worker *worker = &pool->workers[i];
		int64_t left = worker->deadline > now ? worker->deadline - now : 0;

		if (worker->n > 0 && (least < 0 || left < least))
			least = left;
	}
	return least;
}

/* Ms that were not listened in: before `start`, and between `start` and now beyond `wait` (the process was stopped). */
static int64_t time_lost(const struct pool *pool, int64_t start, int64_t wait, int64_t now)
{
	enum { NORMAL = 500 };
	int64_t before = start - pool->seen, late = wait >= 0 ? now - start - wait : 0;

	return (before > NORMAL ? before : 0) + (late > NORMAL ? late : 0);
}

static void listen_to_all(struct pool *pool, int64_t wait)
{
	struct pollfd *fds = xrealloc(NULL, pool->options.jobs, sizeof(*fds));

	for (size_t i = 0; i < pool->options.jobs; i++) {
		const struct worker *worker = &pool->workers[i];

		fds[i] = (struct pollfd){.fd = worker->pid != 0 ? worker->fd : -1, .events = POLLIN};
	}
	if (poll(fds, (nfds_t)pool->options.jobs, (int)(wait < 0 ? -1 : wait > 60000 ? 60000 : wait)) > 0)
		for (size_t i = 0; i < pool->options.jobs; i++)
			if (fds[i].revents != 0)
				listen_to(pool, &pool->workers[i]);
	free(fds);
}

void pool_pump(struct pool *pool, bool wait)
{
	int64_t start, most, now, lost;

	pool_give(pool, wait);
	start = pool_clock();
	most = time_left(pool, start);
	/* Nobody is at work: what there was to do has failed. */
	if (most < 0)
		wait = false;
	listen_to_all(pool, wait ? most : 0);
	now = pool_clock();
	lost = time_lost(pool, start, wait ? most : 0, now);
	pool->seen = now;
	check_deadlines(pool, now, lost);
	pool_give(pool, wait);
}
