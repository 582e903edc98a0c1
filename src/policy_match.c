/* An entry, or a glob of `exclude`, against what stands in a manifest. */
#include "policy_impl.h"

struct slice subject_value(const struct subject *subject, enum match_key key)
{
	switch (key) {
	case MATCH_PATH:
		return subject->path;
	case MATCH_KIND:
		return subject->kind;
	case MATCH_NAMESPACE:
		return subject->namespace;
	case MATCH_NAME:
		return subject->name;
	case MATCH_CONTAINER:
		return subject->container;
	case MATCH_IMAGE:
		return subject->image;
	case MATCH_KEYS:
		break;
	}
	BUG("no such key");
}

/* By halves: the literal values are sorted, and a list may be long. */
static bool literal_holds(const struct match_values *values, struct slice text)
{
	size_t lo = 0;
	size_t hi = values->literals;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int cmp = slice_cmp(text, values->v[mid]);
		if (cmp == 0)
			return true;
		if (cmp < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return false;
}

static bool values_hold(const struct match_values *values, struct slice text, bool paths)
{
	if (literal_holds(values, text))
		return true;
	for (size_t i = values->literals; i < values->n; i++)
		if (glob_match(values->v[i], text, paths))
			return true;
	return false;
}

bool policy_matches(const struct policy_entry *entry, const struct subject *subject)
{
	for (enum match_key key = 0; entry->match != NULL && key < MATCH_KEYS; key++) {
		const struct match_values *values = &entry->match->keys[key];
		if (values->n > 0 && !values_hold(values, subject_value(subject, key), key == MATCH_PATH))
			return false;
	}
	return true;
}

const struct policy_entry *policy_use(
	const struct policy *policy, struct slice capability, const struct subject *subject, bool *used)
{
	size_t group = caps_index(capability);

	return group == CAPS_COUNT ? NULL : index_find(policy, group, subject, used);
}

const struct policy_entry *policy_use_exempt(const struct policy *policy, const struct subject *subject, bool *used)
{
	return index_find(policy, GROUP_EXEMPT, subject, used);
}

const struct policy_entry *policy_allows(
	const struct policy *policy, struct slice capability, const struct subject *subject)
{
	return policy_use(policy, capability, subject, NULL);
}

const struct policy_entry *policy_exempts(const struct policy *policy, const struct subject *subject)
{
	return policy_use_exempt(policy, subject, NULL);
}

const struct policy_exclude *policy_excluded(const struct policy *policy, struct slice path)
{
	for (size_t end = 0; end <= path.n; end++) {
		if (end < path.n && path.p[end] != '/')
			continue;
		for (size_t i = 0; i < policy->nexcludes; i++)
			if (glob_match(policy->excludes[i].glob, slice_sub(path, 0, end), true))
				return &policy->excludes[i];
	}
	return NULL;
}
