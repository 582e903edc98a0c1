#include "capfix/run_engine.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "capfix/source.h"
#include "capfix/wire.h"
#include "run_worker.h"

/* That a worker may use for a text of the usual size. */
#define WORKER_MEMORY ((size_t)512 << 20)

/* What an answer about a policy becomes. */
struct policy_check {
	struct arena *arena;
	struct policy *policy;
	struct findings *mistakes;
};

static size_t processors(void)
{
#ifdef __linux__
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
		return (size_t)CPU_COUNT(&set);
#endif
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (size_t)n : 1;
}

static bool accept_policy(struct policy_check *check, struct slice answer, struct error *err)
{
	struct wire wire = {.data = arena_dup(check->arena, answer)};

	*check->mistakes = (struct findings){0};
	return wire_get_policy(&wire, &check->policy, check->mistakes, check->arena) ||
		error_set(err, "bytes that are no policy");
}

static bool accept_results(struct task *task, struct slice answer, struct error *err)
{
	struct wire both = {.data = arena_dup(&task->arena, answer)};
	struct wire result = {.data = wire_get_text(&both)}, deeper = {.data = wire_get_text(&both)};
	struct slice text = task->job->text;

	if (!wire_ends(&both))
		return error_set(err, "bytes that are no answer");
	if (!wire_get_result(&result, text, task->input.policy, &task->result, &task->arena, err))
		return false;
	task->deeper = task->result;
	return deeper.data.n == 0 || wire_get_result(&deeper, text, NULL, &task->deeper, &task->arena, err);
}

/* pool_accept. */
static bool accept_answer(void *context, struct pool_job *job, struct slice answer, struct error *err)
{
	struct task *task = job->user;

	(void)context;
	if (task->check)
		return accept_policy(task->check, answer, err);
	arena_release(&task->arena);
	/* The arrays are larger than the bytes that they come from. */
	job->held = 4 * answer.n;
	return accept_results(task, answer, err);
}

void engine_open(struct engine *engine, size_t jobs, unsigned timeout, uint32_t today)
{
	struct pool_options options = {
		.jobs = jobs > 0 ? jobs : processors(),
		.timeout_ms = timeout * 1000,
		.memory = WORKER_MEMORY,
		.work = run_worker,
		.state = run_worker_new(),
		.accept = accept_answer,
		.user_size = sizeof(struct task),
	};

	*engine = (struct engine){.pool = pool_new(&options), .state = options.state, .today = today, .timeout = timeout};
	pool_warm(engine->pool);
}

static void task_release(void *user)
{
	struct task *task = user;

	arena_release(&task->arena);
	buf_release(&task->head);
}

void engine_close(struct engine *engine)
{
	pool_each_user(engine->pool, task_release);
	pool_free(engine->pool);
	run_worker_free(engine->state);
}

size_t engine_most(const struct engine *engine)
{
	return pool_most(engine->pool);
}

char *engine_room(struct engine *engine, size_t n)
{
	return pool_room(engine->pool, n);
}

struct task *engine_add(struct engine *engine)
{
	struct pool_job *job = pool_add(engine->pool);
	struct task *task = job ? job->user : NULL;

	if (task)
		*task = (struct task){.job = job, .arena = task->arena, .head = task->head};
	return task;
}

static void send(struct engine *engine, struct task *task, size_t n, enum run_task what)
{
	run_worker_head(&task->head, what, engine->today, &task->input, task->deep);
	pool_send(engine->pool, task->job, n, buf_slice(&task->head), task->policy_text);
	task->input.text = task->job->text;
}

void engine_send(struct engine *engine, struct task *task, size_t n)
{
	send(engine, task, n, TASK_REWRITE);
}

bool engine_matters(const struct rewrite_input *input)
{
	struct error err;

	return input->whole || rewrite_may_matter(input->text) || !source_check(input->text, &err);
}

/* In words that can follow "left as it is: " or "cannot be checked: ". */
static struct slice failure(const struct engine *engine, const struct pool_job *job, struct arena *arena)
{
	const char *why = job->why.text;

	switch (job->end) {
	case POOL_CRASHED:
		return arena_printf(arena, "the worker process that had it died (%s)", why);
	case POOL_GAVE_UP:
		return arena_printf(arena, "the worker process that had it gave up (%s)", why);
	case POOL_FORBIDDEN:
		return SLICE("the worker process that had it tried something that it may not do, and was stopped");
	case POOL_TIMEOUT:
		return arena_printf(arena, "it took longer than %u seconds; --timeout allows more", engine->timeout);
	case POOL_RUBBISH:
		return arena_printf(arena, "the worker process that had it sent rubbish (%s)", why);
	case POOL_NO_WORKER:
		return arena_printf(arena, "no worker process can be started (%s)", why);
	case POOL_NOT_SENT:
	case POOL_ANSWERED:
		break;
	}
	BUG("a job that has not failed");
}

static void fail(const struct engine *engine, struct task *task)
{
	struct slice why;

	arena_release(&task->arena);
	why = failure(engine, task->job, &task->arena);
	task->result = (struct rewrite_result){.outcome = OUTCOME_FAILED};
	findings_add(&task->result.findings, &task->arena,
		(struct finding){
			.level = LEVEL_ERROR,
			.code = CODE_WORKER,
			.text = arena_printf(&task->arena, "left as it is: %.*s", (int)why.n, why.p),
		});
	task->deeper = task->result;
}

static bool has_failed(const struct task *task)
{
	return task->job->end != POOL_NOT_SENT && task->job->end != POOL_ANSWERED;
}

struct task *engine_next(struct engine *engine, bool wait)
{
	struct pool_job *job = pool_next(engine->pool, wait);
	struct task *task = job ? job->user : NULL;

	if (task && has_failed(task) && !task->check)
		fail(engine, task);
	return task;
}

void engine_drop(struct engine *engine)
{
	struct pool_job *job = pool_next(engine->pool, false);
	struct task *task;

	BUG_IF(!job);
	task = job->user;
	arena_release(&task->arena);
	pool_drop(engine->pool);
}

static struct policy *no_policy(struct findings *mistakes, struct arena *arena, struct slice why)
{
	struct slice text = arena_printf(arena, "the policy cannot be checked: %.*s", (int)why.n, why.p);

	findings_add(mistakes, arena, (struct finding){.level = LEVEL_ERROR, .code = CODE_WORKER, .text = text});
	return NULL;
}

/* Where tasks find the text of a policy; false if there is no room for it. */
static bool keep(struct engine *engine, struct slice text, struct slice *kept)
{
	char *place = pool_shared(engine->pool, text.n);

	if (!place)
		return false;
	memcpy(place, text.p, text.n);
	*kept = (struct slice){place, text.n};
	return true;
}

struct policy *engine_policy(struct engine *engine, struct slice text, struct slice *kept, struct arena *arena,
	struct findings *mistakes)
{
	struct policy_check check = {.arena = arena, .mistakes = mistakes};
	char *room = text.n <= engine_most(engine) ? engine_room(engine, text.n) : NULL;
	struct task *task;

	if (!room)
		return no_policy(mistakes, arena, SLICE("it is too large"));
	if (text.n > 0)
		memcpy(room, text.p, text.n);
	task = engine_add(engine);
	task->check = &check;
	send(engine, task, text.n, TASK_POLICY);
	(void)engine_next(engine, true);
	if (has_failed(task))
		(void)no_policy(mistakes, arena, failure(engine, task->job, arena));
	else if (check.policy && !keep(engine, text, kept))
		check.policy = no_policy(mistakes, arena, SLICE("there is no memory left for it"));
	engine_drop(engine);
	return mistakes->n > 0 ? NULL : check.policy;
}

/* pool_accept for engine_apart: any answer will do. */
static bool accept_bytes(void *context, struct pool_job *job, struct slice answer, struct error *err)
{
	struct buf *out = context;

	(void)job;
	(void)err;
	buf_add(out, answer);
	return true;
}

bool engine_apart(const struct engine *engine, pool_work *work, void *state, struct buf *answer, struct error *err)
{
	struct pool_options options = {
		.jobs = 1,
		.timeout_ms = engine->timeout * 1000,
		.memory = WORKER_MEMORY,
		.work = work,
		.state = state,
		.accept = accept_bytes,
		.context = answer,
		.user_size = 1,
	};
	struct pool *pool = pool_new(&options);
	struct arena arena;
	struct slice why;

	arena_init(&arena);
	(void)pool_room(pool, 0);
	struct pool_job *job = pool_add(pool);
	pool_send(pool, job, 0, SLICE(""), SLICE(""));
	(void)pool_next(pool, true);
	bool ok = job->end == POOL_ANSWERED;
	if (!ok) {
		why = failure(engine, job, &arena);
		error_set(err, "%.*s", (int)why.n, why.p);
	}
	arena_release(&arena);
	pool_free(pool);
	return ok;
}

const char *engine_unconfined(const struct engine *engine)
{
	enum sandbox_state state = pool_confined(engine->pool);

	return state == SANDBOX_STATES ? NULL : sandbox_why(state);
}
