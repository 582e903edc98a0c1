/*
 * explain_table: --effective: a line for each container: place, container, image, before, after.
 *
 * Floor 4. The columns are as wide as the tree needs, so all rows are gathered before the first is written.
 */
#ifndef CAPFIX_EXPLAIN_TABLE_H
#define CAPFIX_EXPLAIN_TABLE_H

#include "capfix/explain.h"

enum { EXPLAIN_COLUMNS = 5 };

struct explain_row {
	struct slice cells[EXPLAIN_COLUMNS];
};

/* Lives in the arena. */
struct explain_table {
	struct arena *arena;
	struct explain_row *rows;
	size_t n;
	size_t cap;
};

void explain_table_init(struct explain_table *table, struct arena *arena);
/* Copies what it needs. */
void explain_table_add(struct explain_table *table, const struct explain_input *input);
/* Appends the table with its heading; nothing if it has no rows. */
void explain_table_write(const struct explain_table *table, struct buf *out);

#endif
