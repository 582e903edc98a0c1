#include "capfix/run_look.h"

#include <sys/stat.h>

#include "capfix/run.h"
#include "capfix/run_policy.h"

static void trouble(struct look *look, struct slice path, enum finding_code code, struct slice text)
{
	report_trouble(&look->report, path, code, text);
	look->trouble = true;
}

/*
 * `capfix --init-policy >.capfix.yaml` finds the empty file that the shell has just made. It counts as a policy that
 * allows nothing, though one must have a version elsewhere.
 */
static void take_empty(struct look *look)
{
	struct policy_list none = {0};
	struct stat st;

	for (size_t i = 0; i < look->folders.npolicies; i++) {
		struct run_policy *policy = look->folders.policies[i];
		if (stat(policy->path.p, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0)
			policy->policy = policy_listed(&none, &look->arena);
	}
}

bool look_open(struct look *look, const struct options *options, const char *const *paths, size_t npaths)
{
	*look = (struct look){.options = options};
	arena_init(&look->arena);
	feed_open(&look->feed, options);
	look->feed.folders = &look->folders;
	look->feed.arena = &look->arena;
	look->feed.deep = look->feed.all = true;
	look->trouble = !report_open(&look->report, options);
	if (look->trouble)
		return false;
	files_collect(&look->files, paths, npaths, &look->arena);
	folders_init(&look->folders, &look->arena);
	if (options->policy || options->no_policy)
		folders_fix(&look->folders, options->policy);
	for (size_t i = 0; i < look->files.n; i++)
		if (look->files.v[i].kind != FILE_TROUBLE && look->files.v[i].kind != FILE_NOTE)
			(void)folders_at(&look->folders, files_folder(look->files.v[i].path, &look->arena));
	if (options->mode == MODE_INIT_POLICY)
		take_empty(look);
	look->trouble = !run_policies_load(&look->folders, &look->feed.engine, options->today, &look->report);
	return !look->trouble;
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

static void do_file(struct look *look, struct task *task)
{
	struct look_file looked = {
		.path = task->file->path,
		.policy = task->policy,
		.input = &task->input,
		.result = &task->result,
		.deeper = &task->deeper,
		.arena = &task->arena,
	};

	look->visit(look->context, &looked);
	report_file(look, &looked);
}

/* A file's turn has come. */
static void finish(void *context, struct task *task)
{
	struct look *look = context;
	struct finding note = {.level = LEVEL_NOTE, .code = CODE_IO, .text = task->file->text};

	if (task->trouble.n > 0)
		trouble(look, task->file->path, CODE_IO, task->trouble);
	else if (task->file->kind != FILE_NOTE)
		do_file(look, task);
	else if (look->options->verbose)
		report_aside(&look->report, task->file->path, &note);
	report_settle(&look->report);
}

void look_each(struct look *look, void (*visit)(void *, const struct look_file *), void *context)
{
	look->visit = visit;
	look->context = context;
	look->feed.finish = finish;
	look->feed.context = look;
	for (size_t i = 0; i < look->files.n && !look->report.results.failed; i++)
		feed_file(&look->feed, &look->files.v[i]);
	feed_rest(&look->feed);
}

void look_say(struct look *look, struct slice text)
{
	if (!look->options->quiet)
		report_say(&look->report, text);
}

int look_close(struct look *look)
{
	bool ok = report_close(&look->report, NULL);

	feed_close(&look->feed);
	arena_release(&look->arena);
	return ok && !look->trouble ? STATUS_FINE : STATUS_TROUBLE;
}
