/*
 * peak COMMAND...: runs it, its output thrown away, and prints the most memory that it and all its descendants had at
 * one moment, in kB, and its exit status.
 *
 * Each millisecond the processes are looked at: of each its Pss (smaps_rollup: what is shared counts once), or, where
 * that may not be read, its resident set. A peak between two looks is missed; but what wait4 says of the largest single
 * process is exact, and is the least that is printed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1024 };

/* The number behind the key in a file of lines `Key:  123 kB`; -1 if it cannot be read. */
static long field(const char *path, const char *key)
{
	FILE *file = fopen(path, "r");
	char line[256];
	long value = -1;

	while (file && value < 0 && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			value = atol(line + strlen(key));
	if (file)
		fclose(file);
	return value;
}

static long memory_of(pid_t pid)
{
	char path[64];
	long kb;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	kb = field(path, "Pss:");
	if (kb >= 0)
		return kb;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	kb = field(path, "VmRSS:");
	return kb > 0 ? kb : 0;
}

/* Adds the process's children to the list. Commands that are measured start theirs from their first thread. */
static size_t add_children(pid_t *pids, size_t n, pid_t pid)
{
	char path[64];
	FILE *file;
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	file = fopen(path, "r");
	while (file && n < MOST && fscanf(file, "%d", &child) == 1)
		pids[n++] = child;
	if (file)
		fclose(file);
	return n;
}

static long memory_of_all(pid_t root)
{
	pid_t pids[MOST] = {root};
	size_t n = 1;
	long sum = 0;

	for (size_t i = 0; i < n; i++) {
		sum += memory_of(pids[i]);
		n = add_children(pids, n, pids[i]);
	}
	return sum;
}

static void start(char **argv)
{
	int fd = open("/dev/null", O_WRONLY);

	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	execvp(argv[0], argv);
	_exit(127);
}

int main(int argc, char **argv)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	struct rusage usage;
	long peak = 0, now;
	int status;
	pid_t pid;

	if (argc < 2 || (pid = fork()) < 0)
		return 2;
	if (pid == 0)
		start(argv + 1);
	while (wait4(pid, &status, WNOHANG, &usage) == 0) {
		now = memory_of_all(pid);
		peak = now > peak ? now : peak;
		nanosleep(&pause, NULL);
	}
	peak = usage.ru_maxrss > peak ? usage.ru_maxrss : peak;
	printf("%ld %d\n", peak, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return 0;
}
