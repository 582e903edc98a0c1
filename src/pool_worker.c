#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "capfix/wire.h"
#include "pool_impl.h"

/* Blocks until all is there. The end of the worker when the parent has gone. */
static void read_all(int fd, void *to, size_t n)
{
	for (size_t at = 0; at < n;) {
		ssize_t got = read(fd, (char *)to + at, n - at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			_exit(0);
		at += (size_t)got;
	}
}

static void write_all(int fd, struct slice text)
{
	while (text.n > 0) {
		ssize_t done = write(fd, text.p, text.n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			_exit(0);
		text = slice_sub(text, (size_t)done, text.n);
	}
}

/*
 * What the terminal sends to all is the parent's business: it ends its workers, or they end with it. Nothing that the
 * parent does on a signal is the worker's to do.
 */
static void reset_signals(void)
{
	static const int others[] = {SIGTERM, SIGALRM, SIGCHLD, SIGUSR1, SIGUSR2, SIGWINCH};
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		signal(others[i], SIG_DFL);
	/* A sanitizer reports on these. */
	for (size_t i = 0; !SANDBOX_SANITIZED && i < sizeof(crashes) / sizeof(crashes[0]); i++)
		signal(crashes[i], SIG_DFL);
}

static void enter(struct pool *pool, pid_t parent, int fd, int words)
{
	/* Twice as patient as the parent, which replaces a worker before that. */
	struct sandbox_limits limits = {
		.memory = pool->options.memory,
		.cpu_seconds = CPU_SECONDS + 2 * (pool->options.timeout_ms / 1000 + 1),
	};
	char state;

	reset_signals();
	if (dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
		_exit(1);
	if (words >= 0 && dup2(words, STDERR_FILENO) < 0)
		_exit(1);
	if (!memory_enter(&pool->memory))
		_exit(1);
	state = (char)sandbox_enter(&limits, parent);
	write_all(STDIN_FILENO, (struct slice){&state, 1});
}

static struct slice get_place(struct wire *wire, const struct memory *memory)
{
	size_t at = wire_get_number(wire), n = wire_get_number(wire);

	return n == 0 ? SLICE("") : (struct slice){memory->base + at, n};
}

/* Answers one batch; false if this was the last. */
static bool do_batch(struct pool *pool, const char *room, const struct message *message, struct buf *out)
{
	struct wire wire = {.data = {room, message->size}};
	struct message header = {.jobs = message->jobs};
	struct buf answer;

	out->n = 0;
	buf_add(out, (struct slice){(const char *)&header, sizeof(header)});
	for (uint32_t i = 0; i < message->jobs; i++) {
		struct pool_request request;

		request.text = get_place(&wire, &pool->memory);
		request.shared = get_place(&wire, &pool->memory);
		request.head = wire_get_text(&wire);
		buf_init(&answer);
		if (!pool->options.work(pool->options.state, &request, &answer))
			header.last = 1;
		wire_text(out, buf_slice(&answer));
		buf_release(&answer);
	}
	BUG_IF(!wire_ends(&wire));
	header.size = out->n - sizeof(header);
	*(struct message *)(void *)out->p = header;
	write_all(STDIN_FILENO, buf_slice(out));
	return header.last == 0;
}

_Noreturn void worker_main(struct pool *pool, size_t i, pid_t parent, int fd, int words)
{
	struct message message;
	struct buf out;

	enter(pool, parent, fd, words);
	buf_init(&out);
	do {
		read_all(STDIN_FILENO, &message, sizeof(message));
	} while (do_batch(pool, memory_request(&pool->memory, i), &message, &out));
	_exit(0);
}
