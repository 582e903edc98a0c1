#include "capfix/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capfix/progress.h"
#include "capfix/report_out.h"
#include "replace_attrs.h"
#include "replace_temp.h"

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

static void end_by_signal(int number)
{
	temp_abandon();
	progress_abandon();
	/* SA_RESETHAND has put back the default, so this ends the process as the sender meant it. */
	raise(number);
}

void replace_catch_signals(void)
{
	static const int ENDING[] = {SIGHUP, SIGINT, SIGTERM};
	for (size_t i = 0; i < sizeof(ENDING) / sizeof(ENDING[0]); i++) {
		struct sigaction now, then;
		/* nohup and the shell's background jobs ignore some of them: keep it so. */
		if (sigaction(ENDING[i], NULL, &then) != 0 || then.sa_handler == SIG_IGN)
			continue;
		memset(&now, 0, sizeof(now));
		now.sa_handler = end_by_signal;
		now.sa_flags = (int)SA_RESETHAND;
		sigemptyset(&now.sa_mask);
		sigaction(ENDING[i], &now, NULL);
	}
}

/* The file that is to be replaced. Its folder is held open: what becomes of the folder's own name does not matter. */
struct target {
	const struct replace_old *old;
	int folder;
	const char *name;
	int fd;          /* the file, for reading */
	struct stat now; /* what it was when it was opened */
};

static bool same_time(const struct stat *a, const struct stat *b)
{
#ifdef __APPLE__
	return a->st_mtimespec.tv_sec == b->st_mtimespec.tv_sec && a->st_mtimespec.tv_nsec == b->st_mtimespec.tv_nsec;
#else
	return a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
#endif
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size && same_time(a, b);
}

static bool changed(struct error *err)
{
	return error_set(err, "left alone: it changed while capfix was at work");
}

/* The name still stands for the file that was read. *now is what it is. */
static bool unchanged(const struct target *target, struct stat *now, struct error *err)
{
	if (fstatat(target->folder, target->name, now, AT_SYMLINK_NOFOLLOW) != 0)
		return error_set(err, "left alone: %s", strerror(errno));
	if (!same_file(now, &target->old->seen))
		return changed(err);
	return true;
}

/*
 * A change within one tick of the file system's clock leaves size and time as they were, so the bytes are
 * compared.
 */
static bool same_text(const struct target *target, struct error *err)
{
	char part[64 * 1024];
	struct slice rest = target->old->text;
	for (;;) {
		ssize_t n = read(target->fd, part, sizeof(part));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, "left alone: cannot read: %s", strerror(errno));
		if (n == 0 && rest.n == 0)
			return true;
		if (n == 0 || (size_t)n > rest.n || memcmp(part, rest.p, (size_t)n) != 0)
			return changed(err);
		rest = slice_sub(rest, (size_t)n, rest.n);
	}
}

static bool allowed(struct target *target, struct error *err)
{
	if (!S_ISREG(target->old->seen.st_mode))
		return error_set(err, "left alone: not a regular file");
	if (!unchanged(target, &target->now, err))
		return false;
	if (target->now.st_nlink > 1)
		return error_set(err, "left alone: it has %lu hard links", (unsigned long)target->now.st_nlink);
	if (faccessat(target->folder, target->name, W_OK, AT_EACCESS) != 0)
		return error_set(err, "left alone: read-only (%s)", strerror(errno));
	target->fd = openat(target->folder, target->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (target->fd < 0)
		return error_set(err, "left alone: %s", strerror(errno));
	if (fstat(target->fd, &target->now) != 0 || !same_file(&target->now, &target->old->seen))
		return changed(err);
	return true;
}

/* All that the new file is. Closes it: some file systems tell only then that a write has failed. */
static bool fill(const struct target *target, int fd, struct slice text, struct error *err)
{
	attrs_owner(fd, &target->now);
	int why = out_write_all(fd, text);
	bool ok = why != 0 || attrs_copy(target->fd, fd, &target->now, err);
	if (why == 0 && ok && fsync(fd) != 0)
		why = errno;
	if (close(fd) != 0 && why == 0)
		why = errno;
	if (!ok)
		return false;
	return why == 0 || error_set(err, "cannot write: %s", strerror(why));
}

/* The temporary file is filled: the last look, and the rename. */
static bool swap(const struct target *target, struct error *err)
{
	struct stat now;
	if (!same_text(target, err) || !unchanged(target, &now, err))
		return false;
	int why = temp_rename(target->name);
	return why == 0 || error_set(err, "cannot replace: %s", strerror(why));
}

static bool sync_folder(int folder, struct error *err)
{
	/*
	 * Some file systems have no such thing as syncing a folder, and say so; one that may not be read cannot be
	 * synced.
	 */
	if (fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EBADF)
		return true;
	return error_set(err, "replaced, but its folder cannot be synced: %s", strerror(errno));
}

static bool replace_target(struct target *target, struct slice text, struct error *err)
{
	if (!allowed(target, err))
		return false;
	int fd = temp_open(target->folder, target->name);
	if (fd < 0)
		return error_set(err, "cannot make a temporary file beside it: %s", strerror(errno));
	/* The lock stays as long as one of the two is open. */
	int lock = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	bool ok = fill(target, fd, text, err) && swap(target, err);
	temp_done();
	if (lock >= 0 && close(lock) != 0 && ok)
		return error_set(err, "replaced, but it cannot be closed: %s", strerror(errno));
	return ok && sync_folder(target->folder, err);
}

/* A folder that may be written to, but not read, can be held all the same. */
static int open_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 && errno == EACCES ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : fd;
}

static bool replace_real(char *path, const struct replace_old *old, struct slice text, struct error *err)
{
	char *slash = strrchr(path, '/');
	if (!slash)
		BUG("a real path without a slash");
	struct target target = {.old = old, .name = slash + 1, .fd = -1};
	*slash = '\0';
	target.folder = open_folder(slash == path ? "/" : path);
	if (target.folder < 0)
		return error_set(err, "left alone: %s", strerror(errno));
	bool ok = replace_target(&target, text, err);
	if (target.fd >= 0)
		close(target.fd);
	close(target.folder);
	return ok;
}

bool replace_file(const char *path, const struct replace_old *old, struct slice text, struct error *err)
{
	char *real = realpath(path, NULL);
	if (!real)
		return error_set(err, "left alone: %s", strerror(errno));
	bool ok = replace_real(real, old, text, err);
	free(real);
	return ok;
}
