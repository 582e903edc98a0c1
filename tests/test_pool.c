/* pool, with a fake engine that does to itself what hostile files might make the real one do. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../src/pool_impl.h"
#include "capfix/arena.h"

/* What a job asks for: the first byte of its head. */
enum {
	ECHO = 'e',   /* the text and the shared text, in brackets */
	TIRED = 't',  /* the same, and the worker wants to be replaced */
	SLOW = 's',   /* the same, after a while */
	CRASH = 'c',
	ABORT = 'a',
	QUIT = 'q',
	HANG = 'h',
	EAT = 'm',
	WRONG = 'w',  /* an answer that is not accepted */
	RUBBISH = 'r', /* bytes that are no message */
	FLOOD = 'f',  /* a message that never ends */
	OPEN = 'o',
	SOCKET = 'k',
	FORK = 'p',
	WRITE = 'x',  /* into the text */
	REMAP = 'y',  /* makes the text writable first */
};

static void nap(long ms)
{
	struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	(void)nanosleep(&time, NULL);
}

/* A sleep that needs no system call. */
static void spin(int64_t ms)
{
	for (int64_t until = pool_clock() + ms; pool_clock() < until;)
		;
}

static void eat(void)
{
	for (size_t n = 1 << 20;; n += 1 << 20)
		memset(xrealloc(NULL, n, 1), 1, n);
}

static void send_raw(const char *bytes, size_t n)
{
	ssize_t done = write(0, bytes, n);

	(void)done;
}

static void echo(const struct pool_request *request, struct buf *answer)
{
	buf_addc(answer, '[');
	buf_add(answer, request->text);
	buf_add(answer, request->shared);
	buf_addc(answer, ']');
}

/* The text belongs to the parent: whatever is done here must end in a crash, or change nothing. */
static void spoil(const struct pool_request *request, bool remap)
{
	char *text = (char *)request->text.p;

	if (remap && mprotect((char *)((uintptr_t)text / 4096 * 4096), 4096, PROT_READ | PROT_WRITE) != 0)
		_exit(7);
	*(volatile char *)text = '!';
}

static void misbehave(char what, const struct pool_request *request, struct buf *answer)
{
	volatile int *nowhere = NULL;

	switch (what) {
	case CRASH:
		*nowhere = 1;
		break;
	case ABORT:
		BUG("a bug of the test");
	case QUIT:
		_exit(3);
	case HANG:
		for (;;)
			;
	case EAT:
		eat();
		break;
	case WRONG:
		buf_adds(answer, "wrong");
		break;
	case RUBBISH:
		send_raw("rubbish, and more of it", 23);
		spin(60000);
		break;
	case FLOOD:
		for (;;)
			send_raw("\1\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0", 16);
	case OPEN:
		buf_addf(answer, "[%d]", open("/etc/passwd", O_RDONLY));
		break;
	case SOCKET:
		buf_addf(answer, "[%d]", socket(AF_INET, SOCK_STREAM, 0));
		break;
	case FORK:
		buf_addf(answer, "[%d]", (int)fork());
		break;
	default:
		spoil(request, what == REMAP);
		buf_adds(answer, "[done]");
	}
}

static bool work(void *state, const struct pool_request *request, struct buf *answer)
{
	char what = request->head.p[0];

	(void)state;
	if (what == SLOW)
		spin(100);
	if (what == ECHO || what == TIRED || what == SLOW)
		echo(request, answer);
	else
		misbehave(what, request, answer);
	return what != TIRED;
}

/* A job's memory in the parent. */
struct record {
	size_t n;
	char first;
	char last;
	char text[64];
};

static size_t held_for_each; /* 0: what an answer has */

static bool accept_answer(void *context, struct pool_job *job, struct slice answer, struct error *err)
{
	struct record *record = job->user;

	(void)context;
	if (answer.n < 2 || answer.p[0] != '[')
		return error_set(err, "not in brackets");
	record->n = answer.n;
	record->first = answer.p[1];
	record->last = answer.p[answer.n - 2];
	snprintf(record->text, sizeof(record->text), "%.*s", (int)(answer.n < 60 ? answer.n : 60), answer.p);
	job->held = held_for_each ? held_for_each : answer.n;
	return true;
}

static struct pool *make(size_t jobs, unsigned timeout_ms)
{
	struct pool_options options = {
		.jobs = jobs,
		.timeout_ms = timeout_ms,
		.memory = (size_t)64 << 20,
		.work = work,
		.accept = accept_answer,
		.user_size = sizeof(struct record),
	};

	return pool_new(&options);
}

/* Sends one, whose head is `what`. There must be room. */
static struct pool_job *put(struct pool *pool, const char *what, struct slice text, struct slice shared)
{
	char *room = pool_room(pool, text.n);
	struct pool_job *job;

	assert_non_null(room);
	memcpy(room, text.p, text.n);
	job = pool_add(pool);
	assert_non_null(job);
	pool_send(pool, job, text.n, slice_of(what), shared);
	return job;
}

/* One job after the other, each named by a letter: how they end. */
static void check_ends(size_t jobs, unsigned timeout_ms, const char *letters, enum pool_end end)
{
	struct pool *pool = make(jobs, timeout_ms);
	char heads[64][2];

	for (size_t i = 0; letters[i]; i++) {
		heads[i][0] = letters[i];
		heads[i][1] = '\0';
		put(pool, heads[i], SLICE("text"), SLICE(""));
	}
	for (size_t i = 0; letters[i]; i++) {
		struct pool_job *job = pool_next(pool, true);
		bool good = letters[i] == ECHO || letters[i] == TIRED || letters[i] == SLOW;

		assert_non_null(job);
		if (job->end != (good ? POOL_ANSWERED : end))
			fail_msg("job %zu (%c) ended as %d: %s", i, letters[i], job->end, job->why.text);
		if (good)
			assert_string_equal(((struct record *)job->user)->text, "[text]");
		pool_drop(pool);
	}
	assert_null(pool_next(pool, true));
	pool_free(pool);
}

static bool is_confined(void)
{
	struct pool *pool = make(1, 1000);
	enum sandbox_state state;

	put(pool, "e", SLICE("text"), SLICE(""));
	pool_next(pool, true);
	state = pool_confined(pool);
	pool_free(pool);
	if (state != SANDBOX_CLOSED)
		print_message("# what only confinement stops is left out: %s\n", sandbox_why(state));
	return state == SANDBOX_CLOSED;
}

static void test_answers(void **state)
{
	(void)state;
	check_ends(1, 10000, "eeeeteeteeestee", POOL_CRASHED);
	check_ends(3, 10000, "eeseteseetesettttee", POOL_CRASHED);
}

/* One that misbehaves among others costs its own answer and no other. */
static void test_crash(void **state)
{
	(void)state;
	/* A sanitizer turns it into an exit with a report. */
	if (is_confined())
		check_ends(1, 10000, "eecec", POOL_CRASHED);
	check_ends(2, 10000, "eeaeeeaeeaaee", POOL_CRASHED);
	check_ends(2, 10000, "aaaaaaaaaaaaaaaaaaaaaaaaa", POOL_CRASHED);
	check_ends(1, 10000, "eeqee", POOL_GAVE_UP);
}

static void test_hang(void **state)
{
	(void)state;
	check_ends(1, 150, "eehee", POOL_TIMEOUT);
	check_ends(2, 150, "hehe", POOL_TIMEOUT);
}

static void test_rubbish(void **state)
{
	(void)state;
	check_ends(2, 10000, "eewewee", POOL_RUBBISH);
	check_ends(1, 10000, "eeree", POOL_RUBBISH);
	check_ends(1, 10000, "efe", POOL_RUBBISH);
}

static void test_memory(void **state)
{
	(void)state;
	if (!is_confined())
		return;
	check_ends(2, 10000, "eemee", POOL_GAVE_UP);
}

static void test_forbidden(void **state)
{
	(void)state;
	if (!is_confined())
		return;
	check_ends(2, 10000, "eeoee", POOL_FORBIDDEN);
	check_ends(2, 10000, "eekee", POOL_FORBIDDEN);
	check_ends(2, 10000, "eepee", POOL_FORBIDDEN);
}

/* The text cannot be changed under the parent's hands. */
static void test_text_is_safe(void **state)
{
	struct pool *pool = make(1, 10000);
	struct pool_job *job = put(pool, "x", SLICE("text"), SLICE(""));

	(void)state;
	pool_next(pool, true);
	assert_int_not_equal(job->end, POOL_ANSWERED);
	assert_true(slice_is(job->text, "text"));
	pool_drop(pool);
	job = put(pool, "y", SLICE("text"), SLICE(""));
	pool_next(pool, true);
	assert_int_not_equal(job->end, POOL_ANSWERED);
	assert_true(slice_is(job->text, "text"));
	pool_free(pool);
}

static void test_last_words(void **state)
{
	struct pool *pool = make(1, 10000);

	(void)state;
	put(pool, "a", SLICE("text"), SLICE(""));
	assert_non_null(pool_next(pool, true));
	/* A sanitizer's words go to our own standard error. */
	if (!SANDBOX_SANITIZED)
		assert_non_null(strstr(pool_next(pool, true)->why.text, "a bug of the test"));
	pool_free(pool);
}

static void test_shared(void **state)
{
	struct pool *pool = make(2, 10000);
	char *place = pool_shared(pool, 6);

	(void)state;
	memcpy(place, "shared", 6);
	put(pool, "e", SLICE("one "), (struct slice){place, 6});
	put(pool, "e", SLICE("two "), (struct slice){place, 6});
	assert_string_equal(((struct record *)pool_next(pool, true)->user)->text, "[one shared]");
	pool_drop(pool);
	assert_string_equal(((struct record *)pool_next(pool, true)->user)->text, "[two shared]");
	pool_free(pool);
}

/* A job that is not sent keeps its place in the order. */
static void test_not_sent(void **state)
{
	struct pool *pool = make(2, 10000);
	struct pool_job *job;

	(void)state;
	put(pool, "s", SLICE("text"), SLICE(""));
	job = pool_add(pool);
	put(pool, "e", SLICE("last"), SLICE(""));
	assert_null(pool_next(pool, false));
	assert_string_equal(((struct record *)pool_next(pool, true)->user)->text, "[text]");
	pool_drop(pool);
	assert_ptr_equal(pool_next(pool, true), job);
	assert_int_equal(job->end, POOL_NOT_SENT);
	pool_drop(pool);
	assert_string_equal(((struct record *)pool_next(pool, true)->user)->text, "[last]");
	pool_free(pool);
}

/* Sizes that fill chunks to the brim, take whole ones, and take long ones. */
static size_t size_of(size_t i)
{
	static const size_t sizes[] = {1, 100, CHUNK_TEXT, 4000, CHUNK_TEXT + 1, CHUNK_TEXT - 1, 64, 2000000, 65536, 10};

	return sizes[i % 10];
}

static void fill(char *room, size_t i)
{
	memset(room, '.', size_of(i));
	room[0] = (char)('A' + i % 26);
	room[size_of(i) - 1] = (char)('a' + i % 26);
}

static void check_sized(struct pool *pool, size_t i)
{
	struct pool_job *job = pool_next(pool, true);
	const struct record *record = job->user;

	assert_int_equal(job->end, POOL_ANSWERED);
	assert_int_equal(record->n, size_of(i) + 2);
	assert_int_equal(record->last, 'a' + i % 26);
	if (size_of(i) > 1)
		assert_int_equal(record->first, 'A' + i % 26);
	assert_int_equal(job->text.n, size_of(i));
	assert_int_equal(job->text.p[job->text.n - 1], 'a' + i % 26);
	pool_drop(pool);
}

static void test_order(void **state)
{
	enum { MANY = 600 };

	(void)state;
	for (size_t jobs = 1; jobs <= 4; jobs += 3) {
		struct pool *pool = make(jobs, 10000);
		size_t done = 0;

		for (size_t i = 0; i < MANY; i++) {
			struct pool_job *job;
			char *room;

			while (!(room = pool_room(pool, size_of(i))))
				check_sized(pool, done++);
			fill(room, i);
			job = pool_add(pool);
			pool_send(pool, job, size_of(i), i % 50 == 7 ? SLICE("t") : SLICE("e"), SLICE(""));
			while (pool_next(pool, false))
				check_sized(pool, done++);
		}
		while (done < MANY)
			check_sized(pool, done++);
		assert_null(pool_next(pool, true));
		assert_int_equal(pool->held, 0);
		pool_free(pool);
	}
}

/* A first one that takes long: what follows is held back, and there is an end to it. */
static void test_bounded(void **state)
{
	struct pool *pool = make(2, 10000);
	size_t n = 1;
	char *room;

	(void)state;
	put(pool, "s", SLICE("slow"), SLICE(""));
	while ((room = pool_room(pool, 100))) {
		memset(room, 'x', 100);
		pool_send(pool, pool_add(pool), 100, SLICE("e"), SLICE(""));
		assert_true(++n <= pool->size);
	}
	assert_null(pool_next(pool, false));
	assert_string_equal(((struct record *)pool_next(pool, true)->user)->text, "[slow]");
	for (; n > 0; n--) {
		assert_int_equal(pool_next(pool, true)->end, POOL_ANSWERED);
		pool_drop(pool);
	}
	pool_free(pool);
}

static bool kill_one(struct pool *pool, size_t i)
{
	pid_t pid = pool->workers[i % pool->options.jobs].pid;

	return pid > 0 && kill(pid, SIGKILL) == 0;
}

/* Answers that wait for their turn take no memory without end, either. */
static void test_held(void **state)
{
	struct pool *pool = make(2, 10000);
	size_t held = 0;
	char *room;

	(void)state;
	held_for_each = HELD_MOST;
	put(pool, "s", SLICE("slow"), SLICE(""));
	pool_give(pool, true);
	for (size_t i = 0; i < 6 && (room = pool_room(pool, CHUNK_TEXT)); i++) {
		memset(room, 'x', CHUNK_TEXT);
		pool_send(pool, pool_add(pool), CHUNK_TEXT, SLICE("e"), SLICE(""));
	}
	while (!pool_next(pool, false)) {
		held = pool->held;
		pool_pump(pool, true);
	}
	held_for_each = 0;
	assert_in_range(held, HELD_MOST, 3 * (size_t)HELD_MOST);
	pool_free(pool);
}

/* One worker after the other that leaves by itself, each with one job: none is taken for dead. */
static void test_tired(void **state)
{
	struct pool *pool = make(1, 10000);

	(void)state;
	for (int i = 0; i < 100; i++) {
		put(pool, "t", SLICE("text"), SLICE(""));
		assert_int_equal(pool_next(pool, true)->end, POOL_ANSWERED);
		pool_drop(pool);
	}
	pool_free(pool);
}

/* Workers killed at any moment: each job is answered or has failed, in order, and none is lost. */
static void test_killed(void **state)
{
	enum { MANY = 3000 };
	struct pool *pool = make(3, 10000);
	size_t failed = 0, done = 0, killed = 0;

	(void)state;
	for (size_t i = 0; i < MANY || done < MANY;) {
		char *room = i < MANY ? pool_room(pool, 1000) : NULL;

		if (room) {
			memset(room, 'x', 1000);
			memcpy(room, &i, sizeof(i));
			pool_send(pool, pool_add(pool), 1000, SLICE("e"), SLICE(""));
			i++;
		}
		if (i % 40 == 0)
			killed += kill_one(pool, i / 40);
		while (pool_next(pool, !room)) {
			struct pool_job *job = pool_next(pool, false);

			assert_memory_equal(job->text.p, &done, sizeof(done));
			failed += job->end != POOL_ANSWERED;
			assert_true(job->end == POOL_ANSWERED || job->end == POOL_CRASHED);
			done++;
			pool_drop(pool);
			if (!room)
				break;
		}
	}
	assert_true(killed > 20);
	assert_true(failed <= killed);
	pool_free(pool);
}

/* An idle worker that dies is not missed. */
static void test_idle_death(void **state)
{
	struct pool *pool = make(1, 10000);

	(void)state;
	pool_warm(pool);
	assert_true(kill_one(pool, 0));
	nap(20);
	put(pool, "e", SLICE("text"), SLICE(""));
	pool_pump(pool, false);
	assert_int_equal(pool_next(pool, true)->end, POOL_ANSWERED);
	pool_free(pool);
}

/* Time in which nobody listens is not held against a worker. */
static void test_patience(void **state)
{
	struct pool *pool = make(1, 300);

	(void)state;
	/* Its answer takes more than a socket holds, so it is still at it. */
	char *room = pool_room(pool, 3000000);
	memset(room, 'x', 3000000);
	pool_send(pool, pool_add(pool), 3000000, SLICE("e"), SLICE(""));
	nap(1000);
	assert_int_equal(pool_next(pool, true)->end, POOL_ANSWERED);
	pool_free(pool);
}

static size_t open_fds(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 1000; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void test_no_leaks(void **state)
{
	size_t before = open_fds();

	(void)state;
	check_ends(2, 10000, "eeaeaeetee", POOL_CRASHED);
	assert_int_equal(open_fds(), before);
	/* No child is left. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_crash),
		cmocka_unit_test(test_hang),
		cmocka_unit_test(test_rubbish),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_text_is_safe),
		cmocka_unit_test(test_last_words),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_not_sent),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_tired),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_idle_death),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_no_leaks),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
