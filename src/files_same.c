#include "capfix/files_same.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One file of the list, as the file system knows it. */
struct ident {
	dev_t dev;
	ino_t ino;
	size_t index;
	struct slice real; /* empty until it is needed */
};

static bool is_file(const struct file *file)
{
	return file->kind == FILE_NAMED || file->kind == FILE_WALKED;
}

static int by_path(const void *a, const void *b)
{
	const struct file *x = a, *y = b;
	int order = slice_cmp(x->path, y->path);
	return order ? order : (int)x->kind - (int)y->kind;
}

static int by_inode(const void *a, const void *b)
{
	const struct ident *x = a, *y = b;
	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	int order = slice_cmp(x->real, y->real);
	return order ? order : x->index < y->index ? -1 : x->index > y->index;
}

/* Takes out entries of the same path and sort, and walked ones that are named too. */
static void drop_repeated(struct files *files)
{
	size_t kept = 0;
	for (size_t i = 0; i < files->n; i++) {
		const struct file *last = kept > 0 ? &files->v[kept - 1] : NULL;
		bool same = last && slice_eq(last->path, files->v[i].path) &&
			(last->kind == files->v[i].kind || (is_file(last) && is_file(&files->v[i])));
		if (!same)
			files->v[kept++] = files->v[i];
	}
	files->n = kept;
}

static bool same_inode(const struct ident *a, const struct ident *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

static struct slice real_path(const char *path, struct arena *arena)
{
	char *real = realpath(path, NULL);
	struct slice text = real ? arena_dup(arena, slice_of(real)) : arena_dup(arena, slice_of(path));
	free(real);
	return text;
}

static size_t ident_all(const struct files *files, struct ident *idents)
{
	size_t n = 0;
	for (size_t i = 0; i < files->n; i++) {
		struct stat st;
		if (is_file(&files->v[i]) && stat(files->v[i].path.p, &st) == 0)
			idents[n++] = (struct ident){.dev = st.st_dev, .ino = st.st_ino, .index = i};
	}
	return n;
}

/* Of two names of one file: the named one, then the shorter one, then the first. */
static bool better(const struct file *a, const struct file *b)
{
	if (a->kind != b->kind)
		return a->kind == FILE_NAMED;
	return a->path.n < b->path.n;
}

/* Marks all of idents[0, n), which are one file, but the one that stays. */
static void mark_same(struct files *files, const struct ident *idents, size_t n)
{
	size_t stays = 0;
	for (size_t i = 1; i < n; i++)
		if (better(&files->v[idents[i].index], &files->v[idents[stays].index]))
			stays = i;
	for (size_t i = 0; i < n; i++)
		if (i != stays)
			files->v[idents[i].index].path.p = NULL;
}

/* Calls mark_same for each run of one file: the same inode, and the same real path. */
static void mark_runs(struct files *files, struct ident *idents, size_t n)
{
	for (size_t i = 0, end; i < n; i = end) {
		end = i + 1;
		while (end < n && same_inode(&idents[i], &idents[end]) && slice_eq(idents[i].real, idents[end].real))
			end++;
		mark_same(files, idents + i, end - i);
	}
}

/* The inode is known for each file; the real path costs more, and is made only where inodes meet. */
static void drop_links(struct files *files, struct arena *arena)
{
	struct ident *idents = arena_alloc(arena, files->n + 1, sizeof(*idents));
	size_t n = ident_all(files, idents), kept = 0;
	qsort(idents, n, sizeof(*idents), by_inode);
	for (size_t i = 0; i < n; i++)
		if ((i > 0 && same_inode(&idents[i - 1], &idents[i])) ||
			(i + 1 < n && same_inode(&idents[i], &idents[i + 1])))
			idents[i].real = real_path(files->v[idents[i].index].path.p, arena);
	qsort(idents, n, sizeof(*idents), by_inode);
	mark_runs(files, idents, n);
	for (size_t i = 0; i < files->n; i++)
		if (files->v[i].path.p)
			files->v[kept++] = files->v[i];
	files->n = kept;
}

void files_same(struct files *files, bool links, struct arena *arena)
{
	if (files->n == 0)
		return;
	qsort(files->v, files->n, sizeof(*files->v), by_path);
	drop_repeated(files);
	if (links)
		drop_links(files, arena);
}
