#include "capfix/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capfix/report_out.h"

/* The temporary file, for the signal handler. The name may only change while `temp_live` is 0. */
static char temp_name[PATH_MAX];
static volatile sig_atomic_t temp_live;

static void end_by_signal(int number)
{
	if (temp_live)
		unlink(temp_name);
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

static bool same_time(const struct stat *a, const struct stat *b)
{
#ifdef __APPLE__
	return a->st_mtimespec.tv_sec == b->st_mtimespec.tv_sec && a->st_mtimespec.tv_nsec == b->st_mtimespec.tv_nsec;
#else
	return a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
#endif
}

/* The target is still the file that was read. *now is what it is. */
static bool unchanged(const char *target, const struct stat *seen, struct stat *now, struct error *err)
{
	if (lstat(target, now) != 0)
		return error_set(err, "left alone: %s", strerror(errno));
	if (now->st_dev != seen->st_dev || now->st_ino != seen->st_ino || now->st_size != seen->st_size ||
		!same_time(now, seen))
		return error_set(err, "left alone: it changed while capfix was at work");
	return true;
}

static bool allowed(const char *target, const struct stat *seen, struct stat *now, struct error *err)
{
	if (!S_ISREG(seen->st_mode))
		return error_set(err, "left alone: not a regular file");
	if (!unchanged(target, seen, now, err))
		return false;
	if (now->st_nlink > 1)
		return error_set(err, "left alone: it has %lu hard links", (unsigned long)now->st_nlink);
	if (faccessat(AT_FDCWD, target, W_OK, AT_EACCESS) != 0)
		return error_set(err, "left alone: read-only (%s)", strerror(errno));
	return true;
}

/* Writes target's folder, with its slash, to folder. */
static bool folder_of(const char *target, char folder[PATH_MAX])
{
	const char *slash = strrchr(target, '/');
	if (!slash)
		return false;
	size_t n = (size_t)(slash - target) + 1;
	memcpy(folder, target, n);
	folder[n] = '\0';
	return true;
}

/* Opens a new file beside the target and sets temp_name. -1 and errno if that fails. */
static int temp_open(const char *folder)
{
	for (unsigned i = 0; i < 100; i++) {
		int n = snprintf(temp_name, sizeof(temp_name), "%s.capfix-%ld-%u.tmp", folder, (long)getpid(), i);
		if (n < 0 || (size_t)n >= sizeof(temp_name)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		/* Live before it is there: a signal in between removes nothing. */
		temp_live = 1;
		int fd = open(temp_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd >= 0)
			return fd;
		temp_live = 0;
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

/* Owner, group and mode of the old file. An owner that may not be given is left, its set-id bits with it. */
static int take_over(int fd, const struct stat *old)
{
	struct stat new;
	if (fstat(fd, &new) != 0)
		return errno;
	mode_t mode = old->st_mode & 07777;
	if (new.st_gid != old->st_gid && fchown(fd, (uid_t)-1, old->st_gid) != 0)
		mode &= (mode_t)~S_ISGID;
	if (new.st_uid != old->st_uid && fchown(fd, old->st_uid, (gid_t)-1) != 0)
		mode &= (mode_t)~S_ISUID;
	return fchmod(fd, mode) != 0 ? errno : 0;
}

static int fill(int fd, const struct stat *old, struct slice text)
{
	int why = take_over(fd, old);
	if (!why)
		why = out_write_all(fd, text);
	if (!why && fsync(fd) != 0)
		why = errno;
	if (close(fd) != 0 && !why)
		why = errno;
	return why;
}

static int sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == EACCES ? 0
				       : errno; /* a folder that may be written to, but not read: nothing to be done */
	/* Some file systems have no such thing as syncing a folder, and say so. */
	int why = fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP ? errno : 0;
	close(fd);
	return why;
}

/* The temporary file is filled: the last look, and the rename. */
static bool swap(const char *target, const struct stat *seen, struct error *err)
{
	struct stat now;
	if (!unchanged(target, seen, &now, err))
		return false;
	if (rename(temp_name, target) != 0)
		return error_set(err, "cannot replace: %s", strerror(errno));
	return true;
}

static bool replace_target(const char *target, const struct stat *seen, struct slice text, struct error *err)
{
	char folder[PATH_MAX];
	struct stat now;
	if (!allowed(target, seen, &now, err))
		return false;
	if (!folder_of(target, folder))
		BUG("a real path without a slash");
	int fd = temp_open(folder);
	if (fd < 0)
		return error_set(err, "cannot make a temporary file beside it: %s", strerror(errno));
	int why = fill(fd, &now, text);
	bool ok = why == 0 ? swap(target, seen, err) : error_set(err, "cannot write: %s", strerror(why));
	if (!ok)
		unlink(temp_name);
	temp_live = 0;
	if (!ok)
		return false;
	why = sync_folder(folder);
	return why == 0 || error_set(err, "replaced, but its folder cannot be synced: %s", strerror(why));
}

bool replace_file(const char *path, const struct stat *seen, struct slice text, struct error *err)
{
	char *target = realpath(path, NULL);
	if (!target)
		return error_set(err, "left alone: %s", strerror(errno));
	bool ok = strlen(target) < PATH_MAX ? replace_target(target, seen, text, err)
					    : error_set(err, "left alone: %s", strerror(ENAMETOOLONG));
	free(target);
	return ok;
}
