/*
 * SARIF 2.1.0: one run. Results are streamed; what went wrong with the run itself stands behind them, in
 * `invocations`.
 */
#include <stdlib.h>

#include "capfix/report_string.h"
#include "report_sarif.h"

#define SARIF_SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

struct sarif_state {
	bool any;              /* a result has been written */
	json_t *execution;     /* notifications */
	json_t *configuration; /* the same, about policies */
};

static void sarif_begin(struct report_format *format, struct buf *out)
{
	struct sarif_state *state = xrealloc(NULL, 1, sizeof(*state));
	json_t *bases = value_object();
	struct buf uri;
	*state = (struct sarif_state){false, value_list(), value_list()};
	format->state = state;
	buf_init(&uri);
	buf_adds(&uri, "file://");
	report_percent(&uri, format->context.here);
	if (uri.p[uri.n - 1] != '/')
		buf_addc(&uri, '/');
	value_put_text(value_put(bases, SARIF_BASE, value_object()), "uri", buf_slice(&uri));
	buf_release(&uri);
	buf_adds(out, "{\"$schema\":\"" SARIF_SCHEMA "\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":");
	value_write(out, sarif_tool());
	buf_adds(out, ",\n\"originalUriBaseIds\":");
	value_write(out, bases);
	buf_adds(out, ",\"columnKind\":\"unicodeCodePoints\",\"results\":[\n");
}

static json_t *location_of(struct slice path, bool standard_input, size_t line, size_t col)
{
	json_t *location = value_object();
	json_t *place = value_put(location, "physicalLocation", value_object());
	value_put(place, "artifactLocation", sarif_artifact(path, standard_input));
	if (line > 0) {
		json_t *region = value_put(place, "region", value_object());
		value_put_number(region, "startLine", line);
		value_put_number(region, "startColumn", col);
	}
	return location;
}

/* Object and container, by names. */
static void put_logical(json_t *location, const struct container_report *report)
{
	json_t *logical = value_push(value_put(location, "logicalLocations", value_list()), value_object());
	struct slice parts[] = {report->kind, report->namespace, report->name, report->list, report->container};
	struct buf name;
	buf_init(&name);
	report_path_of(&name, parts, sizeof(parts) / sizeof(parts[0]));
	value_put_text(logical, "fullyQualifiedName", buf_slice(&name));
	value_put_some(logical, "name", report->container);
	buf_release(&name);
}

static json_t *result_of(const struct finding *finding, bool fixed, json_t *location, const char *fingerprint)
{
	json_t *result = value_object();
	value_put_string(result, "ruleId", finding_code_name(finding->code));
	value_put_number(result, "ruleIndex", (size_t)finding->code);
	if (fixed)
		value_put_string(result, "kind", "informational");
	value_put_string(result, "level", fixed ? "none" : finding_level_name(finding->level));
	value_put(result, "message", sarif_message(finding->text));
	value_push(value_put(result, "locations", value_list()), location);
	json_t *prints = value_put(result, "partialFingerprints", value_object());
	/* The first is the only one that GitHub's code scanning goes by. */
	value_put_string(prints, "primaryLocationLineHash", fingerprint);
	value_put_string(prints, "capfix/v1", fingerprint);
	return result;
}

static void put_entry(json_t *result, const struct report_file *file, struct fact fact)
{
	const struct policy_entry *entry = fact.entry;
	json_t *properties = value_object();
	if (fact.add)
		value_put_text(properties, "capability", fact.add->canonical);
	if (entry) {
		json_t *suppression = value_push(value_put(result, "suppressions", value_list()), value_object());
		value_put_string(suppression, "kind", "external");
		value_put_string(suppression, "status", "accepted");
		value_put_text(suppression, "justification", entry->reason);
		value_put_some(properties, "policy", file->policy_path);
		value_put_number(properties, "policyLine", entry->line);
		value_put_some(properties, "owner", entry->owner);
		value_put_some(properties, "ticket", entry->ticket);
		value_put_some(properties, "expires", entry->expires);
	}
	value_put(result, "properties", properties);
}

static void write_result(struct report_format *format, json_t *result, struct buf *out)
{
	struct sarif_state *state = format->state;
	buf_adds(out, state->any ? ",\n" : "");
	value_write(out, result);
	state->any = true;
}

static void sarif_file(struct report_format *format, const struct report_file *file, struct buf *out)
{
	const struct findings *findings = &file->result->findings;
	struct sarif_fixes fixes;
	struct facts facts;
	struct arena arena;
	char fingerprint[FINGERPRINT_SIZE];
	if (findings->n == 0)
		return;
	arena_init(&arena);
	facts_init(&facts, file, &arena);
	sarif_fixes_init(&fixes, &facts, &arena);
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *finding = &findings->v[i];
		struct fact fact = facts_of(&facts, finding);
		bool fixed = file->written && sarif_is_fixed(finding->code);
		json_t *location = location_of(file->path, file->standard_input, finding->line, finding->col);
		if (fact.container)
			put_logical(location, fact.container);
		facts_fingerprint(&facts, finding, fact, fingerprint);
		json_t *result = result_of(finding, fixed, location, fingerprint);
		put_entry(result, file, fact);
		if (!file->written)
			sarif_fixes_put(&fixes, result, finding, fact);
		write_result(format, result, out);
	}
	arena_release(&arena);
}

static void notify(json_t *list, struct slice path, const struct finding *finding)
{
	json_t *one = value_push(list, value_object());
	json_t *descriptor = value_put(one, "descriptor", value_object());
	value_put_string(descriptor, "id", finding_code_name(finding->code));
	value_put_number(descriptor, "index", finding->code == CODE_POLICY);
	value_put_string(one, "level", finding_level_name(finding->level));
	value_put(one, "message", sarif_message(finding->text));
	value_push(value_put(one, "locations", value_list()), location_of(path, false, finding->line, finding->col));
}

static void sarif_aside(struct report_format *format, struct slice path, const struct finding *finding, struct buf *out)
{
	struct sarif_state *state = format->state;
	char fingerprint[FINGERPRINT_SIZE];
	if (finding->code == CODE_POLICY || finding->code == CODE_IO) {
		notify(finding->code == CODE_POLICY ? state->configuration : state->execution, path, finding);
		return;
	}
	json_t *location = location_of(path, false, finding->line, finding->col);
	facts_fingerprint_aside(path, finding, fingerprint);
	write_result(format, result_of(finding, false, location, fingerprint), out);
}

static void sarif_end(struct report_format *format, const struct report_totals *totals, struct buf *out)
{
	struct sarif_state *state = format->state;
	json_t *invocations = value_list();
	json_t *one = value_push(invocations, value_object());
	value_put_bool(one, "executionSuccessful", totals->status != 2);
	value_put_number(one, "exitCode", (size_t)totals->status);
	value_put(one, "toolExecutionNotifications", state->execution);
	value_put(one, "toolConfigurationNotifications", state->configuration);
	buf_adds(out, "\n],\"invocations\":");
	value_write(out, invocations);
	buf_adds(out, "}]}\n");
	free(state);
	format->state = NULL;
}

const struct report_ops report_sarif = {"sarif", sarif_begin, sarif_file, sarif_aside, sarif_end};
