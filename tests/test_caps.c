#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/caps.h"

/* In the order of their numbers in include/uapi/linux/capability.h. */
static const char *const kernel[] = {"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID",
	"SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK",
	"IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT",
	"SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL",
	"SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
	"CHECKPOINT_RESTORE"};

static void test_knows_all(void **state)
{
	bool seen[CAPS_COUNT] = {false};

	(void)state;
	assert_int_equal(sizeof(kernel) / sizeof(kernel[0]), CAPS_COUNT);
	for (size_t i = 0; i < CAPS_COUNT; i++) {
		size_t index = caps_index(slice_of(kernel[i]));

		assert_true(caps_known(slice_of(kernel[i])));
		assert_true(index < CAPS_COUNT);
		assert_false(seen[index]);
		seen[index] = true;
		assert_string_equal(caps_name(index), kernel[i]);
	}
}

static void test_knows_no_other(void **state)
{
	static const char *const others[] = {
		"ALL", "", "NET", "NET_RA", "NET_RAWX", "net_raw", "CAP_NET_RAW", " NET_RAW", "ZZZ", "AAA", "SYS"};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_false(caps_known(slice_of(others[i])));
		assert_int_equal(caps_index(slice_of(others[i])), CAPS_COUNT);
	}
}

static void test_canonical(void **state)
{
	static const char *const pairs[][2] = {{"NET_RAW", "NET_RAW"}, {"CAP_NET_RAW", "NET_RAW"},
		{"cap_net_raw", "NET_RAW"}, {"Cap_Net_Raw", "NET_RAW"}, {"net_raw", "NET_RAW"}, {"all", "ALL"},
		{"CAP_ALL", "ALL"}, {"cap_", ""}, {"CAP", "CAP"}, {"", ""}, {"CAP_CAP_KILL", "CAP_KILL"},
		{"NET-raw", "NET-RAW"}, {"caf\xc3\xa9", "CAF\xc3\xa9"}, {" kill", " KILL"}};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_true(slice_is(caps_canonical(slice_of(pairs[i][0]), &arena), pairs[i][1]));
	arena_release(&arena);
}

static void test_canonical_borrows(void **state)
{
	static const char text[] = "CAP_NET_RAW";
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_ptr_equal(caps_canonical(slice_of(text), &arena).p, text + 4);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_knows_all),
		cmocka_unit_test(test_knows_no_other),
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_canonical_borrows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
