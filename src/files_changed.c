#include <stdlib.h>
#include <string.h>

#include "capfix/files_git.h"
#include "files_git_run.h"

/*
 * A repository's configuration can name programs, called filters, through which git sends files that it looks at.
 * An empty name switches a filter off. Each needs two settings, each of two words.
 */
struct filters {
	struct buf text;
	size_t *starts; /* of each setting in text */
	size_t n;
	size_t cap;
};

static void filters_release(struct filters *filters)
{
	free(filters->starts);
	buf_release(&filters->text);
}

static void add_setting(struct filters *filters, struct slice key)
{
	if (filters->n == filters->cap) {
		filters->cap = grown(filters->cap, filters->n + 1);
		filters->starts = xrealloc(filters->starts, filters->cap, sizeof(*filters->starts));
	}
	filters->starts[filters->n++] = filters->text.n;
	buf_add(&filters->text, key);
	buf_addc(&filters->text, '=');
	buf_addc(&filters->text, '\0');
}

/* What is configured under filter.*: a key with `=` in it cannot be written as a setting, and is refused. */
static bool find_filters(const char *root, struct filters *filters)
{
	const char *const args[] = {GIT_IN(root), "config", "-z", "--name-only", "--list", NULL};
	struct buf keys;
	buf_init(&keys);
	bool ok = git_run(args, &keys);
	struct slice rest = buf_slice(&keys);
	while (ok && rest.n > 0) {
		struct slice key = git_take(&rest);
		if (key.n < 7 || memcmp(key.p, "filter.", 7) != 0)
			continue;
		ok = memchr(key.p, '=', key.n) == NULL;
		add_setting(filters, key);
	}
	buf_release(&keys);
	return ok;
}

/* The arguments of `git status`, to be freed; the strings are borrowed. */
static const char **status_args(const char *root, const struct filters *filters)
{
	static const char *const STATUS[] = {"status", "--porcelain", "-z", "--untracked-files=all",
		"--ignore-submodules=all", "--no-renames", NULL};
	const char *const start[] = {GIT_IN(root)};
	enum { START = sizeof(start) / sizeof(start[0]) };
	const char **args = xrealloc(NULL, START + 2 * filters->n + sizeof(STATUS) / sizeof(STATUS[0]), sizeof(*args));
	size_t n = START;
	memcpy(args, start, sizeof(start));
	for (size_t i = 0; i < filters->n; i++) {
		args[n++] = "-c";
		args[n++] = filters->text.p + filters->starts[i];
	}
	memcpy(args + n, STATUS, sizeof(STATUS));
	return args;
}

bool git_changed(const char *root, struct buf *out)
{
	struct filters filters = {0};
	struct buf status;
	buf_init(&filters.text);
	buf_init(&status);
	bool ok = find_filters(root, &filters);
	if (ok) {
		const char **args = status_args(root, &filters);
		ok = git_run(args, &status);
		free(args);
	}
	struct slice rest = buf_slice(&status);
	while (ok && rest.n > 0) {
		/* "XY NAME": two letters say what has changed. */
		struct slice line = git_take(&rest);
		buf_add(out, slice_sub(line, line.n < 3 ? line.n : 3, line.n));
		buf_addc(out, '\0');
	}
	filters_release(&filters);
	buf_release(&status);
	return ok;
}
