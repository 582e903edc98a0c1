#include "capfix/run_policy.h"

#include <inttypes.h>

#include "capfix/files_read.h"

/* Days before an entry's end from which on the end is announced. */
enum { SOON = 30 };

static void report_end(
	const struct run_policy *policy, const struct policy_entry *entry, struct arena *arena, struct report *report)
{
	int64_t days;
	if (!policy_days_left(policy->policy, entry, &days) || days > SOON)
		return;
	struct slice what = entry->exempt ? SLICE("this exemption") : entry->capability;
	struct slice owner = entry->owner.n > 0 ? entry->owner : SLICE("not named");
	struct finding finding = {.line = entry->line, .col = entry->col};
	if (days < 0) {
		finding.level = LEVEL_WARNING;
		finding.code = CODE_EXPIRED;
		finding.text = arena_printf(arena, "%.*s expired on %.*s and no longer applies; owner: %.*s",
			(int)what.n, what.p, (int)entry->expires.n, entry->expires.p, (int)owner.n, owner.p);
	} else {
		finding.level = LEVEL_NOTE;
		finding.code = CODE_EXPIRING;
		finding.text = arena_printf(arena, "%.*s expires on %.*s, in %" PRId64 " days; owner: %.*s",
			(int)what.n, what.p, (int)entry->expires.n, entry->expires.p, days, (int)owner.n, owner.p);
	}
	report_aside(report, policy->path, &finding);
}

static void report_mistakes(const struct run_policy *policy, const struct findings *mistakes, struct report *report)
{
	for (size_t i = 0; i < mistakes->n; i++)
		report_aside(report, policy->path, &mistakes->v[i]);
}

static bool load(struct run_policy *policy, struct engine *engine, uint32_t today, struct arena *arena,
	struct report *report)
{
	struct file file = {.path = policy->path, .kind = FILE_NAMED};
	struct findings mistakes = {0};
	struct stat seen;
	struct error err;
	struct buf text;

	buf_init(&text);
	if (file_read(&file, &text, &seen, &err)) {
		policy->policy = engine_policy(engine, buf_slice(&text), &policy->text, arena, &mistakes);
		report_mistakes(policy, &mistakes, report);
	} else {
		report_trouble(report, policy->path, CODE_POLICY, slice_of(err.text));
	}
	buf_release(&text);
	if (!policy->policy)
		return false;
	policy_set_today(policy->policy, today);
	for (size_t i = 0; i < policy_count(policy->policy); i++)
		report_end(policy, policy_at(policy->policy, i), arena, report);
	return true;
}

bool run_policies_load(struct folders *folders, struct engine *engine, uint32_t today, struct report *report)
{
	bool ok = true;
	for (size_t i = 0; i < folders->npolicies; i++)
		if (folders->policies[i]->holds && !folders->policies[i]->policy)
			ok = load(folders->policies[i], engine, today, folders->arena, report) && ok;
	return ok;
}

void run_policy_mark(struct run_policy *policy, const bool *used, struct arena *arena)
{
	size_t n = policy && policy->policy ? policy_count(policy->policy) : 0;
	if (!used || n == 0)
		return;
	if (!policy->used)
		policy->used = arena_alloc(arena, n, sizeof(*policy->used));
	for (size_t i = 0; i < n; i++)
		policy->used[i] = policy->used[i] || used[i];
}

static size_t report_unused(const struct run_policy *policy, struct arena *arena, struct report *report)
{
	size_t n = 0;
	for (size_t i = 0; i < policy_count(policy->policy); i++) {
		const struct policy_entry *entry = policy_at(policy->policy, i);
		bool expired = policy_expired(policy->policy, entry);
		struct finding finding = {.code = CODE_UNUSED, .line = entry->line, .col = entry->col};
		if (policy->used && policy->used[i])
			continue;
		n++;
		if (expired)
			continue;
		struct slice what = entry->exempt ? SLICE("this exemption") : entry->capability;
		finding.text = arena_printf(arena, "%.*s matched nothing in this run: take the entry out if it is over",
			(int)what.n, what.p);
		report_aside(report, policy->path, &finding);
	}
	return n;
}

size_t run_policies_unused(const struct folders *folders, struct report *report)
{
	size_t n = 0;
	for (size_t i = 0; i < folders->npolicies; i++)
		if (folders->policies[i]->policy && folders->policies[i]->holds)
			n += report_unused(folders->policies[i], folders->arena, report);
	return n;
}
