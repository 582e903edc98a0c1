/* The policy parser: a policy comes out, or mistakes with their places; and what came out can be asked anything. */
#include "fuzz.h"

#include "capfix/policy.h"
#include "capfix/source.h"

static void check_mistakes(const struct findings *errors, size_t size)
{
	struct error err;

	if (!errors->n)
		fuzz_fail("a policy is refused without a word");
	for (size_t i = 0; i < errors->n; i++) {
		const struct finding *f = &errors->v[i];

		if (f->level != LEVEL_ERROR || f->code != CODE_POLICY || !f->text.n)
			fuzz_fail("a mistake that is no error of a policy");
		/* libfyaml counts a break behind the end that is not there: so 2 more. */
		if (f->line > size + 2 || f->col > size + 2 || (size && f->line && !f->col))
			fuzz_fail("a mistake's place is outside the text");
		if (!source_check(f->text, &err))
			fuzz_fail("a mistake's text is not UTF-8");
	}
}

static void check_entry(const struct policy_entry *entry)
{
	if (!entry->reason.n || (!entry->exempt && !caps_known(entry->capability)))
		fuzz_fail("an entry without a reason or a known capability");
	if (entry->expires.n && policy_date(entry->expires) != entry->expires_on)
		fuzz_fail("an entry's date is not what it says");
}

static void ask(const struct policy *policy, struct arena *arena)
{
	static const char *const NAMES[] = {"", "NET_RAW", "deploy/web.yaml", "edge", "a*b?[c]"};
	bool *used = arena_alloc(arena, policy_count(policy) + 1, sizeof(*used));
	size_t n;

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
		struct slice name = slice_of(NAMES[i]);
		struct subject subject = {name, name, name, name, name, name};
		const struct policy_entry *entry = policy_use(policy, SLICE("NET_RAW"), &subject, used);

		if (entry != policy_allows(policy, SLICE("NET_RAW"), &subject) || (entry && !used[entry->index]))
			fuzz_fail("asking for use gives another entry, or does not mark it");
		if (policy_allows(policy, SLICE("ALL"), &subject))
			fuzz_fail("ALL is allowed");
		(void)policy_use_exempt(policy, &subject, used);
		(void)policy_excluded(policy, name);
	}
	(void)policy_pod_specs(policy, &n);
	(void)policy_excludes(policy, &n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	struct findings errors = {0};
	struct arena arena;
	struct policy *policy;

	arena_init(&arena);
	policy = policy_parse(text, &arena, &errors);
	if (!policy) {
		check_mistakes(&errors, size);
	} else {
		if (errors.n)
			fuzz_fail("a policy comes with mistakes");
		policy_set_today(policy, 20260601);
		for (size_t i = 0; i < policy_count(policy); i++)
			check_entry(policy_at(policy, i));
		ask(policy, &arena);
	}
	arena_release(&arena);
	return 0;
}
