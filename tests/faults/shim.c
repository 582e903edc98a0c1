/*
 * A library to preload that makes one call of the program under test go wrong, and notes all calls in a file that it
 * shares with who runs the test.
 *
 *   FAULT_NOTES   the file: a struct notes, all zero, made by tests/faults/run
 *   FAULT_KIND    which calls are meant, such as "fsync"; with none, all go well
 *   FAULT_AT      the number of the call that goes wrong, from 1, counted over all processes of the program
 *   FAULT_HOW     "fail" (with the errno FAULT_ERRNO), "short" (every read and write moves one byte) or
 *                 "interrupt" (EINTR)
 *   FAULT_NAME    the program's name; others that are started (git) are left in peace
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRACE = 4096 };

/* tests/faults/run reads this. */
struct notes {
	_Atomic uint32_t calls; /* of the kind, so far */
	_Atomic uint32_t hit;   /* the call went wrong */
	int32_t fd;             /* that it was made for, or -1 */
	int32_t writable;       /* that descriptor could be written to */
	_Atomic uint32_t traced;
	/*
	 * o: opened for writing, w: written, s: synced file, d: synced folder, c: closed after writing, r: renamed,
	 * u: unlinked
	 */
	char trace[TRACE];
};

static struct notes *notes;
static char kind[16];
static uint32_t at;
static pid_t program; /* workers, which it forks, may not ask about descriptors: their calls go well */
static int number;
static enum { FAIL, SHORT, INTERRUPT } how;

static void *open_notes(const char *path)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
	void *p = (void *)syscall(SYS_mmap, NULL, sizeof(struct notes), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	syscall(SYS_close, fd);
	return fd < 0 || p == MAP_FAILED ? NULL : p;
}

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("FAULT_NOTES"), *name = getenv("FAULT_NAME"), *value = getenv("FAULT_KIND");

	if (!path || !name || strcmp(name, program_invocation_short_name) != 0)
		return;
	if (value)
		snprintf(kind, sizeof(kind), "%s", value);
	at = (value = getenv("FAULT_AT")) ? (uint32_t)atoi(value) : 0;
	number = (value = getenv("FAULT_ERRNO")) ? atoi(value) : EIO;
	value = getenv("FAULT_HOW");
	program = getpid();
	how = value && strcmp(value, "short") == 0         ? SHORT
		: value && strcmp(value, "interrupt") == 0 ? INTERRUPT
							   : FAIL;
	notes = open_notes(path);
}

static void trace(char c)
{
	if (notes && getpid() == program) {
		uint32_t i = atomic_fetch_add(&notes->traced, 1);

		if (i < TRACE)
			notes->trace[i] = c;
	}
}

/* Descriptors of files that were made: only these have something to lose. A pipe, say, has not. */
static bool made[1024];

static bool is_writable(int fd)
{
	return fd >= 0 && fd < (int)(sizeof(made) / sizeof(*made)) && made[fd];
}

/* Memory runs out in workers too: that takes no call of the system. */
static bool is_meant(const char *call)
{
	return notes && strcmp(call, kind) == 0 && (strcmp(call, "malloc") == 0 || getpid() == program);
}

/* This call, of this kind, is to go wrong: errno is set. */
static bool fails(const char *call, int fd)
{
	if (!is_meant(call))
		return false;
	if (atomic_fetch_add(&notes->calls, 1) + 1 != at || how == SHORT)
		return false;
	notes->fd = fd;
	notes->writable = is_writable(fd);
	atomic_store(&notes->hit, 1);
	errno = how == INTERRUPT ? EINTR : number;
	return true;
}

/* How many bytes a read or write moves. */
static size_t amount(const char *call, size_t n)
{
	if (how != SHORT || !is_meant(call) || n == 0)
		return n;
	atomic_store(&notes->hit, 1);
	return 1;
}

/* --- files -- */

static int opened(int folder, const char *path, int flags, mode_t mode)
{
	int fd;

	if (fails("open", -1))
		return -1;
	fd = (int)syscall(SYS_openat, folder, path, flags, mode);
	if (fd >= 0 && (flags & O_ACCMODE) != O_RDONLY && (flags & O_CREAT)) {
		trace('o');
		if (fd < (int)(sizeof(made) / sizeof(*made)))
			made[fd] = true;
	}
	return fd;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
	va_end(args);
	return opened(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
	va_end(args);
	return opened(folder, path, flags, mode);
}

int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
	return opened(AT_FDCWD, path, flags, 0);
}

int __openat_2(int folder, const char *path, int flags);
int __openat_2(int folder, const char *path, int flags)
{
	return opened(folder, path, flags, 0);
}

ssize_t read(int fd, void *p, size_t n)
{
	return fails("read", fd) ? -1 : syscall(SYS_read, fd, p, amount("read", n));
}

ssize_t __read_chk(int fd, void *p, size_t n, size_t room);
ssize_t __read_chk(int fd, void *p, size_t n, size_t room)
{
	(void)room;
	return read(fd, p, n);
}

ssize_t write(int fd, const void *p, size_t n)
{
	if (fails("write", fd))
		return -1;
	trace('w');
	return syscall(SYS_write, fd, p, amount("write", n));
}

static bool is_folder(int fd)
{
	struct stat st;

	return syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH) == 0 && S_ISDIR(st.st_mode);
}

int fsync(int fd)
{
	if (fails("fsync", fd))
		return -1;
	trace(is_folder(fd) ? 'd' : 's');
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	if (fails("fsync", fd))
		return -1;
	trace('s');
	return (int)syscall(SYS_fdatasync, fd);
}

/* A close that fails has closed all the same (Linux). */
int close(int fd)
{
	bool writable = is_writable(fd), bad = fails("close", fd);
	int result, why = errno;

	result = (int)syscall(SYS_close, fd);
	if (writable) {
		trace('c');
		made[fd] = false;
	}
	if (!bad)
		return result;
	errno = why;
	return -1;
}

int ftruncate(int fd, off_t size)
{
	return fails("ftruncate", fd) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int rename(const char *from, const char *to)
{
	if (fails("rename", -1))
		return -1;
	trace('r');
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int a, const char *from, int b, const char *to)
{
	if (fails("rename", -1))
		return -1;
	trace('r');
	return (int)syscall(SYS_renameat2, a, from, b, to, 0);
}

int unlink(const char *path)
{
	trace('u');
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int unlinkat(int folder, const char *path, int flags)
{
	trace('u');
	return (int)syscall(SYS_unlinkat, folder, path, flags);
}

int fchmod(int fd, mode_t mode)
{
	return fails("fchmod", fd) ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int fstat(int fd, struct stat *st)
{
	return fails("stat", fd) ? -1 : (int)syscall(SYS_newfstatat, fd, "", st, AT_EMPTY_PATH);
}

int stat(const char *path, struct stat *st)
{
	return fails("stat", -1) ? -1 : (int)syscall(SYS_newfstatat, AT_FDCWD, path, st, 0);
}

int lstat(const char *path, struct stat *st)
{
	return fails("stat", -1) ? -1 : (int)syscall(SYS_newfstatat, AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

int fstatat(int folder, const char *path, struct stat *st, int flags)
{
	return fails("stat", -1) ? -1 : (int)syscall(SYS_newfstatat, folder, path, st, flags);
}

/* --- processes -- */

#define NEXT(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

pid_t fork(void)
{
	return fails("fork", -1) ? -1 : NEXT(fork)();
}

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *files, const posix_spawnattr_t *attr,
	char *const argv[], char *const envp[])
{
	return fails("fork", -1) ? errno : NEXT(posix_spawn)(pid, path, files, attr, argv, envp);
}

int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *files, const posix_spawnattr_t *attr,
	char *const argv[], char *const envp[])
{
	return fails("fork", -1) ? errno : NEXT(posix_spawnp)(pid, file, files, attr, argv, envp);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return fails("wait", -1) ? -1 : (pid_t)syscall(SYS_wait4, pid, status, options, NULL);
}

int pipe(int fds[2])
{
	return fails("pipe", -1) ? -1 : (int)syscall(SYS_pipe2, fds, 0);
}

int pipe2(int fds[2], int flags)
{
	return fails("pipe", -1) ? -1 : (int)syscall(SYS_pipe2, fds, flags);
}

int socketpair(int domain, int type, int protocol, int fds[2])
{
	return fails("pipe", -1) ? -1 : (int)syscall(SYS_socketpair, domain, type, protocol, fds);
}

ssize_t send(int fd, const void *p, size_t n, int flags)
{
	return fails("write", fd) ? -1 : syscall(SYS_sendto, fd, p, amount("write", n), flags, NULL, 0);
}

ssize_t recv(int fd, void *p, size_t n, int flags)
{
	return fails("read", fd) ? -1 : syscall(SYS_recvfrom, fd, p, amount("read", n), flags, NULL, NULL);
}

/* --- memory -- */

void *mmap(void *where, size_t n, int protection, int flags, int fd, off_t offset)
{
	return fails("mmap", fd) ? MAP_FAILED : (void *)syscall(SYS_mmap, where, n, protection, flags, fd, offset);
}

int memfd_create(const char *name, unsigned flags)
{
	return fails("mmap", -1) ? -1 : (int)syscall(SYS_memfd_create, name, flags);
}

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

void *malloc(size_t n)
{
	return fails("malloc", -1) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return fails("malloc", -1) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return fails("malloc", -1) ? NULL : __libc_realloc(p, n);
}
