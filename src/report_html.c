/*
 * One page for a migration, which needs nothing but itself. What is counted comes first on it, so the rest has to
 * wait: the page is gathered as HTML, not as findings.
 */
#include <stdlib.h>

#include "capfix/caps.h"
#include "capfix/diff.h"
#include "capfix/report_format.h"
#include "report_html.h"
#include "capfix/report_string.h"

struct repo {
	struct buf name;
	size_t containers; /* that the rule is for */
	size_t complying;
	size_t fixed;
};

/* Names that Linux does not know, and ALL, are counted together behind the others. */
enum { CAP_ALL = CAPS_COUNT, CAP_UNKNOWN, CAP_COUNTS };

struct html_state {
	struct repo *repos; /* in the order in which they were met */
	size_t nrepos;
	size_t cap;
	size_t removed[CAP_COUNTS];
	size_t npersons;
	size_t nkept;
	size_t nfiles;
	struct buf person; /* rows and blocks that are ready */
	struct buf kept;
	struct buf diffs;
};

static void html_begin(struct report_format *format, struct buf *out)
{
	struct html_state *state = xrealloc(NULL, 1, sizeof(*state));
	(void)out;
	*state = (struct html_state){0};
	format->state = state;
}

/* Files come in the order of their paths, so that of the last one is nearly always right. */
static struct repo *repo_of(struct html_state *state, struct slice name)
{
	for (size_t i = state->nrepos; i > 0; i--)
		if (slice_eq(buf_slice(&state->repos[i - 1].name), name))
			return &state->repos[i - 1];
	if (state->nrepos == state->cap) {
		state->cap = grown(state->cap, state->nrepos + 1);
		state->repos = xrealloc(state->repos, state->cap, sizeof(*state->repos));
	}
	struct repo *repo = &state->repos[state->nrepos++];
	*repo = (struct repo){0};
	buf_add(&repo->name, name);
	return repo;
}

static void add_place(struct buf *out, struct slice path, size_t line)
{
	buf_adds(out, "<td>");
	html_text(out, path);
	if (line > 0)
		buf_addf(out, ":%zu", line);
	buf_adds(out, "</td>");
}

static void add_container(struct buf *out, const struct container_report *report)
{
	struct slice parts[] = {report->kind, report->namespace, report->name, report->container};
	struct buf name;
	buf_init(&name);
	report_path_of(&name, parts, sizeof(parts) / sizeof(parts[0]));
	html_cell(out, buf_slice(&name));
	buf_release(&name);
}

/* A cell that is not broken into lines. */
static void add_word(struct buf *out, struct slice text)
{
	buf_adds(out, "<td class=\"word\">");
	html_text(out, text);
	buf_adds(out, "</td>");
}

static void add_kept(struct html_state *state, const struct report_file *file, const struct container_report *report,
	const struct container_add *add)
{
	const struct policy_entry *entry = policy_at(file->policy, add->entry);
	struct slice facts[] = {entry->reason, entry->owner, entry->ticket};
	buf_adds(&state->kept, "<tr>");
	add_place(&state->kept, file->path, add->line > 0 ? add->line : report->line);
	add_container(&state->kept, report);
	add_word(&state->kept, add->canonical);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		html_cell(&state->kept, facts[i]);
	add_word(&state->kept, entry->expires);
	buf_adds(&state->kept, "</tr>\n");
	state->nkept++;
}

/* How many adds go. */
static size_t count_adds(
	struct html_state *state, const struct report_file *file, const struct container_report *report)
{
	size_t removed = 0;
	for (size_t i = 0; i < report->nadds; i++) {
		const struct container_add *add = &report->adds[i];
		size_t index = caps_index(add->canonical);
		if (add->kept && file->policy) {
			add_kept(state, file, report, add);
			continue;
		}
		removed++;
		state->removed[index < CAPS_COUNT                 ? index
				: slice_is(add->canonical, "ALL") ? (size_t)CAP_ALL
								  : (size_t)CAP_UNKNOWN]++;
	}
	return removed;
}

static size_t count_containers(struct html_state *state, const struct report_file *file)
{
	struct repo *repo = repo_of(state, file->repository);
	size_t removed = 0;
	for (size_t i = 0; i < file->result->nreports; i++) {
		const struct container_report *report = &file->result->reports[i];
		enum container_state is = report->state;
		repo->containers += is == CONTAINER_COMPLIES || is == CONTAINER_FIXED || is == CONTAINER_REFUSED;
		repo->complying += is == CONTAINER_COMPLIES;
		repo->fixed += is == CONTAINER_FIXED;
		if (is == CONTAINER_COMPLIES || is == CONTAINER_FIXED || is == CONTAINER_OVERLAY)
			removed += count_adds(state, file, report);
	}
	return removed;
}

static void add_person(struct html_state *state, struct slice path, const struct finding *finding)
{
	if (finding->level != LEVEL_ERROR)
		return;
	buf_adds(&state->person, "<tr>");
	add_place(&state->person, path, finding->line);
	html_cell(&state->person, slice_of(finding_code_name(finding->code)));
	html_cell(&state->person, finding->text);
	buf_adds(&state->person, "</tr>\n");
	state->npersons++;
}

static void add_diff(struct html_state *state, const struct report_file *file, size_t removed)
{
	const struct rewrite_result *result = file->result;
	struct buf *out = &state->diffs;
	struct buf diff;
	if (result->edits.n == 0)
		return;
	buf_init(&diff);
	diff_unified(&diff, file->path, file->text, &result->edits);
	buf_addf(out, "<details class=\"file\" data-removed=\"%d\" data-refused=\"%d\" data-repo=\"", removed > 0,
		result->refused > 0);
	html_text(out, file->repository);
	buf_adds(out, "\"><summary>");
	html_text(out, file->path);
	buf_addf(out,
		" <small>%zu fixed, %zu removed, %zu refused</small></summary>\n<table class=\"diff\"><colgroup>"
		"<col class=\"n\"><col><col class=\"n\"><col></colgroup><tbody>\n",
		result->fixed, removed, result->refused);
	html_diff(out, buf_slice(&diff));
	buf_adds(out, "</tbody></table></details>\n");
	state->nfiles++;
	buf_release(&diff);
}

static void html_file(struct report_format *format, const struct report_file *file, struct buf *out)
{
	struct html_state *state = format->state;
	(void)out;
	if (!report_file_matters(file))
		return;
	size_t removed = count_containers(state, file);
	for (size_t i = 0; i < file->result->findings.n; i++)
		add_person(state, file->path, &file->result->findings.v[i]);
	add_diff(state, file, removed);
}

static void html_aside(struct report_format *format, struct slice path, const struct finding *finding, struct buf *out)
{
	(void)out;
	add_person(format->state, path, finding);
}

static void put_cards(struct buf *out, const struct report_format *format, const struct report_totals *totals)
{
	bool done = format->context.in_place;
	const struct {
		size_t n;
		const char *what;
	} cards[] = {
		{totals->files, "files"},
		{totals->changed, done ? "files changed" : "files to change"},
		{totals->containers, "containers"},
		{totals->fixed, done ? "containers fixed" : "containers to fix"},
		{totals->refused, "refused"},
	};
	buf_adds(out, "<ul class=\"cards\">\n");
	for (size_t i = 0; i < sizeof(cards) / sizeof(cards[0]); i++)
		buf_addf(out, "<li><b>%zu</b>%s</li>\n", cards[i].n, cards[i].what);
	buf_adds(out, "</ul>\n");
}

static void put_share(struct buf *out, size_t n, size_t all)
{
	size_t share = all > 0 ? n * 1000 / all : 1000;
	buf_addf(out, "<td class=\"num\">%zu.%zu&nbsp;%%</td>", share / 10, share % 10);
}

static void put_repos(struct buf *out, struct html_state *state)
{
	buf_adds(out,
		"<h2 id=\"compliance\">Compliance by repository</h2>\n"
		"<div class=\"wide scroll\" tabindex=\"0\"><table>\n"
		"<thead><tr><th>repository</th><th>before (upper bar) and after</th><th class=\"num\">before</th>"
		"<th class=\"num\">after</th><th class=\"num\">containers</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < state->nrepos; i++) {
		struct repo *repo = &state->repos[i];
		if (repo->containers > 0) {
			buf_adds(out, "<tr>");
			html_cell(out, repo->name.n > 0 ? buf_slice(&repo->name) : SLICE("(no repository)"));
			buf_adds(out, "<td>");
			html_bar(out, "before", repo->complying, repo->containers);
			html_bar(out, "after", repo->complying + repo->fixed, repo->containers);
			buf_adds(out, "</td>");
			put_share(out, repo->complying, repo->containers);
			put_share(out, repo->complying + repo->fixed, repo->containers);
			buf_addf(out, "<td class=\"num\">%zu</td></tr>\n", repo->containers);
		}
		buf_release(&repo->name);
	}
	buf_adds(out, "</tbody></table></div>\n");
	free(state->repos);
}

static const char *counted_name(size_t index)
{
	return index < CAPS_COUNT ? caps_name(index) : index == CAP_ALL ? "ALL" : "no capability of Linux";
}

/* The most frequent first; there are few, so the largest is looked for each time. */
static void put_removed(struct buf *out, struct html_state *state)
{
	size_t most = 0;
	buf_adds(out,
		"<h2 id=\"removed\">Added capabilities that go</h2>\n<div class=\"wide\"><table>\n<thead><tr>"
		"<th>capability</th><th></th><th class=\"num\">times</th></tr></thead>\n<tbody>\n");
	for (;;) {
		size_t at = 0;
		for (size_t i = 1; i < CAP_COUNTS; i++)
			at = state->removed[i] > state->removed[at] ? i : at;
		if (state->removed[at] == 0)
			break;
		most = most > 0 ? most : state->removed[at];
		buf_adds(out, "<tr>");
		html_cell(out, slice_of(counted_name(at)));
		buf_adds(out, "<td>");
		html_bar(out, "count", state->removed[at], most);
		buf_addf(out, "</td><td class=\"num\">%zu</td></tr>\n", state->removed[at]);
		state->removed[at] = 0;
	}
	buf_adds(out,
		most > 0 ? "</tbody></table></div>\n" : "<tr><td colspan=\"3\">none</td></tr></tbody></table></div>\n");
}

static void put_rows(struct buf *out, struct buf *rows, size_t n, const char *id, const char *title, const char *head)
{
	buf_addf(out, "<h2 id=\"%s\">%s (%zu)</h2>\n", id, title, n);
	if (n > 0) {
		buf_addf(out,
			"<div class=\"wide scroll\" tabindex=\"0\"><table>\n<thead><tr>%s</tr></thead>\n<tbody>\n",
			head);
		buf_add(out, buf_slice(rows));
		buf_adds(out, "</tbody></table></div>\n");
	} else {
		buf_adds(out, "<p>None.</p>\n");
	}
	buf_release(rows);
}

static void put_diffs(struct buf *out, struct html_state *state)
{
	buf_addf(out, "<h2 id=\"diffs\">Diffs (%zu)</h2>\n", state->nfiles);
	buf_adds(out,
		"<div class=\"tools\" hidden><input id=\"q\" type=\"search\" placeholder=\"Search names and "
		"lines ( / )\" "
		"aria-label=\"Search names and lines\"><select id=\"repo\" aria-label=\"Repository\"><option "
		"value=\"\">all "
		"repositories</option></select><select id=\"kind\" aria-label=\"Which files\"><option "
		"value=\"\">all files</option>"
		"<option value=\"removed\">with removed capabilities</option><option value=\"refused\">with "
		"refused containers"
		"</option></select><button id=\"open\" type=\"button\">Open</button><button id=\"close\" "
		"type=\"button\">Close"
		"</button><span id=\"shown\" role=\"status\"></span></div>\n");
	buf_add(out, buf_slice(&state->diffs));
	buf_release(&state->diffs);
}

static void html_end(struct report_format *format, const struct report_totals *totals, struct buf *out)
{
	struct html_state *state = format->state;
	buf_adds(out, html_head);
	put_cards(out, format, totals);
	put_repos(out, state);
	put_removed(out, state);
	put_rows(out, &state->person, state->npersons, "person", "Needs a person",
		"<th>place</th><th>code</th><th>why</th>");
	put_rows(out, &state->kept, state->nkept, "kept", "Kept",
		"<th>place</th><th>container</th><th>capability</th><th>reason</th><th>owner</th><th>"
		"ticket</th><th>expires</th>");
	put_diffs(out, state);
	buf_adds(out, html_tail);
	free(state);
	format->state = NULL;
}

const struct report_ops report_html = {"html", html_begin, html_file, html_aside, html_end};
