/*
 * sandbox: takes away from the calling process all that a worker does not need.
 *
 * Floor 4. There is no way back. Linux: no new privileges, dies with its parent, limits on memory, time, files and processes, no
 * core file, and a seccomp filter that kills it at any system call but those that reading, writing and memory take.
 * Elsewhere: the limits.
 */
#ifndef CAPFIX_SANDBOX_H
#define CAPFIX_SANDBOX_H

#include <sys/types.h>

#include "capfix/base.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif

/* 1 in a build with a sanitizer that needs more than a worker may do. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) || \
	__has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANDBOX_SANITIZED 1
#else
#define SANDBOX_SANITIZED 0
#endif

enum sandbox_state {
	SANDBOX_CLOSED,    /* all of it */
	SANDBOX_NO_FILTER, /* built without libseccomp */
	SANDBOX_REFUSED,   /* the kernel does not take the filter */
	SANDBOX_WATCHED,   /* under a sanitizer or valgrind, which need more than the filter lets through */
	SANDBOX_STATES
};

/* Why a process is not confined, in words that can follow "unconfined: ". NULL for SANDBOX_CLOSED. */
const char *sandbox_why(enum sandbox_state state);

struct sandbox_limits {
	size_t memory;        /* bytes that it may allocate */
	unsigned cpu_seconds; /* a backstop: whoever waits for it should lose patience earlier */
};

/*
 * Confines the process to descriptors 0, 1 and 2, which stay open: it may read from 0 and write to 0 and 2. All others are
 * closed. It dies when `parent`, which has started it, dies.
 */
enum sandbox_state sandbox_enter(const struct sandbox_limits *limits, pid_t parent);

/* Sets the memory limit of a confined process. False where that cannot be done. */
bool sandbox_allow_memory(pid_t pid, size_t memory);

#endif
