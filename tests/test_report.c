#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "capfix/report_out.h"
#include "capfix/report_text.h"

static void escapes(struct slice text, const char *want)
{
	struct buf out;
	buf_init(&out);
	report_escape(&out, text);
	buf_addc(&out, '\0');
	assert_string_equal(out.p, want);
	buf_release(&out);
}

static void hostile_text(void **state)
{
	(void)state;
	escapes(SLICE(""), "");
	escapes(SLICE("plain / \\ \" '"), "plain / \\ \" '");
	escapes(SLICE("a\nb\tc\rd"), "a\\nb\\tc\\rd");
	escapes(SLICE("\0\033\177"), "\\x00\\x1b\\x7f");
	escapes(SLICE("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x99\x82"), "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x99\x82");
	escapes(SLICE("\xc2\x9b"), "\\u009b");     /* C1: some terminals take it for ESC [ */
	escapes(SLICE("\xe2\x80\xae"), "\\u202e"); /* right-to-left override */
	escapes(SLICE("\xe2\x80\xa8"), "\\u2028"); /* line separator */
	escapes(SLICE("\x9b\xff"), "\\x9b\\xff");  /* not UTF-8 */
	escapes(SLICE("\xc3"), "\\xc3");           /* cut */
	escapes(SLICE("\xc0\xaf"), "\\xc0\\xaf");  /* too long */
	escapes(SLICE("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
	escapes(SLICE("\xed\xa0\x80"), "\\xed\\xa0\\x80"); /* a surrogate */
	escapes(SLICE("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

static void reports(struct finding finding, bool colour, const char *want)
{
	struct buf out;
	buf_init(&out);
	report_finding(&out, SLICE("a\n.yaml"), &finding, colour);
	buf_addc(&out, '\0');
	assert_string_equal(out.p, want);
	buf_release(&out);
}

static void lines(void **state)
{
	(void)state;
	reports((struct finding){LEVEL_WARNING, CODE_DROP, 3, 7, SLICE("x\033")}, false,
		"a\\n.yaml:3:7: warning: x\\x1b [drop]\n");
	reports((struct finding){LEVEL_ERROR, CODE_IO, 0, 0, SLICE("x")}, false, "a\\n.yaml: error: x [io]\n");
	reports((struct finding){LEVEL_NOTE, CODE_KEPT, 1, 1, SLICE("x")}, true,
		"a\\n.yaml:1:1: \033[36mnote\033[m: x [kept]\n");
}

static void failing_streams(void **state)
{
	struct out out;
	int fd = open("/dev/full", O_WRONLY);
	(void)state;
	if (fd < 0)
		skip();
	out_init(&out, fd);
	out_add(&out, SLICE("x"));
	assert_int_equal(out.failed, 0);
	assert_false(out_flush(&out));
	assert_int_equal(out.failed, ENOSPC);
	/* It stays so. */
	out_add(&out, SLICE("x"));
	assert_false(out_flush(&out));
	out_release(&out);
	close(fd);
	assert_int_equal(out_write_all(fd, SLICE("x")), EBADF);
	assert_int_equal(out_write_all(fd, SLICE("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_text),
		cmocka_unit_test(lines),
		cmocka_unit_test(failing_streams),
	};
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
