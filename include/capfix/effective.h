/*
 * effective: which capabilities a container runtime gives to a container, as a set of bits.
 *
 * Floor 3. What containerd and CRI-O do with the lists of a securityContext when the container starts as root; what
 * the program in it then does is another matter. Both start from their defaults and apply, in this order: add ALL,
 * drop ALL, the other adds, the other drops. So the last of them wins.
 */
#ifndef CAPFIX_EFFECTIVE_H
#define CAPFIX_EFFECTIVE_H

#include "capfix/base.h"

enum runtime { RUNTIME_CONTAINERD, RUNTIME_CRIO, RUNTIME_COUNT };

/* Bit i stands for the capability whose caps_index is i. */
#define EFFECTIVE_ALL ((UINT64_C(1) << 41) - 1)

/* The lists as they are written, not canonical. Borrows. */
struct effective_lists {
	const struct slice *adds;
	size_t nadds;
	const struct slice *drops;
	size_t ndrops;
	bool privileged; /* everything, whatever the lists say */
};

/* As people call it. */
const char *effective_runtime_name(enum runtime runtime);
/* What it gives to a container whose lists say nothing. */
uint64_t effective_defaults(enum runtime runtime);
/* What it gives to a container with these lists. */
uint64_t effective_set(enum runtime runtime, const struct effective_lists *lists);

/* ALL, in any case: runtimes do not care, though Kubernetes' Pod Security admission does. */
bool effective_is_all(struct slice name);
/* The bit that this spelling means to the runtime; 0 if it means nothing to it, and for ALL. */
uint64_t effective_bit(enum runtime runtime, struct slice name);
size_t effective_count(uint64_t set);

#endif
