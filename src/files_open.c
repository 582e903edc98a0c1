#include "capfix/files_open.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#ifdef SYS_openat2
#include <linux/openat2.h>
#endif
#endif

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

/* The folder that the walk began in: the working directory has no bytes in the path. */
static int open_start(struct slice path, size_t start)
{
	char name[4096];
	if (start == 0)
		return AT_FDCWD;
	if (start >= sizeof(name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, path.p, start);
	name[start] = '\0';
	return open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Part after part, each without following a link. Leaves `folder` open. */
static int open_parts(int folder, const char *rel, int flags)
{
	char part[256];
	int at = folder;
	for (;;) {
		size_t n = strcspn(rel, "/");
		if (n >= sizeof(part)) {
			errno = ENAMETOOLONG;
			break;
		}
		memcpy(part, rel, n);
		part[n] = '\0';
		bool last = rel[n] == '\0';
		int next = openat(at, part, last ? flags | O_NOFOLLOW : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		int why = errno;
		if (at != folder)
			close(at);
		errno = why;
		if (last || next < 0)
			return next;
		at = next;
		rel += n + 1;
	}
	if (at != folder)
		close(at);
	return -1;
}

/* One call where the kernel can do it all. */
static int open_rel(int folder, const char *rel, int flags)
{
#ifdef SYS_openat2
	struct open_how how = {.flags = (uint64_t)(unsigned)flags, .resolve = RESOLVE_NO_SYMLINKS};
	long fd = syscall(SYS_openat2, folder, rel, &how, sizeof(how));
	/* An older kernel does not know the call, some containers forbid it. */
	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return (int)fd;
#endif
	return open_parts(folder, rel, flags);
}

int files_open_below(struct slice path, size_t start, int flags)
{
	if (start >= path.n)
		return open(path.p, flags);
	int folder = open_start(path, start);
	if (folder < 0 && folder != AT_FDCWD)
		return -1;
	const char *rel = path.p + start;
	int fd = open_rel(folder, rel + (*rel == '/'), flags);
	int why = errno;
	if (folder != AT_FDCWD)
		close(folder);
	errno = why;
	return fd;
}

int files_open(const struct file *file)
{
	enum { FLAGS = O_RDONLY | O_CLOEXEC | O_NOCTTY };
	if (file->kind == FILE_WALKED)
		return files_open_below(file->path, file->start, FLAGS | O_NOFOLLOW | O_NONBLOCK);
	return open(file->path.p, FLAGS);
}
