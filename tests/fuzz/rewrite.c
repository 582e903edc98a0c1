/*
 * The engine, with what must hold for every text: rewriting twice changes nothing; bytes outside the edits are equal
 * and undoing the edits gives the original; the result parses; comments are all there; the diff makes the result;
 * cutting into documents makes no difference; the engine's own proof never fails.
 */
#include "fuzz.h"

#include "../property_check.h"

static void holds(const char *wrong)
{
	if (wrong)
		fuzz_fail(wrong);
}

/* The parser that isn't the engine's can read the output if it can read the input. */
static const char *check_other_parser(struct slice text, struct slice out)
{
	struct buf events;
	bool fine;

	buf_init(&events);
	fine = check_events(&events, text) || !check_events(&events, out);
	buf_release(&events);
	return fine ? NULL : "libyaml reads the input, but not the output";
}

static void check_again(
	struct rewrite_input input, const struct rewrite_result *first, struct slice out, struct arena *arena)
{
	struct rewrite_result again;

	input.text = out;
	rewrite(&input, arena, &again);
	holds(fuzz_counts(&again, out));
	if (again.outcome != OUTCOME_UNCHANGED || again.edits.n)
		fuzz_fail("rewriting twice changes something");
	if (again.containers != first->containers || again.refused != first->refused)
		fuzz_fail("the second time other containers are found or refused");
}

static void check_changed(const struct rewrite_input *input, const struct rewrite_result *result, struct arena *arena)
{
	struct buf out;

	buf_init(&out);
	edits_apply(&result->edits, input->text, &out);
	holds(check_edits(&result->edits, input->text, buf_slice(&out)));
	holds(fuzz_words(&result->edits));
	holds(fuzz_comments(input->text, buf_slice(&out)));
	holds(check_diff(input->path, input->text, buf_slice(&out), &result->edits));
	holds(check_other_parser(input->text, buf_slice(&out)));
	check_again(*input, result, buf_slice(&out), arena);
	buf_release(&out);
}

static void check(struct slice text, const struct policy *policy)
{
	struct rewrite_input input = {.text = text, .path = SLICE("deploy/web.yaml"), .policy = policy, .whole = true};
	struct rewrite_result result, other;
	struct arena arena;

	arena_init(&arena);
	rewrite(&input, &arena, &result);
	holds(fuzz_counts(&result, text));
	if (result.containers && !rewrite_may_matter(text))
		fuzz_fail("the prefilter passes over a text that holds containers");
	if (result.outcome == OUTCOME_CHANGED)
		check_changed(&input, &result, &arena);
	input.unsliced = true;
	rewrite(&input, &arena, &other);
	holds(fuzz_same(&result, &other));
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};

	check(text, NULL);
	/* An odd length has the policy too: half of the work, and all of it is reached. */
	if (size & 1)
		check(text, fuzz_policy());
	return 0;
}
