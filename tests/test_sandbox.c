/* sandbox: what a confined process can still do. Each try is made in a child, whose end tells. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "capfix/sandbox.h"

enum { FINE = 0, UNCONFINED = 100 };

static int do_nothing(void)
{
	return FINE;
}

/* How a child ends that confines itself and tries something: its wait status. */
static int try(int (*thing)(void), size_t memory)
{
	struct sandbox_limits limits = {.memory = memory, .cpu_seconds = 100};
	pid_t parent = getpid(), child = fork();
	int status = 0;

	if (child == 0) {
		/* cmocka catches crashes. */
		signal(SIGSEGV, SIG_DFL);
		signal(SIGABRT, SIG_DFL);
		_exit(sandbox_enter(&limits, parent) == SANDBOX_CLOSED ? thing() : UNCONFINED);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* Whether there is anything to test here: says so if not. */
static bool can_confine(void)
{
	static bool asked, can;

	if (!asked)
		can = try(do_nothing, (size_t)1 << 30) == FINE;
	if (!asked && !can)
		print_message("# what only confinement stops is left out: it cannot be had here\n");
	asked = true;
	return can;
}

static bool is_forbidden(int (*thing)(void))
{
	int status = try(thing, (size_t)1 << 30);

	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

static bool is_fine(int (*thing)(void))
{
	int status = try(thing, (size_t)1 << 30);

	return WIFEXITED(status) && WEXITSTATUS(status) == FINE;
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, 1);
}

static int do_sort(void)
{
	size_t n = 10000000;
	char *p = malloc(n);

	if (!p)
		return 1;
	memset(p, 1, n);
	qsort(p, n / 100, 100, compare);
	return FINE;
}

static int do_work(void)
{
	struct timespec now;
	char *p = malloc(100);

	for (size_t n = 100; p && n < 50000000; n *= 3) {
		p = realloc(p, n);
		if (p)
			memset(p, 1, n);
	}
	free(p);
	clock_gettime(CLOCK_MONOTONIC, &now);
	return p && write(2, "", 0) == 0 ? FINE : 1;
}

static int do_open(void)
{
	return open("/dev/null", O_RDONLY);
}

static int do_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int do_fork(void)
{
	return fork() < 0;
}

static int do_exec(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

static int do_kill(void)
{
	return kill(getppid(), 0);
}

static int do_unlink(void)
{
	return unlink("/nothing/here");
}

static int do_write_elsewhere(void)
{
	return (int)write(1, "", 0);
}

static int do_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int do_limits(void)
{
	struct rlimit limit = {.rlim_cur = 10, .rlim_max = 10};

	return setrlimit(RLIMIT_NOFILE, &limit);
}

static int do_ptrace(void)
{
	return (int)syscall(SYS_ptrace, 0, 0, 0, 0);
}

static int do_abort(void)
{
	abort();
}

static int do_eat(void)
{
	for (size_t n = 0; n < 200; n++) {
		char *p = malloc(1 << 20);

		if (!p)
			return 42;
		memset(p, 1, 1 << 20);
	}
	return FINE;
}

static void test_allowed(void **state)
{
	(void)state;
	if (!can_confine())
		return;
	assert_true(is_fine(do_work));
	assert_true(is_fine(do_sort));
}

static void test_forbidden(void **state)
{
	static int (*const things[])(void) = {do_open, do_socket, do_fork, do_exec, do_kill, do_unlink, do_write_elsewhere,
		do_code, do_limits, do_ptrace};

	(void)state;
	if (!can_confine())
		return;
	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++)
		if (!is_forbidden(things[i]))
			fail_msg("thing %zu is possible", i);
}

static void test_abort(void **state)
{
	int status;

	(void)state;
	if (!can_confine())
		return;
	status = try(do_abort, (size_t)1 << 30);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_false(WCOREDUMP(status));
}

static void test_memory(void **state)
{
	int status;

	(void)state;
	if (!can_confine())
		return;
	status = try(do_eat, (size_t)32 << 20);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	assert_true(is_fine(do_eat));
}

/* Descriptors beyond 2 are closed, with the filter or without. */
static void test_closed(void **state)
{
	struct sandbox_limits limits = {.memory = (size_t)1 << 30, .cpu_seconds = 100};
	int ends[2], status;
	pid_t parent = getpid(), child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		(void)sandbox_enter(&limits, parent);
		for (;;)
			;
	}
	close(ends[1]);
	/* The end of the pipe is seen although the child lives. */
	assert_int_equal(read(ends[0], &status, 1), 0);
	close(ends[0]);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
}

static void test_why(void **state)
{
	(void)state;
	assert_null(sandbox_why(SANDBOX_CLOSED));
	for (int i = SANDBOX_CLOSED + 1; i < SANDBOX_STATES; i++)
		assert_non_null(sandbox_why((enum sandbox_state)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allowed),
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_abort),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_why),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
