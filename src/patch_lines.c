/*
 * Whole lines that go and come, turned into edits at the end, when it is known what happens to the last line of the
 * text.
 */
#include <stdlib.h>
#include <string.h>

#include "patch_impl.h"

void patch_delete_span(struct patch *patch, size_t from, size_t to)
{
	size_t last = source_line(patch->source, to);

	for (size_t line = source_line(patch->source, from); line <= last; line++) {
		size_t start = source_start(patch->source, line), end = source_end(patch->source, line);

		if (patch_is_comment(patch, line) || patch_blank(patch->text, start, end))
			continue;
		if (patch->ngone == patch->gone_cap)
			patch->gone = arena_grow(patch->plan->scratch, patch->gone, patch->ngone, &patch->gone_cap,
				patch->ngone + 1, sizeof(*patch->gone));
		patch->gone[patch->ngone++] = line;
	}
}

void patch_insert_lines(struct patch *patch, size_t line, size_t col, struct slice text)
{
	if (patch->ninserts == patch->inserts_cap)
		patch->inserts = arena_grow(patch->plan->scratch, patch->inserts, patch->ninserts, &patch->inserts_cap,
			patch->ninserts + 1, sizeof(*patch->inserts));
	patch->inserts[patch->ninserts++] = (struct line_insert){.line = line, .col = col, .text = text};
}

static int compare_lines(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

static int compare_inserts(const void *a, const void *b)
{
	const struct line_insert *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->col < y->col) - (x->col > y->col);
}

/*
 * The lines with this text's line break: one behind each (not behind the last if `trim`), or, with `lead`, one before
 * each.
 */
static struct slice with_breaks(struct patch *patch, struct slice lines, struct slice line_break, bool lead, bool trim)
{
	struct buf out;
	struct slice text;

	buf_init(&out);
	if (lead)
		buf_add(&out, line_break);
	for (size_t i = 0; i < lines.n; i++) {
		if (lines.p[i] == '\n')
			buf_add(&out, line_break);
		else
			buf_addc(&out, lines.p[i]);
	}
	if (!lead && !trim)
		buf_add(&out, line_break);
	text = arena_dup(patch->arena, buf_slice(&out));
	buf_release(&out);
	return text;
}

/* Sorts the lines that go, each once, and gives back from which of them on all lines go, to the end of the text. */
static size_t final_run(struct patch *patch)
{
	const struct source *source = patch->source;
	size_t run = source->lines, i = patch->ngone;

	if (patch->ngone)
		qsort(patch->gone, patch->ngone, sizeof(*patch->gone), compare_lines);
	while (i > 0) {
		size_t blank = run;

		/* Blank lines between lines that go: at the end of the text they would be left over. */
		while (blank > 0 && blank - 1 > patch->gone[i - 1] && blank < source->lines &&
			patch_blank(patch->text, source_start(source, blank - 1), source_end(source, blank - 1)))
			blank--;
		if (patch->gone[i - 1] + 1 != blank)
			break;
		run = patch->gone[--i];
	}
	return run;
}

/* A text without a final line break has none afterwards, nor a blank line. */
static void trim_end(struct patch *patch, size_t run)
{
	const struct source *source = patch->source;
	size_t end = source_start(source, run);

	while (run > 0 && patch_blank(patch->text, source_start(source, run - 1), source_end(source, run - 1)))
		run--;
	if (run > 0)
		patch_edit(patch, source_end(source, run - 1), end - source_end(source, run - 1), SLICE(""));
}

void patch_finish_lines(struct patch *patch)
{
	const struct source *source = patch->source;
	size_t last = source->lines - 1;
	bool open = source_break(source, last).n == 0, filled = false;
	size_t run = final_run(patch);

	if (!open)
		run = last + 1;
	if (patch->ninserts)
		qsort(patch->inserts, patch->ninserts, sizeof(*patch->inserts), compare_inserts);
	for (size_t i = 0; i < patch->ngone && patch->gone[i] < run; i++) {
		size_t line = patch->gone[i], start = source_start(source, line);

		BUG_IF(i > 0 && patch->gone[i - 1] == line);
		patch_edit(patch, start, source_next(source, line) - start, SLICE(""));
	}
	for (size_t line = run; line <= last; line++)
		patch_edit(patch, source_start(source, line), source_next(source, line) - source_start(source, line),
			SLICE(""));
	for (size_t i = 0; i < patch->ninserts; i++) {
		const struct line_insert *insert = &patch->inserts[i];
		bool lead = open && run > last && insert->line == last;
		bool trim = run <= last && insert->line + 1 >= run && i + 1 == patch->ninserts;
		struct slice line_break = source_new_break(source, insert->line);

		filled = filled || trim;
		patch_edit(patch, source_next(source, insert->line), 0,
			with_breaks(patch, insert->text, line_break, lead, trim));
	}
	if (run <= last && !filled)
		trim_end(patch, run);
}
