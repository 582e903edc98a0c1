#include "capfix/explain_table.h"

#include <string.h>

#include "capfix/report_text.h"

enum { PLACE, CONTAINER, IMAGE, BEFORE, AFTER };

/* Columns between two cells. */
enum { GAP = 2 };

static const char *const headings[EXPLAIN_COLUMNS] = {"PLACE", "CONTAINER", "IMAGE", "BEFORE", "AFTER"};
/* What a column keeps when they have to share EXPLAIN_WIDTH. */
static const size_t least[EXPLAIN_COLUMNS] = {2, 10, 14, 18, 18};
/* Wider places than this get a line of their own, all of them, where the columns have to share. */
enum { PLACE_MOST = 30 };

void explain_table_init(struct explain_table *table, struct arena *arena)
{
	*table = (struct explain_table){.arena = arena};
}

/* Both are their runtime's defaults with the same differences. */
static bool alike(const uint64_t *sets)
{
	uint64_t containerd = sets[RUNTIME_CONTAINERD], crio = sets[RUNTIME_CRIO];

	return containerd == crio ||
		(containerd ^ effective_defaults(RUNTIME_CONTAINERD)) == (crio ^ effective_defaults(RUNTIME_CRIO));
}

/* What containerd gives, and CRI-O where that is another thing. */
static void add_sets(struct buf *out, const uint64_t *sets)
{
	explain_set(out, RUNTIME_CONTAINERD, effective_runtime_name(RUNTIME_CONTAINERD), sets[RUNTIME_CONTAINERD]);
	if (alike(sets))
		return;
	buf_addf(out, "; %s: ", effective_runtime_name(RUNTIME_CRIO));
	explain_set(out, RUNTIME_CRIO, "its", sets[RUNTIME_CRIO]);
}

static const char *remark(enum container_state state)
{
	switch (state) {
	case CONTAINER_REFUSED:
		return " (refused)";
	case CONTAINER_EXEMPT:
		return " (exempt)";
	default:
		return "";
	}
}

static struct slice kept_text(struct explain_table *table, struct buf *text)
{
	struct slice kept = arena_dup(table->arena, buf_slice(text));
	text->n = 0;
	return kept;
}

static void add_effect(struct explain_table *table, struct explain_row *row, const struct explain_input *input)
{
	struct explain_effect effect;
	struct buf text;

	buf_init(&text);
	explain_effect(&effect, input, table->arena);
	if (effect.known) {
		add_sets(&text, effect.before);
		row->cells[BEFORE] = kept_text(table, &text);
		add_sets(&text, effect.after);
		buf_adds(&text, remark(input->report->state));
		row->cells[AFTER] = kept_text(table, &text);
	} else {
		bool windows = input->report->state == CONTAINER_WINDOWS;
		row->cells[BEFORE] = row->cells[AFTER] = windows ? SLICE("none (Windows)") : SLICE("depends (overlay)");
	}
	buf_release(&text);
}

void explain_table_add(struct explain_table *table, const struct explain_input *input)
{
	struct explain_row *row;
	struct buf text;

	table->rows = arena_grow(table->arena, table->rows, table->n, &table->cap, table->n + 1, sizeof(*table->rows));
	row = &table->rows[table->n++];
	buf_init(&text);
	report_escape(&text, input->path);
	buf_addf(&text, ":%zu", input->report->line);
	row->cells[PLACE] = kept_text(table, &text);
	report_escape(&text, input->report->container);
	row->cells[CONTAINER] = kept_text(table, &text);
	report_escape(&text, input->report->image);
	row->cells[IMAGE] = kept_text(table, &text);
	buf_release(&text);
	add_effect(table, row, input);
}

static void find_widths(const struct explain_table *table, size_t *widths)
{
	size_t total = (EXPLAIN_COLUMNS - 1) * GAP;

	for (size_t c = 0; c < EXPLAIN_COLUMNS; c++) {
		widths[c] = strlen(headings[c]);
		for (size_t i = 0; i < table->n; i++) {
			size_t n = explain_columns(table->rows[i].cells[c]);
			if (n > widths[c])
				widths[c] = n;
		}
		/* One cell can't be worth more than the line. */
		if (widths[c] > EXPLAIN_WIDTH)
			widths[c] = EXPLAIN_WIDTH;
		total += widths[c];
	}
	bool own_lines = total > EXPLAIN_WIDTH && widths[PLACE] > PLACE_MOST;
	if (own_lines) {
		total -= widths[PLACE] - least[PLACE];
		widths[PLACE] = least[PLACE];
	}
	for (; total > EXPLAIN_WIDTH; total--) {
		size_t widest = EXPLAIN_COLUMNS;
		for (size_t c = CONTAINER; c < EXPLAIN_COLUMNS; c++)
			if (widths[c] > least[c] && (widest == EXPLAIN_COLUMNS || widths[c] > widths[widest]))
				widest = c;
		widths[widest]--;
	}
}

/*
 * Bytes of the cell that fit on a line of `width` columns: up to a blank, else behind a sign that parts words, else
 * any.
 */
static size_t fitting(struct slice cell, size_t width)
{
	size_t at = 0, best = 0, blank = 0, cols = 0;

	while (at < cell.n) {
		size_t next = at + 1;
		while (next < cell.n && ((unsigned char)cell.p[next] & 0xc0) == 0x80)
			next++;
		if (cell.p[at] == ' ')
			blank = at;
		if (cols == width)
			return blank > 0 ? blank : best > 0 ? best : at;
		cols++;
		if (memchr("/:@,-", cell.p[at], 5))
			best = next;
		at = next;
	}
	return cell.n;
}

static void put(struct buf *out, struct slice text, size_t width, size_t *owed)
{
	if (text.n > 0) {
		buf_fill(out, ' ', *owed);
		*owed = 0;
		buf_add(out, text);
	}
	*owed += width - explain_columns(text) + GAP;
}

/* A place is never broken: who has one wants to go there. One that is too long gets a line of its own. */
static void write_row(struct buf *out, const struct explain_row *row, const size_t *widths)
{
	struct slice rest[EXPLAIN_COLUMNS];
	bool more = true;

	memcpy(rest, row->cells, sizeof(rest));
	if (explain_columns(rest[PLACE]) > widths[PLACE]) {
		buf_add(out, rest[PLACE]);
		buf_addc(out, '\n');
		rest[PLACE] = SLICE("");
	}
	while (more) {
		size_t owed = 0;
		more = false;
		for (size_t c = 0; c < EXPLAIN_COLUMNS; c++) {
			size_t n = fitting(rest[c], widths[c]);
			put(out, slice_sub(rest[c], 0, n), widths[c], &owed);
			while (n < rest[c].n && rest[c].p[n] == ' ')
				n++;
			rest[c] = slice_sub(rest[c], n, rest[c].n);
			more = more || rest[c].n > 0;
		}
		buf_addc(out, '\n');
	}
}

void explain_table_write(const struct explain_table *table, struct buf *out)
{
	struct explain_row head;
	size_t widths[EXPLAIN_COLUMNS];

	if (table->n == 0)
		return;
	find_widths(table, widths);
	for (size_t c = 0; c < EXPLAIN_COLUMNS; c++)
		head.cells[c] = slice_of(headings[c]);
	write_row(out, &head, widths);
	for (size_t i = 0; i < table->n; i++)
		write_row(out, &table->rows[i], widths);
}
