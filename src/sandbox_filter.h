/* The seccomp filter. Private to sandbox. */
#ifndef SANDBOX_FILTER_H
#define SANDBOX_FILTER_H

#include "capfix/sandbox.h"

/* Loads the filter. The process must have no_new_privs. */
enum sandbox_state sandbox_filter(void);

#endif
