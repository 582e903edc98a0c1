#include "capfix/files_git.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capfix/files_read.h"
#include "files_git_run.h"

extern char **environ;

/* Whoever calls capfix from a hook has these set for another folder than the one that is asked about. */
static const char *const DROPPED[] = {
	"GIT_DIR=",
	"GIT_WORK_TREE=",
	"GIT_INDEX_FILE=",
	"GIT_COMMON_DIR=",
	"GIT_PREFIX=",
	"GIT_NAMESPACE=",
	"GIT_OPTIONAL_LOCKS=",
	"GIT_ALLOW_PROTOCOL=",
	"GIT_NO_LAZY_FETCH=",
	"LC_ALL=",
};

/* No lock, no question, and no fetching of missing objects: a repository may name any program as its transport. */
static const char *const ADDED[] = {
	"GIT_OPTIONAL_LOCKS=0",
	"GIT_TERMINAL_PROMPT=0",
	"GIT_ALLOW_PROTOCOL=none",
	"GIT_NO_LAZY_FETCH=1",
	"LC_ALL=C",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool has_git(const char *folder)
{
	char path[PATH_MAX];
	struct stat st;
	size_t n = strlen(folder);
	if (n + sizeof("/.git") > sizeof(path))
		return false;
	memcpy(path, folder, n);
	memcpy(path + n, "/.git", sizeof("/.git"));
	return lstat(path, &st) == 0;
}

bool git_root(const char *folder)
{
	return has_git(folder);
}

bool git_inside(const char *folder)
{
	char *path = realpath(folder, NULL);
	bool found = false;
	while (path && !found) {
		found = has_git(path);
		char *slash = strrchr(path, '/');
		if (!slash)
			break;
		*slash = '\0';
	}
	free(path);
	return found;
}

static bool dropped(const char *variable)
{
	for (size_t i = 0; i < COUNT(DROPPED); i++)
		if (strncmp(variable, DROPPED[i], strlen(DROPPED[i])) == 0)
			return true;
	return false;
}

/* The environment for git: an array to be freed; the strings are not its own. */
static char **git_environment(void)
{
	size_t n = 0, kept = 0;
	while (environ[n])
		n++;
	char **made = xrealloc(NULL, n + COUNT(ADDED) + 1, sizeof(*made));
	for (size_t i = 0; i < n; i++)
		if (!dropped(environ[i]))
			made[kept++] = environ[i];
	for (size_t i = 0; i < COUNT(ADDED); i++)
		made[kept++] = (char *)(uintptr_t)ADDED[i];
	made[kept] = NULL;
	return made;
}

/* Starts git with its standard output going to fd. 0, or an error number. */
static int git_spawn(const char *const *args, int fd, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t pipe;
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	int why = posix_spawn_file_actions_init(&files);
	if (why)
		return why;
	why = posix_spawnattr_init(&attr);
	if (why) {
		posix_spawn_file_actions_destroy(&files);
		return why;
	}
	char **env = git_environment();
	/* capfix ignores SIGPIPE; git must not inherit that. */
	if ((why = posix_spawnattr_setsigdefault(&attr, &pipe)) == 0 &&
		(why = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF)) == 0 &&
		(why = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)) == 0 &&
		(why = posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0)) == 0 &&
		(why = posix_spawn_file_actions_adddup2(&files, fd, STDOUT_FILENO)) == 0)
		why = posix_spawnp(pid, "git", &files, &attr, (char *const *)(uintptr_t)args, env);
	free(env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return why;
}

static bool exited_well(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool git_run(const char *const *args, struct buf *out)
{
	int ends[2];
	pid_t pid;
	struct error err;
	if (pipe(ends) != 0)
		return false;
	bool ok = fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0 &&
		git_spawn(args, ends[1], &pid) == 0;
	close(ends[1]);
	if (ok) {
		bool whole = file_read_fd(ends[0], out, FILE_LIMIT, &err);
		/* Closed first: a git that still writes must not be waited for. */
		close(ends[0]);
		return exited_well(pid) && whole;
	}
	close(ends[0]);
	return false;
}

bool git_list(const char *folder, struct buf *out)
{
	/* -s and -t tell submodules from files, and both from names that only look so. */
	const char *const args[] = {
		GIT_IN(folder), "ls-files", "-z", "-s", "-t", "--cached", "--others", "--exclude-standard", NULL};
	return git_run(args, out);
}

struct slice git_take(struct slice *list)
{
	const char *end = list->n > 0 ? memchr(list->p, '\0', list->n) : NULL;
	size_t n = end ? (size_t)(end - list->p) : list->n;
	struct slice name = slice_sub(*list, 0, n);
	*list = slice_sub(*list, n + (end != NULL), list->n);
	return name;
}

/* "? NAME", or "H MODE OBJECT STAGE\tNAME" with H or another letter, for what is in the index. */
bool git_next(struct slice *list, struct git_entry *entry)
{
	static const char SUBMODULE[] = " 160000 ";
	if (list->n == 0)
		return false;
	struct slice line = git_take(list);
	bool other = line.n >= 2 && line.p[0] == '?';
	const char *tab = other || line.n == 0 ? NULL : memchr(line.p, '\t', line.n);
	size_t at = tab ? (size_t)(tab - line.p) + 1 : other ? 2 : line.n;
	entry->name = slice_sub(line, at, line.n);
	entry->submodule = at > sizeof(SUBMODULE) && memcmp(line.p + 1, SUBMODULE, strlen(SUBMODULE)) == 0;
	return true;
}

bool git_ignored(const char *folder)
{
	const char *const args[] = {GIT_IN(folder), "check-ignore", "-q", ".", NULL};
	struct buf out;
	buf_init(&out);
	bool ignored = git_run(args, &out);
	buf_release(&out);
	return ignored;
}
