/* podSpecs by kind, so that an object asks only after its own. */
#include "policy_impl.h"

/* By kind, then path, then place. */
static int compare_specs(const void *a, const void *b)
{
	const struct policy_pod_spec *x = *(const struct policy_pod_spec *const *)a;
	const struct policy_pod_spec *y = *(const struct policy_pod_spec *const *)b;
	int order = slice_cmp(x->kind, y->kind);

	return order ? order : slice_cmp(x->path, y->path);
}

void pod_specs_sort(struct policy *policy, struct arena *arena)
{
	policy->pod_specs_by_kind = arena_alloc(arena, policy->npod_specs + 1, sizeof(*policy->pod_specs_by_kind));
	for (size_t i = 0; i < policy->npod_specs; i++)
		policy->pod_specs_by_kind[i] = &policy->pod_specs[i];
	arena_sort(arena, policy->pod_specs_by_kind, policy->npod_specs, sizeof(*policy->pod_specs_by_kind),
		compare_specs);
}

const struct policy_pod_spec *const *policy_pod_specs_of(const struct policy *policy, struct slice kind, size_t *n)
{
	size_t low = 0, high = policy->npod_specs;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (slice_cmp(policy->pod_specs_by_kind[mid]->kind, kind) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (*n = 0; low + *n < policy->npod_specs && slice_eq(policy->pod_specs_by_kind[low + *n]->kind, kind); ++*n)
		;
	return policy->pod_specs_by_kind + low;
}
