#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/images.h"
#include "capfix/init_policy.h"

enum { TODAY = 20260601 };

/* A container that adds one capability, and all that a policy can ask about it. */
struct given {
	const char *capability;
	const char *path;
	const char *kind;
	const char *namespace;
	const char *name;
	const char *container;
	const char *image;
};

struct work {
	struct arena arena;
	struct init_policy init;
	struct policy *old;
	struct buf out;
	struct error err;
	bool ok;
};

static struct policy *parse(struct work *work, struct slice text)
{
	struct findings errors = {0};
	struct policy *policy = policy_parse(text, &work->arena, &errors);

	if (!policy) {
		print_error("%.*s\n", (int)text.n, text.p);
		for (size_t i = 0; i < errors.n; i++)
			print_error("%zu: %.*s\n", errors.v[i].line, (int)errors.v[i].text.n, errors.v[i].text.p);
		return NULL;
	}
	policy_set_today(policy, TODAY);
	return policy;
}

static struct subject subject_of(const struct given *given)
{
	return (struct subject){slice_of(given->path), slice_of(given->kind), slice_of(given->namespace),
		slice_of(given->name), slice_of(given->container), slice_of(given->image)};
}

static void look(struct work *work, const struct given *given, size_t line)
{
	struct subject subject = subject_of(given);
	struct container_add add = {.text = slice_of(given->capability), .line = line, .col = 1};

	add.canonical = caps_canonical(add.text, &work->arena);
	add.kept = work->old && policy_allows(work->old, add.canonical, &subject);
	struct container_report report = {
		.kind = subject.kind,
		.namespace = subject.namespace,
		.name = subject.name,
		.container = subject.container,
		.image = subject.image,
		.state = CONTAINER_FIXED,
		.line = line,
		.adds = &add,
		.nadds = 1,
	};
	init_policy_look(&work->init, work->old, subject.path, subject.path, &report);
}

static void work_release(struct work *work)
{
	buf_release(&work->out);
	arena_release(&work->arena);
}

/* Makes a policy, or extends `text`. */
static void make(struct work *work, const char *text, const struct given *given, size_t n)
{
	struct slice old = slice_of(text ? text : "");

	*work = (struct work){.old = NULL};
	arena_init(&work->arena);
	buf_init(&work->out);
	if (text) {
		work->old = parse(work, old);
		assert_non_null(work->old);
	}
	init_policy_start(&work->init, TODAY, &work->arena);
	for (size_t i = 0; i < n; i++)
		look(work, &given[i], i + 1);
	work->ok = init_policy_write(&work->init, text ? &old : NULL, &work->out, &work->err);
}

/* What was made, with a reason wherever one is blank. */
static struct slice completed(struct work *work)
{
	struct slice made = buf_slice(&work->out);
	struct buf full;

	buf_init(&full);
	for (size_t i = 0; i < made.n; i++) {
		struct slice rest = slice_sub(made, i, made.n);
		buf_addc(&full, made.p[i]);
		if (rest.n > 8 && memcmp(rest.p, "reason:", 7) == 0 && (rest.p[7] == '\n' || rest.p[7] == '\r')) {
			buf_adds(&full, "eason: why");
			i += 6;
		} else if (rest.n > 10 &&
			(memcmp(rest.p, "reason: \"\"", 10) == 0 || memcmp(rest.p, "reason\": \"", 10) == 0)) {
			size_t quote = rest.p[6] == '"' ? 9 : 8;
			buf_add(&full, slice_sub(rest, 1, quote + 1));
			buf_adds(&full, "why");
			i += quote;
		}
	}
	struct slice text = arena_dup(&work->arena, buf_slice(&full));
	buf_release(&full);
	return text;
}

static bool allows(const struct policy *policy, const struct given *given)
{
	struct subject subject = subject_of(given);
	return policy_allows(policy, slice_of(given->capability), &subject) != NULL;
}

static void is(const struct buf *out, const char *want)
{
	if (!slice_is(buf_slice(out), want))
		print_error("--- got\n%.*s--- want\n%s---\n", (int)out->n, out->p, want);
	assert_true(slice_is(buf_slice(out), want));
}

#define HEAD                                                                                                                    \
	"# Made by `capfix --init-policy`: an entry for each capability that is added today. Write why each is needed behind\n" \
	"# its `reason:`, and take out what nobody can justify: the fix removes it. Until then this is no valid policy.\n"      \
	"version: 1\n"

static void test_nothing(void **state)
{
	struct work work;

	(void)state;
	make(&work, NULL, NULL, 0);
	is(&work.out, HEAD "allow: []\n");
	assert_non_null(parse(&work, buf_slice(&work.out)));
	work_release(&work);
}

static void test_merging(void **state)
{
	static const struct given given[] = {
		/* One workload in many files, in two namespaces, without an image: an overlay. */
		{"NET_RAW", "a.yaml", "Deployment", "dev", "web", "app", ""},
		{"NET_RAW", "b.yaml", "Deployment", "prod", "web", "app", ""},
		{"NET_RAW", "c.yaml", "Deployment", "dev", "web", "app", ""},
		/* One image in two workloads, in three forms. */
		{"CHOWN", "d.yaml", "Pod", "", "x", "c", "example.com:5000/a/db:1"},
		{"CHOWN", "e.yaml", "Pod", "", "y", "c", "example.com:5000/a/db"},
		{"CHOWN", "f.yaml", "Pod", "", "x", "c", "example.com:5000/a/db@sha256:1"},
		/* The same image, but another capability, in one workload only. */
		{"KILL", "d.yaml", "Pod", "", "x", "c", "example.com:5000/a/db:1"},
		/* Without namespace in one place: for any namespace. */
		{"KILL", "g.yaml", "Job", "", "j", "c", ""},
		{"KILL", "h.yaml", "Job", "n", "j", "c", ""},
		/* Without names. */
		{"KILL", "i.yaml", "Pod", "", "", "c", ""},
		{"KILL", "dir/j.yaml", "Pod", "", "p", "", "x:1"},
		{"KILL", "../k.yaml", "Pod", "", "p", "", "y:1"},
	};
	struct work work;

	(void)state;
	make(&work, NULL, given, sizeof(given) / sizeof(*given));
	is(&work.out,
		HEAD
		"allow:\n"
		"  # 3 places:\n"
		"  #   d.yaml:4: container c of Pod x\n"
		"  #   e.yaml:5: container c of Pod y\n"
		"  #   f.yaml:6: container c of Pod x\n"
		"  - capability: CHOWN\n"
		"    reason:\n"
		"    match:\n"
		"      image: [\"example.com:5000/a/db\", \"example.com:5000/a/db:*\", \"example.com:5000/a/db@*\"]\n"
		"  # 1 place:\n"
		"  #   d.yaml:7: container c of Pod x\n"
		"  - capability: KILL\n"
		"    reason:\n"
		"    match:\n"
		"      kind: Pod\n"
		"      name: x\n"
		"      container: c\n"
		"  # 2 places:\n"
		"  #   g.yaml:8: container c of Job j\n"
		"  #   h.yaml:9: container c of Job n/j\n"
		"  - capability: KILL\n"
		"    reason:\n"
		"    match:\n"
		"      kind: Job\n"
		"      name: j\n"
		"      container: c\n"
		"  # 1 place:\n"
		"  #   i.yaml:10: container c of Pod\n"
		"  - capability: KILL\n"
		"    reason:\n"
		"    match:\n"
		"      path: i.yaml\n"
		"      kind: Pod\n"
		"      container: c\n"
		"  # 1 place:\n"
		"  #   dir/j.yaml:11: a container without name of Pod p\n"
		"  - capability: KILL\n"
		"    reason:\n"
		"    match:\n"
		"      path: dir/j.yaml\n"
		"      kind: Pod\n"
		"      name: p\n"
		"  # 1 place:\n"
		"  #   ../k.yaml:12: a container without name of Pod p\n"
		"  - capability: KILL\n"
		"    reason:\n"
		"    match:\n"
		"      kind: Pod\n"
		"      name: p\n"
		"  # 3 places:\n"
		"  #   a.yaml:1: container app of Deployment dev/web\n"
		"  #   b.yaml:2: container app of Deployment prod/web\n"
		"  #   c.yaml:3: container app of Deployment dev/web\n"
		"  - capability: NET_RAW\n"
		"    reason:\n"
		"    match:\n"
		"      kind: Deployment\n"
		"      namespace: [dev, prod]\n"
		"      name: web\n"
		"      container: app\n");
	struct policy *policy = parse(&work, completed(&work));
	assert_non_null(policy);
	for (size_t i = 0; i < sizeof(given) / sizeof(*given); i++)
		assert_true(allows(policy, &given[i]));
	work_release(&work);
}

static void test_many_places(void **state)
{
	struct given given[5];
	struct work work;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		given[i] = (struct given){"KILL", "a.yaml", "Pod", "", "p", "c", ""};
	make(&work, NULL, given, 5);
	is(&work.out,
		HEAD "allow:\n"
		     "  # 5 places:\n"
		     "  #   a.yaml:1: container c of Pod p\n"
		     "  #   a.yaml:2: container c of Pod p\n"
		     "  #   a.yaml:3: container c of Pod p\n"
		     "  #   and 2 more\n"
		     "  - capability: KILL\n"
		     "    reason:\n"
		     "    match:\n"
		     "      kind: Pod\n"
		     "      name: p\n"
		     "      container: c\n");
	work_release(&work);
}

static void test_cannot_be_allowed(void **state)
{
	static const struct given given[] = {
		{"all", "a.yaml", "Pod", "", "p", "c", ""},
		{"NET_FOO\n- x", "a.yaml", "Pod", "", "p", "c", ""},
	};
	struct work work;

	(void)state;
	make(&work, NULL, given, 2);
	is(&work.out,
		HEAD "allow: []\n"
		     "# No policy can allow these adds, so the fix takes them away:\n"
		     "#   a.yaml:1: all: name the capabilities that are needed instead\n"
		     "#   a.yaml:2: NET_FOO\\n- x: Linux knows no capability of that name\n");
	work_release(&work);
}

static const char *const nasty[] = {"*", "**", "a*", "[a-z]", "a]", "?", "\\", "a\\", "\\*", "'", "\"", "it's \"so\"",
	"a: b", "a #b", "#", "# x", "- a", "-", "&a", "*a", "!a", "|", ">", "%", "@", "`", "{a}", "[", "]", ",", "a,b",
	"a:", "123", "1.5", "0x10", "1e3", "2026-06-01", "12:30:45", "true", "Yes", "no", "on", "n", "Y", "null", "~",
	"Null", ".inf", "<<", "=", " a", "a ", " ", "\t", "a\tb", "a\nb", "a\r\nb", "\n", "\x01", "\x7f", "caf\xc3\xa9",
	"\xe6\xbc\xa2", "\xf0\x9f\x98\x80", "\xc2\x85", "\xc2\xa0", "\xe2\x80\xa8", "\xe2\x80\xae", "\xef\xbb\xbf",
	"\xef\xbf\xbe", "a/b", "$(X)", "${X}", "{{ x }}", "a...b", "---", "...", "a--", "CHOWN"};

/* The text as name, as container, as namespace and, with and without a tag, as image: kept, but nothing that is near it. */
static void check_nasty(const char *old, const char *text)
{
	struct given given[] = {
		{"KILL", "a.yaml", "Pod", text, text, text, ""},
		{"CHOWN", "a.yaml", "Pod", "", "one", "c", text},
		{"CHOWN", "a.yaml", "Pod", "", "two", "c", text},
	};
	char other[64];
	struct work work;

	make(&work, old, given, 3);
	if (!work.ok)
		print_error("%s: %s\n", text, work.err.text);
	assert_true(work.ok);
	struct policy *policy = parse(&work, completed(&work));
	assert_non_null(policy);
	for (size_t i = 0; i < 3; i++)
		assert_true(allows(policy, &given[i]));
	snprintf(other, sizeof(other), "%sx", text);
	given[0].name = other;
	assert_false(allows(policy, &given[0]));
	given[0].name = text;
	given[0].container = other;
	assert_false(allows(policy, &given[0]));
	given[0].container = text;
	given[0].namespace = other;
	assert_false(allows(policy, &given[0]));
	/* An image without a repository tells nothing. */
	given[1].image = "";
	assert_true(allows(policy, &given[1]) == (images_repository(slice_of(text)).n == 0));
	work_release(&work);
}

static void test_nasty(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(nasty) / sizeof(*nasty); i++) {
		check_nasty(NULL, nasty[i]);
		check_nasty("version: 1\nallow: []\n", nasty[i]);
		check_nasty("{\"version\": 1, \"allow\": []}", nasty[i]);
	}
}

/* A file's name need not be UTF-8. Nameless, so the path is what tells it. */
static void test_nasty_paths(void **state)
{
	static const char *const paths[] = {
		"a\xff.yaml", "[x]/*.yaml", "a b.yaml", "\xc3", "a\n.yaml", "-", "~", "#", "...", "..a", "a\\b", "1"};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct given given = {"KILL", paths[i], "Pod", "", "", "", ""};
		struct work work;
		make(&work, NULL, &given, 1);
		struct policy *policy = parse(&work, completed(&work));
		assert_non_null(policy);
		assert_true(allows(policy, &given));
		given.path = "other.yaml";
		assert_false(allows(policy, &given));
		work_release(&work);
	}
}

static const struct given one = {"KILL", "a.yaml", "Pod", "", "p", "c", ""};

static void extends(const char *old, const char *want)
{
	struct work work;

	make(&work, old, &one, 1);
	if (!work.ok)
		print_error("%s\n", work.err.text);
	assert_true(work.ok);
	assert_int_equal(work.init.added, 1);
	is(&work.out, want);
	struct policy *policy = parse(&work, completed(&work));
	assert_non_null(policy);
	assert_true(allows(policy, &one));
	assert_int_equal(policy_count(policy), policy_count(work.old) + 1);
	work_release(&work);
}

#define PLACE(i) i "# 1 place:\n" i "#   a.yaml:1: container c of Pod p\n"
#define ENTRY(i)                                                                                                       \
	PLACE(i)                                                                                                       \
	i "- capability: KILL\n" i "  reason:\n" i "  match:\n" i "    kind: Pod\n" i "    name: p\n" i                \
	  "    container: c\n"
#define FLOW "{capability: KILL, reason: \"\", match: {kind: Pod, name: p, container: c}}"

static void test_block(void **state)
{
	(void)state;
	extends("version: 1\nallow:\n  - capability: CHOWN\n    reason: x\n",
		"version: 1\nallow:\n  - capability: CHOWN\n    reason: x\n" ENTRY("  "));
	extends("version: 1\nallow:\n- capability: CHOWN\n  reason: x # y\n\n# about exempt\nexempt: []\n",
		"version: 1\nallow:\n- capability: CHOWN\n  reason: x # y\n" ENTRY(
			"") "\n# about exempt\nexempt: []\n");
	extends("allow:\n    - {capability: CHOWN, reason: x}\nversion: 1\n",
		"allow:\n    - {capability: CHOWN, reason: x}\n" ENTRY("    ") "version: 1\n");
	/* A wide dash. */
	extends("version: 1\nallow:\n  -   capability: CHOWN\n      reason: x\n",
		"version: 1\nallow:\n  -   capability: CHOWN\n      reason: x\n" PLACE(
			"  ") "  -   capability: KILL\n      reason:\n      match:\n        kind: Pod\n        name: p\n"
			      "        container: c\n");
	/* The first key below its dash. */
	extends("version: 1\nallow:\n  -\n      capability: CHOWN\n      reason: x\n",
		"version: 1\nallow:\n  -\n      capability: CHOWN\n      reason: x\n" ENTRY("  "));
	extends("version: 1\nallow:\n  - capability: CHOWN\n    reason: |\n      x\n\n  # end\n",
		"version: 1\nallow:\n  - capability: CHOWN\n    reason: |\n      x\n" ENTRY("  ") "\n  # end\n");
	extends("version: 1\nallow:\n  - capability: CHOWN\n    reason: |+\n      x\n\n",
		"version: 1\nallow:\n  - capability: CHOWN\n    reason: |+\n      x\n\n" ENTRY("  "));
	extends("version: 1\nallow:\n  - capability: CHOWN\n    reason: x\n      y\n",
		"version: 1\nallow:\n  - capability: CHOWN\n    reason: x\n      y\n" ENTRY("  "));
	extends("version: 1\nallow: &a\n- capability: CHOWN\n  reason: x\n...\n",
		"version: 1\nallow: &a\n- capability: CHOWN\n  reason: x\n" ENTRY("") "...\n");
}

static void test_line_ends(void **state)
{
	(void)state;
	extends("version: 1\r\nallow:\r\n- capability: CHOWN\r\n  reason: x\r\n",
		"version: 1\r\nallow:\r\n- capability: CHOWN\r\n  reason: x\r\n# 1 place:\r\n#   a.yaml:1: container c of Pod p\r\n"
		"- capability: KILL\r\n  reason:\r\n  match:\r\n    kind: Pod\r\n    name: p\r\n    container: c\r\n");
	extends("version: 1\nallow:\n- capability: CHOWN\n  reason: x",
		"version: 1\nallow:\n- capability: CHOWN\n  reason: x\n" PLACE(
			"") "- capability: KILL\n  reason:\n  match:\n    kind: Pod\n    name: p\n    container: c");
	extends("\xef\xbb\xbfversion: 1\n", "\xef\xbb\xbfversion: 1\nallow:\n" ENTRY("  "));
}

static void test_no_list(void **state)
{
	(void)state;
	extends("version: 1\n", "version: 1\nallow:\n" ENTRY("  "));
	extends("# a\n---\nversion: 1 # b\n# c\n", "# a\n---\nversion: 1 # b\nallow:\n" ENTRY("  ") "# c\n");
	extends("  version: 1\n", "  version: 1\n  allow:\n" ENTRY("    "));
	extends("version: 1\nexclude:\n- a\n", "version: 1\nexclude:\n- a\nallow:\n" ENTRY(""));
	extends("version: 1\nexclude:\n    - a\n", "version: 1\nexclude:\n    - a\nallow:\n" ENTRY("    "));
	extends("version: 1",
		"version: 1\nallow:\n" PLACE("  ") "  - capability: KILL\n    reason:\n    match:\n"
						   "      kind: Pod\n      name: p\n      container: c");
	extends("allow:\nversion: 1\n", "allow:\n" ENTRY("  ") "version: 1\n");
	extends("allow: # none\nversion: 1\n", "allow: # none\n" ENTRY("  ") "version: 1\n");
	extends("allow: ~ # none\nversion: 1\n", "allow: # none\n" ENTRY("  ") "version: 1\n");
	extends("allow: null\nversion: 1\n", "allow:\n" ENTRY("  ") "version: 1\n");
	extends("version: 1\nallow:",
		"version: 1\nallow:\n" PLACE("  ") "  - capability: KILL\n    reason:\n    match:\n"
						   "      kind: Pod\n      name: p\n      container: c");
}

static void test_flow(void **state)
{
	(void)state;
	extends("version: 1\nallow: []\nexempt: []\n",
		"version: 1\nallow: [\n" PLACE("    ") "    " FLOW "]\nexempt: []\n");
	extends("version: 1\nallow: [{capability: CHOWN, reason: x}]\n",
		"version: 1\nallow: [{capability: CHOWN, reason: x},\n" PLACE("    ") "    " FLOW "]\n");
	extends("version: 1\nallow: [ {capability: CHOWN, reason: x}, ] # y\n",
		"version: 1\nallow: [ {capability: CHOWN, reason: x},\n" PLACE("    ") "    " FLOW ", ] # y\n");
	extends("version: 1\nallow: [\n  {capability: CHOWN, reason: x} # y, z\n]\n",
		"version: 1\nallow: [\n  {capability: CHOWN, reason: x}, # y, z\n" PLACE("  ") "  " FLOW "\n]\n");
	extends("version: 1\nallow: [\n  {capability: CHOWN, reason: x}, # y\n  ]\n",
		"version: 1\nallow: [\n  {capability: CHOWN, reason: x}, # y\n" PLACE("  ") "  " FLOW ",\n  ]\n");
	extends("version: 1\nallow: [ # none\n ]\n",
		"version: 1\nallow: [ # none\n" PLACE("    ") "    " FLOW "\n ]\n");
	extends("{version: 1, allow: []}\n", "{version: 1, allow: [\n" PLACE("    ") "    " FLOW "]}\n");
	extends("{\n\t\"version\": 1,\n\t\"allow\": [\n\t\t{\"capability\": \"CHOWN\", \"reason\": \"x\"}\n\t]\n}\n",
		"{\n\t\"version\": 1,\n\t\"allow\": [\n\t\t{\"capability\": \"CHOWN\", \"reason\": \"x\"},\n" PLACE(
			"\t\t") "\t\t{\"capability\": \"KILL\", \"reason\": \"\", \"match\": {\"kind\": \"Pod\", "
				"\"name\": \"p\", \"container\": \"c\"}}\n\t]\n}\n");
	extends("version: 1\nexempt: [&a {reason: x}]\nallow: []\n",
		"version: 1\nexempt: [&a {reason: x}]\nallow: [\n" PLACE("    ") "    " FLOW "]\n");
}

static void refuses(const char *old, size_t line, const char *word)
{
	struct work work;

	make(&work, old, &one, 1);
	assert_false(work.ok);
	assert_int_equal(work.out.n, 0);
	assert_int_equal(work.err.line, line);
	assert_non_null(strstr(work.err.text, word));
	work_release(&work);
}

static void test_refused(void **state)
{
	(void)state;
	refuses("{version: 1}\n", 1, "`allow: []`");
	refuses("{version: 1, allow: }\n", 1, "`allow: []`");
	refuses("? version\n: 1\n", 1, "before them");
	refuses("version: 1\n? allow\n: - capability: CHOWN\n    reason: x\n", 3, "first dash");
	refuses("version: 1\nexempt: &a []\nallow: *a\n", 3, "alias");
	refuses("version: 1\nallow: &a []\nexempt: *a\n", 2, "another place");
	refuses("version: 1\nallow: &a\n", 2, "anchor");
	refuses("version: 1\nallow:\n- capability: CHOWN\n  reason: |\n    x", 3, "block text");
	refuses("version: 1\nallow:\n  ~\n", 3, "null");
}

static void test_stays(void **state)
{
	static const char old[] = "version: 1\nallow: [{capability: KILL, reason: x}] # all that there is\n";
	struct work work;

	(void)state;
	make(&work, old, &one, 1);
	assert_true(work.ok);
	assert_int_equal(work.init.added, 0);
	is(&work.out, old);
	work_release(&work);
}

static void test_expired(void **state)
{
	struct work work;

	(void)state;
	/* Another match: a new entry with a comment. */
	extends("version: 1\nallow:\n- {capability: KILL, reason: x, expires: 2026-05-31}\n",
		"version: 1\nallow:\n- {capability: KILL, reason: x, expires: 2026-05-31}\n" PLACE(
			"") "# allowed until 2026-05-31 by the entry of line 3, which has expired\n"
			    "- capability: KILL\n  reason:\n  match:\n    kind: Pod\n    name: p\n    container: c\n");
	/* The same match: no entry can stand there twice. */
	static const char twin[] = "version: 1\nallow:\n- capability: KILL\n  reason: x\n  expires: 2026-05-31\n"
				   "  match: {container: c, kind: Pod, name: p}\n";
	make(&work, twin, &one, 1);
	assert_true(work.ok);
	assert_int_equal(work.init.added, 0);
	is(&work.out, twin);
	assert_true(work.init.refused.n > 0);
	assert_non_null(strstr(work.init.refused.p, "a.yaml:1: KILL gets no entry: the same entry"));
	work_release(&work);
	/* Beside another that is new, it is told in a comment. */
	static const struct given two[] = {
		{"KILL", "a.yaml", "Pod", "", "p", "c", ""}, {"KILL", "a.yaml", "Pod", "", "q", "c", ""}};
	make(&work, twin, two, 2);
	assert_true(work.ok);
	assert_int_equal(work.init.added, 1);
	struct slice made = buf_slice(&work.out);
	assert_int_equal(slice_cmp(slice_sub(made, 0, sizeof(twin) - 1), SLICE(twin)), 0);
	assert_non_null(strstr(arena_dup(&work.arena, made).p,
		"\n# KILL gets no entry of its own here: the same entry of `allow` stands at 3:3 already"));
	assert_non_null(parse(&work, completed(&work)));
	work_release(&work);
}

/* Containers whose adds are not looked at, and adds that are not in the file. */
static void test_passes_over(void **state)
{
	static const enum container_state states[] = {CONTAINER_WINDOWS, CONTAINER_EXEMPT};
	static const struct container_add adds[] = {
		{.text = {"KILL", 4}, .canonical = {"KILL", 4}, .line = 1},
		{.text = {"kill", 4}, .canonical = {"KILL", 4}, .line = 2},
		{.text = {"CHOWN", 5}, .canonical = {"CHOWN", 5}, .line = 0},
		{.text = {"BPF", 3}, .canonical = {"BPF", 3}, .kept = true, .line = 3},
	};
	struct container_report report = {.kind = SLICE("Pod"), .line = 1, .adds = adds, .nadds = 4};
	struct arena arena;
	struct init_policy init;

	(void)state;
	arena_init(&arena);
	init_policy_start(&init, TODAY, &arena);
	for (size_t i = 0; i < 2; i++) {
		report.state = states[i];
		init_policy_look(&init, NULL, SLICE("a"), SLICE("a"), &report);
	}
	assert_int_equal(init.nuses, 0);
	report.state = CONTAINER_REFUSED;
	init_policy_look(&init, NULL, SLICE("a"), SLICE("a"), &report);
	assert_int_equal(init.nuses, 1);
	assert_int_equal(init.uses[0].line, 1);
	arena_release(&arena);
}

static void test_needs(void **state)
{
	struct container_add add = {.text = {"CHOWN", 5}, .canonical = {"CHOWN", 5}, .line = 1};
	struct container_report report = {
		.state = CONTAINER_FIXED, .kind = SLICE("Pod"), .line = 1, .image = SLICE("redis:7")};
	struct arena arena;
	struct init_policy init;
	struct buf out;
	struct error err;

	(void)state;
	arena_init(&arena);
	buf_init(&out);
	init_policy_start(&init, TODAY, &arena);
	init_policy_look(&init, NULL, SLICE("a"), SLICE("a"), &report);
	init_policy_look(&init, NULL, SLICE("b"), SLICE("b"), &report);
	report.adds = &add;
	report.nadds = 1;
	init_policy_look(&init, NULL, SLICE("c"), SLICE("c"), &report);
	assert_int_equal(init.nneeds, 1);
	assert_int_equal(init.needs[0].n, 2);
	assert_true(init_policy_write(&init, NULL, &out, &err));
	is(&out,
		HEAD
		"allow:\n"
		"  # 1 place:\n"
		"  #   c:1: a container without name of Pod\n"
		"  # redis is known to need CHOWN SETUID SETGID once ALL is dropped:\n"
		"  #   its entrypoint changes the user\n"
		"  - capability: CHOWN\n"
		"    reason:\n"
		"    match:\n"
		"      path: c\n"
		"      kind: Pod\n"
		"# Images that add nothing today, but are known to need capabilities once ALL is dropped. An entry with\n"
		"# `ensure: true` gives them back:\n"
		"#   redis in 2 places, first a:1: CHOWN SETUID SETGID: its entrypoint changes the user\n");
	buf_release(&out);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_merging),
		cmocka_unit_test(test_many_places),
		cmocka_unit_test(test_cannot_be_allowed),
		cmocka_unit_test(test_nasty),
		cmocka_unit_test(test_nasty_paths),
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_no_list),
		cmocka_unit_test(test_flow),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_stays),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_passes_over),
		cmocka_unit_test(test_needs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
