/*
 * What the parent takes from a worker. The input is a text, and behind its first NUL what becomes of the
 * answer:
 *
 *   nothing                 the answer is sent as it is; it must be taken, and say the same
 *   1, then bytes           these bytes are the answer
 *   else, four bytes each   a place (two bytes), what to do there (set, insert, remove), and a byte for it
 *
 * And without anything: edits of the answer are made to lie, in some ways that depend on the text.
 *
 * Whatever is taken has edits in the text and in order, that bring nothing but the rule's own words.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "../property_check.h"
#include "capfix/wire.h"

static void holds(const char *wrong)
{
	if (wrong)
		fuzz_fail(wrong);
}

static void spoil(struct buf *answer, const uint8_t *p, size_t n)
{
	for (; n >= 4 && answer->n; p += 4, n -= 4) {
		size_t at = ((size_t)p[0] << 8 | p[1]) % answer->n;

		if (p[2] % 3 == 0) {
			answer->p[at] = (char)p[3];
		} else if (p[2] % 3 == 1) {
			buf_addc(answer, 0);
			memmove(answer->p + at + 1, answer->p + at, answer->n - at - 1);
			answer->p[at] = (char)p[3];
		} else {
			memmove(answer->p + at, answer->p + at + 1, answer->n - at - 1);
			answer->n--;
		}
	}
}

static void check_taken(const struct rewrite_result *result, struct slice text)
{
	const char *wrong;
	struct buf out;

	if ((result->outcome == OUTCOME_CHANGED) != (result->edits.n > 0))
		fuzz_fail("an answer is taken whose outcome and edits do not agree");
	if (!result->edits.sealed && result->edits.n)
		fuzz_fail("an answer's edits are not sealed");
	for (size_t i = 0, at = 0; i < result->edits.n; i++) {
		const struct edit *e = &result->edits.v[i];

		if (e->at < at || e->at > text.n || e->del > text.n - e->at)
			fuzz_fail("an answer is taken whose edits leave the text or their order");
		at = e->at + e->del;
	}
	holds(fuzz_words(&result->edits));
	buf_init(&out);
	edits_apply(&result->edits, text, &out);
	/* One that puts back what it takes does no harm, though no honest worker sends it. */
	wrong = check_edits(&result->edits, text, buf_slice(&out));
	holds(wrong && strcmp(wrong, "an edit changes nothing") == 0 ? NULL : wrong);
	buf_release(&out);
}

static void check_honest(const struct rewrite_result *sent, const struct rewrite_result *got)
{
	if (sent->outcome != got->outcome || sent->containers != got->containers || sent->fixed != got->fixed ||
		sent->refused != got->refused || sent->nreports != got->nreports || sent->findings.n != got->findings.n)
		fuzz_fail("an answer says something else when it arrives");
	if (sent->edits.n != got->edits.n)
		fuzz_fail("an answer loses edits on its way");
	for (size_t i = 0; i < sent->edits.n; i++) {
		const struct edit *a = &sent->edits.v[i], *b = &got->edits.v[i];

		if (a->at != b->at || a->del != b->del || !slice_eq(a->ins, b->ins))
			fuzz_fail("an edit is another when it arrives");
	}
}

static size_t below(uint32_t *seed, size_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return n ? (*seed >> 8) % n : 0;
}

/* One of the edits, or one more, becomes what no honest worker would send. */
static void lie(struct rewrite_result *result, struct slice text, struct arena *arena, uint32_t *seed)
{
	static const char *const WORDS[] = {"privileged: true", "NET_ADMIN", "ALL", "add: [SYS_ADMIN]", "#", "", "\n",
		"x", "drop: [ALL]", "\"", "&a ", "*a", "!!str ", "---\n", "CHOWN", "\xe2\x80\xae"};
	size_t n = result->edits.n, at = below(seed, text.n + 3), k = below(seed, n);
	const char *word = WORDS[below(seed, sizeof(WORDS) / sizeof(*WORDS))];
	struct edit *edit, *v = arena_alloc(arena, n + 1, sizeof(*v));

	if (n)
		memcpy(v, result->edits.v, n * sizeof(*v));
	result->edits.v = v;
	edit = &v[k];
	if (!n || below(seed, 4) == 0) {
		edit = &v[result->edits.n++];
		*edit = (struct edit){.at = at, .del = below(seed, 9), .ins = slice_of(word)};
		result->outcome = OUTCOME_CHANGED;
		result->fixed += !result->fixed;
		return;
	}
	switch (below(seed, 5)) {
	case 0:
		edit->at = at;
		break;
	case 1:
		edit->at += below(seed, 5) - 2;
		break;
	case 2:
		edit->del = below(seed, 3) ? edit->del + below(seed, 30) : SIZE_MAX - below(seed, 40);
		break;
	case 3:
		edit->ins = slice_of(word);
		break;
	default:
		edit->ins = arena_printf(arena, "%.*s%s", (int)edit->ins.n, edit->ins.p, word);
		break;
	}
}

/* Sends the answer, and looks at what is taken of it. False if it is not taken. */
static bool arrives(struct slice answer, struct slice text, const struct policy *policy, struct rewrite_result *got,
	struct arena *arena, struct error *err)
{
	struct wire wire = {.data = answer};

	if (!wire_get_result(&wire, text, policy, got, arena, err))
		return false;
	check_taken(got, text);
	return true;
}

static void check_lies(const struct rewrite_result *honest, struct slice text, const struct policy *policy,
	struct arena *arena, uint32_t seed)
{
	for (int i = 0; i < 8; i++) {
		struct rewrite_result lying = *honest, got;
		struct error err;
		struct buf answer;

		lie(&lying, text, arena, &seed);
		buf_init(&answer);
		wire_result(&answer, &lying, policy ? policy_count(policy) : 0);
		(void)arrives(arena_dup(arena, buf_slice(&answer)), text, policy, &got, arena, &err);
		buf_release(&answer);
	}
}

static uint32_t hash(struct slice text)
{
	uint32_t sum = 2166136261u;

	for (size_t i = 0; i < text.n; i++)
		sum = (sum ^ (unsigned char)text.p[i]) * 16777619u;
	return sum;
}

static void check(struct slice text, const struct policy *policy, const uint8_t *more, size_t n)
{
	struct rewrite_input input = {.text = text, .path = SLICE("deploy/web.yaml"), .policy = policy, .whole = true};
	struct rewrite_result sent, got;
	struct error err = {0};
	struct arena arena;
	struct buf answer;

	arena_init(&arena);
	buf_init(&answer);
	rewrite(&input, &arena, &sent);
	wire_result(&answer, &sent, policy ? policy_count(policy) : 0);
	if (n && more[0] == 1) {
		answer.n = 0;
		buf_add(&answer, (struct slice){(const char *)more + 1, n - 1});
	} else {
		spoil(&answer, more, n);
	}
	if (arrives(arena_dup(&arena, buf_slice(&answer)), text, policy, &got, &arena, &err)) {
		if (!n)
			check_honest(&sent, &got);
	} else if (!n) {
		fuzz_fail(err.text);
	}
	if (!n)
		check_lies(&sent, text, policy, &arena, hash(text));
	buf_release(&answer);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
	struct slice text = {(const char *)data, nul ? (size_t)(nul - data) : size};
	const uint8_t *more = nul ? nul + 1 : data + size;

	check(text, size & 1 ? fuzz_policy() : NULL, more, size - text.n - (nul != NULL));
	return 0;
}
