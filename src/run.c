#include "capfix/run.h"

#include "capfix/files.h"
#include "capfix/replace.h"
#include "capfix/run_clean.h"
#include "capfix/run_feed.h"
#include "capfix/run_folders.h"
#include "capfix/run_policy.h"
#include "capfix/run_report.h"
#include "capfix/run_summary.h"

struct run {
	const struct options *options;
	struct arena arena; /* what lives as long as the run */
	struct files files;
	struct folders folders;
	struct report report;
	struct feed feed;
	bool trouble; /* exit 2 */
	bool to_fix;  /* exit 1 */
	bool probing; /* only to find out which files would change */
	size_t fed;   /* files that have been looked at, or are being */
	struct summary summary;
};

static void trouble(struct run *run, struct slice path, enum finding_code code, struct slice text)
{
	report_trouble(&run->report, path, code, text);
	run->trouble = true;
}

static const struct folder *folder_for(struct run *run, const struct file *file)
{
	return folders_at(&run->folders, files_folder(file->path, &run->arena));
}

/* A file, or what should have been one, cannot be read. */
static void failed(struct run *run, const struct file *file, struct slice text)
{
	trouble(run, file->path, CODE_IO, text);
	summary_error(&run->summary, folder_for(run, file)->repo);
}

/* A policy that is named as a file is checked as a policy, so its folder is looked at too. */
static bool load_policies(struct run *run)
{
	folders_init(&run->folders, &run->arena);
	if (run->options->policy || run->options->no_policy)
		folders_fix(&run->folders, run->options->policy);
	for (size_t i = 0; i < run->files.n; i++)
		if (run->files.v[i].kind != FILE_TROUBLE && run->files.v[i].kind != FILE_NOTE)
			folder_for(run, &run->files.v[i]);
	return run_policies_load(&run->folders, &run->feed.engine, run->options->today, &run->report);
}

static void write_in_place(struct run *run, struct task *task)
{
	struct error err;
	struct buf text;
	buf_init(&text);
	task->written = true;
	edits_apply(&task->result.edits, task->input.text, &text);
	if (task->file->kind == FILE_STDIN)
		report_pass(&run->report, buf_slice(&text));
	else if (!replace_file(task->file->path.p, &(struct replace_old){task->seen, task->input.text},
			 buf_slice(&text), &err)) {
		trouble(run, task->file->path, CODE_IO, slice_of(err.text));
		summary_unwritten(&run->summary, folder_for(run, task->file)->repo, &task->result);
		task->written = false;
	}
	buf_release(&text);
}

/* Step 3, the part that the mode decides. */
static void act_changed(struct run *run, struct task *task)
{
	switch (run->options->mode) {
	case MODE_DIFF:
		report_diff(&run->report, task->file->path, task->input.text, &task->result.edits);
		break;
	case MODE_LIST:
		report_name(&run->report, task->file->path);
		break;
	case MODE_IN_PLACE:
		write_in_place(run, task);
		return;
	case MODE_CHECK:
		break;
	case MODE_NONE:
	case MODE_EXPLAIN:
	case MODE_EFFECTIVE:
	case MODE_INIT_POLICY:
	case MODE_KRM:
		BUG("no mode that changes anything");
	}
	run->to_fix = true;
}

static void count(struct run *run, const struct task *task)
{
	const struct rewrite_result *result = &task->result;
	summary_file(&run->summary, folder_for(run, task->file)->repo, result);
	run->trouble = run->trouble || result->outcome == OUTCOME_FAILED;
	run->to_fix = run->to_fix || result->refused > 0;
}

static void show(struct run *run, const struct task *task)
{
	struct report_file file = {
		.repository = folders_repository(&run->folders, folder_for(run, task->file)),
		.path = task->file->path,
		.text = task->input.text,
		.standard_input = task->file->kind == FILE_STDIN,
		.policy = task->input.policy,
		.policy_path = task->input.policy_path,
		.result = &task->result,
		.written = task->written,
	};
	report_show(&run->report, &file);
}

/* Step 3: the result, shown or written. */
static void act(struct run *run, struct task *task)
{
	bool filter = run->options->mode == MODE_IN_PLACE && task->file->kind == FILE_STDIN;
	count(run, task);
	run_policy_mark(folder_for(run, task->file)->policy, task->result.used, &run->arena);
	if (task->result.outcome == OUTCOME_CHANGED)
		act_changed(run, task);
	else if (filter && task->result.outcome != OUTCOME_FAILED)
		report_pass(&run->report, task->input.text);
	show(run, task);
}

static void note(struct run *run, const struct file *file)
{
	struct finding finding = {.level = LEVEL_NOTE, .code = CODE_IO, .text = file->text};
	if (run->options->verbose)
		report_aside(&run->report, file->path, &finding);
}

/* With --require-clean, for a file that has changes to commit. */
static void probe(struct run *run, const struct task *task)
{
	if (task->trouble.n == 0 && task->result.outcome == OUTCOME_CHANGED)
		trouble(run, task->file->path, CODE_IO,
			SLICE("has changes that are not committed, and would be changed: commit or stash them first"));
}

static void show_progress(struct run *run)
{
	size_t waiting = run->feed.waiting;
	progress_show(&run->report.progress, run->fed > waiting ? run->fed - waiting : 0, run->summary.all.changed);
}

/* A file's turn has come. */
static void finish(void *context, struct task *task)
{
	struct run *run = context;
	if (run->probing) {
		probe(run, task);
		return;
	}
	if (task->trouble.n > 0)
		failed(run, task->file, task->trouble);
	else if (task->file->kind == FILE_NOTE)
		note(run, task->file);
	else
		act(run, task);
	report_settle(&run->report);
	show_progress(run);
}

/* A file without any container. */
static void nothing(void *context, const struct file *file)
{
	struct run *run = context;
	if (!run->probing)
		summary_file(&run->summary, folder_for(run, file)->repo, NULL);
}

/* An earlier report is no manifest. */
static bool is_output(const struct run *run, const struct file *file)
{
	return file->kind == FILE_WALKED && report_output_is(&run->report.output, file->path);
}

static void say_unconfined(struct run *run)
{
	const char *unconfined = engine_unconfined(&run->feed.engine);
	if (unconfined)
		report_say(&run->report, arena_printf(&run->arena, "workers ran unconfined: %s", unconfined));
}

/* What must be in order before a file is written to. False: nothing may be. */
static bool prepare(struct run *run)
{
	struct files changed = {0};
	if (run->options->mode != MODE_IN_PLACE)
		return true;
	if (run->options->require_clean && !clean_find(&run->files, &run->folders, &changed, &run->report))
		return false;
	run->probing = true;
	for (size_t i = 0; i < changed.n; i++)
		feed_file(&run->feed, &changed.v[i]);
	feed_rest(&run->feed);
	run->probing = false;
	if (run->trouble)
		return false;
	clean_sweep(&run->files, &run->folders, &run->report);
	return true;
}

static void do_all(struct run *run)
{
	bool in_place = run->options->mode == MODE_IN_PLACE;
	progress_start(&run->report.progress, !run->options->quiet, run->files.n, in_place ? "changed" : "to change");
	if (in_place || run->report.progress.on)
		replace_catch_signals();
	for (size_t i = 0; i < run->files.n; i++) {
		/* Where nobody reads the results, only writing in place is worth going on with. */
		if (run->report.results.failed && !in_place)
			break;
		run->fed = i + 1;
		if (!is_output(run, &run->files.v[i]))
			feed_file(&run->feed, &run->files.v[i]);
		show_progress(run);
	}
	feed_rest(&run->feed);
	if (run_policies_unused(&run->folders, &run->report) > 0 && run->options->check_policy)
		run->to_fix = true;
	if (run->options->verbose)
		say_unconfined(run);
	summary_say(&run->summary, run->options, &run->folders, &run->report);
}

static int status(const struct run *run)
{
	if (run->trouble)
		return STATUS_TROUBLE;
	return run->to_fix && !run->options->exit_zero ? STATUS_TO_FIX : STATUS_FINE;
}

static void close_report(struct run *run)
{
	struct report_totals totals = {
		.files = run->summary.all.files,
		.changed = run->summary.all.changed,
		.containers = run->summary.all.containers,
		.fixed = run->summary.all.fixed,
		.refused = run->summary.all.refused,
		.status = status(run),
	};
	if (!report_close(&run->report, &totals))
		run->trouble = true;
}

int run(const struct options *options)
{
	struct run run = {.options = options};
	arena_init(&run.arena);
	run.summary.arena = &run.arena;
	feed_open(&run.feed, options);
	run.feed.folders = &run.folders;
	run.feed.arena = &run.arena;
	run.feed.finish = finish;
	run.feed.nothing = nothing;
	run.feed.context = &run;
	run.trouble = !report_open(&run.report, options);
	if (!run.trouble)
		files_collect(&run.files, options->paths, options->npaths, &run.arena);
	if (!run.trouble && load_policies(&run) && prepare(&run))
		do_all(&run);
	else
		run.trouble = true;
	feed_close(&run.feed);
	close_report(&run);
	arena_release(&run.arena);
	return status(&run);
}
