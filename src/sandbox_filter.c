#include "sandbox_filter.h"

#ifndef HAVE_SECCOMP

enum sandbox_state sandbox_filter(void)
{
	return SANDBOX_NO_FILTER;
}

#else

#include <errno.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

/* Allowed whatever their arguments: memory, time, the end. No malloc is known that needs more. */
static const int harmless[] = {
	SCMP_SYS(brk),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(futex),
	SCMP_SYS(getpid),
	SCMP_SYS(getrandom),
	SCMP_SYS(gettid),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
};

static bool allow(scmp_filter_ctx filter, int call, unsigned n, const struct scmp_arg_cmp *args)
{
	int why = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, n, args);

	/* A call that this processor does not have needs no rule. */
	return why == 0 || why == -EDOM;
}

static bool allow_on(scmp_filter_ctx filter, int call, int fd)
{
	struct scmp_arg_cmp is_fd = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd, 0);

	return allow(filter, call, 1, &is_fd);
}

/* Memory of its own, never to run code in. */
static bool allow_memory(scmp_filter_ctx filter)
{
	struct scmp_arg_cmp own[] = {
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
		SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS),
	};

	return allow(filter, SCMP_SYS(mmap), 2, own) && allow(filter, SCMP_SYS(mmap2), 2, own) &&
		allow(filter, SCMP_SYS(mprotect), 1, own);
}

/* abort() sends a signal to its own thread. */
static bool allow_abort(scmp_filter_ctx filter)
{
	struct scmp_arg_cmp self = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);

	return allow(filter, SCMP_SYS(tgkill), 1, &self);
}

/* libfyaml asks whether standard error is a terminal. It is not, and nothing needs to be asked for that. */
static bool refuse_terminals(scmp_filter_ctx filter)
{
	return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0, NULL) == 0;
}

static bool allow_all(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (!allow(filter, harmless[i], 0, NULL))
			return false;
	return allow_on(filter, SCMP_SYS(read), STDIN_FILENO) && allow_on(filter, SCMP_SYS(write), STDIN_FILENO) &&
		allow_on(filter, SCMP_SYS(write), STDERR_FILENO) && allow_on(filter, SCMP_SYS(writev), STDERR_FILENO) &&
		allow_memory(filter) && allow_abort(filter) && refuse_terminals(filter);
}

enum sandbox_state sandbox_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool ok;

	if (!filter)
		filter = seccomp_init(SCMP_ACT_KILL); /* a kernel before 4.14; there is one thread only */
	if (!filter)
		return SANDBOX_REFUSED;
	ok = allow_all(filter) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return ok ? SANDBOX_CLOSED : SANDBOX_REFUSED;
}

#endif
