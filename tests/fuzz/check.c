#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capfix/caps.h"
#include "capfix/source.h"
#include "capfix/yaml.h"

static const char POLICY[] =
	"version: 1\n"
	"allow:\n"
	"  - {capability: NET_BIND_SERVICE, reason: listens}\n"
	"  - {capability: SYS_TIME, reason: clock, match: {container: [web, main]}}\n"
	"  - {capability: CHOWN, reason: starts as root, ensure: true, match: {image: '*nginx*'}}\n"
	"exempt:\n"
	"  - {reason: the runtime's defaults, match: {container: exempt}}\n"
	"podSpecs:\n"
	"  - {apiVersion: example.com/*, kind: Worker, path: spec.template.spec}\n";

const struct policy *fuzz_policy(void)
{
	static struct arena arena;
	static const struct policy *policy;
	struct findings errors = {0};

	if (!policy) {
		arena_init(&arena);
		policy = policy_parse(SLICE(POLICY), &arena, &errors);
		if (!policy)
			fuzz_fail("the policy of the test is refused");
	}
	return policy;
}

void fuzz_fail(const char *what)
{
	fflush(stdout);
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

/* For each line: it begins inside a scalar, so what looks like a comment there is none. */
static bool *lines_in_scalars(const struct source *source, struct arena *arena)
{
	bool *inside = arena_alloc(arena, source->lines + 1, sizeof(*inside));
	struct yaml *yaml = arena_alloc(arena, 1, sizeof(*yaml));
	struct error err;

	if (!yaml_parse(yaml, source, arena, &err))
		return NULL;
	for (uint32_t i = 1; i < yaml->n; i++) {
		const struct yaml_node *n = &yaml->nodes[i];
		size_t last;

		if (n->type != YAML_SCALAR || n->start == n->end)
			continue;
		last = source_line(source, n->end - 1);
		for (size_t line = source_line(source, n->start) + 1; line <= last; line++)
			inside[line] = true;
	}
	return inside;
}

/* The next comment line from *line on; *line moves behind it. */
static bool next_comment(const struct source *source, const bool *inside, size_t *line, struct slice *comment)
{
	for (; *line < source->lines; ++*line) {
		size_t at = source_start(source, *line), end = source_end(source, *line);

		while (at < end && (source->text.p[at] == ' ' || source->text.p[at] == '\t'))
			at++;
		if (at == end || source->text.p[at] != '#' || inside[*line])
			continue;
		*comment = slice_sub(source->text, source_start(source, (*line)++), end);
		return true;
	}
	return false;
}

const char *fuzz_comments(struct slice text, struct slice out)
{
	struct source before, after;
	struct slice want, got;
	size_t x = 0, y = 0;
	const char *wrong = NULL;
	struct arena arena;
	bool *in_before, *in_after;

	arena_init(&arena);
	source_init(&before, text, &arena);
	source_init(&after, out, &arena);
	in_before = lines_in_scalars(&before, &arena);
	in_after = lines_in_scalars(&after, &arena);
	if (in_before && !in_after)
		wrong = "the output does not parse in one go, though the input does";
	/*
	 * A comment can be new: what was a line of a block scalar that goes, and begins with #, stays. Inserted
	 * ones cannot be.
	 */
	while (!wrong && in_before && next_comment(&before, in_before, &x, &want)) {
		do {
			if (!next_comment(&after, in_after, &y, &got))
				wrong = "a comment with a line of its own is lost or changed";
		} while (!wrong && !slice_eq(want, got));
	}
	arena_release(&arena);
	return wrong;
}

static size_t count_state(const struct rewrite_result *result, enum container_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < result->nreports; i++)
		n += result->reports[i].state == state;
	return n;
}

static const char *check_findings(const struct findings *findings, size_t size)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *f = &findings->v[i];
		struct error err;

		if (f->code == CODE_INTERNAL) {
			fprintf(stderr, "%zu:%zu: %.*s\n", f->line, f->col, (int)f->text.n, f->text.p);
			return "the engine's own proof failed";
		}
		if (f->code >= CODE_COUNT || !f->text.n || !source_check(f->text, &err))
			return "a finding without a proper code or text";
		/* libfyaml counts a break behind the end that is not there: so 2 more. */
		if (f->line > size + 2 || (f->line && (!f->col || f->col > size + 2)))
			return "a finding's place is outside the text";
	}
	return NULL;
}

const char *fuzz_counts(const struct rewrite_result *result, struct slice text)
{
	bool changed = result->outcome == OUTCOME_CHANGED;

	if (changed != (result->edits.n > 0) || changed != (result->fixed > 0))
		return "outcome, edits and the number of fixed containers do not agree";
	if (result->fixed > result->containers || result->nreports != result->containers)
		return "the number of containers does not agree with the reports";
	if (count_state(result, CONTAINER_FIXED) > result->fixed)
		return "more containers are reported as fixed than are counted";
	if (count_state(result, CONTAINER_REFUSED) > result->refused)
		return "more containers are reported as refused than are counted";
	if (result->outcome == OUTCOME_FAILED && (result->findings.n != 1 || result->containers))
		return "a text that failed has more to it than its error";
	return check_findings(&result->findings, text.n);
}

const char *fuzz_same(const struct rewrite_result *cut, const struct rewrite_result *uncut)
{
	if (cut->outcome != uncut->outcome)
		return "cut into documents the outcome is another than in one go";
	if (cut->edits.n != uncut->edits.n || cut->containers != uncut->containers || cut->refused != uncut->refused)
		return "cut into documents the counts are others than in one go";
	for (size_t i = 0; i < cut->edits.n; i++) {
		const struct edit *a = &cut->edits.v[i], *b = &uncut->edits.v[i];

		if (a->at != b->at || a->del != b->del || !slice_eq(a->ins, b->ins))
			return "cut into documents an edit is another than in one go";
	}
	if (cut->outcome == OUTCOME_FAILED)
		return NULL; /* the text ends elsewhere, so the parser may say another thing */
	if (cut->findings.n != uncut->findings.n)
		return "cut into documents there are other findings than in one go";
	for (size_t i = 0; i < cut->findings.n; i++) {
		const struct finding *a = &cut->findings.v[i], *b = &uncut->findings.v[i];

		if (a->line != b->line || a->col != b->col || a->code != b->code || !slice_eq(a->text, b->text))
			return "cut into documents a finding is another than in one go";
	}
	return NULL;
}

static bool is_own_word(struct slice word)
{
	static const char *const OWN[] = {"securityContext", "capabilities", "add", "drop", "ALL"};

	for (size_t i = 0; i < sizeof(OWN) / sizeof(*OWN); i++)
		if (slice_is(word, OWN[i]))
			return true;
	return caps_known(word);
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

const char *fuzz_words(const struct edits *edits)
{
	for (size_t i = 0; i < edits->n; i++) {
		struct slice ins = edits->v[i].ins;

		for (size_t at = 0, end; at < ins.n; at = end + 1) {
			for (end = at; end < ins.n && is_word_byte(ins.p[end]); end++)
				;
			if (end > at && !is_own_word(slice_sub(ins, at, end)))
				return "an inserted word is not the rule's";
			if (end < ins.n && !memchr(" \t\r\n:{}[],-\"'", ins.p[end], 13))
				return "an inserted byte is not the rule's";
		}
	}
	return NULL;
}
