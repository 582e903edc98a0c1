/*
 * caps: the Linux capabilities and the names that people give them.
 *
 * Floor 3. From include/uapi/linux/capability.h, kernel 5.9 and later: 41 of them.
 */
#ifndef CAPFIX_CAPS_H
#define CAPFIX_CAPS_H

#include "capfix/arena.h"
#include "capfix/base.h"

enum { CAPS_COUNT = 41 };

/* Upper case (ASCII), a leading CAP_ taken off: `cap_net_raw` and `NET_RAW` give `NET_RAW`. Borrows name where
 * nothing changes. */
struct slice caps_canonical(struct slice name, struct arena *arena);
/* A canonical name that Linux knows. ALL is not one. */
bool caps_known(struct slice canonical);
/* Place of a canonical name in the order of names, from 0. CAPS_COUNT for a name that Linux does not know. */
size_t caps_index(struct slice canonical);
/* The name at that place. BUG beyond the last. */
const char *caps_name(size_t index);

#endif
