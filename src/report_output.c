#include "capfix/report_output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capfix/report_out.h"

/* The path with links followed, also where the file itself is not there yet. NULL and errno if a folder is missing. */
static char *real_target(const char *path)
{
	char *real = realpath(path, NULL);
	if (real || errno != ENOENT)
		return real;
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	char *above = folder ? realpath(folder, NULL) : NULL;
	if (above && (*base == '\0' || asprintf(&real, "%s/%s", above, base) < 0))
		real = NULL;
	free(folder);
	free(above);
	return real;
}

/* A name beside the target that nobody has. */
static char *beside(const char *target)
{
	const char *slash = strrchr(target, '/');
	char *name;
	BUG_IF(slash == NULL);
	return asprintf(&name, "%.*s/.capfix-XXXXXX.tmp", (int)(slash - target), target) < 0 ? NULL : name;
}

/*
 * A file beside the target that goes when it is closed. Made early, so a folder that takes no files is known early
 * too.
 */
static int open_nameless(const char *target)
{
	char *name = beside(target);
	int fd = name ? mkostemps(name, 4, O_CLOEXEC) : -1;
	if (fd >= 0)
		unlink(name);
	free(name);
	return fd;
}

bool report_output_open(struct report_output *output, const char *path, struct error *err)
{
	struct stat st;
	bool there = stat(path, &st) == 0;
	*output = (struct report_output){.fd = -1};
	if (there && S_ISDIR(st.st_mode))
		return error_set(err, "%s: cannot write the report: it is a folder", path);
	if (there && !S_ISREG(st.st_mode)) {
		output->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	} else if (there && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0) {
		return error_set(err, "%s: cannot write the report: %s", path, strerror(errno));
	} else {
		output->target = real_target(path);
		output->fd = output->target ? open_nameless(output->target) : -1;
	}
	output->open = output->fd >= 0;
	if (output->open)
		return true;
	error_set(err, "%s: cannot write the report: %s", path, strerror(errno));
	report_output_drop(output);
	return false;
}

bool report_output_is(const struct report_output *output, struct slice path)
{
	const char *base = output->target ? strrchr(output->target, '/') : NULL;
	size_t n = base ? strlen(base) - 1 : 0;
	/* Most names differ, and cost nothing. */
	if (n == 0 || path.n < n || memcmp(path.p + path.n - n, base + 1, n) != 0)
		return false;
	char *real = realpath(path.p, NULL);
	bool same = real && strcmp(real, output->target) == 0;
	free(real);
	return same;
}

static int copy(int from, int to)
{
	char block[64 * 1024];
	if (lseek(from, 0, SEEK_SET) != 0)
		return errno;
	for (;;) {
		ssize_t n = read(from, block, sizeof(block));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? errno : 0;
		int why = out_write_all(to, (struct slice){block, (size_t)n});
		if (why != 0)
			return why;
	}
}

/* What a new file gets where there was none: the user's umask decides. */
static mode_t mode_for(const char *target)
{
	struct stat st;
	if (stat(target, &st) == 0)
		return st.st_mode & 07777;
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* 0, or errno. A named copy, and its rename. */
static int give_name(const struct report_output *output)
{
	char *name = beside(output->target);
	int fd = name ? mkostemps(name, 4, O_CLOEXEC) : -1;
	if (fd < 0) {
		int why = errno;
		free(name);
		return why;
	}
	int why = copy(output->fd, fd);
	if (!why && (fchmod(fd, mode_for(output->target)) != 0 || fsync(fd) != 0))
		why = errno;
	if (close(fd) != 0 && !why)
		why = errno;
	if (!why && rename(name, output->target) != 0)
		why = errno;
	if (why)
		unlink(name);
	free(name);
	return why;
}

bool report_output_done(struct report_output *output, struct error *err)
{
	int why = 0;
	if (!output->open)
		return true;
	if (output->target)
		why = give_name(output);
	if (close(output->fd) != 0 && !why)
		why = errno;
	output->open = false;
	report_output_drop(output);
	return why == 0 || error_set(err, "cannot write the report: %s", strerror(why));
}

void report_output_drop(struct report_output *output)
{
	if (output->open)
		close(output->fd);
	output->open = false;
	free(output->target);
	output->target = NULL;
}
