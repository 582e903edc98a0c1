#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capfix/files.h"
#include "capfix/files_git.h"
#include "capfix/files_open.h"
#include "capfix/files_read.h"
#include "capfix/files_same.h"
#include "capfix/run_folders.h"

/* Each test runs in an empty folder of its own, which is removed behind it. */
static int setup(void **state)
{
	char *folder = strdup("/tmp/test_files.XXXXXX");
	*state = folder;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
	char command[64];
	snprintf(command, sizeof(command), "rm -rf %s", (char *)*state);
	int status = chdir("/") == 0 ? system(command) : -1;
	free(*state);
	return status;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void normal_paths(void **state)
{
	static const char *const CASES[][2] = {
		{"a", "a"},
		{"./a", "a"},
		{"a//b", "a/b"},
		{"./a//b/.", "a/b"},
		{"a/", "a"},
		{".", "."},
		{"./", "."},
		{"././.", "."},
		{"..", ".."},
		{"../a/../b", "../a/../b"},
		{"/", "/"},
		{"//", "/"},
		{"/a/./b/", "/a/b"},
		{"./-", "./-"},
		{"-a", "-a"},
		{".a", ".a"},
		{"./.a", ".a"},
		{"a/...", "a/..."},
		{"/.", "/"},
		{" ", " "},
	};
	struct arena arena;
	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct slice made = files_normal(CASES[i][0], &arena);
		assert_string_equal(made.p, CASES[i][1]);
		assert_int_equal(made.n, strlen(CASES[i][1]));
	}
	arena_release(&arena);
}

static void parts_of_paths(void **state)
{
	struct arena arena;
	(void)state;
	arena_init(&arena);
	assert_string_equal(files_folder(SLICE("a/b/c"), &arena).p, "a/b");
	assert_string_equal(files_folder(SLICE("/c"), &arena).p, "/");
	assert_string_equal(files_folder(SLICE("c"), &arena).p, ".");
	assert_true(slice_is(files_base(SLICE("a/b/c")), "c"));
	assert_true(slice_is(files_base(SLICE("c")), "c"));
	assert_string_equal(files_join(SLICE("."), SLICE("c"), &arena).p, "c");
	assert_string_equal(files_join(SLICE("/"), SLICE("c"), &arena).p, "/c");
	assert_string_equal(files_join(SLICE("a/b"), SLICE("c"), &arena).p, "a/b/c");
	arena_release(&arena);
}

static void wanted_names(void **state)
{
	(void)state;
	assert_true(files_wanted(SLICE("a.yaml")));
	assert_true(files_wanted(SLICE("a.yml")));
	assert_true(files_wanted(SLICE("a.b.json")));
	assert_false(files_wanted(SLICE(".yaml")));
	assert_false(files_wanted(SLICE("yaml")));
	assert_false(files_wanted(SLICE("a.YAML")));
	assert_false(files_wanted(SLICE("a.yaml~")));
	assert_false(files_wanted(SLICE("")));
	assert_false(files_wanted(SLICE(".capfix.yaml")));
	assert_true(files_wanted(SLICE("x.capfix.yaml")));
}

static void in_order_and_once(void **state)
{
	const char *const paths[] = {
		"b.yaml", "d", "a.yaml", "./b.yaml", "d/c.yaml", "link.yaml", "-", "-", "none", "d-e.yaml"};
	static const char *const WANT[] = {"-", "a.yaml", "b.yaml", "d-e.yaml", "d/c.yaml", "d/h.yaml", "none"};
	struct files files = {0};
	struct arena arena;
	(void)state;
	put("a.yaml", "a");
	put("b.yaml", "b");
	put("d-e.yaml", "e");
	assert_int_equal(mkdir("d", 0755), 0);
	put("d/c.yaml", "c");
	assert_int_equal(symlink("a.yaml", "link.yaml"), 0);
	/* A hard link is a file of its own: only writing in place minds. */
	assert_int_equal(link("a.yaml", "d/h.yaml"), 0);
	arena_init(&arena);
	files_collect(&files, paths, sizeof(paths) / sizeof(paths[0]), &arena);
	assert_int_equal(files.n, sizeof(WANT) / sizeof(WANT[0]));
	for (size_t i = 0; i < files.n; i++)
		assert_string_equal(files.v[i].path.p, WANT[i]);
	assert_int_equal(files.v[0].kind, FILE_STDIN);
	assert_int_equal(files.v[1].kind, FILE_NAMED);
	assert_int_equal(files.v[4].kind, FILE_NAMED); /* named and walked: named */
	assert_int_equal(files.v[5].kind, FILE_WALKED);
	assert_int_equal(files.v[6].kind, FILE_TROUBLE);
	arena_release(&arena);
}

static void read_whole(void **state)
{
	struct error err;
	struct stat seen;
	struct buf out;
	struct file file = {.path = SLICE("a"), .kind = FILE_NAMED};
	(void)state;
	put("a", "some text");
	buf_init(&out);
	assert_true(file_read(&file, &out, &seen, &err));
	assert_true(slice_is(buf_slice(&out), "some text"));
	assert_int_equal(seen.st_size, 9);
	buf_release(&out);
}

static void too_large(void **state)
{
	struct error err;
	struct stat seen;
	struct buf out;
	struct file file = {.path = SLICE("a"), .kind = FILE_NAMED};
	(void)state;
	put("a", "");
	assert_int_equal(truncate("a", (off_t)FILE_LIMIT + 1), 0);
	buf_init(&out);
	assert_false(file_read(&file, &out, &seen, &err));
	assert_int_equal(out.cap, 0); /* refused before memory was taken for it */
	buf_release(&out);
}

static void read_not_through_links(void **state)
{
	struct error err;
	struct stat seen;
	struct buf out;
	struct file file = {.path = SLICE("link"), .kind = FILE_WALKED};
	(void)state;
	put("a", "some text");
	assert_int_equal(symlink("a", "link"), 0);
	buf_init(&out);
	assert_false(file_read(&file, &out, &seen, &err));
	file.kind = FILE_NAMED;
	assert_true(file_read(&file, &out, &seen, &err));
	/* A pipe that took the place of a walked file must not be waited for. */
	assert_int_equal(mkfifo("pipe", 0644), 0);
	file = (struct file){.path = SLICE("pipe"), .kind = FILE_WALKED};
	assert_false(file_read(&file, &out, &seen, &err));
	buf_release(&out);
}

/* Writes n bytes, a few at a time, from another process. */
static int trickle(size_t n, pid_t *pid)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	*pid = fork();
	if (*pid == 0) {
		close(ends[0]);
		for (size_t i = 0; i < n; i++)
			if (write(ends[1], "x", 1) != 1)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

static void read_in_pieces(void **state)
{
	struct error err;
	struct buf out;
	pid_t pid;
	int fd = trickle(100000, &pid);
	(void)state;
	buf_init(&out);
	assert_true(file_read_fd(fd, &out, 100000, &err));
	assert_int_equal(out.n, 100000);
	close(fd);
	waitpid(pid, NULL, 0);
	fd = trickle(100000, &pid);
	out.n = 0;
	assert_false(file_read_fd(fd, &out, 99999, &err));
	close(fd);
	waitpid(pid, NULL, 0);
	buf_release(&out);
}

static void folders_know(void **state)
{
	struct folders folders;
	struct arena arena;
	(void)state;
	assert_int_equal(system("mkdir -p a/b/c a/g/h/.git a/g/.git a/chart/templates/x && touch a/chart/Chart.yaml"
				" && touch .capfix.yaml a/b/.capfix.yaml a/g/.capfix.yaml"),
		0);
	arena_init(&arena);
	folders_init(&folders, &arena);
	const struct folder *c = folders_at(&folders, SLICE("a/b/c")), *a = folders_at(&folders, SLICE("a"));
	assert_string_equal(a->policy->path.p, ".capfix.yaml");
	assert_string_equal(c->policy->path.p, "a/b/.capfix.yaml");
	assert_ptr_equal(folders_at(&folders, SLICE("a/b"))->policy, c->policy);
	assert_ptr_equal(folders_at(&folders, SLICE("a/../a/b/c")), c);
	assert_non_null(folders_at(&folders, SLICE("a/g"))->policy);
	assert_null(folders_at(&folders, SLICE("a/g/h"))->policy);
	assert_true(folders_at(&folders, SLICE("a/chart/templates/x"))->chart_template);
	assert_true(folders_at(&folders, SLICE("a/chart/templates"))->chart_template);
	assert_false(folders_at(&folders, SLICE("a/chart"))->chart_template);
	assert_int_equal(folders.npolicies, 3);
	assert_true(slice_is(folders_subject(&folders, c, SLICE("a/b/c/x.yaml")), "c/x.yaml"));
	assert_true(slice_is(folders_subject(&folders, a, SLICE("a/x.yaml")), "a/x.yaml"));
	arena_release(&arena);
}

/* What git prints, and what a name must not be taken for. */
static void git_entries(void **state)
{
	static const char TEXT[] = "? c.yaml\0"
				   "? nested/\0"
				   "H 100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0\ta b.yaml\0"
				   "H 160000 44b3ad5de7778fc494d87b90e1b56378ae9b3e4c 0\tsub\0"
				   "M 100755 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 2\ttab\tin it.yaml\0"
				   "? H 160000 44b3ad5de7778fc494d87b90e1b56378ae9b3e4c 0\tsub.yaml\0";
	static const struct {
		const char *name;
		bool submodule;
	} WANT[] = {{"c.yaml", false}, {"nested/", false}, {"a b.yaml", false}, {"sub", true},
		{"tab\tin it.yaml", false}, {"H 160000 44b3ad5de7778fc494d87b90e1b56378ae9b3e4c 0\tsub.yaml", false}};
	struct slice list = {TEXT, sizeof(TEXT) - 1};
	struct git_entry entry;
	(void)state;
	for (size_t i = 0; i < sizeof(WANT) / sizeof(WANT[0]); i++) {
		assert_true(git_next(&list, &entry));
		assert_true(slice_is(entry.name, WANT[i].name));
		assert_int_equal(entry.submodule, WANT[i].submodule);
	}
	assert_false(git_next(&list, &entry));
	list = SLICE("");
	assert_false(git_next(&list, &entry));
}

static bool opens(const char *path, size_t start)
{
	int fd = files_open_below(slice_of(path), start, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* A link may be on the way to where a walk begins, and nowhere behind it. */
static void opens_no_links_below(void **state)
{
	(void)state;
	assert_int_equal(mkdir("real", 0755), 0);
	assert_int_equal(mkdir("real/sub", 0755), 0);
	put("real/sub/a", "text");
	assert_int_equal(symlink("real", "link"), 0);
	assert_int_equal(symlink("sub", "real/subl"), 0);
	assert_int_equal(symlink("a", "real/sub/al"), 0);
	assert_true(opens("real/sub/a", 0));
	assert_true(opens("real/sub/a", 4));
	assert_true(opens("link/sub/a", 4));
	assert_true(opens("link/subl/a", 9));
	assert_false(opens("link/sub/a", 0));
	assert_false(opens("real/subl/a", 4));
	assert_false(opens("real/sub/al", 4));
	assert_false(opens("real/sub/al", 8));
	assert_false(opens("real/sub/b", 4));
	assert_false(opens("none/sub/a", 4));
}

/* A folder that is a link by the time it is walked, or read from, is not followed. */
static void folder_becomes_link(void **state)
{
	struct file file = {.path = SLICE("top/sub/a.yaml"), .kind = FILE_WALKED, .start = 3};
	struct error err;
	struct stat seen;
	struct buf out;
	(void)state;
	buf_init(&out);
	assert_int_equal(mkdir("top", 0755), 0);
	assert_int_equal(mkdir("other", 0755), 0);
	put("other/a.yaml", "text");
	assert_int_equal(symlink("../other", "top/sub"), 0);
	assert_false(file_read(&file, &out, &seen, &err));
	file.kind = FILE_NAMED;
	assert_true(file_read(&file, &out, &seen, &err));
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normal_paths),
		cmocka_unit_test(parts_of_paths),
		cmocka_unit_test(wanted_names),
		cmocka_unit_test_setup_teardown(in_order_and_once, setup, teardown),
		cmocka_unit_test_setup_teardown(read_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(too_large, setup, teardown),
		cmocka_unit_test_setup_teardown(read_not_through_links, setup, teardown),
		cmocka_unit_test(read_in_pieces),
		cmocka_unit_test_setup_teardown(folders_know, setup, teardown),
		cmocka_unit_test(git_entries),
		cmocka_unit_test_setup_teardown(opens_no_links_below, setup, teardown),
		cmocka_unit_test_setup_teardown(folder_becomes_link, setup, teardown),
	};
	return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
