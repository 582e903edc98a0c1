#include "report_sarif.h"

/* With more edits than this, only the first finding of a container carries them: else their number could be squared. */
enum { REPEATED_EDITS = 8 };

bool sarif_is_fixed(enum finding_code code)
{
	return code == CODE_DROP || code == CODE_ADD || code == CODE_UNKNOWN || code == CODE_RESPELLED ||
		code == CODE_ENSURED;
}

/* The edit lies in the container at this place, or is a line right behind it. */
static bool inside(const struct sarif_fixes *fixes, const struct container_report *report, const struct edit *edit)
{
	size_t line, col;
	source_place(&fixes->source, edit->at, &line, &col);
	return line <= report->last_line || (line == report->last_line + 1 && col == 1) ||
		edit->at == fixes->file->text.n;
}

/* Edits and places have the same order, so each container has a run of edits. */
void sarif_fixes_init(struct sarif_fixes *fixes, struct facts *facts, struct arena *arena)
{
	const struct edits *edits = &facts->file->result->edits;
	size_t next = 0, owner = SIZE_MAX;
	*fixes = (struct sarif_fixes){.file = facts->file, .facts = facts};
	if (edits->n == 0)
		return;
	source_init(&fixes->source, facts->file->text, arena);
	fixes->from = arena_alloc(arena, facts->nplaces + 1, sizeof(*fixes->from));
	fixes->given = arena_alloc(arena, facts->nplaces + 1, sizeof(*fixes->given));
	for (size_t i = 0; i < edits->n; i++) {
		size_t line, col;
		source_place(&fixes->source, edits->v[i].at, &line, &col);
		owner = facts_place_at(facts, line, col);
		if (owner == SIZE_MAX || !inside(fixes, facts_place_report(facts, owner), &edits->v[i])) {
			fixes->outside = true;
			return;
		}
		while (next <= owner)
			fixes->from[next++] = i;
	}
	while (next <= facts->nplaces)
		fixes->from[next++] = edits->n;
}

static json_t *region_of(const struct sarif_fixes *fixes, const struct edit *edit)
{
	size_t line, col;
	json_t *region = value_object();
	source_place(&fixes->source, edit->at, &line, &col);
	value_put_number(region, "startLine", line);
	value_put_number(region, "startColumn", col);
	source_place(&fixes->source, edit->at + edit->del, &line, &col);
	value_put_number(region, "endLine", line);
	value_put_number(region, "endColumn", col);
	value_put_number(region, "byteOffset", edit->at);
	value_put_number(region, "byteLength", edit->del);
	return region;
}

static void put_fix(const struct sarif_fixes *fixes, json_t *result, size_t from, size_t to, const char *what)
{
	const struct report_file *file = fixes->file;
	json_t *fix = value_push(value_put(result, "fixes", value_list()), value_object());
	value_put(fix, "description", sarif_message(slice_of(what)));
	json_t *change = value_push(value_put(fix, "artifactChanges", value_list()), value_object());
	value_put(change, "artifactLocation", sarif_artifact(file->path, file->standard_input));
	json_t *replacements = value_put(change, "replacements", value_list());
	for (size_t i = from; i < to; i++) {
		const struct edit *edit = &file->result->edits.v[i];
		json_t *one = value_push(replacements, value_object());
		value_put(one, "deletedRegion", region_of(fixes, edit));
		if (edit->ins.n > 0)
			value_put_text(value_put(one, "insertedContent", value_object()), "text", edit->ins);
	}
}

void sarif_fixes_put(struct sarif_fixes *fixes, json_t *result, const struct finding *finding, struct fact fact)
{
	size_t n = fixes->file->result->edits.n;
	if (n == 0 || !sarif_is_fixed(finding->code))
		return;
	if (fixes->outside) {
		if (!fixes->all_given)
			put_fix(fixes, result, 0, n, "Fix the whole file: its containers share text through anchors.");
		fixes->all_given = true;
		return;
	}
	if (!fact.container)
		return;
	size_t at = facts_place_at(fixes->facts, fact.container->line, fact.container->col);
	size_t from = fixes->from[at], to = fixes->from[at + 1];
	if (from == to || (fixes->given[at] && to - from > REPEATED_EDITS))
		return;
	put_fix(fixes, result, from, to, "Drop ALL capabilities, and keep only those that the policy allows.");
	fixes->given[at] = true;
}
