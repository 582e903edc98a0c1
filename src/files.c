#include "capfix/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capfix/files_git.h"
#include "capfix/files_open.h"
#include "capfix/files_same.h"

/* Folders that are still to be walked. A stack, so that depth costs memory and not call frames. */
struct walk {
	struct files *files;
	struct arena *arena;
	size_t start; /* see struct file */
	struct slice *todo;
	size_t n;
	size_t cap;
};

static struct slice dup_error(struct arena *arena, int number)
{
	return arena_printf(arena, "cannot read: %s", strerror(number));
}

void files_add(struct files *files, struct arena *arena, struct file file)
{
	files->v = arena_grow(arena, files->v, files->n, &files->cap, files->n + 1, sizeof(*files->v));
	files->v[files->n++] = file;
}

static bool ends_with(struct slice name, const char *end)
{
	size_t n = strlen(end);
	return name.n > n && memcmp(name.p + name.n - n, end, n) == 0;
}

bool files_wanted(struct slice name)
{
	return (ends_with(name, ".yaml") || ends_with(name, ".yml") || ends_with(name, ".json")) &&
		!slice_is(name, ".capfix.yaml");
}

struct slice files_normal(const char *path, struct arena *arena)
{
	size_t len = strlen(path), n = 0;
	char *made = arena_alloc(arena, len + 3, 1);
	if (path[0] == '/')
		made[n++] = '/';
	for (const char *p = path; *p;) {
		size_t part = strcspn(p, "/");
		if (part > 0 && !(part == 1 && p[0] == '.')) {
			if (n > 0 && made[n - 1] != '/')
				made[n++] = '/';
			memcpy(made + n, p, part);
			n += part;
		}
		p += part + (p[part] == '/');
	}
	if (n == 0)
		made[n++] = '.';
	/* Only "-" itself is standard input. */
	if (n == 1 && made[0] == '-')
		return SLICE("./-");
	return (struct slice){made, n};
}

struct slice files_join(struct slice folder, struct slice name, struct arena *arena)
{
	bool slash = folder.n > 0 && folder.p[folder.n - 1] != '/';
	if (slice_is(folder, "."))
		return arena_dup(arena, name);
	char *made = arena_alloc(arena, folder.n + slash + name.n + 1, 1);
	memcpy(made, folder.p, folder.n);
	if (slash)
		made[folder.n] = '/';
	memcpy(made + folder.n + slash, name.p, name.n);
	return (struct slice){made, folder.n + slash + name.n};
}

/* Length of the path up to and with its last slash. */
static size_t folder_len(struct slice path)
{
	size_t n = path.n;
	while (n > 0 && path.p[n - 1] != '/')
		n--;
	return n;
}

struct slice files_base(struct slice path)
{
	return slice_sub(path, folder_len(path), path.n);
}

struct slice files_folder(struct slice path, struct arena *arena)
{
	size_t n = folder_len(path);
	if (n == 0)
		return SLICE(".");
	return arena_dup(arena, slice_sub(path, 0, n == 1 ? 1 : n - 1));
}

static void walk_later(struct walk *walk, struct slice folder)
{
	walk->todo = arena_grow(walk->arena, walk->todo, walk->n, &walk->cap, walk->n + 1, sizeof(*walk->todo));
	walk->todo[walk->n++] = folder;
}

static void walk_found(struct walk *walk, struct slice path)
{
	files_add(walk->files, walk->arena, (struct file){.path = path, .kind = FILE_WALKED, .start = walk->start});
}

static void walk_trouble(struct walk *walk, struct slice path, int number)
{
	struct slice text = dup_error(walk->arena, number);
	files_add(walk->files, walk->arena, (struct file){.path = path, .kind = FILE_TROUBLE, .text = text});
}

/* lstat has failed. What has gone since it was seen is as if it had never been there; the rest may hide a file. */
static void walk_unseen(struct walk *walk, struct slice path, int number)
{
	if (number != ENOENT && number != ENOTDIR)
		walk_trouble(walk, path, number);
}

static void walk_note(struct walk *walk, struct slice path, struct slice text)
{
	files_add(walk->files, walk->arena, (struct file){.path = path, .kind = FILE_NOTE, .text = text});
}

/* DT_DIR, DT_REG, or another that is of no interest; where readdir does not know, the file system is asked. */
static int entry_type(DIR *dir, const struct dirent *entry)
{
	struct stat st;
	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type;
	if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return DT_UNKNOWN;
	return S_ISDIR(st.st_mode) ? DT_DIR : S_ISREG(st.st_mode) ? DT_REG : DT_UNKNOWN;
}

static void walk_entry(struct walk *walk, struct slice folder, DIR *dir, const struct dirent *entry)
{
	struct slice name = slice_of(entry->d_name);
	bool folders_own = slice_is(name, ".") || slice_is(name, "..") || slice_is(name, ".git");
	int type = folders_own ? DT_UNKNOWN : entry_type(dir, entry);
	if (type == DT_DIR)
		walk_later(walk, files_join(folder, name, walk->arena));
	else if (type == DT_REG && files_wanted(name))
		walk_found(walk, files_join(folder, name, walk->arena));
}

static void walk_plain(struct walk *walk, struct slice folder)
{
	int fd = files_open_below(folder, walk->start, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		/* Gone, or a link by now: as if it had never been there. */
		if (errno != ENOENT && errno != ELOOP && errno != ENOTDIR)
			walk_trouble(walk, folder, errno);
		if (fd >= 0)
			close(fd);
		return;
	}
	for (;;) {
		errno = 0;
		struct dirent *entry = readdir(dir);
		if (!entry)
			break;
		walk_entry(walk, folder, dir, entry);
	}
	if (errno != 0)
		walk_trouble(walk, folder, errno);
	closedir(dir);
}

/*
 * No folder between `folder` and the file `rel` in it is a symbolic link: the index may name files behind a folder that
 * has since become a link to somewhere else.
 */
static bool parents_plain(struct walk *walk, struct slice folder, struct slice rel)
{
	for (size_t i = 0; i < rel.n; i++) {
		struct stat st;
		if (rel.p[i] != '/')
			continue;
		struct slice part = files_join(folder, slice_sub(rel, 0, i), walk->arena);
		if (lstat(part.p, &st) != 0) {
			walk_unseen(walk, part, errno);
			return false;
		}
		if (!S_ISDIR(st.st_mode))
			return false;
	}
	return true;
}

static void walk_git_names(struct walk *walk, struct slice folder, struct slice names)
{
	struct slice checked = {NULL, 0}; /* the last file's folder, with its slash: git lists folder by folder */
	bool plain = true;
	struct git_entry entry;
	while (git_next(&names, &entry)) {
		struct slice name = entry.name;
		struct slice parent = slice_sub(name, 0, folder_len(name));
		struct stat st;
		if (entry.submodule)
			walk_note(walk, files_join(folder, name, walk->arena), SLICE("a submodule: left out"));
		bool nested = name.n > 1 && name.p[name.n - 1] == '/';
		if (nested)
			walk_later(walk, files_join(folder, slice_sub(name, 0, name.n - 1), walk->arena));
		if (nested || entry.submodule || !files_wanted(files_base(name)))
			continue;
		if (!slice_eq(parent, checked)) {
			plain = parents_plain(walk, folder, name);
			checked = parent;
		}
		struct slice path = files_join(folder, name, walk->arena);
		/* Tracked, but deleted or no file any more: nothing to do. */
		if (plain && lstat(path.p, &st) != 0)
			walk_unseen(walk, path, errno);
		else if (plain && S_ISREG(st.st_mode))
			walk_found(walk, path);
	}
}

/* False: git cannot help here. */
static bool walk_git(struct walk *walk, struct slice folder, bool start)
{
	struct buf names;
	buf_init(&names);
	bool ok = git_list(folder.p, &names);
	if (!ok)
		walk_note(walk, folder, SLICE("git cannot be asked which files there are: all are taken"));
	/* An ignored folder that is named explicitly is meant. */
	if (ok && start && names.n == 0 && git_ignored(folder.p))
		ok = false;
	if (ok)
		walk_git_names(walk, folder, buf_slice(&names));
	buf_release(&names);
	return ok;
}

static void walk(struct files *files, struct slice start, struct arena *arena)
{
	struct walk walk = {.files = files, .arena = arena, .start = slice_is(start, ".") ? 0 : start.n};
	if (!git_inside(start.p) || !walk_git(&walk, start, true))
		walk_plain(&walk, start);
	while (walk.n > 0) {
		struct slice folder = walk.todo[--walk.n];
		if (!git_root(folder.p) || !walk_git(&walk, folder, false))
			walk_plain(&walk, folder);
	}
}

void files_collect(struct files *files, const char *const *paths, size_t n, struct arena *arena)
{
	for (size_t i = 0; i < n; i++) {
		struct stat st;
		if (strcmp(paths[i], "-") == 0) {
			files_add(files, arena, (struct file){.path = SLICE("-"), .kind = FILE_STDIN});
			continue;
		}
		struct file file = {.path = files_normal(paths[i], arena), .kind = FILE_NAMED};
		if (stat(paths[i], &st) != 0) {
			file.kind = FILE_TROUBLE;
			file.text = dup_error(arena, errno);
		} else if (S_ISDIR(st.st_mode)) {
			walk(files, file.path, arena);
			continue;
		}
		files_add(files, arena, file);
	}
	files_same(files, n > 1, arena);
}
