#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capfix/progress.h"
#include "capfix/report_out.h"

static void check_line(size_t total, size_t done, size_t changed, int64_t ms, const char *want)
{
	struct progress progress = {.total = total, .verb = "changed"};
	char line[128];
	progress_line(line, 100, &progress, done, changed, ms);
	assert_string_equal(line, want);
}

static void lines(void **state)
{
	(void)state;
	check_line(45000, 0, 0, 500, "capfix: 0 of 45000 files, 0 changed");
	check_line(45000, 9000, 17, 3000, "capfix: 9000 of 45000 files, 17 changed, 3000/s, 0:12 left");
	check_line(10, 1, 1, 60000, "capfix: 1 of 10 files, 1 changed, 0/s, 9:00 left");
	check_line(2000000, 1000, 0, 100000, "capfix: 1000 of 2000000 files, 0 changed, 10/s, 55:31:40 left");
	check_line(10, 10, 3, 1000, "capfix: 10 of 10 files, 3 changed, 10/s, 0:00 left");
	check_line(10, 12, 3, 1000, "capfix: 12 of 12 files, 3 changed, 12/s, 0:00 left");
}

static void narrow(void **state)
{
	struct progress progress = {.total = 10, .verb = "changed"};
	char line[32];
	(void)state;
	memset(line, 'x', sizeof(line));
	progress_line(line, 12, &progress, 5, 0, 1000);
	assert_string_equal(line, "capfix: 5 of");
	assert_int_equal(line[13], 'x');
	progress_line(line, 0, &progress, 5, 0, 1000);
	assert_string_equal(line, "");
}

/* What has been written to a pipe. */
static void check_pipe(int fd, const char *want)
{
	char is[512];
	ssize_t n = read(fd, is, sizeof(is) - 1);
	assert_true(n >= 0);
	is[n] = '\0';
	assert_string_equal(is, want);
}

/* Ten times a second at most, and away before anything else is written. */
static void comes_and_goes(void **state)
{
	int ends[2];
	struct out out;
	(void)state;
	assert_int_equal(pipe(ends), 0);
	struct progress progress = {.fd = ends[1], .on = true, .total = 2, .verb = "changed"};
	out_init(&out, ends[1]);
	out.progress = &progress;
	/* Without a line, there is nothing to take away. */
	out_add(&out, SLICE("text\n"));
	out_flush(&out);
	check_pipe(ends[0], "text\n");
	progress_show(&progress, 0, 0);
	check_pipe(ends[0], "\rcapfix: 0 of 2 files, 0 changed\033[K");
	int64_t next = progress.next;
	progress_show(&progress, 1, 0);
	out_add(&out, SLICE("more\n"));
	out_flush(&out);
	check_pipe(ends[0], "\r\033[Kmore\n");
	progress.next = 0;
	progress_show(&progress, 1, 0);
	assert_true(progress.next >= next);
	progress_clear(&progress);
	progress_clear(&progress);
	char is[512];
	ssize_t n = read(ends[0], is, sizeof(is) - 1);
	is[n > 0 ? n : 0] = '\0';
	assert_memory_equal(is, "\rcapfix: 1 of 2 files, 0 changed, ", 34);
	assert_string_equal(is + n - 7, "\033[K\r\033[K");
	out_release(&out);
	close(ends[0]);
	close(ends[1]);
}

static void only_on_terminals(void **state)
{
	struct progress progress;
	int ends[2];
	(void)state;
	assert_int_equal(pipe(ends), 0);
	setenv("TERM", "xterm", 1);
	unsetenv("CI");
	assert_false(progress_possible(ends[1]));
	progress_start(&progress, false, 10, "changed");
	assert_false(progress.on);
	progress.fd = ends[1];
	progress_show(&progress, 1, 1);
	close(ends[1]);
	check_pipe(ends[0], "");
	close(ends[0]);
}

static bool possible(int fd, const char *term, const char *ci)
{
	setenv("TERM", term, 1);
	setenv("CI", ci, 1);
	return progress_possible(fd);
}

static void the_environment_counts(void **state)
{
	int pty = posix_openpt(O_RDWR | O_NOCTTY);
	(void)state;
	if (pty < 0 || grantpt(pty) != 0 || unlockpt(pty) != 0)
		skip();
	int fd = open(ptsname(pty), O_RDWR | O_NOCTTY);
	if (fd < 0)
		skip();
	assert_true(possible(fd, "xterm", ""));
	assert_false(possible(fd, "xterm", "true"));
	assert_false(possible(fd, "xterm", "1"));
	assert_false(possible(fd, "dumb", ""));
	assert_false(possible(fd, "", ""));
	unsetenv("CI");
	assert_false(progress_possible(fd));
	setenv("TERM", "vt100", 1);
	assert_true(progress_possible(fd));
	unsetenv("TERM");
	assert_false(progress_possible(fd));
	close(fd);
	close(pty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(narrow),
		cmocka_unit_test(comes_and_goes),
		cmocka_unit_test(only_on_terminals),
		cmocka_unit_test(the_environment_counts),
	};
	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
