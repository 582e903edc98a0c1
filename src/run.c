#include "capfix/run.h"

#include "capfix/files.h"
#include "capfix/replace.h"
#include "capfix/run_feed.h"
#include "capfix/run_folders.h"
#include "capfix/run_policy.h"
#include "capfix/run_report.h"

struct run {
	const struct options *options;
	struct arena arena; /* what lives as long as the run */
	struct files files;
	struct folders folders;
	struct report report;
	struct feed feed;
	bool trouble; /* exit 2 */
	bool to_fix;  /* exit 1 */
	size_t done;  /* files that the engine has seen */
	size_t changed;
	size_t containers;
	size_t fixed;
	size_t refused;
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
	else if (!replace_file(task->file->path.p, &task->seen, buf_slice(&text), &err)) {
		trouble(run, task->file->path, CODE_IO, slice_of(err.text));
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

static void count(struct run *run, const struct rewrite_result *result)
{
	run->done++;
	run->changed += result->outcome == OUTCOME_CHANGED;
	run->containers += result->containers;
	run->fixed += result->fixed;
	run->refused += result->refused;
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
	count(run, &task->result);
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

/* A file's turn has come. */
static void finish(void *context, struct task *task)
{
	struct run *run = context;
	if (task->trouble.n > 0)
		trouble(run, task->file->path, CODE_IO, task->trouble);
	else if (task->file->kind == FILE_NOTE)
		note(run, task->file);
	else
		act(run, task);
	report_settle(&run->report);
}

/* An earlier report is no manifest. */
static bool is_output(const struct run *run, const struct file *file)
{
	return file->kind == FILE_WALKED && report_output_is(&run->report.output, file->path);
}

static void say_totals(struct run *run)
{
	const char *unconfined = engine_unconfined(&run->feed.engine);
	if (unconfined)
		report_say(&run->report, arena_printf(&run->arena, "workers ran unconfined: %s", unconfined));
	struct slice text = arena_printf(&run->arena, "%zu files, %zu %s; %zu containers, %zu %s, %zu refused",
		run->done, run->changed, run->options->mode == MODE_IN_PLACE ? "changed" : "to change", run->containers,
		run->fixed, run->options->mode == MODE_IN_PLACE ? "fixed" : "to fix", run->refused);
	report_say(&run->report, text);
}

static void do_all(struct run *run)
{
	if (run->options->mode == MODE_IN_PLACE)
		replace_catch_signals();
	for (size_t i = 0; i < run->files.n; i++) {
		/* Where nobody reads the results, only writing in place is worth going on with. */
		if (run->report.results.failed && run->options->mode != MODE_IN_PLACE)
			break;
		if (!is_output(run, &run->files.v[i]))
			feed_file(&run->feed, &run->files.v[i]);
	}
	feed_rest(&run->feed);
	run->done += run->feed.nothing;
	if (run_policies_unused(&run->folders, &run->report) > 0 && run->options->check_policy)
		run->to_fix = true;
	if (run->options->verbose)
		say_totals(run);
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
		.files = run->done,
		.changed = run->changed,
		.containers = run->containers,
		.fixed = run->fixed,
		.refused = run->refused,
		.status = status(run),
	};
	if (!report_close(&run->report, &totals))
		run->trouble = true;
}

int run(const struct options *options)
{
	struct run run = {.options = options};
	arena_init(&run.arena);
	feed_open(&run.feed, options);
	run.feed.folders = &run.folders;
	run.feed.arena = &run.arena;
	run.feed.finish = finish;
	run.feed.context = &run;
	run.trouble = !report_open(&run.report, options);
	if (!run.trouble)
		files_collect(&run.files, options->paths, options->npaths, &run.arena);
	if (!run.trouble && load_policies(&run))
		do_all(&run);
	else
		run.trouble = true;
	feed_close(&run.feed);
	close_report(&run);
	arena_release(&run.arena);
	return status(&run);
}
