#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pool_impl.h"

static void close_pair(const int fds[2])
{
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static bool make_pipes(int talk[2], int words[2])
{
	words[0] = words[1] = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, talk) != 0)
		return false;
	/* A sanitizer's report is for people to see whole: it goes where ours go. */
	if (SANDBOX_SANITIZED)
		return true;
	if (pipe2(words, O_CLOEXEC) != 0) {
		close_pair(talk);
		return false;
	}
	(void)fcntl(words[0], F_SETFL, O_NONBLOCK);
	return true;
}

bool worker_start(struct pool *pool, size_t i, struct error *err)
{
	struct worker *worker = &pool->workers[i];
	pid_t parent = getpid();
	int talk[2], words[2];

	if (!make_pipes(talk, words))
		return error_set(err, "%s", strerror(errno));
	*worker = (struct worker){.pid = fork(), .memory = pool->options.memory};
	if (worker->pid == 0)
		worker_main(pool, i, parent, talk[1], words[1]);
	if (worker->pid < 0) {
		worker->pid = 0;
		error_set(err, "%s", strerror(errno));
		close_pair(talk);
		close_pair(words);
		return false;
	}
	close(talk[1]);
	if (words[1] >= 0)
		close(words[1]);
	worker->fd = talk[0];
	worker->words = words[0];
	return true;
}

/* The status with which it ended. A signal to a process that is ending anyway changes nothing about that. */
static int reap(struct worker *worker)
{
	int status = 0;

	(void)kill(worker->pid, SIGKILL);
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void forget(struct worker *worker)
{
	close(worker->fd);
	if (worker->words >= 0)
		close(worker->words);
	buf_release(&worker->in);
	*worker = (struct worker){0};
}

void worker_end(struct worker *worker)
{
	if (worker->pid == 0)
		return;
	(void)reap(worker);
	forget(worker);
}

/* The first line that it has said on standard error, such as those of BUG() and of death for want of memory. */
static bool last_words(const struct worker *worker, struct error *why)
{
	char text[300];
	ssize_t n = worker->words < 0 ? 0 : read(worker->words, text, sizeof(text) - 1);
	size_t skip = 0;

	if (n <= 0)
		return false;
	text[n] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	if (strncmp(text, "capfix: ", 8) == 0)
		skip = 8;
	error_set(why, "%s", text + skip);
	return true;
}

enum pool_end worker_bury(struct worker *worker, struct error *why)
{
	int status = reap(worker);
	bool spoke = last_words(worker, why);

	forget(worker);
	if (WIFEXITED(status)) {
		if (!spoke)
			error_set(why, "exit status %d", WEXITSTATUS(status));
		return POOL_GAVE_UP;
	}
	if (WTERMSIG(status) == SIGSYS)
		return POOL_FORBIDDEN;
	if (!spoke)
		error_set(why, "%s", strsignal(WTERMSIG(status)));
	return POOL_CRASHED;
}
