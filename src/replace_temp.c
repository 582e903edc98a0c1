#include "replace_temp.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* For the signal handler: folder and name may only change while `live` is 0. */
static int temp_folder;
static char temp_name[256];
static volatile sig_atomic_t live;

static const char MARK[] = ".capfix-";

/* Room for the mark and the numbers, in file systems whose names are short. A name that is longer is cut. */
enum { NAME_PART = 100 };

/* The length of what is kept of a name: no character of UTF-8 is cut in two, which some file systems refuse. */
static int name_part(const char *name)
{
	size_t n = strlen(name);
	if (n <= NAME_PART)
		return (int)n;
	for (n = NAME_PART; n > 1 && ((unsigned char)name[n] & 0xc0) == 0x80;)
		n--;
	return (int)n;
}

/*
 * A run that looks for left-overs locks the file before it removes it, so either it has the lock, or it is too
 * late, or the file is ours. Where there are no locks, it goes by the file's age.
 */
static bool is_ours(int fd)
{
	struct stat st;
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		return false;
	return fstat(fd, &st) == 0 && st.st_nlink > 0;
}

int temp_open(int folder, const char *name)
{
	for (unsigned i = 0; i < 100; i++) {
		snprintf(temp_name, sizeof(temp_name), ".%.*s%s%ld-%u", name_part(name), name, MARK, (long)getpid(), i);
		temp_folder = folder;
		/* Live before it is there: a signal in between removes nothing. */
		live = 1;
		int fd = openat(folder, temp_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd >= 0 && is_ours(fd))
			return fd;
		live = 0;
		if (fd >= 0)
			close(fd);
		else if (errno != EEXIST)
			return -1;
	}
	errno = EEXIST;
	return -1;
}

int temp_rename(const char *name)
{
	if (renameat(temp_folder, temp_name, temp_folder, name) != 0)
		return errno;
	live = 0;
	return 0;
}

void temp_done(void)
{
	temp_abandon();
	live = 0;
}

void temp_abandon(void)
{
	if (live)
		unlinkat(temp_folder, temp_name, 0);
}

/* Steps back over the digits before *end. No number of ours begins with 0, but 0 itself. */
static bool digits_before(const char *name, size_t *end)
{
	size_t n = *end;
	while (n > 0 && name[n - 1] >= '0' && name[n - 1] <= '9')
		n--;
	bool fine = n < *end && *end - n < 10 && (name[n] != '0' || *end - n == 1);
	*end = n;
	return fine;
}

size_t temp_parse(const char *name, long *pid)
{
	enum { MARK_LEN = sizeof(MARK) - 1 };
	size_t n = strlen(name), at = n;
	if (name[0] != '.' || !digits_before(name, &at) || at == 0 || name[--at] != '-')
		return 0;
	size_t end = at;
	if (!digits_before(name, &at) || at < MARK_LEN + 2 || memcmp(name + at - MARK_LEN, MARK, MARK_LEN) != 0)
		return 0;
	*pid = 0;
	for (size_t i = at; i < end; i++)
		*pid = *pid * 10 + (name[i] - '0');
	return *pid > 0 && at - MARK_LEN - 1 <= NAME_PART ? at - MARK_LEN - 1 : 0;
}
