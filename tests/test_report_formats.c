#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "../src/report_markdown.h"
#include "../src/report_sarif.h"
#include "capfix/report_facts.h"
#include "capfix/report_string.h"

static void is(struct buf *got, const char *want)
{
	buf_addc(got, '\0');
	assert_string_equal(got->p, want);
	buf_release(got);
}

static void strings(void **state)
{
	struct buf out = {0};
	(void)state;
	assert_true(report_is_utf8(SLICE("")));
	assert_true(report_is_utf8(SLICE("\xc3\xa4\xf0\x9f\x99\x82\033")));
	assert_false(report_is_utf8(SLICE("a\xff")));
	assert_false(report_is_utf8(SLICE("\xed\xa0\x80")));
	report_utf8(&out, SLICE("\xff\xc3\xa4\xc3"));
	is(&out, "\\xff\xc3\xa4\\xc3");
	report_percent(&out, SLICE("/a-b_c.~d e\"%:\xff\n"));
	is(&out, "/a-b_c.~d%20e%22%25%3A%FF%0A");
}

static void values(void **state)
{
	struct buf out = {0};
	json_t *object = value_object();
	(void)state;
	value_put_text(object, "a", SLICE("\"\\\n\033\0\xe2\x80\xae\xff</script>"));
	value_put_some(object, "b", SLICE(""));
	value_put_number(object, "c", 7);
	value_put_bool(object, "d", false);
	value_write(&out, object);
	is(&out, "{\"a\":\"\\\"\\\\\\n\\u001B\\u0000\\u202E\\\\xff</script>\",\"c\":7,\"d\":false}");
	value_write(&out, sarif_message(SLICE("a [x](y) {0}\n")));
	is(&out, "{\"text\":\"a \\\\[x\\\\](y) {{0}}\\\\n\"}");
}

static void markdown(void **state)
{
	struct buf out = {0};
	(void)state;
	markdown_code(&out, SLICE("a|`<b>@c\n"));
	is(&out, "<code>a&#124;&#96;&#60;b&#62;&#64;c&#92;n</code>");
	markdown_diff(&out, SLICE("+a\r\n+````\n-\tb\033"));
	is(&out, "`````diff\n+a\\r\n+````\n-\tb\\x1b\n`````\n");
	markdown_diff(&out, SLICE(""));
	is(&out, "```diff\n```\n");
}

/* A text that is rewritten, and what a report is made from. */
struct subject_file {
	struct arena arena;
	struct rewrite_input input;
	struct rewrite_result result;
	struct report_file file;
};

static void rewrite_text(struct subject_file *subject, const char *text, const char *policy)
{
	struct findings mistakes = {0};
	*subject = (struct subject_file){.input.path = SLICE("a.yaml")};
	arena_init(&subject->arena);
	subject->input.text = slice_of(text);
	subject->input.policy = policy ? policy_parse(slice_of(policy), &subject->arena, &mistakes) : NULL;
	assert_int_equal(mistakes.n, 0);
	rewrite(&subject->input, &subject->arena, &subject->result);
	subject->file = (struct report_file){
		.path = SLICE("a.yaml"),
		.text = subject->input.text,
		.policy = subject->input.policy,
		.result = &subject->result,
	};
}

#define POD(containers) "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n" containers

/* Two containers share one list. Each finding about it is about the container that it names. */
static void shared_lists(void **state)
{
	static const char TEXT[] = POD("  - name: one\n    image: i\n    securityContext: &s\n      capabilities:\n"
				       "        add: [SYS_TIME, NET_RAW]\n"
				       "  - {name: two, image: i, securityContext: *s}\n");
	struct subject_file subject;
	struct facts facts;
	size_t adds = 0;
	(void)state;
	rewrite_text(&subject, TEXT, "version: 1\nallow:\n  - {capability: NET_RAW, reason: ping}\n");
	facts_init(&facts, &subject.file, &subject.arena);
	for (size_t i = 0; i < subject.result.findings.n; i++) {
		const struct finding *finding = &subject.result.findings.v[i];
		struct fact fact = facts_of(&facts, finding);
		bool two = memmem(finding->text.p, finding->text.n, "\"two\"", 5) != NULL;
		if (finding->code == CODE_IMMUTABLE)
			continue;
		assert_non_null(fact.container);
		assert_true(slice_is(fact.container->container, two ? "two" : "one"));
		assert_true(!fact.entry == (finding->code != CODE_KEPT));
		if (finding->code == CODE_ADD) {
			adds++;
			assert_true(slice_is(fact.add->canonical, "SYS_TIME"));
		}
	}
	assert_int_equal(adds, 2);
	arena_release(&subject.arena);
}

static void prints(const char *text, char out[][FINGERPRINT_SIZE], size_t n)
{
	struct subject_file subject;
	struct facts facts;
	rewrite_text(&subject, text, NULL);
	facts_init(&facts, &subject.file, &subject.arena);
	size_t done = 0;
	for (size_t i = 0; i < subject.result.findings.n; i++) {
		const struct finding *finding = &subject.result.findings.v[i];
		if (finding->code == CODE_IMMUTABLE)
			continue;
		assert_true(done < n);
		facts_fingerprint(&facts, finding, facts_of(&facts, finding), out[done++]);
	}
	assert_int_equal(done, n);
	arena_release(&subject.arena);
}

#define CONTAINER(name, add)                                                                                           \
	"  - name: " name "\n    image: i\n    securityContext: {capabilities: {drop: [ALL], add: [" add "]}}\n"

/* Other lines, another image and another order change no fingerprint; another name or capability does. */
static void fingerprints(void **state)
{
	char first[2][FINGERPRINT_SIZE], moved[2][FINGERPRINT_SIZE], other[3][FINGERPRINT_SIZE];
	(void)state;
	prints(POD(CONTAINER("a", "SYS_TIME") CONTAINER("b", "SYS_TIME")), first, 2);
	assert_string_not_equal(first[0], first[1]);
	prints("# moved\n" POD("  # down\n" CONTAINER("b", "SYS_TIME") CONTAINER("a", "SYS_TIME")), moved, 2);
	assert_string_equal(first[0], moved[1]);
	assert_string_equal(first[1], moved[0]);
	prints(POD(CONTAINER("a", "NET_RAW, CAP_SYS_TIME, SYS_TIME")), other, 3);
	assert_string_not_equal(other[0], first[0]);
	assert_string_equal(other[1], first[0]);
	/* The same twice is numbered. */
	assert_memory_equal(other[1], other[2], 17);
	assert_string_equal(other[1] + 16, ":1");
	assert_string_equal(other[2] + 16, ":2");
}

/* Everything that a format makes of the file, in *out. */
static void format_file(const struct report_ops *ops, const struct report_file *file, struct buf *out)
{
	struct report_format format = {.ops = ops, .context = {.mode = "diff", .here = SLICE("/x")}};
	struct report_totals totals = {.files = 1};
	ops->begin(&format, out);
	ops->file(&format, file, out);
	ops->end(&format, &totals, out);
	buf_addc(out, '\0');
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;
	for (; (text = strstr(text, what)); text++)
		n++;
	return n;
}

/*
 * A fix for each finding that the edits do away with; the anchor's edit lies outside all containers: then one for
 * the file.
 */
static void fixes(void **state)
{
	static const char SHARED[] =
		"x-security: &s\n  runAsNonRoot: true\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
		"  - {name: a, image: i, securityContext: *s}\n"
		"  - {name: b, image: i, securityContext: *s}\n";
	struct subject_file subject;
	struct buf out = {0};
	(void)state;
	rewrite_text(&subject, POD(CONTAINER("a", "SYS_TIME, NET_RAW") CONTAINER("b", "SYS_TIME")), NULL);
	format_file(&report_sarif, &subject.file, &out);
	assert_int_equal(count(out.p, "\"fixes\":"), 3);
	buf_release(&out);
	arena_release(&subject.arena);
	rewrite_text(&subject, SHARED, NULL);
	assert_int_equal(subject.result.outcome, OUTCOME_CHANGED);
	format_file(&report_sarif, &subject.file, &out);
	assert_int_equal(count(out.p, "\"fixes\":"), 1);
	buf_release(&out);
	arena_release(&subject.arena);
}

/* A container with very many entries: what is written grows with them, not with their square. */
static void many_adds(void **state)
{
	struct subject_file subject;
	struct buf text = {0}, out = {0};
	(void)state;
	buf_adds(&text, POD("  - name: a\n    image: i\n    securityContext:\n      capabilities:\n        add:\n"));
	for (int i = 0; i < 2000; i++)
		buf_adds(&text, i % 2 ? "        - SYS_TIME\n" : "        - NET_RAW\n");
	buf_addc(&text, '\0');
	rewrite_text(&subject, text.p, "version: 1\nallow:\n  - {capability: NET_RAW, reason: ping}\n");
	assert_int_equal(subject.result.outcome, OUTCOME_CHANGED);
	format_file(&report_sarif, &subject.file, &out);
	assert_int_equal(count(out.p, "\"fixes\":"), 1);
	buf_release(&out);
	buf_release(&text);
	arena_release(&subject.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings),
		cmocka_unit_test(values),
		cmocka_unit_test(markdown),
		cmocka_unit_test(shared_lists),
		cmocka_unit_test(fingerprints),
		cmocka_unit_test(fixes),
		cmocka_unit_test(many_adds),
	};
	return cmocka_run_group_tests_name("report_formats", tests, NULL, NULL);
}
