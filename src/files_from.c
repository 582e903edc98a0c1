#include "capfix/files_from.h"

#include <stdlib.h>
#include <string.h>

#include "capfix/files_read.h"

static bool read_list(const char *name, struct buf *text, struct error *err)
{
	struct file file = {.path = slice_of(name), .kind = strcmp(name, "-") == 0 ? FILE_STDIN : FILE_NAMED};
	struct error why;
	struct stat seen;
	return file_read(&file, text, &seen, &why) || error_set(err, "--files0-from: %s: %s", name, why.text);
}

/* Who ends names with line feeds, as most programs do unasked, is told so before all of them are missing files. */
static bool check_ends(const struct buf *text, const char *name, struct error *err)
{
	bool lines = text->n > 0 && text->p[text->n - 1] == '\n' && !memchr(text->p, '\0', text->n);
	return !lines ||
		error_set(err, "--files0-from: %s: names must end with a NUL byte, not with a line feed", name);
}

static bool check_path(const char *path, size_t number, const char *name, struct error *err)
{
	if (*path == '\0')
		return error_set(err, "--files0-from: %s: name %zu is empty", name, number);
	if (strcmp(path, "-") == 0 && strcmp(name, "-") == 0)
		return error_set(err, "--files0-from: - cannot be in a list that is read from standard input");
	return true;
}

bool files_from_read(struct files_from *from, const char *file, struct error *err)
{
	size_t cap = 0;
	*from = (struct files_from){0};
	buf_init(&from->text);
	if (!read_list(file, &from->text, err) || !check_ends(&from->text, file, err))
		return false;
	/* Of the last name, which then needs no other care; no name begins behind it. */
	size_t end = from->text.n;
	buf_addc(&from->text, '\0');
	for (size_t at = 0; at < end; at += strlen(from->text.p + at) + 1) {
		if (from->n == cap) {
			cap = grown(cap, from->n + 1);
			from->paths = xrealloc(from->paths, cap, sizeof(*from->paths));
		}
		from->paths[from->n++] = from->text.p + at;
		if (!check_path(from->text.p + at, from->n, file, err))
			return false;
	}
	return true;
}

void files_from_release(struct files_from *from)
{
	free(from->paths);
	buf_release(&from->text);
}
