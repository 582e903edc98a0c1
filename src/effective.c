#include "capfix/effective.h"

#include <string.h>
#include <strings.h>

#include "capfix/caps.h"

enum { NAME_MAX_LEN = 32 };

/* containerd: pkg/oci/spec.go, defaultUnixCaps; docker has the same. */
static const char *const containerd_defaults[] = {"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL",
	"MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"};
/* CRI-O: internal/config/capabilities, Default. */
static const char *const crio_defaults[] = {
	"CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETGID", "SETPCAP", "SETUID"};

static const struct {
	const char *name;
	const char *const *defaults;
	size_t ndefaults;
	bool takes_prefix; /* CAP_X is X; else it is CAP_CAP_X, which no kernel knows */
} runtimes[RUNTIME_COUNT] = {
	[RUNTIME_CONTAINERD] = {"containerd", containerd_defaults,
		sizeof(containerd_defaults) / sizeof(*containerd_defaults), false},
	[RUNTIME_CRIO] = {"CRI-O", crio_defaults, sizeof(crio_defaults) / sizeof(*crio_defaults), true},
};

_Static_assert(EFFECTIVE_ALL == (UINT64_C(1) << CAPS_COUNT) - 1, "a bit for each capability");

const char *effective_runtime_name(enum runtime runtime)
{
	return runtimes[runtime].name;
}

uint64_t effective_defaults(enum runtime runtime)
{
	uint64_t set = 0;

	for (size_t i = 0; i < runtimes[runtime].ndefaults; i++)
		set |= UINT64_C(1) << caps_index(slice_of(runtimes[runtime].defaults[i]));
	return set;
}

bool effective_is_all(struct slice name)
{
	return name.n == 3 && strncasecmp(name.p, "ALL", 3) == 0;
}

uint64_t effective_bit(enum runtime runtime, struct slice name)
{
	char upper[NAME_MAX_LEN];

	if (runtimes[runtime].takes_prefix && name.n > 4 && strncasecmp(name.p, "CAP_", 4) == 0)
		name = slice_sub(name, 4, name.n);
	if (name.n > sizeof(upper))
		return 0;
	/* Both turn names into upper case. */
	for (size_t i = 0; i < name.n; i++)
		upper[i] = name.p[i] >= 'a' && name.p[i] <= 'z' ? (char)(name.p[i] - 'a' + 'A') : name.p[i];
	size_t index = caps_index((struct slice){upper, name.n});
	return index < CAPS_COUNT ? UINT64_C(1) << index : 0;
}

static bool has_all(const struct slice *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (effective_is_all(names[i]))
			return true;
	return false;
}

static uint64_t bits(enum runtime runtime, const struct slice *names, size_t n)
{
	uint64_t set = 0;

	for (size_t i = 0; i < n; i++)
		set |= effective_bit(runtime, names[i]);
	return set;
}

uint64_t effective_set(enum runtime runtime, const struct effective_lists *lists)
{
	uint64_t set = effective_defaults(runtime);

	if (lists->privileged)
		return EFFECTIVE_ALL;
	if (has_all(lists->adds, lists->nadds))
		set = EFFECTIVE_ALL;
	if (has_all(lists->drops, lists->ndrops))
		set = 0;
	set |= bits(runtime, lists->adds, lists->nadds);
	return set & ~bits(runtime, lists->drops, lists->ndrops);
}

size_t effective_count(uint64_t set)
{
	size_t n = 0;

	for (; set != 0; set &= set - 1)
		n++;
	return n;
}
