/* --explain and --effective. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "capfix/explain_table.h"
#include "capfix/run_look.h"

/* A path that was given with a line: PATH:LINE. */
struct asked {
	struct slice path;
	size_t line;
	bool read; /* the file could be read and parsed */
	bool met;  /* a container holds the line */
};

struct explain {
	struct look look;
	struct asked *asked; /* in the order of the command line */
	size_t nasked;
	bool table;
	struct explain_table rows;
	size_t containers;
};

/* Takes ":LINE" off, unless there is a file with it in its name. 0: there is none. */
static size_t take_line(char *path)
{
	struct stat st;
	char *colon = strrchr(path, ':');
	size_t line = 0;

	if (!colon || colon == path || !colon[1] || lstat(path, &st) == 0)
		return 0;
	for (const char *p = colon + 1; *p; p++) {
		if (*p < '0' || *p > '9' || line > SIZE_MAX / 10 - 1)
			return 0;
		line = line * 10 + (size_t)(*p - '0');
	}
	if (line > 0)
		*colon = '\0';
	return line;
}

static const char **take_lines(struct explain *explain, const struct options *options, struct arena *arena)
{
	const char **paths = arena_alloc(arena, options->npaths, sizeof(*paths));

	explain->asked = arena_alloc(arena, options->npaths, sizeof(*explain->asked));
	for (size_t i = 0; i < options->npaths; i++) {
		char *path = (char *)(uintptr_t)arena_dup(arena, slice_of(options->paths[i])).p;
		size_t line = take_line(path);
		paths[i] = path;
		if (line > 0)
			explain->asked[explain->nasked++] = (struct asked){
				.path = strcmp(path, "-") == 0 ? SLICE("-") : files_normal(path, arena), .line = line};
	}
	return paths;
}

static bool is_asked(struct explain *explain, struct slice path, const struct container_report *report)
{
	bool any = false, holds = false;

	for (size_t i = 0; i < explain->nasked; i++) {
		struct asked *asked = &explain->asked[i];
		if (!slice_eq(asked->path, path))
			continue;
		bool met = report->line <= asked->line && asked->line <= report->last_line;
		asked->met = asked->met || met;
		any = true;
		holds = holds || met;
	}
	return holds || !any;
}

static void do_container(struct explain *explain, const struct explain_input *input, struct arena *arena)
{
	struct buf page;

	explain->containers++;
	if (explain->table) {
		explain_table_add(&explain->rows, input);
		return;
	}
	buf_init(&page);
	explain_container(&page, input, arena);
	out_add(&explain->look.report.results, buf_slice(&page));
	buf_release(&page);
}

static int cmp_places(const void *a, const void *b)
{
	const struct container_report *x = ((const struct explain_input *)a)->report;
	const struct container_report *y = ((const struct explain_input *)b)->report;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->col > y->col) - (x->col < y->col);
}

/* One for each container, in the order of the text. */
static struct explain_input *inputs_of(const struct look_file *file)
{
	size_t n = file->result->nreports, deep = 0;
	struct explain_input *inputs = arena_alloc(file->arena, n + 1, sizeof(*inputs));
	/* The engine does not look into exempt containers. Without the policy it does. */
	const struct rewrite_result *deeper = file->deeper;

	for (size_t i = 0; i < n; i++) {
		const struct container_report *report = &file->result->reports[i];
		inputs[i] = (struct explain_input){
			.path = file->path,
			.report = report,
			.today = report,
			.policy = file->input->policy,
			.policy_path = file->input->policy_path,
		};
		/* Both are in the same order, but without the policy there may be fewer. */
		if (deep == deeper->nreports || deeper->reports[deep].line != report->line ||
			deeper->reports[deep].col != report->col)
			continue;
		if (report->state == CONTAINER_EXEMPT)
			inputs[i].today = &deeper->reports[deep];
		deep++;
	}
	arena_sort(file->arena, inputs, n, sizeof(*inputs), cmp_places);
	return inputs;
}

static void visit(void *context, const struct look_file *file)
{
	struct explain *explain = context;
	const struct explain_input *inputs = inputs_of(file);

	for (size_t i = 0; i < explain->nasked; i++)
		if (slice_eq(explain->asked[i].path, file->path))
			explain->asked[i].read = file->result->outcome != OUTCOME_FAILED;
	for (size_t i = 0; i < file->result->nreports; i++)
		if (is_asked(explain, file->path, inputs[i].report))
			do_container(explain, &inputs[i], file->arena);
}

static void say_missed(struct explain *explain)
{
	struct look *look = &explain->look;

	for (size_t i = 0; i < explain->nasked; i++) {
		const struct asked *asked = &explain->asked[i];
		if (asked->met || !asked->read)
			continue;
		look->trouble = true;
		report_say(&look->report,
			arena_printf(&look->arena,
				"%.*s:%zu: no container holds this line; capfix --explain %.*s shows all",
				(int)asked->path.n, asked->path.p, asked->line, (int)asked->path.n, asked->path.p));
	}
	if (explain->containers == 0 && !look->trouble)
		look_say(look, SLICE("there are no containers here"));
}

static void finish(struct explain *explain)
{
	struct buf table;

	if (explain->table) {
		buf_init(&table);
		explain_table_write(&explain->rows, &table);
		out_add(&explain->look.report.results, buf_slice(&table));
		buf_release(&table);
	}
	say_missed(explain);
}

int run_explain(const struct options *options)
{
	struct explain explain = {.table = options->mode == MODE_EFFECTIVE};
	struct arena arena;

	arena_init(&arena);
	const char **paths = take_lines(&explain, options, &arena);
	if (look_open(&explain.look, options, paths, options->npaths)) {
		explain_table_init(&explain.rows, &arena);
		look_each(&explain.look, visit, &explain);
		finish(&explain);
	}
	int status = look_close(&explain.look);
	arena_release(&arena);
	return status;
}
