#include "capfix/run_look.h"

#include <sys/stat.h>

#include "capfix/files_read.h"
#include "capfix/run.h"
#include "capfix/run_engine.h"
#include "capfix/run_policy.h"

static void trouble(struct look *look, struct slice path, enum finding_code code, struct slice text)
{
	report_trouble(&look->report, path, code, text);
	look->trouble = true;
}

static const struct folder *folder_for(struct look *look, const struct file *file)
{
	return folders_at(&look->folders, files_folder(file->path, &look->arena));
}

/*
 * `capfix --init-policy >.capfix.yaml` finds the empty file that the shell has just made. It counts as a policy that
 * allows nothing, though one must have a version elsewhere.
 */
static void take_empty(struct look *look)
{
	struct findings none = {0};
	struct stat st;

	for (size_t i = 0; i < look->folders.npolicies; i++) {
		struct run_policy *policy = look->folders.policies[i];
		if (stat(policy->path.p, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0)
			policy->policy = policy_parse(SLICE("version: 1\n"), &look->arena, &none);
	}
}

bool look_open(struct look *look, const struct options *options, const char *const *paths, size_t npaths)
{
	*look = (struct look){.options = options};
	arena_init(&look->arena);
	look->trouble = !report_open(&look->report, options);
	if (look->trouble)
		return false;
	files_collect(&look->files, paths, npaths, &look->arena);
	folders_init(&look->folders, &look->arena);
	if (options->policy || options->no_policy)
		folders_fix(&look->folders, options->policy);
	for (size_t i = 0; i < look->files.n; i++)
		if (look->files.v[i].kind != FILE_TROUBLE && look->files.v[i].kind != FILE_NOTE)
			folder_for(look, &look->files.v[i]);
	if (options->mode == MODE_INIT_POLICY)
		take_empty(look);
	look->trouble = !run_policies_load(&look->folders, options->today, &look->report);
	return !look->trouble;
}

static bool wanted(struct look *look, const struct file *file)
{
	bool manifest = file->kind == FILE_NAMED || file->kind == FILE_WALKED || file->kind == FILE_STDIN;
	const struct folder *folder;

	if (!manifest || slice_is(files_base(file->path), POLICY_NAME))
		return false;
	if (file->kind != FILE_WALKED)
		return true;
	folder = folder_for(look, file);
	return !folder->policy ||
		!policy_excluded(folder->policy->policy, folders_subject(&look->folders, folder, file->path));
}

/* Something is refused that is no container, such as a list of them. */
static bool refuses_more(const struct rewrite_result *result)
{
	size_t n = 0;

	for (size_t i = 0; i < result->nreports; i++)
		n += result->reports[i].state == CONTAINER_REFUSED;
	return result->refused > n;
}

/* What a mode cannot show, because no container's report has it. */
static bool is_about_file(const struct finding *finding, bool refusals)
{
	if (finding->code == CODE_REFUSED)
		return refusals;
	return finding->level == LEVEL_ERROR || finding->code == CODE_TEMPLATE || finding->code == CODE_UNKNOWN_KIND;
}

static void report_file(struct look *look, const struct look_file *file)
{
	const struct findings *findings = &file->result->findings;
	bool refusals = refuses_more(file->result);

	for (size_t i = 0; i < findings->n; i++)
		if (is_about_file(&findings->v[i], refusals))
			report_aside(&look->report, file->path, &findings->v[i]);
	look->trouble = look->trouble || file->result->outcome == OUTCOME_FAILED;
}

static void do_file(
	struct look *look, const struct file *file, void (*visit)(void *, const struct look_file *), void *context)
{
	const struct folder *folder = folder_for(look, file);
	bool standard_input = file->kind == FILE_STDIN;
	struct rewrite_input input = {
		.path = standard_input ? file->path : folders_subject(&look->folders, folder, file->path),
		.policy = folder->policy ? folder->policy->policy : NULL,
		.policy_path = folder->policy ? folder->policy->path : SLICE(""),
		.chart_template = !standard_input && folder->chart_template,
		.whole = file->kind != FILE_WALKED,
	};
	struct rewrite_result result;
	struct arena arena;
	struct buf bytes;
	struct stat seen;
	struct error err;

	buf_init(&bytes);
	arena_init(&arena);
	if (file_read(file, &bytes, &seen, &err)) {
		input.text = buf_slice(&bytes);
		run_engine(&input, &arena, &result);
		struct look_file looked = {file->path, folder->policy, &input, &result, &arena};
		visit(context, &looked);
		report_file(look, &looked);
	} else {
		trouble(look, file->path, CODE_IO, slice_of(err.text));
	}
	arena_release(&arena);
	buf_release(&bytes);
}

void look_each(struct look *look, void (*visit)(void *, const struct look_file *), void *context)
{
	for (size_t i = 0; i < look->files.n && !look->report.results.failed; i++) {
		const struct file *file = &look->files.v[i];
		struct finding note = {.level = LEVEL_NOTE, .code = CODE_IO, .text = file->text};
		if (file->kind == FILE_TROUBLE)
			trouble(look, file->path, CODE_IO, file->text);
		else if (file->kind == FILE_NOTE && look->options->verbose)
			report_aside(&look->report, file->path, &note);
		else if (wanted(look, file))
			do_file(look, file, visit, context);
		report_settle(&look->report);
	}
}

void look_say(struct look *look, struct slice text)
{
	if (!look->options->quiet)
		report_say(&look->report, text);
}

int look_close(struct look *look)
{
	bool ok = report_close(&look->report, NULL);

	arena_release(&look->arena);
	return ok && !look->trouble ? STATUS_FINE : STATUS_TROUBLE;
}
