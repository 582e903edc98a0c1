#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/caps.h"
#include "capfix/effective.h"

enum { MOST = 48 };

/* Words with blanks between them. */
static size_t words(const char *text, struct slice *out)
{
	size_t n = 0;

	while (*text) {
		size_t len = strcspn(text, " ");
		if (len > 0)
			out[n++] = (struct slice){text, len};
		text += len + (text[len] == ' ');
	}
	return n;
}

static uint64_t set_of(const char *names)
{
	struct slice list[MOST];
	size_t n = words(names, list);
	uint64_t set = 0;

	for (size_t i = 0; i < n; i++) {
		assert_true(caps_known(list[i]));
		set |= UINT64_C(1) << caps_index(list[i]);
	}
	return set;
}

static uint64_t run(enum runtime runtime, const char *adds, const char *drops)
{
	struct slice add[MOST], drop[MOST];
	struct effective_lists lists = {.adds = add, .drops = drop};

	lists.nadds = words(adds, add);
	lists.ndrops = words(drops, drop);
	return effective_set(runtime, &lists);
}

static const char docker[] = "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP "
			     "NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE";
static const char crio[] = "CHOWN DAC_OVERRIDE FSETID FOWNER SETGID SETUID SETPCAP NET_BIND_SERVICE KILL";

static void test_defaults(void **state)
{
	(void)state;
	assert_int_equal(effective_defaults(RUNTIME_CONTAINERD), set_of(docker));
	assert_int_equal(effective_count(effective_defaults(RUNTIME_CONTAINERD)), 14);
	assert_int_equal(effective_defaults(RUNTIME_CRIO), set_of(crio));
	assert_int_equal(effective_count(effective_defaults(RUNTIME_CRIO)), 9);
	assert_int_equal(run(RUNTIME_CONTAINERD, "", ""), set_of(docker));
	assert_int_equal(run(RUNTIME_CRIO, "", ""), set_of(crio));
	assert_string_equal(effective_runtime_name(RUNTIME_CONTAINERD), "containerd");
	assert_string_equal(effective_runtime_name(RUNTIME_CRIO), "CRI-O");
}

/* On both runtimes, and whatever order the lists are in. */
static void same_on_both(const char *adds, const char *drops, uint64_t want)
{
	assert_int_equal(run(RUNTIME_CONTAINERD, adds, drops), want);
	assert_int_equal(run(RUNTIME_CRIO, adds, drops), want);
}

static void test_order(void **state)
{
	(void)state;
	same_on_both("", "ALL", 0);
	same_on_both("ALL", "", EFFECTIVE_ALL);
	same_on_both("ALL", "ALL", 0);
	same_on_both("NET_ADMIN", "ALL", set_of("NET_ADMIN"));
	same_on_both("NET_ADMIN ALL", "ALL", set_of("NET_ADMIN"));
	same_on_both("ALL NET_ADMIN", "ALL", set_of("NET_ADMIN"));
	same_on_both("ALL", "CHOWN", EFFECTIVE_ALL & ~set_of("CHOWN"));
	same_on_both("CHOWN", "CHOWN ALL", 0);
	same_on_both("CHOWN", "ALL CHOWN", 0);
	same_on_both("CHOWN KILL CHOWN", "ALL KILL", set_of("CHOWN"));
	assert_int_equal(run(RUNTIME_CONTAINERD, "SYS_TIME", "NET_RAW"),
		(set_of(docker) | set_of("SYS_TIME")) & ~set_of("NET_RAW"));
	assert_int_equal(run(RUNTIME_CRIO, "SYS_TIME", "NET_RAW"), set_of(crio) | set_of("SYS_TIME"));
}

static void test_spelling(void **state)
{
	(void)state;
	same_on_both("", "all", 0);
	same_on_both("aLl", "", EFFECTIVE_ALL);
	same_on_both("net_admin", "ALL", set_of("NET_ADMIN"));
	same_on_both("NO_SUCH_THING", "ALL", 0);
	same_on_both("CAP_CAP_NET_ADMIN CAP_ NET_ADMIN_AND_SOMETHING_VERY_LONG_BEHIND_IT", "ALL", 0);
	/* No runtime knows CAP_ALL: it is no ALL. */
	assert_int_equal(run(RUNTIME_CRIO, "CAP_ALL", "ALL"), 0);
	assert_int_equal(run(RUNTIME_CRIO, "", "CAP_ALL"), set_of(crio));
	assert_int_equal(run(RUNTIME_CONTAINERD, "CAP_NET_ADMIN", "ALL"), 0);
	assert_int_equal(run(RUNTIME_CRIO, "CAP_NET_ADMIN", "ALL"), set_of("NET_ADMIN"));
	assert_int_equal(run(RUNTIME_CRIO, "cap_net_admin", "ALL"), set_of("NET_ADMIN"));
	/* So a drop of CAP_X does nothing on containerd. */
	assert_int_equal(run(RUNTIME_CONTAINERD, "", "CAP_CHOWN"), set_of(docker));
	assert_int_equal(run(RUNTIME_CRIO, "", "CAP_CHOWN"), set_of(crio) & ~set_of("CHOWN"));
}

static void test_privileged(void **state)
{
	static const struct slice all[] = {{"ALL", 3}};

	(void)state;
	for (enum runtime runtime = 0; runtime < RUNTIME_COUNT; runtime++)
		assert_int_equal(effective_set(runtime,
					 &(struct effective_lists){.drops = all, .ndrops = 1, .privileged = true}),
			EFFECTIVE_ALL);
}

static void test_bits(void **state)
{
	uint64_t all = 0;

	(void)state;
	for (size_t i = 0; i < CAPS_COUNT; i++) {
		uint64_t bit = effective_bit(RUNTIME_CRIO, slice_of(caps_name(i)));
		assert_int_equal(bit, UINT64_C(1) << i);
		assert_int_equal(effective_bit(RUNTIME_CONTAINERD, slice_of(caps_name(i))), bit);
		all |= bit;
	}
	assert_int_equal(all, EFFECTIVE_ALL);
	assert_int_equal(effective_count(all), CAPS_COUNT);
	assert_int_equal(effective_count(0), 0);
	assert_int_equal(effective_bit(RUNTIME_CRIO, SLICE("ALL")), 0);
	assert_int_equal(effective_bit(RUNTIME_CRIO, SLICE("")), 0);
	assert_true(effective_is_all(SLICE("All")));
	assert_false(effective_is_all(SLICE("AL")));
	assert_false(effective_is_all(SLICE("ALLL")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_spelling),
		cmocka_unit_test(test_privileged),
		cmocka_unit_test(test_bits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
