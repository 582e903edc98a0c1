#include "capfix/run_clean.h"

#include <stdlib.h>
#include <string.h>

#include "capfix/files_git.h"
#include "capfix/replace.h"

/* Paths of files or folders, absolute and without links. */
struct paths {
	struct slice *v;
	size_t n;
	size_t cap;
};

static void paths_add(struct paths *paths, struct slice path, struct arena *arena)
{
	paths->v = arena_grow(arena, paths->v, paths->n, &paths->cap, paths->n + 1, sizeof(*paths->v));
	paths->v[paths->n++] = path;
}

static int by_bytes(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

static void paths_sort(struct paths *paths)
{
	if (paths->n > 0)
		qsort(paths->v, paths->n, sizeof(*paths->v), by_bytes);
}

static bool is_file(const struct file *file)
{
	return file->kind == FILE_NAMED || file->kind == FILE_WALKED;
}

static const struct folder *folder_of(struct folders *folders, const struct file *file)
{
	return folders_at(folders, files_folder(file->path, folders->arena));
}

/* Where the file is. A named one may be a link to another folder; a walked one is none. */
static struct slice real_path(struct folders *folders, const struct file *file)
{
	char *real = file->kind == FILE_NAMED ? realpath(file->path.p, NULL) : NULL;
	if (!real)
		return files_join(folder_of(folders, file)->real, files_base(file->path), folders->arena);
	struct slice path = arena_dup(folders->arena, slice_of(real));
	free(real);
	return path;
}

static size_t repo_of(struct folders *folders, struct slice real)
{
	return folders_repo_at(folders, files_folder(real, folders->arena));
}

/* Adds the changed files of one work tree to paths. */
static bool ask_git(struct folders *folders, size_t repo, struct paths *paths, struct report *report)
{
	struct slice root = folders_repo(folders, repo);
	struct buf names;
	buf_init(&names);
	bool ok = git_changed(root.p, &names);
	if (!ok)
		report_trouble(report, folders_shown(folders, root), CODE_IO,
			SLICE("git cannot be asked for changes that are not committed, so nothing is done"));
	for (size_t at = 0; ok && at < names.n;) {
		struct slice name = slice_of(names.p + at);
		paths_add(paths, files_join(root, name, folders->arena), folders->arena);
		at += name.n + 1;
	}
	buf_release(&names);
	return ok;
}

bool clean_find(const struct files *files, struct folders *folders, struct files *changed, struct report *report)
{
	struct arena *arena = folders->arena;
	struct slice *real = arena_alloc(arena, files->n + 1, sizeof(*real));
	size_t *repos = arena_alloc(arena, files->n + 1, sizeof(*repos));
	struct paths paths = {0};
	bool ok = true;
	for (size_t i = 0; i < files->n; i++)
		if (is_file(&files->v[i])) {
			real[i] = real_path(folders, &files->v[i]);
			repos[i] = repo_of(folders, real[i]);
		}
	bool *asked = arena_alloc(arena, folders->nrepos + 1, sizeof(*asked));
	for (size_t i = 0; i < files->n; i++)
		if (repos[i] > 0 && !asked[repos[i]]) {
			asked[repos[i]] = true;
			ok = ask_git(folders, repos[i], &paths, report) && ok;
		}
	paths_sort(&paths);
	for (size_t i = 0; ok && i < files->n; i++)
		if (repos[i] > 0 && paths.n > 0 && bsearch(&real[i], paths.v, paths.n, sizeof(*paths.v), by_bytes))
			files_add(changed, arena, files->v[i]);
	return ok;
}

static void sweep(struct folders *folders, struct slice folder, struct report *report)
{
	size_t n = replace_sweep(folder.p);
	if (n == 0 || !report->verbose)
		return;
	struct finding finding = {.level = LEVEL_NOTE, .code = CODE_IO};
	finding.text = arena_printf(
		folders->arena, "%zu temporary file%s of a run that was killed: removed", n, n == 1 ? "" : "s");
	report_aside(report, folders_shown(folders, folder), &finding);
}

void clean_sweep(const struct files *files, struct folders *folders, struct report *report)
{
	struct arena *arena = folders->arena;
	struct paths paths = {0};
	for (size_t i = 0; i < files->n; i++) {
		const struct file *file = &files->v[i];
		if (!is_file(file))
			continue;
		struct slice folder = file->kind == FILE_NAMED ? files_folder(real_path(folders, file), arena)
							       : folder_of(folders, file)->real;
		if (paths.n == 0 || !slice_eq(paths.v[paths.n - 1], folder))
			paths_add(&paths, folder, arena);
	}
	paths_sort(&paths);
	for (size_t i = 0; i < paths.n; i++)
		if (i == 0 || !slice_eq(paths.v[i - 1], paths.v[i]))
			sweep(folders, paths.v[i], report);
}
