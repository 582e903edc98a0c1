#include "capfix/sandbox.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "sandbox_filter.h"

const char *sandbox_why(enum sandbox_state state)
{
	switch (state) {
	case SANDBOX_CLOSED:
		return NULL;
	case SANDBOX_NO_FILTER:
		return "this capfix was built without libseccomp";
	case SANDBOX_REFUSED:
		return "the kernel does not accept the seccomp filter";
	case SANDBOX_WATCHED:
		return "it runs under a sanitizer or valgrind";
	case SANDBOX_STATES:
		break;
	}
	BUG("a sandbox in no state");
}

/*
 * valgrind makes system calls of its own in the process that it runs. Whoever can preload a library into capfix owns it
 * anyway, so nothing is lost by looking here.
 */
static bool is_watched(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return SANDBOX_SANITIZED || (preload && strstr(preload, "vgpreload"));
}

static void limit(unsigned what, size_t most)
{
	struct rlimit now, to = {.rlim_cur = (rlim_t)most, .rlim_max = (rlim_t)most};

	if (getrlimit(what, &now) == 0 && now.rlim_max < to.rlim_max)
		to.rlim_cur = to.rlim_max = now.rlim_max;
	(void)setrlimit(what, &to);
}

/* The memory limit is a soft one: the parent raises it for large files, and the filter keeps the worker from doing so. */
static void limit_memory(size_t most)
{
	struct rlimit now;

	if (getrlimit(RLIMIT_DATA, &now) != 0)
		return;
	now.rlim_cur = now.rlim_max < most ? now.rlim_max : (rlim_t)most;
	(void)setrlimit(RLIMIT_DATA, &now);
}

static void close_others(void)
{
#if defined(__linux__) && defined(SYS_close_range)
	if (syscall(SYS_close_range, STDERR_FILENO + 1U, ~0U, 0U) == 0)
		return;
#endif
	long most = sysconf(_SC_OPEN_MAX);
	for (int fd = STDERR_FILENO + 1; fd < most; fd++)
		close(fd);
}

static void die_with(pid_t parent)
{
#ifdef __linux__
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
	/* It may have died before it was asked for. */
	if (getppid() != parent)
		_exit(0);
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* qsort of glibc asks once how much memory there is, in older versions by reading /proc. Better now than later. */
static void warm_up(void)
{
	enum { ENOUGH = 1024 };
	int *some = xrealloc(NULL, ENOUGH, sizeof(*some));

	for (int i = 0; i < ENOUGH; i++)
		some[i] = ENOUGH - i;
	qsort(some, ENOUGH, sizeof(*some), compare);
	free(some);
}

enum sandbox_state sandbox_enter(const struct sandbox_limits *limits, pid_t parent)
{
	bool watched = is_watched();

	die_with(parent);
	warm_up();
	close_others();
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, limits->cpu_seconds);
	if (watched)
		return SANDBOX_WATCHED;
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NOFILE, 0);
#ifdef RLIMIT_NPROC
	limit(RLIMIT_NPROC, 0);
#endif
	limit_memory(limits->memory);
	return sandbox_filter();
}

bool sandbox_allow_memory(pid_t pid, size_t memory)
{
#ifdef __linux__
	struct rlimit limit;

	if (is_watched() || prlimit(pid, RLIMIT_DATA, NULL, &limit) != 0)
		return is_watched();
	limit.rlim_cur = limit.rlim_max < memory ? limit.rlim_max : (rlim_t)memory;
	return prlimit(pid, RLIMIT_DATA, &limit, NULL) == 0;
#else
	(void)pid;
	(void)memory;
	return false;
#endif
}
