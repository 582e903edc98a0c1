#include "capfix/wire.h"
#include "capfix/wire_check.h"

static void put_edits(struct buf *out, const struct edits *edits)
{
	wire_number(out, edits->n);
	for (size_t i = 0; i < edits->n; i++) {
		wire_number(out, edits->v[i].at);
		wire_number(out, edits->v[i].del);
		wire_text(out, edits->v[i].ins);
	}
}

/* The texts of a report that come before its numbers, in the order of the wire. */
enum { REPORT_TEXTS = 8 };

static void report_texts(struct container_report *report, struct slice *texts[REPORT_TEXTS])
{
	struct slice *all[REPORT_TEXTS] = {&report->api_version, &report->kind, &report->namespace, &report->name,
		&report->list, &report->container, &report->image, &report->reason};

	for (size_t i = 0; i < REPORT_TEXTS; i++)
		texts[i] = all[i];
}

static void put_add(struct buf *out, const struct container_add *add)
{
	wire_text(out, add->text);
	wire_text(out, add->canonical);
	wire_number(out, add->kept);
	wire_number(out, add->kept ? add->entry : 0);
	wire_number(out, add->line);
	wire_number(out, add->col);
}

static void put_report(struct buf *out, struct container_report report)
{
	struct slice *texts[REPORT_TEXTS];

	report_texts(&report, texts);
	for (size_t i = 0; i < REPORT_TEXTS; i++)
		wire_text(out, *texts[i]);
	wire_number(out, (size_t)report.state);
	wire_number(out, report.state == CONTAINER_EXEMPT ? report.entry : 0);
	wire_number(out, report.line);
	wire_number(out, report.col);
	wire_number(out, report.last_line);
	wire_number(out, report.privileged);
	wire_number(out, report.drops_all);
	wire_number(out, report.nadds);
	for (size_t i = 0; i < report.nadds; i++)
		put_add(out, &report.adds[i]);
	wire_number(out, report.ndrops);
	for (size_t i = 0; i < report.ndrops; i++)
		wire_text(out, report.drops[i]);
}

void wire_result(struct buf *out, const struct rewrite_result *result, size_t entries)
{
	wire_number(out, (size_t)result->outcome);
	put_edits(out, &result->edits);
	wire_findings(out, &result->findings);
	wire_number(out, result->containers);
	wire_number(out, result->fixed);
	wire_number(out, result->refused);
	wire_number(out, result->nreports);
	for (size_t i = 0; i < result->nreports; i++)
		put_report(out, result->reports[i]);
	wire_number(out, result->used != NULL);
	for (size_t i = 0; result->used && i < entries; i++)
		buf_addc(out, result->used[i]);
}

static void get_edits(struct wire *wire, struct edits *edits, struct arena *arena)
{
	size_t n = wire_get_count(wire, 3);

	if (n == 0)
		return;
	edits->v = arena_alloc(arena, n, sizeof(*edits->v));
	edits->n = edits->cap = n;
	edits->sealed = true;
	for (size_t i = 0; i < n; i++) {
		edits->v[i].at = wire_get_number(wire);
		edits->v[i].del = wire_get_number(wire);
		edits->v[i].ins = wire_get_text(wire);
	}
}

/* What a result may say depends on the text and the policy. */
struct limits {
	size_t lines;
	size_t entries;
};

/* The index of an entry that is given, or 0. */
static size_t get_entry(struct wire *wire, bool given, const struct limits *limits)
{
	return wire_get_below(wire, given ? limits->entries : 1);
}

static void get_add(struct wire *wire, struct container_add *add, const struct limits *limits)
{
	add->text = wire_get_text(wire);
	add->canonical = wire_get_text(wire);
	add->kept = wire_get_bool(wire);
	add->entry = get_entry(wire, add->kept, limits);
	add->line = wire_get_below(wire, limits->lines + 1);
	add->col = wire_get_number(wire);
}

static void get_lists(
	struct wire *wire, struct container_report *report, const struct limits *limits, struct arena *arena)
{
	struct container_add *adds = NULL;
	struct slice *drops = NULL;

	report->nadds = wire_get_count(wire, 6);
	if (report->nadds > 0)
		adds = arena_alloc(arena, report->nadds, sizeof(*adds));
	for (size_t i = 0; i < report->nadds; i++)
		get_add(wire, &adds[i], limits);
	report->adds = adds;
	report->ndrops = wire_get_count(wire, 1);
	if (report->ndrops > 0)
		drops = arena_alloc(arena, report->ndrops, sizeof(*drops));
	for (size_t i = 0; i < report->ndrops; i++)
		drops[i] = wire_get_text(wire);
	report->drops = drops;
}

static void get_report(
	struct wire *wire, struct container_report *report, const struct limits *limits, struct arena *arena)
{
	struct slice *texts[REPORT_TEXTS];

	report_texts(report, texts);
	for (size_t i = 0; i < REPORT_TEXTS; i++)
		*texts[i] = wire_get_text(wire);
	report->state = (enum container_state)wire_get_below(wire, CONTAINER_EXEMPT + 1);
	report->entry = get_entry(wire, report->state == CONTAINER_EXEMPT, limits);
	report->line = wire_get_below(wire, limits->lines + 1);
	report->col = wire_get_number(wire);
	report->last_line = wire_get_below(wire, limits->lines + 1);
	report->privileged = wire_get_bool(wire);
	report->drops_all = wire_get_bool(wire);
	get_lists(wire, report, limits, arena);
}

static void get_reports(
	struct wire *wire, struct rewrite_result *result, const struct limits *limits, struct arena *arena)
{
	size_t n = wire_get_count(wire, REPORT_TEXTS + 9);
	struct container_report *reports = n > 0 ? arena_alloc(arena, n, sizeof(*reports)) : NULL;

	for (size_t i = 0; i < n && !wire->bad; i++)
		get_report(wire, &reports[i], limits, arena);
	result->reports = reports;
	result->nreports = n;
}

static void get_used(struct wire *wire, struct rewrite_result *result, size_t entries, struct arena *arena)
{
	bool *used;

	if (!wire_get_bool(wire))
		return;
	used = arena_alloc(arena, entries, sizeof(*used));
	for (size_t i = 0; i < entries && !wire->bad; i++)
		used[i] = wire_get_bool(wire);
	result->used = used;
}

/* A file that failed says so in a finding that is an error. */
static bool says_why(const struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].level == LEVEL_ERROR)
			return true;
	return false;
}

static bool agrees(const struct rewrite_result *result)
{
	if ((result->outcome == OUTCOME_CHANGED) != (result->edits.n > 0))
		return false;
	return result->outcome != OUTCOME_FAILED || says_why(&result->findings);
}

bool wire_get_result(struct wire *wire, struct slice text, const struct policy *policy, struct rewrite_result *result,
	struct arena *arena, struct error *err)
{
	/* Each line but the last has a break, so there are no more lines than bytes, and one. */
	struct limits limits = {.lines = text.n + 1, .entries = policy ? policy_count(policy) : 0};

	*result = (struct rewrite_result){0};
	result->outcome = (enum outcome)wire_get_below(wire, OUTCOME_FAILED + 1);
	get_edits(wire, &result->edits, arena);
	wire_get_findings(wire, &result->findings, limits.lines, arena);
	result->containers = wire_get_number(wire);
	result->fixed = wire_get_number(wire);
	result->refused = wire_get_number(wire);
	get_reports(wire, result, &limits, arena);
	get_used(wire, result, limits.entries, arena);
	if (!wire_ends(wire))
		return error_set(err, "bytes that are no answer");
	if (!agrees(result))
		return error_set(err, "an answer that contradicts itself");
	return wire_check_edits(&result->edits, text, policy, err);
}
