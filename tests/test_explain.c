#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/caps.h"
#include "capfix/explain_table.h"
#include "capfix/rewrite.h"

struct work {
	struct arena arena;
	struct buf out;
	struct policy *policy;
	struct rewrite_result result;
};

/* Plans the text as the file a.yaml under the policy p.yaml. */
static void plan(struct work *work, const char *text, const char *policy)
{
	struct findings errors = {0};
	struct rewrite_input input = {.text = slice_of(text), .path = SLICE("a.yaml"), .whole = true};

	*work = (struct work){.policy = NULL};
	arena_init(&work->arena);
	buf_init(&work->out);
	if (policy) {
		work->policy = policy_parse(slice_of(policy), &work->arena, &errors);
		assert_non_null(work->policy);
	}
	input.policy = work->policy;
	rewrite(&input, &work->arena, &work->result);
}

static struct explain_input input_of(const struct work *work, size_t i)
{
	return (struct explain_input){
		.path = SLICE("a.yaml"),
		.report = &work->result.reports[i],
		.today = &work->result.reports[i],
		.policy = work->policy,
		.policy_path = SLICE("p.yaml"),
	};
}

static void is(const struct work *work, const char *want)
{
	if (!slice_is(buf_slice(&work->out), want))
		print_error("--- got\n%.*s--- want\n%s---\n", (int)work->out.n, work->out.p, want);
	assert_true(slice_is(buf_slice(&work->out), want));
}

static void work_release(struct work *work)
{
	buf_release(&work->out);
	arena_release(&work->arena);
}

#define POD "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n}\nspec:\n  containers:\n"
#define CONTAINERD                                                                                                     \
	"    = containerd: its defaults (14): AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD\n"               \
	"        NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT\n"
#define CRIO                                                                                                           \
	"    = CRI-O: its defaults (9): CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETGID SETPCAP\n"       \
	"        SETUID\n"

/* The page of the text's only container. */
static void page(const char *text, const char *policy, const char *want)
{
	struct work work;

	plan(&work, text, policy);
	assert_int_equal(work.result.nreports, 1);
	struct explain_input input = input_of(&work, 0);
	explain_container(&work.out, &input, &work.arena);
	is(&work, want);
	work_release(&work);
}

static void test_states(void **state)
{
	(void)state;
	page(POD "  - {name: c, image: i}\n", NULL,
		"a.yaml:6: container c of Pod n/p\n"
		"  image: i\n"
		"  state: breaks the rule; the fix changes it\n"
		"  today:\n"
		"    1. start with the defaults of the runtime\n" CONTAINERD CRIO "  after the fix:\n"
		"    1. start with the defaults of the runtime\n"
		"    2. drop ALL\n"
		"    = containerd and CRI-O: none\n\n");
	page(POD "  - {name: c, image: i, securityContext: {capabilities: {drop: [ALL]}}}\n", NULL,
		"a.yaml:6: container c of Pod n/p\n"
		"  image: i\n"
		"  state: follows the rule\n"
		"  today and after:\n"
		"    1. start with the defaults of the runtime\n"
		"    2. drop ALL\n"
		"    = containerd and CRI-O: none\n\n");
	page(POD "  - {name: c, image: i, securityContext: {capabilities: {drop: ALL}}}\n", NULL,
		"a.yaml:6: container c of Pod n/p\n"
		"  image: i\n"
		"  state: breaks the rule, and is left so: \"drop\" should be a list of capabilities: correct it by\n"
		"    hand\n"
		"  today and after:\n"
		"    1. start with the defaults of the runtime\n" CONTAINERD CRIO "\n");
	page("apiVersion: v1\nkind: Pod\nspec:\n  os: {name: windows}\n  containers:\n  - image: i\n", NULL,
		"a.yaml:6: a container without name of Pod\n"
		"  image: i\n"
		"  state: it runs on Windows, which has no capabilities: left alone\n\n");
}

static void test_order(void **state)
{
	(void)state;
	page(POD "  - name: c\n"
		 "    image: i\n"
		 "    securityContext:\n"
		 "      capabilities:\n"
		 "        drop: [NET_RAW, all, CAP_CHOWN]\n"
		 "        add:\n"
		 "        - CAP_SYS_TIME\n"
		 "        - ALL\n"
		 "        - net_raw\n"
		 "        - FOO\n",
		"version: 1\nallow:\n- {capability: SYS_TIME, reason: sets the clock}\n",
		"a.yaml:6: container c of Pod n/p\n"
		"  image: i\n"
		"  state: breaks the rule; the fix changes it\n"
		"  today:\n"
		"    1. start with the defaults of the runtime\n"
		"    2. add ALL\n"
		"    3. drop all\n"
		"    4. add CAP_SYS_TIME net_raw FOO\n"
		"    5. drop NET_RAW CAP_CHOWN\n"
		"    = containerd: none\n"
		"    = CRI-O: SYS_TIME\n"
		"  after the fix:\n"
		"    1. start with the defaults of the runtime\n"
		"    2. drop ALL\n"
		"    3. add SYS_TIME\n"
		"    4. drop NET_RAW CAP_CHOWN\n"
		"    = containerd and CRI-O: SYS_TIME\n"
		"  add CAP_SYS_TIME (line 12): kept by p.yaml:3: sets the clock; respelled SYS_TIME, because\n"
		"    containerd ignores the name as it is written\n"
		"  add ALL (line 13): removed: ALL can never be allowed\n"
		"  add net_raw (line 14): removed: no entry of p.yaml allows it here\n"
		"  add FOO (line 15): removed: Linux knows no capability of that name\n\n");
}

static void test_privileged(void **state)
{
	(void)state;
	page(POD
		"  - {name: c, image: i, securityContext: {privileged: true, capabilities: {add: [KILL], drop: [ALL]}}}\n",
		NULL,
		"a.yaml:6: container c of Pod n/p\n"
		"  image: i\n"
		"  state: breaks the rule; the fix changes it\n"
		"  today:\n"
		"    privileged: the runtime gives everything, whatever add and drop say\n"
		"    = containerd and CRI-O: all (41)\n"
		"  after the fix:\n"
		"    privileged: the runtime gives everything, whatever add and drop say\n"
		"    = containerd and CRI-O: all (41)\n"
		"  add KILL (line 6): removed: there is no policy that allows it\n\n");
}

static void test_overlay(void **state)
{
	(void)state;
	page(POD "  - {name: c, securityContext: {capabilities: {add: [KILL], drop: [NET_RAW]}}}\n", NULL,
		"a.yaml:6: container c of Pod n/p\n"
		"  state: it has no image, so this is an overlay: nothing is created in it\n"
		"  today, over what it is merged into:\n"
		"    1. add KILL\n"
		"    2. drop NET_RAW\n"
		"  after the fix, over what it is merged into:\n"
		"    1. drop ALL\n"
		"    2. drop NET_RAW\n"
		"  add KILL (line 6): removed: there is no policy that allows it\n\n");
	page(POD "  - {name: c}\n", NULL,
		"a.yaml:6: container c of Pod n/p\n"
		"  state: it has no image, so this is an overlay: nothing is created in it\n\n");
}

static void test_ensure(void **state)
{
	(void)state;
	page(POD "  - {name: c, image: \"redis:7\"}\n",
		"version: 1\nallow:\n- {capability: SETUID, reason: gosu, ensure: true}\n",
		"a.yaml:6: container c of Pod n/p\n"
		"  image: redis:7\n"
		"  state: breaks the rule; the fix changes it\n"
		"  today:\n"
		"    1. start with the defaults of the runtime\n" CONTAINERD CRIO "  after the fix:\n"
		"    1. start with the defaults of the runtime\n"
		"    2. drop ALL\n"
		"    3. add SETUID\n"
		"    = containerd and CRI-O: SETUID\n"
		"  add SETUID: brought by p.yaml:3: gosu\n"
		"  note: this image is known to need CHOWN SETUID SETGID once ALL is dropped: its entrypoint changes\n"
		"    the user\n\n");
}

/* Nobody looks into an exempt container, so its lists come from a run without policy. */
static void test_exempt(void **state)
{
	static const char text[] =
		POD "  - {name: c, image: i, securityContext: {capabilities: {add: [SYS_TIME], drop: [ALL]}}}\n";
	struct work with, without;

	(void)state;
	plan(&with, text, "version: 1\nexempt:\n- {reason: \"old,\\n but gold\"}\n");
	plan(&without, text, NULL);
	struct explain_input input = input_of(&with, 0);
	input.today = &without.result.reports[0];
	explain_container(&with.out, &input, &with.arena);
	is(&with,
		"a.yaml:6: container c of Pod n/p\n"
		"  image: i\n"
		"  state: left alone: p.yaml:3 exempts it: old, but gold\n"
		"  today and after:\n"
		"    1. start with the defaults of the runtime\n"
		"    2. drop ALL\n"
		"    3. add SYS_TIME\n"
		"    = containerd and CRI-O: SYS_TIME\n\n");
	work_release(&with);
	work_release(&without);
}

static void test_hostile_names(void **state)
{
	(void)state;
	page(POD
		"  - {name: \"c\\e[2J\\n\", image: \"i\\u202e\", securityContext: {capabilities: {drop: [ALL, \"x\\ty\"]}}}\n",
		NULL,
		"a.yaml:6: container c\\x1b[2J\\n of Pod n/p\n"
		"  image: i\\u202e\n"
		"  state: follows the rule\n"
		"  today and after:\n"
		"    1. start with the defaults of the runtime\n"
		"    2. drop ALL\n"
		"    3. drop x\\ty\n"
		"    = containerd and CRI-O: none\n\n");
}

static uint64_t bit(const char *name)
{
	assert_true(caps_known(slice_of(name)));
	return UINT64_C(1) << caps_index(slice_of(name));
}

static void form(enum runtime runtime, uint64_t set, const char *want)
{
	struct buf out;

	buf_init(&out);
	explain_set(&out, runtime, "WHO", set);
	assert_true(slice_is(buf_slice(&out), want) || (print_error("%.*s\n", (int)out.n, out.p), false));
	buf_release(&out);
}

static void test_forms(void **state)
{
	uint64_t containerd = effective_defaults(RUNTIME_CONTAINERD), crio = effective_defaults(RUNTIME_CRIO);

	(void)state;
	form(RUNTIME_CONTAINERD, 0, "none");
	form(RUNTIME_CONTAINERD, EFFECTIVE_ALL, "all (41)");
	form(RUNTIME_CRIO, EFFECTIVE_ALL & ~bit("BPF"), "all (41) - BPF");
	form(RUNTIME_CONTAINERD, containerd, "WHO defaults (14)");
	form(RUNTIME_CRIO, crio, "WHO defaults (9)");
	form(RUNTIME_CRIO, crio & ~bit("KILL"), "WHO defaults (9) - KILL");
	form(RUNTIME_CONTAINERD, (containerd & ~bit("KILL")) | bit("BPF") | bit("SYSLOG"),
		"WHO defaults (14) + BPF + SYSLOG - KILL");
	form(RUNTIME_CONTAINERD, bit("KILL") | bit("BPF"), "BPF KILL");
	/* As long as the names themselves: the names. */
	form(RUNTIME_CRIO, bit("KILL") | bit("CHOWN") | bit("SETGID"), "CHOWN KILL SETGID");
}

static void test_wrap(void **state)
{
	struct buf out;
	struct slice lines;

	(void)state;
	buf_init(&out);
	for (size_t i = 0; i < 60; i++)
		buf_adds(&out, i == 30 ? " \xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc" : " abcd");
	lines = buf_slice(&out);
	struct buf wrapped;
	buf_init(&wrapped);
	explain_wrap(&wrapped, lines, 5);
	size_t cols = 0, breaks = 0;
	for (size_t i = 0; i < wrapped.n; i++) {
		if (wrapped.p[i] != '\n') {
			cols += ((unsigned char)wrapped.p[i] & 0xc0) != 0x80;
			continue;
		}
		assert_true(cols <= EXPLAIN_WIDTH);
		/* No word could have stood on the line before. */
		assert_true(cols + 5 > EXPLAIN_WIDTH || i + 1 == wrapped.n);
		cols = 0;
		breaks++;
	}
	assert_int_equal(breaks, 4);
	wrapped.n = 0;
	explain_wrap(&wrapped, SLICE(""), 5);
	assert_true(slice_is(buf_slice(&wrapped), "\n"));
	buf_release(&wrapped);
	buf_release(&out);
}

static void table(const char *text, const char *policy, const char *want)
{
	struct work work;
	struct explain_table rows;

	plan(&work, text, policy);
	explain_table_init(&rows, &work.arena);
	for (size_t i = 0; i < work.result.nreports; i++) {
		struct explain_input input = input_of(&work, i);
		explain_table_add(&rows, &input);
	}
	explain_table_write(&rows, &work.out);
	is(&work, want);
	work_release(&work);
}

static void test_table(void **state)
{
	(void)state;
	table("apiVersion: v1\nkind: Secret\n", NULL, "");
	table(POD "  - {name: c, image: i}\n"
		  "  - {name: d, image: i, securityContext: {capabilities: {add: [CAP_KILL], drop: [ALL]}}}\n"
		  "  - {image: i, securityContext: {capabilities: {drop: ALL}}}\n"
		  "  - {name: e}\n",
		"version: 1\nallow: [{capability: KILL, reason: x}]\n",
		"PLACE     CONTAINER  IMAGE  BEFORE                    AFTER\n"
		"a.yaml:6  c          i      containerd defaults (14)  none\n"
		"a.yaml:7  d          i      none; CRI-O: KILL         KILL\n"
		"a.yaml:8             i      containerd defaults (14)  containerd defaults (14) (refused)\n"
		"a.yaml:9  e                 depends (overlay)         depends (overlay)\n");
}

static void test_table_wraps(void **state)
{
	(void)state;
	table(POD
		"  - name: a-container-with-a-name-that-goes-on-and-on-and-on\n"
		"    image: registry.example.com/some/where/deep/down/the/image:1.2.3@sha256:0123456789abcdef0123456789abcdef\n"
		"    securityContext: {capabilities: {add: [BPF, CHOWN, IPC_LOCK, LEASE, MKNOD, PERFMON, SYSLOG], drop: [ALL]}}\n",
		NULL,
		"PLACE     CONTAINER                   IMAGE                       BEFORE                       AFTER\n"
		"a.yaml:6  a-container-with-a-name-    registry.example.com/some/  BPF CHOWN IPC_LOCK LEASE     none\n"
		"          that-goes-on-and-on-and-on  where/deep/down/the/image:  MKNOD PERFMON SYSLOG\n"
		"                                      1.2.3@sha256:\n"
		"                                      0123456789abcdef0123456789\n"
		"                                      abcdef\n");
}

/* Where places are long, each has a line of its own. */
static void test_table_places(void **state)
{
	static const char text[] = POD "  - {name: c, image: example.com/c:1}\n  - {name: d, image: i}\n";
	struct work work;
	struct explain_table rows;

	(void)state;
	plan(&work, text, NULL);
	explain_table_init(&rows, &work.arena);
	for (size_t i = 0; i < 2; i++) {
		struct explain_input input = input_of(&work, i);
		input.path = SLICE("deploy/production/cluster-one/some/where/deep/down/in/the/tree/manifest.yaml");
		explain_table_add(&rows, &input);
	}
	explain_table_write(&rows, &work.out);
	is(&work,
		"PLACE\n"
		"    CONTAINER  IMAGE            BEFORE                    AFTER\n"
		"deploy/production/cluster-one/some/where/deep/down/in/the/tree/manifest.yaml:6\n"
		"    c          example.com/c:1  containerd defaults (14)  none\n"
		"deploy/production/cluster-one/some/where/deep/down/in/the/tree/manifest.yaml:7\n"
		"    d          i                containerd defaults (14)  none\n");
	work_release(&work);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_privileged),
		cmocka_unit_test(test_overlay),
		cmocka_unit_test(test_ensure),
		cmocka_unit_test(test_exempt),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_wraps),
		cmocka_unit_test(test_table_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
