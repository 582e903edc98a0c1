#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "capfix/replace.h"
#include "replace_temp.h"

/* Seconds after which a file that cannot be locked counts as left behind, if its process is gone too. */
enum { OLD = 3600 };

/*
 * The superuser's file may have been given to the owner of the file that it stands for already.
 */
static bool owner_is_ours(int folder, const char *name, size_t part, const struct stat *st)
{
	char target[256];
	struct stat other;
	if (st->st_uid == geteuid())
		return true;
	if (geteuid() != 0 || part >= sizeof(target))
		return false;
	memcpy(target, name + 1, part);
	target[part] = '\0';
	return fstatat(folder, target, &other, AT_SYMLINK_NOFOLLOW) == 0 && other.st_uid == st->st_uid;
}

/* Nobody works on it: its lock is free. Without locks, the process that made it is gone, and has been for long. */
static bool abandoned(int fd, long pid, const struct stat *st)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	return errno != EWOULDBLOCK && kill((pid_t)pid, 0) != 0 && errno == ESRCH && time(NULL) - st->st_mtime > OLD;
}

/* Removes the entry if it is a temporary file of ours that a killed run has left. */
static bool sweep_entry(int folder, const char *name)
{
	struct stat st, there;
	long pid;
	size_t part = temp_parse(name, &pid);
	if (part == 0 || fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return false;
	int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool gone = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1 &&
		owner_is_ours(folder, name, part, &st) && abandoned(fd, pid, &st) &&
		fstatat(folder, name, &there, AT_SYMLINK_NOFOLLOW) == 0 && there.st_dev == st.st_dev &&
		there.st_ino == st.st_ino && unlinkat(folder, name, 0) == 0;
	close(fd);
	return gone;
}

size_t replace_sweep(const char *folder)
{
	size_t n = 0;
	DIR *dir = opendir(folder);
	if (!dir)
		return 0;
	for (const struct dirent *entry; (entry = readdir(dir));)
		n += sweep_entry(dirfd(dir), entry->d_name);
	closedir(dir);
	return n;
}
