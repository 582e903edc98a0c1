/*
 * The property test: pod specs at random in random styles, of which the generator knows what must come out.
 *
 * property [COUNT [SEED]], or PROPERTY_COUNT and PROPERTY_SEED. Case number k has the seed SEED + k, so a failure is
 * replayed with `property 1 SEED`. It stops after PROPERTY_FAILURES failures (3). PROPERTY_SHOW=1 prints each case,
 * PROPERTY_DRY=1 checks the generator alone; PROPERTY_OUT=FOLDER writes each input there, as SEED.yaml.
 */
#include "property_check.h"
#include "property_git.h"

#include "capfix/wire_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
	size_t cases, exact, changed, refused, fixed, failed;
};

struct verdict {
	const char *wrong; /* NULL: all is well */
	struct slice got;  /* the output */
	struct slice want; /* events that must be */
	struct slice seen; /* and those that were seen instead */
};

static void print(const char *title, struct slice text)
{
	printf("----- %s (%zu bytes)\n", title, text.n);
	fwrite(text.p ? text.p : "", 1, text.n, stdout);
	printf("%s", text.n && text.p[text.n - 1] == '\n' ? "" : "\\ no newline\n");
}

/* The parser that isn't the engine's sees what the model says. */
static void check_tree(struct verdict *v, struct slice text, struct slice want, const char *wrong, struct arena *arena)
{
	struct buf seen;

	buf_init(&seen);
	v->wrong = check_events(&seen, text);
	if (!v->wrong && !slice_eq(buf_slice(&seen), want))
		v->wrong = wrong;
	v->want = want;
	if (v->wrong)
		v->seen = arena_dup(arena, buf_slice(&seen));
	buf_release(&seen);
}

static struct slice applied(const struct edits *edits, struct slice text, struct arena *arena)
{
	struct buf out;
	struct slice got;

	buf_init(&out);
	edits_apply(edits, text, &out);
	got = arena_dup(arena, buf_slice(&out));
	buf_release(&out);
	return got;
}

static const char *check_again(struct rewrite_input input, struct slice got, size_t refused, struct arena *arena)
{
	struct rewrite_result again;

	input.text = got;
	rewrite(&input, arena, &again);
	if (again.outcome != OUTCOME_UNCHANGED || again.edits.n)
		return "rewriting twice changes something";
	return again.refused == refused ? NULL : "the second time another number is refused";
}

/* What may come from a worker is wider than what the engine makes, never narrower. */
static const char *check_wire(const struct edits *edits, struct slice text, const struct policy *policy)
{
	struct error err;

	if (wire_check_edits(edits, text, policy, &err))
		return NULL;
	print("refused", slice_of(err.text));
	return "the check of edits from workers refuses them";
}

/* What holds for every rewrite, whatever the case says. */
static const char *check_all(const struct test_case *c, const struct rewrite_input *input,
	const struct rewrite_result *result, struct slice got)
{
	const char *wrong = check_counts(&c->model, result);

	if (!wrong)
		wrong = check_edits(&result->edits, c->text, got);
	if (!wrong)
		wrong = check_words(&result->edits);
	if (!wrong)
		wrong = check_wire(&result->edits, c->text, input->policy);
	if (!wrong)
		wrong = check_comments(c->text, got);
	if (!wrong)
		wrong = check_lines(c->text, got);
	if (!wrong && result->edits.n)
		wrong = check_diff(input->path, c->text, got, &result->edits);
	return wrong ? wrong : check_again(*input, got, result->refused, c->gen.arena);
}

static void print_result(const struct test_case *c, const struct rewrite_result *result)
{
	printf("\ncontainers %zu (must be %zu), fixed %zu (%zu), refused %zu (%zu)\n", result->containers,
		c->model.containers, result->fixed, c->model.fixed, result->refused, c->model.refused);
	for (size_t i = 0; i < result->findings.n; i++)
		printf("%zu:%zu: %.*s [%s]\n", result->findings.v[i].line, result->findings.v[i].col,
			(int)result->findings.v[i].text.n, result->findings.v[i].text.p,
			finding_code_name(result->findings.v[i].code));
}

static void check_rewrite(
	const struct test_case *c, const struct policy *policy, struct verdict *v, struct sample *sample)
{
	struct arena *arena = c->gen.arena;
	struct rewrite_input input = {.text = c->text, .path = slice_of(c->model.path), .policy = policy};
	struct rewrite_result result;

	rewrite(&input, arena, &result);
	v->got = result.outcome == OUTCOME_CHANGED ? applied(&result.edits, c->text, arena) : c->text;
	check_tree(v, v->got, c->want_tree, "the tree is another", arena);
	if (!v->wrong && c->gen.exact && !slice_eq(v->got, c->want))
		v->wrong = "the bytes are others";
	if (!v->wrong)
		v->wrong = check_all(c, &input, &result, v->got);
	if (v->wrong)
		print_result(c, &result);
	else if (result.edits.n)
		sample_add(sample, c->text, v->got, &result.edits);
}

/* The lines around the first place where two lists of events differ. */
static void print_difference(struct slice want, struct slice seen)
{
	size_t same = 0, from, lines = 0;

	while (same < want.n && same < seen.n && want.p[same] == seen.p[same])
		same++;
	for (from = same; from > 0 && lines < 6; from--)
		lines += want.p[from - 1] == '\n';
	print("expected tree from the first difference on",
		slice_sub(want, from, want.n < from + 400 ? want.n : from + 400));
	print("actual tree", slice_sub(seen, from, seen.n < from + 400 ? seen.n : from + 400));
}

static void report(const struct test_case *c, const struct verdict *v, uint64_t seed)
{
	printf("not ok - %s. Replay with: property 1 %llu\n", v->wrong, (unsigned long long)seed);
	if (c->model.policy)
		print("policy", slice_of(c->model.policy));
	print("input", c->text);
	print(c->gen.exact ? "expected" : "expected, more or less", c->want);
	if (!c->gen.exact)
		printf("(its bytes are not sure: %s)\n", c->gen.why);
	print("actual", v->got);
	if (v->seen.n)
		print_difference(v->want, v->seen);
}

/* For judges of another make. */
static void save(const char *folder, uint64_t seed, struct slice text)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%llu.yaml", folder, (unsigned long long)seed);
	file = fopen(path, "wb");
	if (!file || fwrite(text.p, 1, text.n, file) != text.n || fclose(file) != 0) {
		perror(path);
		exit(2);
	}
}

static void run(uint64_t seed, struct tally *tally, struct sample *sample)
{
	struct arena arena;
	struct test_case c;
	struct verdict v = {.wrong = NULL};
	struct findings errors = {.v = NULL};
	struct policy *policy = NULL;

	arena_init(&arena);
	case_make(&c, seed, &arena);
	check_tree(&v, c.text, c.tree, "the generator's own input isn't what it thinks", &arena);
	if (!v.wrong && c.gen.exact)
		check_tree(&v, c.want, c.want_tree, "the generator's own output isn't what it thinks", &arena);
	if (!v.wrong && c.model.policy && !getenv("PROPERTY_DRY")) {
		policy = policy_parse(slice_of(c.model.policy), &arena, &errors);
		v.wrong = policy ? NULL : "the policy is refused";
	}
	if (!v.wrong && !getenv("PROPERTY_DRY"))
		check_rewrite(&c, policy, &v, sample);
	if (getenv("PROPERTY_OUT"))
		save(getenv("PROPERTY_OUT"), seed, c.text);
	if (getenv("PROPERTY_SHOW") && !v.wrong) {
		print("input", c.text);
		print("expected", c.want);
	}
	if (v.wrong)
		report(&c, &v, seed);
	tally->cases++;
	tally->exact += c.gen.exact;
	tally->changed += !slice_eq(c.text, c.want);
	tally->fixed += c.model.fixed;
	tally->refused += c.model.refused;
	tally->failed += v.wrong != NULL;
	arena_release(&arena);
}

static uint64_t option(int argc, char **argv, int at, const char *env, uint64_t otherwise)
{
	const char *text = argc > at ? argv[at] : getenv(env);

	return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

static bool is_rich(const struct tally *t)
{
	return t->exact > t->cases / 2 && t->changed > t->cases / 2 && t->fixed > t->cases &&
		t->refused > t->cases / 10;
}

int main(int argc, char **argv)
{
	uint64_t count = option(argc, argv, 1, "PROPERTY_COUNT", 20000);
	uint64_t seed = option(argc, argv, 2, "PROPERTY_SEED", 1);
	uint64_t most = option(argc, argv, 3, "PROPERTY_FAILURES", 3);
	struct tally tally = {.cases = 0};
	struct sample sample;
	bool fine;

	sample_init(&sample);
	for (uint64_t i = 0; i < count && tally.failed < most; i++)
		run(seed + i, &tally, &sample);
	printf("%s - %zu cases (%zu byte for byte, %zu with changes, %zu containers fixed, %zu refused), %zu failed\n",
		tally.failed ? "not ok" : "ok", tally.cases, tally.exact, tally.changed, tally.fixed, tally.refused,
		tally.failed);
	fine = tally.failed == 0;
	/* A generator that has gone blind is a failure too. */
	if (tally.cases == 0 || (tally.cases >= 1000 && !is_rich(&tally))) {
		printf("not ok - too few cases of some kind\n");
		fine = false;
	}
	if (!sample_check(&sample)) {
		printf("not ok - `git apply` makes other files, see %s\n", sample.folder);
		fine = false;
	} else if (sample.n) {
		printf("ok - `git apply` makes the same of %zu files\n", sample.n);
	}
	return fine ? 0 : 1;
}
