/*
 * JSON Lines: a header, then findings and files in their order, then a summary. schema/capfix-report.schema.json
 * says it all.
 */
#include <stdlib.h>

#include "capfix/report_facts.h"
#include "capfix/report_format.h"
#include "capfix/report_string.h"
#include "capfix/report_value.h"
#include "capfix/source.h"

#ifndef CAPFIX_VERSION
#define CAPFIX_VERSION "unknown"
#endif

enum { SCHEMA_VERSION = 1 };

struct json_state {
	size_t complying;
	size_t errors;
};

static json_t *begin_object(const char *type)
{
	json_t *object = value_object();
	value_put_string(object, "type", type);
	return object;
}

static void end_object(struct buf *out, json_t *object)
{
	value_write(out, object);
	buf_addc(out, '\n');
}

static void put_path(json_t *object, struct slice path)
{
	value_put_text(object, "path", path);
	if (report_is_utf8(path))
		return;
	struct buf percent;
	buf_init(&percent);
	report_percent(&percent, path);
	value_put_text(object, "path_percent", buf_slice(&percent));
	buf_release(&percent);
}

static void json_begin(struct report_format *format, struct buf *out)
{
	json_t *object = begin_object("header");
	value_put_number(object, "schema", SCHEMA_VERSION);
	value_put_string(object, "program", "capfix");
	value_put_string(object, "version", CAPFIX_VERSION);
	value_put_string(object, "mode", format->context.mode);
	end_object(out, object);
	format->state = xrealloc(NULL, 1, sizeof(struct json_state));
	*(struct json_state *)format->state = (struct json_state){0};
}

static json_t *begin_finding(struct report_format *format, struct slice path, const struct finding *finding)
{
	struct json_state *state = format->state;
	json_t *object = begin_object("finding");
	put_path(object, path);
	value_put_string(object, "level", finding_level_name(finding->level));
	value_put_string(object, "code", finding_code_name(finding->code));
	if (finding->line > 0) {
		value_put_number(object, "line", finding->line);
		value_put_number(object, "col", finding->col);
	}
	value_put_text(object, "message", finding->text);
	state->errors += finding->level == LEVEL_ERROR;
	return object;
}

static void put_container(json_t *object, const struct container_report *report)
{
	json_t *container = value_put(object, "container", value_object());
	value_put_some(container, "api_version", report->api_version);
	value_put_some(container, "kind", report->kind);
	value_put_some(container, "namespace", report->namespace);
	value_put_some(container, "object", report->name);
	value_put_text(container, "list", report->list);
	value_put_some(container, "name", report->container);
	value_put_some(container, "image", report->image);
	value_put_string(container, "state", report_state_name(report->state));
	value_put_number(container, "first_line", report->line);
	value_put_number(container, "last_line", report->last_line);
}

static void put_entry(json_t *object, const struct policy_entry *entry, struct slice path)
{
	json_t *policy = value_put(object, "policy", value_object());
	if (path.n > 0)
		put_path(policy, path);
	value_put_number(policy, "line", entry->line);
	value_put_number(policy, "col", entry->col);
	value_put_some(policy, "capability", entry->capability);
	value_put_text(policy, "reason", entry->reason);
	value_put_some(policy, "owner", entry->owner);
	value_put_some(policy, "ticket", entry->ticket);
	value_put_some(policy, "expires", entry->expires);
}

static void put_findings(
	struct report_format *format, const struct report_file *file, struct arena *arena, struct buf *out)
{
	const struct findings *findings = &file->result->findings;
	struct facts facts;
	char fingerprint[FINGERPRINT_SIZE];
	facts_init(&facts, file, arena);
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *finding = &findings->v[i];
		struct fact fact = facts_of(&facts, finding);
		json_t *object = begin_finding(format, file->path, finding);
		facts_fingerprint(&facts, finding, fact, fingerprint);
		value_put_string(object, "fingerprint", fingerprint);
		if (fact.add)
			value_put_text(object, "capability", fact.add->canonical);
		if (fact.container)
			put_container(object, fact.container);
		if (fact.entry)
			put_entry(object, fact.entry, file->policy_path);
		end_object(out, object);
	}
}

static json_t *place_of(const struct source *source, size_t at)
{
	size_t line, col;
	json_t *place = value_object();
	source_place(source, at, &line, &col);
	value_put_number(place, "line", line);
	value_put_number(place, "col", col);
	return place;
}

static void put_edits(json_t *object, const struct report_file *file, struct arena *arena)
{
	const struct edits *edits = &file->result->edits;
	json_t *list = value_put(object, "edits", value_list());
	struct source source;
	if (edits->n == 0)
		return;
	source_init(&source, file->text, arena);
	for (size_t i = 0; i < edits->n; i++) {
		const struct edit *edit = &edits->v[i];
		json_t *one = value_push(list, value_object());
		value_put_number(one, "offset", edit->at);
		value_put_number(one, "length", edit->del);
		value_put_text(one, "text", edit->ins);
		value_put(one, "start", place_of(&source, edit->at));
		value_put(one, "end", place_of(&source, edit->at + edit->del));
	}
}

static size_t count_complying(const struct rewrite_result *result)
{
	size_t n = 0;
	for (size_t i = 0; i < result->nreports; i++)
		n += result->reports[i].state == CONTAINER_COMPLIES;
	return n;
}

static void json_file(struct report_format *format, const struct report_file *file, struct buf *out)
{
	const struct rewrite_result *result = file->result;
	struct json_state *state = format->state;
	struct arena arena;
	size_t complying = count_complying(result);
	state->complying += complying;
	if (!report_file_matters(file))
		return;
	arena_init(&arena);
	put_findings(format, file, &arena, out);
	json_t *object = begin_object("file");
	put_path(object, file->path);
	value_put_string(object, "outcome", report_outcome_name(result->outcome));
	value_put_number(object, "containers", result->containers);
	value_put_number(object, "complying", complying);
	value_put_number(object, "fixed", result->fixed);
	value_put_number(object, "refused", result->refused);
	if (format->context.in_place)
		value_put_bool(object, "written", file->written);
	put_edits(object, file, &arena);
	end_object(out, object);
	arena_release(&arena);
}

static void json_aside(struct report_format *format, struct slice path, const struct finding *finding, struct buf *out)
{
	char fingerprint[FINGERPRINT_SIZE];
	json_t *object = begin_finding(format, path, finding);
	facts_fingerprint_aside(path, finding, fingerprint);
	value_put_string(object, "fingerprint", fingerprint);
	end_object(out, object);
}

static void json_end(struct report_format *format, const struct report_totals *totals, struct buf *out)
{
	struct json_state *state = format->state;
	json_t *object = begin_object("summary");
	value_put_number(object, "files", totals->files);
	value_put_number(object, "changed", totals->changed);
	value_put_number(object, "containers", totals->containers);
	value_put_number(object, "complying", state->complying);
	value_put_number(object, "fixed", totals->fixed);
	value_put_number(object, "refused", totals->refused);
	value_put_number(object, "errors", state->errors);
	value_put_number(object, "status", (size_t)totals->status);
	end_object(out, object);
	free(state);
	format->state = NULL;
}

const struct report_ops report_json = {"json", json_begin, json_file, json_aside, json_end};
