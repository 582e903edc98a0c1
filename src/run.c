#include "capfix/run.h"

#include "capfix/files.h"
#include "capfix/files_read.h"
#include "capfix/replace.h"
#include "capfix/run_engine.h"
#include "capfix/run_folders.h"
#include "capfix/run_policy.h"
#include "capfix/run_report.h"

struct run {
	const struct options *options;
	struct arena arena; /* what lives as long as the run */
	struct files files;
	struct folders folders;
	struct report report;
	bool trouble; /* exit 2 */
	bool to_fix;  /* exit 1 */
	size_t done;  /* files that the engine has seen */
	size_t changed;
	size_t containers;
	size_t fixed;
	size_t refused;
};

/* One file on its way: filled by read_file, then by run_engine, used by act. */
struct task {
	const struct file *file;
	struct buf bytes;
	struct stat seen;
	struct arena arena;
	struct rewrite_input input;
	struct rewrite_result result;
	bool written; /* in place */
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

static bool is_manifest(const struct file *file)
{
	bool kind = file->kind == FILE_NAMED || file->kind == FILE_WALKED || file->kind == FILE_STDIN;
	return kind && !slice_is(files_base(file->path), POLICY_NAME);
}

/* The policy's `exclude` is about what a walk finds; what is named is meant. */
static bool excluded(struct run *run, const struct file *file)
{
	if (file->kind != FILE_WALKED)
		return false;
	if (report_output_is(&run->report.output, file->path))
		return true;
	const struct folder *folder = folder_for(run, file);
	return folder->policy &&
		policy_excluded(folder->policy->policy, folders_subject(&run->folders, folder, file->path)) != NULL;
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
	return run_policies_load(&run->folders, run->options->today, &run->report);
}

/* Step 1: the bytes, and what the engine must know about them. */
static bool read_file(struct run *run, struct task *task)
{
	struct error err;
	if (!file_read(task->file, &task->bytes, &task->seen, &err)) {
		trouble(run, task->file->path, CODE_IO, slice_of(err.text));
		return false;
	}
	const struct folder *folder = folder_for(run, task->file);
	bool standard_input = task->file->kind == FILE_STDIN;
	task->input = (struct rewrite_input){
		.text = buf_slice(&task->bytes),
		.path = standard_input ? task->file->path : folders_subject(&run->folders, folder, task->file->path),
		.policy = folder->policy ? folder->policy->policy : NULL,
		.policy_path = folder->policy ? folder->policy->path : SLICE(""),
		.chart_template = !standard_input && folder->chart_template,
		.whole = task->file->kind != FILE_WALKED,
	};
	return true;
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
	if (task->result.outcome == OUTCOME_CHANGED)
		act_changed(run, task);
	else if (filter && task->result.outcome != OUTCOME_FAILED)
		report_pass(&run->report, task->input.text);
	show(run, task);
}

static void do_manifest(struct run *run, const struct file *file)
{
	struct task task = {.file = file};
	arena_init(&task.arena);
	buf_init(&task.bytes);
	if (read_file(run, &task)) {
		run_engine(&task.input, &task.arena, &task.result);
		act(run, &task);
	}
	buf_release(&task.bytes);
	arena_release(&task.arena);
}

static void note(struct run *run, const struct file *file)
{
	struct finding finding = {.level = LEVEL_NOTE, .code = CODE_IO, .text = file->text};
	if (run->options->verbose)
		report_aside(&run->report, file->path, &finding);
}

static void do_file(struct run *run, const struct file *file)
{
	if (file->kind == FILE_TROUBLE)
		trouble(run, file->path, CODE_IO, file->text);
	else if (file->kind == FILE_NOTE)
		note(run, file);
	else if (is_manifest(file) && !excluded(run, file))
		do_manifest(run, file);
	report_settle(&run->report);
}

static void say_totals(struct run *run)
{
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
		do_file(run, &run->files.v[i]);
	}
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
	run.trouble = !report_open(&run.report, options);
	if (!run.trouble)
		files_collect(&run.files, options->paths, options->npaths, &run.arena);
	if (!run.trouble && load_policies(&run))
		do_all(&run);
	else
		run.trouble = true;
	close_report(&run);
	arena_release(&run.arena);
	return status(&run);
}
