/* Each row of the table finds its containers, and nothing finds more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/buf.h"
#include "capfix/kinds.h"
#include "capfix/rewrite.h"

#define DROP "capabilities: {drop: [ALL]}"
#define CONTEXT "securityContext: {" DROP "}"

static struct rewrite_result run_with(struct arena *arena, const struct policy *policy, const char *text)
{
	struct rewrite_input input = {.text = slice_of(text), .path = SLICE("x.yaml"), .policy = policy};
	struct rewrite_result result;

	rewrite(&input, arena, &result);
	return result;
}

static const char *applied(struct arena *arena, const char *text, const struct rewrite_result *result)
{
	struct buf out;
	struct slice copy;

	buf_init(&out);
	edits_apply(&result->edits, slice_of(text), &out);
	copy = arena_dup(arena, buf_slice(&out));
	buf_release(&out);
	return copy.p;
}

/* The text becomes `want` (NULL: stays), and that many containers are fixed. */
static void expect(const struct policy *policy, const char *text, const char *want, size_t fixed)
{
	struct arena arena;
	struct rewrite_result result;

	arena_init(&arena);
	result = run_with(&arena, policy, text);
	if (strcmp(applied(&arena, text, &result), want ? want : text) != 0)
		fail_msg("%s\nbecame\n%s\nnot\n%s\n(%.*s)", text, applied(&arena, text, &result), want ? want : text,
			result.findings.n ? (int)result.findings.v[0].text.n : 0,
			result.findings.n ? result.findings.v[0].text.p : "");
	assert_int_not_equal(result.outcome, OUTCOME_FAILED);
	assert_int_equal(result.fixed, fixed);
	assert_int_equal(result.refused, 0);
	arena_release(&arena);
}

/* `path` as a flow mapping around `leaf`, which stands at its end: a.b[].c{} is {a: {b: [{c: {k: leaf}}]}}. */
static void add_path(struct buf *out, const char *path, const char *leaf)
{
	char closing[200];
	size_t depth = 0;

	while (*path) {
		size_t len = strcspn(path, ".[{");

		if (len) {
			buf_addf(out, "{%.*s: ", (int)len, path);
			closing[depth++] = '}';
		}
		path += len;
		if (*path == '[') {
			buf_addc(out, '[');
			closing[depth++] = ']';
			path += 2;
		} else if (*path == '{') {
			buf_adds(out, "{k: ");
			closing[depth++] = '}';
			path += 2;
		}
		path += *path == '.';
	}
	buf_adds(out, leaf);
	while (depth)
		buf_addc(out, closing[--depth]);
}

/* An object with the leaf at the end of the path: one line of flow YAML. */
static const char *manifest(
	struct arena *arena, const char *version, const char *kind, const char *path, const char *leaf)
{
	struct buf out;
	struct slice copy;

	buf_init(&out);
	add_path(&out, path, leaf);
	copy = arena_printf(arena, "{apiVersion: %s, kind: %s, %.*s\n", version, kind, (int)out.n - 1, out.p + 1);
	buf_release(&out);
	return copy.p;
}

static const char *version_of(struct arena *arena, const struct kind_path *row, const char *version)
{
	return row->group[0] ? arena_printf(arena, "%s/%s", row->group, version).p : version;
}

/* What stands at the end of a row's path, before and after. `key` is a list of a pod spec. */
struct leaf {
	const char *before;
	const char *after;
};

static size_t leaves_of(const struct kind_path *row, struct leaf leaves[3])
{
	static const struct leaf pods[] = {
		{"{containers: [{name: c, image: i}]}", "{containers: [{name: c, image: i, " CONTEXT "}]}"},
		{"{initContainers: [{name: c, image: i}]}", "{initContainers: [{name: c, image: i, " CONTEXT "}]}"},
		{"{ephemeralContainers: [{name: c, image: i}]}",
			"{ephemeralContainers: [{name: c, image: i, " CONTEXT "}]}"},
	};

	switch (row->shape) {
	case SHAPE_PODSPEC:
		memcpy(leaves, pods, sizeof(pods));
		return 3;
	case SHAPE_BARE:
		leaves[0] = (struct leaf){"{runAsNonRoot: true}", "{runAsNonRoot: true, " DROP "}"};
		leaves[1] = (struct leaf){"{capabilities: {add: [NET_RAW]}}", "{capabilities: {drop: [ALL]}}"};
		leaves[2] = (struct leaf){"{}", "{" DROP "}"};
		return 3;
	case SHAPE_LIST:
	case SHAPE_MAP:
	case SHAPE_ONE:
		if (row->image)
			leaves[0] = (struct leaf){"{image: i}", "{image: i, " CONTEXT "}"};
		else
			leaves[0] = (struct leaf){"{resources: {}}", "{resources: {}, " CONTEXT "}"};
		return 1;
	case SHAPE_OBJECTS:
		leaves[0] = (struct leaf){"{apiVersion: v1, kind: Pod, spec: {containers: [{name: c, image: i}]}}",
			"{apiVersion: v1, kind: Pod, spec: {containers: [{name: c, image: i, " CONTEXT "}]}}"};
		return 1;
	case SHAPE_NONE:
		break;
	}
	return 0;
}

/* Rows of the same kind for maps on the way, which are containers of their own and get theirs too. */
static size_t count_around(const struct kind_path *row)
{
	size_t n, around = 0;
	const struct kind_path *rows = kinds_find(slice_of(row->group), slice_of(row->kind), &n);

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(rows[i].path);

		around += rows[i].shape == SHAPE_ONE && !rows[i].image && !strncmp(rows[i].path, row->path, len) &&
			row->path[len] == '.';
	}
	return around;
}

static void expect_row(const struct kind_path *row, struct arena *arena, const char *version, const struct leaf *leaf)
{
	const char *text = manifest(arena, version, row->kind, row->path, leaf->before);
	struct rewrite_result result;

	if (!count_around(row)) {
		expect(NULL, text, manifest(arena, version, row->kind, row->path, leaf->after), 1);
		return;
	}
	result = run_with(arena, NULL, text);
	assert_int_equal(result.fixed, 1 + count_around(row));
	assert_non_null(strstr(applied(arena, text, &result), leaf->after));
}

static void test_every_row(void **state)
{
	size_t n, done = 0;
	const struct kind_path *rows = kinds_table(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct leaf leaves[3];
		size_t count = leaves_of(&rows[i], leaves);
		struct arena arena;

		arena_init(&arena);
		for (size_t j = 0; j < count; j++) {
			expect_row(&rows[i], &arena, version_of(&arena, &rows[i], "v1"), &leaves[j]);
			expect_row(&rows[i], &arena, version_of(&arena, &rows[i], "v7beta3"), &leaves[j]);
			done++;
		}
		arena_release(&arena);
	}
	assert_true(done > 700);
}

/* Group and kind must both match. */
static void test_no_other_group_or_kind(void **state)
{
	size_t n;
	const struct kind_path *rows = kinds_table(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct leaf leaves[3];
		size_t count = rows[i].shape == SHAPE_OBJECTS ? 0 : leaves_of(&rows[i], leaves);
		struct arena arena;

		arena_init(&arena);
		for (size_t j = 0; j < count; j++) {
			const char *path = rows[i].path, *kind = rows[i].kind,
				   *longer = arena_printf(&arena, "%sX", kind).p;
			const char *group = arena_printf(&arena, "x%s/v1", rows[i].group).p;

			expect(NULL, manifest(&arena, group, kind, path, leaves[j].before), NULL, 0);
			expect(NULL,
				manifest(&arena, version_of(&arena, &rows[i], "v1"), longer, path, leaves[j].before),
				NULL, 0);
		}
		arena_release(&arena);
	}
}

static int folded(const char *a, const char *b)
{
	for (; *a && (*a | 0x20) == (*b | 0x20); a++, b++)
		;
	return (*a | 0x20) - (*b | 0x20);
}

static void test_sorted_and_single(void **state)
{
	size_t n;
	const struct kind_path *rows = kinds_table(&n);

	(void)state;
	for (size_t i = 1; i < n; i++) {
		int order = strcmp(rows[i - 1].group, rows[i].group);

		order = order ? order : folded(rows[i - 1].kind, rows[i].kind);
		order = order ? order : strcmp(rows[i - 1].path, rows[i].path);
		if (order >= 0)
			fail_msg("%s %s %s is out of order", rows[i].group, rows[i].kind, rows[i].path);
	}
}

/* No container is found twice: no list of a pod spec is a row too. */
static void test_no_overlap(void **state)
{
	size_t n;
	const struct kind_path *rows = kinds_table(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			size_t len = strlen(rows[i].path);

			if (rows[i].shape != SHAPE_PODSPEC || rows[j].shape == SHAPE_PODSPEC ||
				strcmp(rows[i].group, rows[j].group) || strcmp(rows[i].kind, rows[j].kind) ||
				strncmp(rows[i].path, rows[j].path, len) != 0)
				continue;
			assert_string_not_equal(rows[j].path + len, ".containers[]");
			assert_string_not_equal(rows[j].path + len, ".initContainers[]");
			assert_string_not_equal(rows[j].path + len, ".ephemeralContainers[]");
		}
	}
}

static void test_find(void **state)
{
	size_t n;
	const struct kind_path *rows;

	(void)state;
	rows = kinds_find(SLICE("tekton.dev"), SLICE("Task"), &n);
	assert_int_equal(n, 3);
	assert_string_equal(rows[0].path, "spec.sidecars[]");
	kinds_find(SLICE("ais.nvidia.com"), SLICE("aistore"), &n);
	assert_int_equal(n, 2);
	kinds_find(SLICE("ais.nvidia.com"), SLICE("AIStore"), &n);
	assert_int_equal(n, 2);
	kinds_find(SLICE(""), SLICE("pod"), &n);
	assert_int_equal(n, 0);
	kinds_find(SLICE("apps"), SLICE("deployment"), &n);
	assert_int_equal(n, 0);
	kinds_find(SLICE("apps"), SLICE(""), &n);
	assert_int_equal(n, 0);
	kinds_find(SLICE("zzz"), SLICE("Z"), &n);
	assert_int_equal(n, 0);
	kinds_find(SLICE(""), SLICE("PodTemplateX"), &n);
	assert_int_equal(n, 0);
}

/* --- the prefilter ------------------------------------------------------------------------------------------------ */

static const char *const forms[] = {
	"apiVersion: tekton.dev/v1\nkind: Task\n",
	"{\"apiVersion\":\"tekton.dev/v1\",\"kind\":\"Task\"}\n",
	"{\"apiVersion\" : \"tekton.dev\\/v1\"}\n",
	"'apiVersion': 'tekton.dev/v1beta1'\n",
	"apiVersion:\n  tekton.dev/v1\n",
	"apiVersion:\r\n\t tekton.dev/v1\r\n",
	"apiVersion: &v tekton.dev/v1\n",
	"apiVersion: *v\n",
	"apiVersion: !!str tekton.dev/v1\n",
	"apiVersion: |-\n  tekton.dev/v1\n",
	"apiVersion: >-\n  tekton.dev/v1\n",
	"apiVersion: # a comment\n  tekton.dev/v1\n",
	"? apiVersion\n: tekton.dev/v1\n",
	"? apiVersion # a comment\n: tekton.dev/v1\n",
	"\"\\x61piVersion\": tekton.dev/v1\n",
	"apiVersion: v1\nkind: List\nitems:\n- apiVersion: tekton.dev/v1\n",
	"# about the apiVersion: v1\napiVersion: tekton.dev/v1\n",
};

static void test_prefilter_passes(void **state)
{
	size_t n;
	const struct kind_path *rows = kinds_table(&n);

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (!rewrite_may_matter(slice_of(forms[i])))
			fail_msg("not seen: %s", forms[i]);
	for (size_t i = 0; i < n; i++) {
		struct leaf leaves[3];
		size_t count = leaves_of(&rows[i], leaves);
		struct arena arena;

		arena_init(&arena);
		for (size_t j = 0; j < count; j++)
			assert_true(rewrite_may_matter(slice_of(manifest(&arena, version_of(&arena, &rows[i], "v1"),
				rows[i].kind, rows[i].path, leaves[j].before))));
		arena_release(&arena);
	}
}

static void test_prefilter_stops(void **state)
{
	static const char *const texts[] = {
		"",
		"apiVersion",
		"apiVersion:",
		"apiVersion: ",
		"apiVersion: tekton.dev",
		"\"apiVersion\"",
		"apiVersion: v1\nkind: Service\n",
		"apiVersion: apps/v1\nkind: Deployment\n",
		"apiVersion: tekton.devel/v1\nkind: Task\n",
		"apiVersion: xtekton.dev/v1\nkind: Task\n",
		"kind: Task # of tekton.dev/v1, its apiVersion is missing\n",
		"apiVersion: apiextensions.k8s.io/v1\nproperties:\n  apiVersion:\n    description: see tekton.dev/v1\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (rewrite_may_matter(slice_of(texts[i])))
			fail_msg("passes: %s", texts[i]);
}

/* --- what the shapes do ------------------------------------------------------------------------------------------- */

#define TASK "apiVersion: tekton.dev/v1\nkind: Task\n"
#define KAFKA "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaBridge\n"
#define DRUID "apiVersion: druid.apache.org/v1alpha1\nkind: Druid\n"
#define SERVICES "apiVersion: testworkflows.testkube.io/v1\nkind: TestWorkflow\n"

static void test_shapes(void **state)
{
	static const char *const same[] = {
		TASK "spec: {steps: [{name: a}], stepTemplate: {workingDir: /}}\n", /* overlays */
		TASK "spec: {steps: ~, sidecars: []}\n",
		TASK "spec: {steps: [{ref: {name: clone}}]}\n",
		KAFKA "spec: {template: {bridgeContainer: {}}}\n",
		KAFKA "spec: {template: {bridgeContainer: ~}}\n",
		KAFKA "spec: {template: {}}\n",
		DRUID "spec: {nodes: {}}\n",
		DRUID "spec: {containerSecurityContext: ~}\n",
		DRUID "spec: {nodes: {broker: ~, router: {}}}\n",
		SERVICES "spec: {services: {db: ~}}\n",
		SERVICES "spec: {services: {db: {}}}\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		expect(NULL, same[i], NULL, 0);
	expect(NULL, TASK "spec: {stepTemplate: {securityContext: {capabilities: {add: [NET_RAW], drop: [KILL]}}}}\n",
		TASK "spec: {stepTemplate: {securityContext: {capabilities: {drop: [KILL, ALL]}}}}\n", 1);
	expect(NULL, KAFKA "spec: {template: {bridgeContainer: {env: []}, initContainer: {env: []}}}\n",
		KAFKA "spec: {template: {bridgeContainer: {env: [], " CONTEXT "}, initContainer: {env: [], " CONTEXT
		      "}}}\n",
		2);
	expect(NULL,
		DRUID "spec: {nodes: {a: {containerSecurityContext: {capabilities: {}}}, "
		      "b: {containerSecurityContext: {}}}}\n",
		DRUID "spec: {nodes: {a: {containerSecurityContext: {" DROP "}}, b: {containerSecurityContext: {" DROP
		      "}}}}\n",
		2);
}

static struct rewrite_result refused(struct arena *arena, const char *text)
{
	struct rewrite_result result = run_with(arena, NULL, text);

	assert_int_equal(result.outcome, OUTCOME_UNCHANGED);
	if (result.refused != 1)
		fail_msg("%zu refused: %s", result.refused, text);
	assert_int_equal(result.findings.n, 1);
	assert_int_equal(result.findings.v[0].code, CODE_REFUSED);
	return result;
}

/* What cannot be followed is said once, however many rows lead there. */
static void test_refused(void **state)
{
	static const char *const texts[] = {
		TASK "spec: {steps: {name: a, image: i}}\n",
		TASK "spec: {steps: [text]}\n",
		TASK "spec: {}\nspec: {}\n",
		DRUID "spec: {containerSecurityContext: []}\n",
		DRUID "spec: {containerSecurityContext: {capabilities: text}}\n",
		SERVICES "spec: {services: [{image: i}]}\n",
		SERVICES "spec: {services: {db: text}}\n",
		SERVICES "x: &m {db: {image: i}}\nspec: {services: {<<: *m}}\n",
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		refused(&arena, texts[i]);
	arena_release(&arena);
}

/* A container in a map is named by its key, if it does not name itself; a policy can speak of it. */
static void test_names(void **state)
{
	static const char text[] =
		SERVICES "spec: {services: {db: {image: i}, cache: {name: own, image: i}}, container: {image: i}}\n";
	static const char want[][10] = {"own", "db", ""}, lists[][10] = {"services", "services", "container"};
	struct arena arena;
	struct rewrite_result result;

	(void)state;
	arena_init(&arena);
	result = run_with(&arena, NULL, text);
	assert_int_equal(result.nreports, 3);
	for (size_t i = 0; i < 3; i++) {
		bool seen = false;

		for (size_t j = 0; j < 3; j++)
			seen |= slice_is(result.reports[j].container, want[i]) &&
				slice_is(result.reports[j].list, lists[i]);
		assert_true(seen);
	}
	arena_release(&arena);
}

/* --- the policy's podSpecs ---------------------------------------------------------------------------------------- */

static const struct policy *policy_of(struct arena *arena, const char *specs)
{
	struct findings errors = {0};
	struct slice text = arena_printf(arena, "version: 1\npodSpecs:\n%s", specs);
	const struct policy *policy = policy_parse(text, arena, &errors);

	if (!policy)
		fail_msg("%s: %s", text.p, errors.v[0].text.p);
	return policy;
}

#define POD "{containers: [{name: c, image: i}]}"
#define FIXED "{containers: [{name: c, image: i, " CONTEXT "}]}"
#define GRAFANA "apiVersion: monitoring.grafana.com/v1\nkind: GrafanaAgent\n"
#define WORKER "apiVersion: example.com/v2\nkind: Worker\n"

static void test_pod_specs(void **state)
{
	struct arena arena;
	const struct policy *policy;

	(void)state;
	arena_init(&arena);
	policy = policy_of(&arena,
		"- {apiVersion: \"example.com/*\", kind: Worker, path: spec.a}\n"
		"- {apiVersion: \"example.com/v1\", kind: Worker, path: spec.old}\n"
		"- {apiVersion: \"example.com/v2\", kind: Worker, path: spec.a}\n"
		"- {apiVersion: \"example.com/*\", kind: Worker, path: \"spec.b[][].c{}.d\"}\n"
		"- {apiVersion: apps/v1, kind: Deployment, path: spec.template.spec}\n"
		"- {apiVersion: monitoring.coreos.com/v1, kind: Prometheus, path: spec}\n"
		"- {apiVersion: monitoring.grafana.com/v1, kind: GrafanaAgent, path: spec}\n"
		"- {apiVersion: v1, kind: WorkerList, path: spec}\n");
	expect(policy, WORKER "spec: {a: " POD "}\n", WORKER "spec: {a: " FIXED "}\n", 1);
	expect(policy, WORKER "spec: {b: [[], [{c: {x: {d: " POD "}, y: {}}}, {c: {z: {d: " POD "}}}]]}\n",
		WORKER "spec: {b: [[], [{c: {x: {d: " FIXED "}, y: {}}}, {c: {z: {d: " FIXED "}}}]]}\n", 2);
	expect(policy, WORKER "spec: {old: " POD ", a: 1, b: {}}\n", NULL, 0);
	expect(policy, "apiVersion: example.com/v2\nkind: worker\nspec: {a: " POD "}\n", NULL, 0);
	/* Where the table says the same, no container is found twice. */
	expect(policy, "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: " POD "}}\n",
		"apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: " FIXED "}}\n", 1);
	expect(policy,
		GRAFANA "spec: {ephemeralContainers: [{name: e, image: i}], containers: [{name: c, image: i}]}\n",
		GRAFANA "spec: {ephemeralContainers: [{name: e, image: i, " CONTEXT
			"}], containers: [{name: c, image: i, " CONTEXT "}]}\n",
		2);
	/* A kind that the policy knows is none of a list's. */
	expect(policy, "apiVersion: v1\nkind: WorkerList\nspec: " POD "\nitems: []\n",
		"apiVersion: v1\nkind: WorkerList\nspec: " FIXED "\nitems: []\n", 1);
	arena_release(&arena);
}

/* The policy is somebody's input: a path of any length must not be our undoing. */
static void test_long_path(void **state)
{
	struct arena arena;
	struct buf path, text;

	(void)state;
	arena_init(&arena);
	buf_init(&path);
	buf_init(&text);
	for (int i = 0; i < 20000; i++)
		buf_adds(&path, "[]");
	buf_adds(&text, WORKER "spec:");
	for (int i = 0; i < 5000; i++)
		buf_adds(&text, " [");
	for (int i = 0; i < 5000; i++)
		buf_adds(&text, "]");
	buf_adds(&text, "\nkey: " POD "\n");
	buf_addc(&text, '\0');
	expect(policy_of(&arena,
		       arena_printf(&arena,
			       "- {apiVersion: example.com/v2, kind: Worker, path: \"spec%.*s\"}\n"
			       "- {apiVersion: example.com/v2, kind: Worker, path: \"%.*sx\"}\n",
			       (int)path.n, path.p, 0, "")
			       .p),
		text.p, NULL, 0);
	buf_release(&path);
	buf_release(&text);
	arena_release(&arena);
}

/* --- kinds that nobody knows -------------------------------------------------------------------------------------- */

/* The finding's text, or NULL. */
static const char *unknown(struct arena *arena, const char *text)
{
	struct rewrite_result result = run_with(arena, NULL, text);

	assert_int_equal(result.edits.n, 0);
	assert_int_equal(result.refused, 0);
	if (!result.findings.n)
		return NULL;
	assert_int_equal(result.findings.n, 1);
	assert_int_equal(result.findings.v[0].code, CODE_UNKNOWN_KIND);
	assert_int_equal(result.findings.v[0].level, LEVEL_NOTE);
	return arena_dup(arena, result.findings.v[0].text).p;
}

/* Pasting the line that the finding offers makes the kind known. */
static void test_line_to_paste(void **state)
{
	static const struct {
		const char *text;
		const char *line;
	} cases[] = {
		{WORKER "spec: {template: {spec: " POD "}}\n",
			"- {apiVersion: \"example.com/*\", kind: Worker, path: \"spec.template.spec\"}"},
		{WORKER "spec: {pools: [{x: 1}, {pod: " POD "}]}\n",
			"- {apiVersion: \"example.com/*\", kind: Worker, path: \"spec.pools[].pod\"}"},
		{WORKER "spec: {pools: [[" POD "]]}\n",
			"- {apiVersion: \"example.com/*\", kind: Worker, path: \"spec.pools[][]\"}"},
		{"apiVersion: v1\nkind: Worker\nspec: {initContainers: [{name: c, image: i}]}\n",
			"- {apiVersion: \"v1\", kind: Worker, path: \"spec\"}"},
		{"apiVersion: apps/v1\nkind: Pod\nspec: " POD "\n",
			"- {apiVersion: \"apps/*\", kind: Pod, path: \"spec\"}"},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = unknown(&arena, cases[i].text), *line = text ? strstr(text, "- {") : NULL;
		struct rewrite_result result;

		assert_non_null(line);
		assert_string_equal(line, cases[i].line);
		result = run_with(&arena, policy_of(&arena, line), cases[i].text);
		assert_int_equal(result.fixed, 1);
		assert_int_equal(result.findings.n, 1);
	}
	arena_release(&arena);
}

static void test_unknown(void **state)
{
	/* No line can name these. */
	static const char *const hard[] = {
		WORKER "spec: {a.b: " POD "}\n",
		WORKER "spec: {\"\": " POD "}\n",
		WORKER "containers: [{name: c, image: i}]\n",
		"apiVersion: example.com/v1\nkind: A B\nspec: " POD "\n",
		"apiVersion: \"*/v1\"\nkind: A\nspec: " POD "\n",
		"apiVersion: what\nkind: A\nspec: " POD "\n",
	};
	static const char *const silent[] = {
		WORKER "spec: {containers: [{name: c}]}\n",
		WORKER "spec: {containers: [{image: i}]}\n",
		WORKER "spec: {containers: {name: c, image: i}}\n",
		WORKER "spec: {containers: [text]}\n",
		WORKER "spec: {containers: []}\n",
		WORKER "spec: {sidecars: [{name: c, image: i}]} # containers\n",
		"kind: Worker\nspec: " POD "\n",
		"apiVersion: v1\nspec: " POD "\n",
		"apiVersion: apps/v1\nkind: Deployment\nspec: " POD "\n",
		"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: " POD "\n",
		"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{spec: " POD "}]\n",
		"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: {values: " POD "}\n",
		"apiVersion: v1\nkind: List\nitems: []\n# containers\n",
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(hard) / sizeof(hard[0]); i++) {
		const char *text = unknown(&arena, hard[i]);

		if (!text || strstr(text, "- {"))
			fail_msg("%s: %s", hard[i], text ? text : "no finding");
	}
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		if (unknown(&arena, silent[i]))
			fail_msg("not silent: %s", silent[i]);
	arena_release(&arena);
}

/* --- lists of objects --------------------------------------------------------------------------------------------- */

static void test_nesting(void **state)
{
	struct arena arena;
	const char *pod = "apiVersion: v1, kind: Pod, spec: " POD, *fixed = "apiVersion: v1, kind: Pod, spec: " FIXED;
	struct slice before, after;

	(void)state;
	arena_init(&arena);
	before = arena_printf(&arena, "{%s}", pod);
	after = arena_printf(&arena, "{%s}", fixed);
	for (int i = 0; i < 4; i++) {
		static const char *const heads[] = {"apiVersion: v1, kind: List, items",
			"apiVersion: template.openshift.io/v1, kind: Template, objects",
			"apiVersion: config.kubernetes.io/v1, kind: ResourceList, items",
			"apiVersion: v1, kind: PodList, items"};

		before = arena_printf(&arena, "{%s: [%s, {}, text, %s]}", heads[i], before.p, before.p);
		after = arena_printf(&arena, "{%s: [%s, {}, text, %s]}", heads[i], after.p, after.p);
		expect(NULL, before.p, after.p, (size_t)2 << i);
	}
	/* No deeper: whoever needs it would have to say so. */
	before = arena_printf(&arena, "{apiVersion: v1, kind: List, items: [%s]}", before.p);
	expect(NULL, before.p, NULL, 0);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row),
		cmocka_unit_test(test_no_other_group_or_kind),
		cmocka_unit_test(test_sorted_and_single),
		cmocka_unit_test(test_no_overlap),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_prefilter_passes),
		cmocka_unit_test(test_prefilter_stops),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_pod_specs),
		cmocka_unit_test(test_long_path),
		cmocka_unit_test(test_line_to_paste),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_nesting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
