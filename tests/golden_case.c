/* Reading a golden case from its folder, and showing differences. */
#include "golden_case.h"

#include "capfix/buf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool complain(const struct golden_case *gc, const char *what, const char *name)
{
	fprintf(stderr, "%s: %s %s\n", gc->dir, what, name);
	return false;
}

/* The file's bytes in a block of exactly their size, so that a sanitizer sees the first byte that is read too far. */
static bool read_file(const struct golden_case *gc, const char *name, struct slice *text)
{
	struct buf path, bytes;
	char block[4096];
	size_t n;
	FILE *file;
	char *p;

	buf_init(&path);
	buf_addf(&path, "%s/%s", gc->dir, name);
	buf_addc(&path, '\0');
	file = fopen(path.p, "rb");
	buf_release(&path);
	if (!file)
		return false;
	buf_init(&bytes);
	while ((n = fread(block, 1, sizeof(block), file)) > 0)
		buf_add(&bytes, (struct slice){block, n});
	fclose(file);
	p = xrealloc(NULL, bytes.n ? bytes.n : 1, 1);
	if (bytes.n)
		memcpy(p, bytes.p, bytes.n);
	*text = (struct slice){p, bytes.n};
	buf_release(&bytes);
	return true;
}

/* The next line without its LF; false at the end. */
static bool next_line(struct slice *rest, struct slice *line)
{
	const char *lf;

	if (!rest->n)
		return false;
	lf = memchr(rest->p, '\n', rest->n);
	line->p = rest->p;
	line->n = lf ? (size_t)(lf - rest->p) : rest->n;
	*rest = slice_sub(*rest, line->n + (lf != NULL), rest->n);
	return true;
}

static bool load_args(struct golden_case *gc, struct slice args)
{
	struct slice line;

	while (next_line(&args, &line)) {
		if (line.n > 5 && !memcmp(line.p, "path=", 5)) {
			gc->path.n = line.n - 5;
			gc->path.p = memcpy(xrealloc(NULL, gc->path.n, 1), line.p + 5, gc->path.n);
		} else if (slice_is(line, "chart-template")) {
			gc->chart_template = true;
		} else if (slice_is(line, "whole")) {
			gc->whole = true;
		} else {
			return complain(gc, "has an unknown line in", "args");
		}
	}
	return true;
}

/* A misspelled file name would be a check that is silently left out. */
static bool check_names(const struct golden_case *gc)
{
	static const char known[] = " about in.yaml in.json policy.yaml args out.yaml out.json out.diff report status ";
	struct dirent *entry;
	DIR *dir = opendir(gc->dir);
	bool ok = true;
	char word[270];

	if (!dir)
		return complain(gc, "cannot be read", "");
	while ((entry = readdir(dir)) != NULL) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(word, sizeof(word), " %s ", entry->d_name);
		if (!strstr(known, word))
			ok = complain(gc, "has a file that no check reads:", entry->d_name);
	}
	closedir(dir);
	return ok;
}

/* One sentence on one line. */
static bool check_about(const struct golden_case *gc)
{
	struct slice about;
	bool ok;

	if (!read_file(gc, "about", &about))
		return complain(gc, "lacks", "about");
	ok = about.n > 10 && memchr(about.p, '\n', about.n) == about.p + about.n - 1 && about.p[about.n - 2] == '.';
	free((char *)about.p);
	return ok || complain(gc, "should be one sentence on one line:", "about");
}

static bool load_status(struct golden_case *gc)
{
	struct slice status;
	bool ok;

	if (!read_file(gc, "status", &status))
		return complain(gc, "lacks", "status");
	ok = status.n == 2 && status.p[0] >= '0' && status.p[0] <= '2' && status.p[1] == '\n';
	if (ok)
		gc->status = status.p[0] - '0';
	free((char *)status.p);
	return ok || complain(gc, "should hold 0, 1 or 2:", "status");
}

bool golden_load(struct golden_case *gc)
{
	struct slice args;
	bool json, ok;

	if (!check_names(gc) || !check_about(gc) || !load_status(gc))
		return false;
	json = !read_file(gc, "in.yaml", &gc->in);
	if (json && !read_file(gc, "in.json", &gc->in))
		return complain(gc, "lacks", "in.yaml");
	gc->in_name = json ? SLICE("in.json") : SLICE("in.yaml");
	if (!read_file(gc, "report", &gc->report))
		return complain(gc, "lacks", "report");
	gc->has_policy = read_file(gc, "policy.yaml", &gc->policy);
	if (read_file(gc, json ? "out.json" : "out.yaml", &gc->out) != read_file(gc, "out.diff", &gc->diff))
		return complain(gc, "has only one of", "out.yaml and out.diff");
	if (!read_file(gc, "args", &args))
		return true;
	ok = load_args(gc, args);
	free((char *)args.p);
	return ok;
}

void golden_unload(struct golden_case *gc)
{
	free((char *)gc->in.p);
	free((char *)gc->policy.p);
	free((char *)gc->out.p);
	free((char *)gc->diff.p);
	free((char *)gc->report.p);
	free((char *)gc->path.p);
}

/* One line, its bytes made visible. */
static void show_line(char mark, struct slice line, bool ended)
{
	size_t i;

	fprintf(stderr, "  %c|", mark);
	for (i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];

		if (c == '\r')
			fputs("\\r", stderr);
		else if (c == '\t')
			fputs("\\t", stderr);
		else if (c < ' ' || c == 0x7f)
			fprintf(stderr, "\\x%02x", c);
		else
			fputc(c, stderr);
	}
	fputs(ended ? "\n" : "(no newline)\n", stderr);
}

static void show_rest(char mark, struct slice rest)
{
	struct slice line;
	size_t shown = 0;

	while (shown++ < 12 && next_line(&rest, &line))
		show_line(mark, line, line.p + line.n < rest.p || rest.n);
	if (rest.n)
		fprintf(stderr, "  %c|...\n", mark);
}

void golden_show(const struct golden_case *gc, const char *what, struct slice want, struct slice got)
{
	size_t i = 0, line = 1, start = 0;

	for (; i < want.n && i < got.n && want.p[i] == got.p[i]; i++) {
		if (want.p[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	fprintf(stderr, "%s: %s differs from its line %zu on: -expected +got\n", gc->dir, what, line);
	show_rest('-', slice_sub(want, start, want.n));
	show_rest('+', slice_sub(got, start, got.n));
}
