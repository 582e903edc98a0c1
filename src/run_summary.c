#include "capfix/run_summary.h"

#include <stdlib.h>
#include <string.h>

static struct tally *tally_of(struct summary *summary, size_t repo)
{
	if (repo >= summary->n) {
		size_t old = summary->n;
		summary->repos = arena_grow(
			summary->arena, summary->repos, old, &summary->cap, repo + 1, sizeof(*summary->repos));
		summary->n = repo + 1;
		memset(summary->repos + old, 0, (summary->n - old) * sizeof(*summary->repos));
	}
	return &summary->repos[repo];
}

static void add(struct tally *to, const struct tally *more)
{
	to->files += more->files;
	to->parsed += more->parsed;
	to->changed += more->changed;
	to->containers += more->containers;
	to->fixed += more->fixed;
	to->before += more->before;
	to->after += more->after;
	to->kept += more->kept;
	to->removed += more->removed;
	to->refused += more->refused;
	to->errors += more->errors;
}

static void add_both(struct summary *summary, size_t repo, const struct tally *more)
{
	add(&summary->all, more);
	add(tally_of(summary, repo), more);
}

/* A container as it is, and as the edits leave it. Those that the rule leaves alone count as containers, no more. */
static void count_container(struct tally *tally, const struct container_report *report)
{
	bool judged = report->state == CONTAINER_COMPLIES || report->state == CONTAINER_FIXED ||
		report->state == CONTAINER_OVERLAY;
	tally->before += report->state == CONTAINER_COMPLIES;
	tally->after += report->state == CONTAINER_COMPLIES || report->state == CONTAINER_FIXED;
	for (size_t i = 0; judged && i < report->nadds; i++) {
		tally->kept += report->adds[i].kept;
		tally->removed += !report->adds[i].kept;
	}
}

static struct tally count(const struct rewrite_result *result)
{
	struct tally tally = {0};
	tally.parsed = result->outcome == OUTCOME_UNCHANGED || result->outcome == OUTCOME_CHANGED;
	tally.changed = result->outcome == OUTCOME_CHANGED;
	tally.containers = result->containers;
	tally.fixed = result->fixed;
	tally.refused = result->refused;
	tally.errors = result->outcome == OUTCOME_FAILED;
	for (size_t i = 0; i < result->nreports; i++)
		count_container(&tally, &result->reports[i]);
	return tally;
}

void summary_file(struct summary *summary, size_t repo, const struct rewrite_result *result)
{
	struct tally tally = {0};
	if (result)
		tally = count(result);
	tally.files = 1;
	add_both(summary, repo, &tally);
}

static void take_back(struct tally *tally, const struct tally *made)
{
	tally->changed--;
	tally->fixed -= made->fixed;
	tally->after -= made->after - made->before;
	tally->removed -= made->removed;
	tally->errors++;
}

void summary_unwritten(struct summary *summary, size_t repo, const struct rewrite_result *result)
{
	struct tally made = count(result);
	take_back(&summary->all, &made);
	take_back(tally_of(summary, repo), &made);
}

void summary_error(struct summary *summary, size_t repo)
{
	add_both(summary, repo, &(struct tally){.errors = 1});
}

static const char *s_of(size_t n)
{
	return n == 1 ? "" : "s";
}

static void say(const struct tally *tally, const char *name, bool done, struct report *report)
{
	struct buf line;
	buf_init(&line);
	buf_adds(&line, name);
	buf_addf(&line, "%zu file%s, %zu parsed, %zu %s", tally->files, s_of(tally->files), tally->parsed,
		tally->changed, done ? "changed" : "to change");
	buf_addf(&line, "; %zu container%s: %zu complied, %zu %s", tally->containers, s_of(tally->containers),
		tally->before, tally->after, done ? "do now" : "would");
	buf_addf(&line, "; %zu add%s kept, %zu %s", tally->kept, s_of(tally->kept), tally->removed,
		done ? "removed" : "to remove");
	buf_addf(&line, "; %zu refused, %zu error%s", tally->refused, tally->errors, s_of(tally->errors));
	report_say(report, buf_slice(&line));
	buf_release(&line);
}

/* One line of the summary. */
struct row {
	struct slice name;
	const struct tally *tally;
};

static int by_name(const void *a, const void *b)
{
	return slice_cmp(((const struct row *)a)->name, ((const struct row *)b)->name);
}

/* The work trees in which there was anything, by name, what is in none of them last. */
static size_t rows_of(const struct summary *summary, const struct folders *folders, struct row *rows)
{
	size_t n = 0;
	for (size_t i = 1; i < summary->n; i++)
		if (summary->repos[i].files > 0 || summary->repos[i].errors > 0)
			rows[n++] = (struct row){folders_shown(folders, folders_repo(folders, i)), &summary->repos[i]};
	if (n > 0)
		qsort(rows, n, sizeof(*rows), by_name);
	if (summary->n > 0 && (summary->repos[0].files > 0 || summary->repos[0].errors > 0))
		rows[n++] = (struct row){SLICE("outside of git"), &summary->repos[0]};
	return n;
}

void summary_say(const struct summary *summary, const struct options *options, const struct folders *folders,
	struct report *report)
{
	bool done = options->mode == MODE_IN_PLACE;
	if (options->quiet || !(options->verbose || (done && summary->all.files > 1)))
		return;
	struct row *rows = xrealloc(NULL, summary->n + 1, sizeof(*rows));
	size_t n = rows_of(summary, folders, rows);
	struct buf name;
	buf_init(&name);
	for (size_t i = 0; n > 1 && i < n; i++) {
		name.n = 0;
		buf_add(&name, rows[i].name);
		buf_adds(&name, ": ");
		buf_addc(&name, '\0');
		say(rows[i].tally, name.p, done, report);
	}
	say(&summary->all, n > 1 ? "in all: " : "", done, report);
	buf_release(&name);
	free(rows);
}
