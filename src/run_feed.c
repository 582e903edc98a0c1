#include "capfix/run_feed.h"

#include <string.h>

#include "capfix/files_read.h"

void feed_open(struct feed *feed, const struct options *options)
{
	*feed = (struct feed){0};
	engine_open(&feed->engine, options->jobs, options->timeout, options->today);
}

void feed_close(struct feed *feed)
{
	engine_close(&feed->engine);
}

bool feed_is_manifest(const struct file *file)
{
	bool kind = file->kind == FILE_NAMED || file->kind == FILE_WALKED || file->kind == FILE_STDIN;
	return kind && !slice_is(files_base(file->path), POLICY_NAME);
}

static const struct folder *folder_for(struct feed *feed, const struct file *file)
{
	return folders_at(feed->folders, files_folder(file->path, feed->arena));
}

/* The policy's `exclude` is about what a walk finds; what is named is meant. */
static bool is_excluded(struct feed *feed, const struct file *file)
{
	if (file->kind != FILE_WALKED)
		return false;
	const struct folder *folder = folder_for(feed, file);
	return folder->policy &&
		policy_excluded(folder->policy->policy, folders_subject(feed->folders, folder, file->path)) != NULL;
}

/* Hands on all that is finished and has its turn; with `wait` one at least, if there is one. */
static void finish_ready(struct feed *feed, bool wait)
{
	for (struct task *task; (task = engine_next(&feed->engine, wait)); wait = false) {
		feed->waiting--;
		feed->finish(feed->context, task);
		engine_drop(&feed->engine);
	}
}

void feed_rest(struct feed *feed)
{
	while (engine_next(&feed->engine, true))
		finish_ready(feed, true);
}

static struct task *add_task(struct feed *feed, const struct file *file)
{
	struct task *task;
	while (!(task = engine_add(&feed->engine)))
		finish_ready(feed, true);
	task->file = file;
	feed->waiting++;
	return task;
}

static char *find_room(struct feed *feed, size_t n)
{
	char *room;
	while (!(room = engine_room(&feed->engine, n)))
		finish_ready(feed, true);
	return room;
}

static bool check_size(const struct feed *feed, size_t n, struct error *err)
{
	size_t most = engine_most(&feed->engine);
	return n <= most || error_set(err, "larger than %zu MiB, the most that there is memory for", most >> 20);
}

/* There is more than the file seemed to have: reads on to the end in other memory, and finds room for all of it. */
static bool read_rest(struct feed *feed, int fd, struct slice start, struct slice *text, struct error *err)
{
	struct buf all;
	buf_init(&all);
	buf_add(&all, start);
	bool ok = file_read_fd(fd, &all, FILE_LIMIT - start.n, err) && check_size(feed, all.n, err);
	if (ok) {
		char *room = find_room(feed, all.n);
		*text = (struct slice){memcpy(room, all.p, all.n), all.n};
	}
	buf_release(&all);
	return ok;
}

static bool read_open(struct feed *feed, int fd, const struct stat *seen, struct slice *text, struct error *err)
{
	enum { UNKNOWN = 64 * 1024 };
	/* One more than there should be: if it is filled, there is more. */
	size_t n = S_ISREG(seen->st_mode) ? (size_t)seen->st_size + 1 : UNKNOWN;
	if (!check_size(feed, n, err))
		return false;
	char *room = find_room(feed, n);
	if (!file_fill(fd, seen, room, n, &text->n, err))
		return false;
	text->p = room;
	return text->n < n || read_rest(feed, fd, *text, text, err);
}

static bool read_text(
	struct feed *feed, const struct file *file, struct stat *seen, struct slice *text, struct error *err)
{
	int fd = file_open(file, seen, err);
	if (fd < 0)
		return false;
	bool ok = read_open(feed, fd, seen, text, err);
	file_close(fd);
	return ok;
}

/* What the engine must know about a file beside its bytes. */
static void describe(struct feed *feed, const struct file *file, struct task *task)
{
	const struct folder *folder = folder_for(feed, file);
	bool standard_input = file->kind == FILE_STDIN;
	struct rewrite_input *input = &task->input;
	input->path = standard_input ? file->path : folders_subject(feed->folders, folder, file->path);
	input->chart_template = !standard_input && folder->chart_template;
	task->policy = folder->policy;
	if (folder->policy) {
		input->policy = folder->policy->policy;
		input->policy_path = folder->policy->path;
		task->policy_text = folder->policy->text;
	}
}

static void send_manifest(struct feed *feed, const struct file *file)
{
	struct rewrite_input input = {.whole = file->kind != FILE_WALKED};
	struct error err;
	struct stat seen;
	if (!read_text(feed, file, &seen, &input.text, &err)) {
		add_task(feed, file)->trouble = arena_dup(feed->arena, slice_of(err.text));
		return;
	}
	/* Most files need no more than a look. */
	bool matters = engine_matters(&input);
	if (!matters && !feed->all) {
		if (feed->nothing)
			feed->nothing(feed->context, file);
		return;
	}
	struct task *task = add_task(feed, file);
	task->seen = seen;
	task->input = input;
	describe(feed, file, task);
	task->deep = feed->deep;
	if (matters)
		engine_send(&feed->engine, task, input.text.n);
}

void feed_file(struct feed *feed, const struct file *file)
{
	if (file->kind == FILE_TROUBLE)
		add_task(feed, file)->trouble = file->text;
	else if (file->kind == FILE_NOTE)
		add_task(feed, file);
	else if (feed_is_manifest(file) && !is_excluded(feed, file))
		send_manifest(feed, file);
	finish_ready(feed, false);
}
