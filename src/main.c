#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "capfix/files_from.h"
#include "capfix/options.h"
#include "capfix/report_codes.h"
#include "capfix/report_out.h"
#include "capfix/report_text.h"
#include "capfix/run.h"
#include "capfix/run_krm.h"
#include "capfix/run_look.h"

/*
 * A standard stream that the caller has closed is opened, the wrong way round: using it fails, but no file that is
 * opened later can be taken for it.
 */
static void hold_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/dev/null",
				fd == STDOUT_FILENO          ? O_RDONLY
					: fd == STDIN_FILENO ? O_WRONLY
							     : O_RDWR);
}

/* Says what is wrong, and `more` behind it. The status to exit with. */
static int complain(const char *text, const char *more)
{
	struct buf line;
	buf_init(&line);
	buf_adds(&line, "capfix: ");
	report_escape(&line, slice_of(text));
	buf_adds(&line, more);
	buf_addc(&line, '\n');
	(void)out_write_all(STDERR_FILENO, buf_slice(&line));
	buf_release(&line);
	return STATUS_TROUBLE;
}

/* Writes the text, and releases it. */
static int print(struct buf *text)
{
	int why = out_write_all(STDOUT_FILENO, buf_slice(text));
	buf_release(text);
	if (why != 0)
		return complain("cannot write to standard output: ", strerror(why));
	return STATUS_FINE;
}

static int inform(enum action action)
{
	struct buf text;
	buf_init(&text);
	if (action == ACTION_HELP)
		options_help(&text);
	else
		buf_adds(&text, "capfix " CAPFIX_VERSION "\n");
	return print(&text);
}

static int explain_code(const char *name)
{
	enum finding_code code;
	bool all = strcmp(name, "all") == 0;
	struct buf text;
	struct error err;
	if (!all && !report_code_find(slice_of(name), &code)) {
		error_set(&err, "there is no finding code \"%s\"", name);
		return complain(err.text, "\ncapfix --explain-code all lists them");
	}
	buf_init(&text);
	report_code_explain(&text, all ? NULL : &code);
	return print(&text);
}

static int do_mode(const struct options *options)
{
	if (options->mode == MODE_KRM)
		return run_krm(options);
	if (options->mode == MODE_INIT_POLICY)
		return run_init(options);
	if (options->mode == MODE_EXPLAIN || options->mode == MODE_EFFECTIVE)
		return run_explain(options);
	return run(options);
}

/* The same, with paths from a list. */
static int do_list(struct options *options)
{
	struct files_from from;
	struct error err;
	int status;
	if (files_from_read(&from, options->files0_from, &err)) {
		options->paths = from.paths;
		options->npaths = from.n;
		status = do_mode(options);
	} else {
		status = complain(err.text, "");
	}
	files_from_release(&from);
	return status;
}

int main(int argc, char **argv)
{
	struct options options;
	struct error err;

	hold_streams();
	/* A reader that goes away is an error of write, which gets a message and exit status 2. */
	signal(SIGPIPE, SIG_IGN);
#ifdef SIGXFSZ
	/* So is a limit on the size of files: no temporary file may be left behind. */
	signal(SIGXFSZ, SIG_IGN);
#endif
	if (!options_parse(&options, argc, argv, &err))
		return complain(err.text, "\nsee capfix --help");
	if (options.action == ACTION_EXPLAIN_CODE)
		return explain_code(options.code);
	if (options.action != ACTION_RUN)
		return inform(options.action);
	return options.files0_from ? do_list(&options) : do_mode(&options);
}
