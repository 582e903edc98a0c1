/*
 * The golden runner: each golden/TOPIC/CASE is a test of its own. See golden_case.h for the files of a case.
 *
 *   golden [DIR [PART]]     only the cases of DIR whose names hold PART
 */
#include "golden_case.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct cases {
	struct golden_case *v;
	size_t n;
	size_t cap;
};

static void test_case(void **state)
{
	struct golden_case *gc = *state;
	struct rewrite_result result;
	struct arena arena;
	bool ok;

	arena_init(&arena);
	ok = golden_load(gc);
	if (ok) {
		golden_run(gc, gc->in, gc->whole, &arena, &result);
		ok = golden_check_output(gc, &result);
		ok = golden_check_report(gc, &result) && ok;
		ok = golden_check_invariants(gc, &result) && ok;
	}
	golden_unload(gc);
	arena_release(&arena);
	if (!ok)
		fail();
}

static char *join(const char *dir, const char *name)
{
	size_t n = strlen(dir) + strlen(name) + 2;
	char *path = xrealloc(NULL, n, 1);

	snprintf(path, n, "%s/%s", dir, name);
	return path;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted; those with a dot in front left out. The caller frees all. */
static char **list(const char *path, size_t *count)
{
	size_t n = 0, cap = 0;
	char **names = NULL;
	struct dirent *entry;
	DIR *dir = opendir(path);

	if (!dir) {
		perror(path);
		exit(1);
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (n == cap) {
			cap = grown(cap, n + 1);
			names = xrealloc(names, cap, sizeof(*names));
		}
		names[n] = xrealloc(NULL, strlen(entry->d_name) + 1, 1);
		strcpy(names[n++], entry->d_name);
	}
	closedir(dir);
	if (n)
		qsort(names, n, sizeof(*names), compare_names);
	*count = n;
	return names;
}

static void add_case(struct cases *cases, const char *topic_dir, const char *name, const char *part)
{
	struct golden_case gc = {.dir = join(topic_dir, name)};

	/* The topic's name and the case's own: the last two parts of the path. */
	gc.name = strrchr(gc.dir, '/');
	while (gc.name > gc.dir && gc.name[-1] != '/')
		gc.name--;
	if (part && !strstr(gc.name, part)) {
		free(gc.dir);
		return;
	}
	if (cases->n == cases->cap) {
		cases->cap = grown(cases->cap, cases->n + 1);
		cases->v = xrealloc(cases->v, cases->cap, sizeof(*cases->v));
	}
	cases->v[cases->n++] = gc;
}

static void find_cases(struct cases *cases, const char *dir, const char *part)
{
	size_t ntopics, ncases, i, j;
	char **topics = list(dir, &ntopics);

	for (i = 0; i < ntopics; i++) {
		char *topic_dir = join(dir, topics[i]);
		char **names = list(topic_dir, &ncases);

		for (j = 0; j < ncases; j++) {
			add_case(cases, topic_dir, names[j], part);
			free(names[j]);
		}
		free(names);
		free(topic_dir);
		free(topics[i]);
	}
	free(topics);
}

int main(int argc, char **argv)
{
	struct cases cases = {0};
	struct CMUnitTest *tests;
	int failed;
	size_t i;

	find_cases(&cases, argc > 1 ? argv[1] : "golden", argc > 2 ? argv[2] : NULL);
	if (!cases.n) {
		fputs("golden: no cases\n", stderr);
		return 1;
	}
	tests = xrealloc(NULL, cases.n, sizeof(*tests));
	for (i = 0; i < cases.n; i++)
		tests[i] = (struct CMUnitTest){cases.v[i].name, test_case, NULL, NULL, &cases.v[i]};
	failed = _cmocka_run_group_tests("golden", tests, cases.n, NULL, NULL);
	for (i = 0; i < cases.n; i++)
		free(cases.v[i].dir);
	free(cases.v);
	free(tests);
	return failed != 0;
}
