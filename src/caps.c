#include "capfix/caps.h"

/* In byte order: caps_index searches by halves. */
static const char *const names[CAPS_COUNT] = {
	"AUDIT_CONTROL",
	"AUDIT_READ",
	"AUDIT_WRITE",
	"BLOCK_SUSPEND",
	"BPF",
	"CHECKPOINT_RESTORE",
	"CHOWN",
	"DAC_OVERRIDE",
	"DAC_READ_SEARCH",
	"FOWNER",
	"FSETID",
	"IPC_LOCK",
	"IPC_OWNER",
	"KILL",
	"LEASE",
	"LINUX_IMMUTABLE",
	"MAC_ADMIN",
	"MAC_OVERRIDE",
	"MKNOD",
	"NET_ADMIN",
	"NET_BIND_SERVICE",
	"NET_BROADCAST",
	"NET_RAW",
	"PERFMON",
	"SETFCAP",
	"SETGID",
	"SETPCAP",
	"SETUID",
	"SYSLOG",
	"SYS_ADMIN",
	"SYS_BOOT",
	"SYS_CHROOT",
	"SYS_MODULE",
	"SYS_NICE",
	"SYS_PACCT",
	"SYS_PTRACE",
	"SYS_RAWIO",
	"SYS_RESOURCE",
	"SYS_TIME",
	"SYS_TTY_CONFIG",
	"WAKE_ALARM",
};

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static char to_upper(char c)
{
	return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

static bool has_prefix(struct slice name)
{
	static const char prefix[] = "CAP_";
	if (name.n < sizeof(prefix) - 1)
		return false;
	for (size_t i = 0; i < sizeof(prefix) - 1; i++)
		if (to_upper(name.p[i]) != prefix[i])
			return false;
	return true;
}

struct slice caps_canonical(struct slice name, struct arena *arena)
{
	if (has_prefix(name))
		name = slice_sub(name, 4, name.n);
	size_t i = 0;
	while (i < name.n && !is_lower(name.p[i]))
		i++;
	if (i == name.n)
		return name;
	char *p = arena_alloc(arena, name.n, 1);
	for (i = 0; i < name.n; i++)
		p[i] = to_upper(name.p[i]);
	return (struct slice){p, name.n};
}

size_t caps_index(struct slice canonical)
{
	size_t lo = 0;
	size_t hi = CAPS_COUNT;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int cmp = slice_cmp(canonical, slice_of(names[mid]));
		if (cmp == 0)
			return mid;
		if (cmp < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return CAPS_COUNT;
}

bool caps_known(struct slice canonical)
{
	return caps_index(canonical) < CAPS_COUNT;
}

const char *caps_name(size_t index)
{
	BUG_IF(index >= CAPS_COUNT);
	return names[index];
}
