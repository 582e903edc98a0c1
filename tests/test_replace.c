#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif
#include <time.h>
#include <unistd.h>

#include "capfix/buf.h"
#include "capfix/files_read.h"
#include "capfix/replace.h"

static int setup(void **state)
{
	char *folder = strdup("/tmp/test_replace.XXXXXX");
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

static struct stat seen_of(const char *path)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	return st;
}

static bool holds(const char *path, struct slice want)
{
	struct file file = {.path = slice_of(path), .kind = FILE_NAMED};
	struct error err;
	struct stat st;
	struct buf out;
	buf_init(&out);
	bool same = file_read(&file, &out, &st, &err) && slice_eq(buf_slice(&out), want);
	buf_release(&out);
	return same;
}

/* replace_file for a file that held `old` when it was `seen`. */
static bool replaced(const char *path, const struct stat *seen, struct slice old, struct slice text, struct error *err)
{
	return replace_file(path, &(struct replace_old){*seen, old}, text, err);
}

/* Files in the working directory, "." and ".." left out. */
static size_t files_here(void)
{
	DIR *dir = opendir(".");
	size_t n = 0;
	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

static void puts_new_text(void **state)
{
	struct error err;
	(void)state;
	put("a", "old");
	assert_int_equal(chmod("a", 0640), 0);
	struct stat seen = seen_of("a");
	assert_true(replaced("a", &seen, SLICE("old"), SLICE("new text"), &err));
	assert_true(holds("a", SLICE("new text")));
	assert_int_equal(seen_of("a").st_mode & 07777, 0640);
	assert_int_not_equal(seen_of("a").st_ino, seen.st_ino);
	assert_int_equal(files_here(), 1);
}

static void set_id_bits_stay(void **state)
{
	struct error err;
	(void)state;
	put("a", "old");
	assert_int_equal(chmod("a", 06755), 0);
	struct stat seen = seen_of("a");
	assert_true(replaced("a", &seen, SLICE("old"), SLICE("new"), &err));
	assert_int_equal(seen_of("a").st_mode & 07777, seen.st_mode & 07777);
}

/* Replaces after `change` has been done to the file behind our back; must leave it alone. */
static void refuses_after(void (*change)(void), const char *why)
{
	struct error err;
	put("a", "old");
	struct stat seen = seen_of("a");
	change();
	size_t n = files_here();
	struct stat before = seen_of("a");
	assert_false(replaced("a", &seen, SLICE("old"), SLICE("new"), &err));
	assert_non_null(strstr(err.text, why));
	assert_int_equal(seen_of("a").st_ino, before.st_ino);
	assert_false(holds("a", SLICE("new")));
	assert_int_equal(files_here(), n);
}

static void grow(void)
{
	put("a", "longer");
}

static void touch(void)
{
	const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1, .tv_nsec = 1}};
	assert_int_equal(utimensat(AT_FDCWD, "a", times, 0), 0);
}

/* Another text of the same size in the same tick of the clock. */
static void change_unseen(void)
{
	struct stat old = seen_of("a");
	const struct timespec times[2] = {old.st_atim, old.st_mtim};
	put("a", "odd");
	assert_int_equal(utimensat(AT_FDCWD, "a", times, 0), 0);
}

static void swap_file(void)
{
	struct stat old = seen_of("a");
	const struct timespec times[2] = {old.st_atim, old.st_mtim};
	put("b", "odd");
	assert_int_equal(utimensat(AT_FDCWD, "b", times, 0), 0);
	assert_int_equal(rename("b", "a"), 0);
}

static void add_link(void)
{
	assert_int_equal(link("a", "b"), 0);
}

static void leaves_alone(void **state)
{
	(void)state;
	refuses_after(grow, "changed");
	refuses_after(touch, "changed");
	refuses_after(change_unseen, "changed");
	refuses_after(swap_file, "changed");
	refuses_after(add_link, "hard links");
}

static void leaves_alone_what_is_gone(void **state)
{
	struct error err;
	(void)state;
	put("a", "old");
	struct stat seen = seen_of("a");
	assert_int_equal(unlink("a"), 0);
	assert_false(replaced("a", &seen, SLICE("old"), SLICE("new"), &err));
	assert_int_equal(files_here(), 0);
}

/* A limit on the size of files stands for a full disk: the write fails half-way. */
static void full_disk(void **state)
{
	struct error err;
	struct rlimit old, small;
	struct buf big;
	(void)state;
	put("a", "old");
	struct stat seen = seen_of("a");
	buf_init(&big);
	buf_fill(&big, 'x', 100000);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 50000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	bool ok = replaced("a", &seen, SLICE("old"), buf_slice(&big), &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_false(ok);
	assert_non_null(strstr(err.text, "cannot write"));
	assert_true(holds("a", SLICE("old")));
	assert_int_equal(files_here(), 1);
	buf_release(&big);
}

static void same_name_is_taken(void **state)
{
	struct error err;
	char name[64];
	(void)state;
	put("a", "old");
	snprintf(name, sizeof(name), ".a.capfix-%ld-0", (long)getpid());
	put(name, "somebody's");
	struct stat seen = seen_of("a");
	assert_true(replaced("a", &seen, SLICE("old"), SLICE("new"), &err));
	assert_true(holds("a", SLICE("new")));
	assert_true(holds(name, SLICE("somebody's")));
}

static void long_names(void **state)
{
	struct error err;
	char name[256];
	(void)state;
	memset(name, 'n', 255);
	/* Two bytes for each character, so that a cut can come in the middle of one. */
	for (size_t i = 51; i < 151; i += 2)
		memcpy(name + i, "\303\244", 2);
	name[255] = '\0';
	put(name, "old");
	struct stat seen = seen_of(name);
	assert_true(replaced(name, &seen, SLICE("old"), SLICE("new"), &err));
	assert_true(holds(name, SLICE("new")));
	assert_int_equal(files_here(), 1);
}

#ifdef __linux__

static const char ACL[] = "system.posix_acl_access", DEFAULT_ACL[] = "system.posix_acl_default";

/* u::rw-,u:1:rw-,g::r--,m::rw-,o::r-- as the kernel takes it: version 2, then tag, permissions and id of each entry. */
static const unsigned char LIST[] = {2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 6, 0, 1, 0, 0, 0, 4, 0, 4, 0,
	255, 255, 255, 255, 16, 0, 6, 0, 255, 255, 255, 255, 32, 0, 4, 0, 255, 255, 255, 255};

static void attributes_stay(void **state)
{
	struct error err;
	char value[300], is[300];
	(void)state;
	put("a", "old");
	memset(value, 'v', sizeof(value));
	value[7] = '\0';
	if (setxattr("a", "user.capfix.long", value, sizeof(value), 0) != 0)
		skip();
	assert_int_equal(setxattr("a", "user.empty", "", 0, 0), 0);
	struct stat seen = seen_of("a");
	assert_true(replaced("a", &seen, SLICE("old"), SLICE("new"), &err));
	assert_int_equal(getxattr("a", "user.capfix.long", is, sizeof(is)), sizeof(value));
	assert_memory_equal(is, value, sizeof(value));
	assert_int_equal(getxattr("a", "user.empty", is, sizeof(is)), 0);
}

static void access_control_list_stays(void **state)
{
	struct error err;
	unsigned char is[sizeof(LIST)];
	(void)state;
	put("a", "old");
	if (setxattr("a", ACL, LIST, sizeof(LIST), 0) != 0)
		skip();
	struct stat seen = seen_of("a");
	assert_true(replaced("a", &seen, SLICE("old"), SLICE("new"), &err));
	assert_int_equal(getxattr("a", ACL, is, sizeof(is)), sizeof(LIST));
	assert_memory_equal(is, LIST, sizeof(LIST));
	assert_int_equal(seen_of("a").st_mode, seen.st_mode);
}

/* A folder gives its default list to new files. The old file has none, so the new one has none. */
static void folders_list_is_not_taken(void **state)
{
	struct error err;
	char is[100];
	(void)state;
	put("a", "old");
	assert_int_equal(chmod("a", 0640), 0);
	if (setxattr(".", DEFAULT_ACL, LIST, sizeof(LIST), 0) != 0)
		skip();
	struct stat seen = seen_of("a");
	assert_true(replaced("a", &seen, SLICE("old"), SLICE("new"), &err));
	assert_int_equal(getxattr("a", ACL, is, sizeof(is)), -1);
	assert_int_equal(seen_of("a").st_mode & 07777, 0640);
}

#else

static void attributes_stay(void **state)
{
	(void)state;
	skip();
}

static void access_control_list_stays(void **state)
{
	(void)state;
	skip();
}

static void folders_list_is_not_taken(void **state)
{
	(void)state;
	skip();
}

#endif

static void sweeps_what_is_left(void **state)
{
	(void)state;
	put(".web.yaml.capfix-4000000-0", "half");
	put(".a.capfix-1-17", "");
	put(".x.capfix-2-3.capfix-4-5", "");
	assert_int_equal(replace_sweep("."), 3);
	assert_int_equal(files_here(), 0);
	assert_int_equal(replace_sweep("nowhere"), 0);
}

static void sweeps_nothing_else(void **state)
{
	static const char *const NAMES[] = {"a.capfix-1-0", ".capfix-1-0", ".a.capfix-1", ".a.capfix-1-",
		".a.capfix--0", ".a.capfix-1-0.yaml", ".a.capfix-01-0", ".a.capfix-1-00", ".a.capfix-x-0",
		".a.capfix-1-0~", ".a.Capfix-1-0", ".acapfix-1-0", ".a.capfix-0-0", ".a.capfix-12345678901-0",
		".capfix.yaml"};
	enum { COUNT = sizeof(NAMES) / sizeof(NAMES[0]) };
	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		put(NAMES[i], "somebody's");
	put("linked", "");
	assert_int_equal(mkdir(".d.capfix-1-0", 0755), 0);
	assert_int_equal(mkfifo(".p.capfix-1-0", 0644), 0);
	assert_int_equal(symlink("a.capfix-1-0", ".l.capfix-1-0"), 0);
	assert_int_equal(link("linked", ".h.capfix-1-0"), 0);
	assert_int_equal(replace_sweep("."), 0);
	assert_int_equal(files_here(), COUNT + 5);
}

static void sweeps_no_others(void **state)
{
	(void)state;
	put(".a.capfix-1-0", "");
	put("a", "");
	if (geteuid() != 0 || chown(".a.capfix-1-0", 65534, (gid_t)-1) != 0)
		skip();
	assert_int_equal(replace_sweep("."), 0);
	/* Unless it was to have the owner of the file that it stands for. */
	assert_int_equal(chown("a", 65534, (gid_t)-1), 0);
	assert_int_equal(replace_sweep("."), 1);
	assert_int_equal(files_here(), 1);
}

static void sweeps_none_at_work(void **state)
{
	(void)state;
	put(".a.capfix-1-0", "");
	int fd = open(".a.capfix-1-0", O_WRONLY);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(replace_sweep("."), 0);
	close(fd);
	assert_int_equal(replace_sweep("."), 1);
}

/* A child that replaces "a" by turns, for ever. */
static _Noreturn void replace_for_ever(struct slice one, struct slice two)
{
	struct error err;
	replace_catch_signals();
	for (;;) {
		struct stat seen = seen_of("a");
		bool is_one = (size_t)seen.st_size == one.n;
		if (!replaced("a", &seen, is_one ? one : two, is_one ? two : one, &err))
			_exit(1);
	}
}

static void ends_by_signal(int number, struct slice one, struct slice two)
{
	int status;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		replace_for_ever(one, two);
	const struct timespec while_at_work = {.tv_nsec = 1000000L * (7 + rand() % 20)};
	nanosleep(&while_at_work, NULL);
	kill(pid, number);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), number);
	assert_true(holds("a", one) || holds("a", two));
	/* At most one temporary file stays behind, and is found. */
	size_t left = files_here() - 1;
	assert_in_range(left, 0, number == SIGKILL ? 1 : 0);
	assert_int_equal(replace_sweep("."), left);
	assert_int_equal(files_here(), 1);
}

static void killed_at_any_moment(void **state)
{
	static const int NUMBERS[] = {SIGTERM, SIGINT, SIGHUP, SIGKILL};
	struct buf one, two;
	(void)state;
	buf_init(&one);
	buf_init(&two);
	buf_fill(&one, '1', 3 << 20);
	buf_fill(&two, '2', 2 << 20);
	for (size_t i = 0; i < sizeof(NUMBERS) / sizeof(NUMBERS[0]); i++) {
		signal(NUMBERS[i], SIG_DFL); /* whoever starts the tests may ignore it */
		put("a", "");
		struct error err;
		struct stat seen = seen_of("a");
		assert_true(replaced("a", &seen, SLICE(""), buf_slice(&one), &err));
		for (int round = 0; round < 8; round++)
			ends_by_signal(NUMBERS[i], buf_slice(&one), buf_slice(&two));
	}
	buf_release(&one);
	buf_release(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(puts_new_text, setup, teardown),
		cmocka_unit_test_setup_teardown(set_id_bits_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(leaves_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(leaves_alone_what_is_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(full_disk, setup, teardown),
		cmocka_unit_test_setup_teardown(same_name_is_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(long_names, setup, teardown),
		cmocka_unit_test_setup_teardown(attributes_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(access_control_list_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(folders_list_is_not_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(sweeps_what_is_left, setup, teardown),
		cmocka_unit_test_setup_teardown(sweeps_nothing_else, setup, teardown),
		cmocka_unit_test_setup_teardown(sweeps_no_others, setup, teardown),
		cmocka_unit_test_setup_teardown(sweeps_none_at_work, setup, teardown),
		cmocka_unit_test_setup_teardown(killed_at_any_moment, setup, teardown),
	};
	return cmocka_run_group_tests_name("replace", tests, NULL, NULL);
}
