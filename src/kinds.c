#include "capfix/kinds.h"

static const struct kind_path table[] = {
#include "kinds_table.inc"
};

static int compare(const struct kind_path *row, struct slice group, struct slice kind)
{
	int order = slice_cmp(slice_of(row->group), group);

	return order ? order : slice_cmp(slice_of(row->kind), kind);
}

const struct kind_path *kinds_find(struct slice group, struct slice kind, size_t *n)
{
	size_t rows = sizeof(table) / sizeof(table[0]);
	size_t low = 0, high = rows;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(&table[mid], group, kind) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (*n = 0; low + *n < rows && !compare(&table[low + *n], group, kind); ++*n)
		;
	return &table[low];
}
