/*
 * What the parent takes from a worker. The input is a text, and behind its first NUL what becomes of the worker's answer:
 *
 *   nothing                 the answer is sent as it is: it must be taken, and say the same
 *   1, then bytes           these bytes are the answer
 *   else, four bytes each   a place (two bytes), what to do there (set, insert, remove), and a byte for it
 *
 * Whatever is taken has edits in the text and in order, that bring nothing but the rule's own words.
 */
#include "fuzz.h"

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
	holds(check_edits(&result->edits, text, buf_slice(&out)));
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

/*
 * Names that no capability could have, such as `N |`, look like other YAML to the parent, which does not parse: it may say no to an edit
 * that takes them away.
 */
static bool is_odd(struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (c != '_' && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z'))
			return true;
	}
	return !name.n;
}

static bool has_odd_names(const struct rewrite_result *result)
{
	for (size_t i = 0; i < result->nreports; i++) {
		const struct container_report *report = &result->reports[i];

		for (size_t k = 0; k < report->nadds; k++)
			if (is_odd(report->adds[k].text))
				return true;
		for (size_t k = 0; k < report->ndrops; k++)
			if (is_odd(report->drops[k]))
				return true;
	}
	return false;
}

static void check(struct slice text, const struct policy *policy, const uint8_t *more, size_t n)
{
	struct rewrite_input input = {.text = text, .path = SLICE("deploy/web.yaml"), .policy = policy, .whole = true};
	struct rewrite_result sent, got;
	struct error err = {0};
	struct wire wire = {0};
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
	wire.data = arena_dup(&arena, buf_slice(&answer));
	if (wire_get_result(&wire, text, policy, &got, &arena, &err)) {
		check_taken(&got, text);
		if (!n)
			check_honest(&sent, &got);
	} else if (!n && !has_odd_names(&sent)) {
		fuzz_fail(err.text);
	}
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
