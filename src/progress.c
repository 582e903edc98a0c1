#include "capfix/progress.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "capfix/report_out.h"

/* Milliseconds between two lines, and before the first: a short run shows none. */
enum { PAUSE = 100, FIRST = 300 };

/* Back to the first column, and what is there erased. */
static const char CLEAR[] = "\r\033[K";

/* For the signal handler: where the line is, plus one; 0 where there is none. */
static volatile sig_atomic_t line_at;

static int64_t now_ms(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool progress_possible(int fd)
{
	const char *term = getenv("TERM"), *ci = getenv("CI");
	return isatty(fd) && term && *term && strcmp(term, "dumb") != 0 && !(ci && *ci);
}

void progress_start(struct progress *progress, bool wanted, size_t total, const char *verb)
{
	int64_t now = now_ms();
	*progress = (struct progress){
		.fd = STDERR_FILENO,
		.on = wanted && total > 1 && progress_possible(STDERR_FILENO),
		.verb = verb,
		.total = total,
		.start = now,
		.next = now + FIRST,
	};
}

/* "1:02:03" or "2:03". */
static void clock_text(char text[32], int64_t seconds)
{
	if (seconds >= 3600)
		snprintf(text, 32, "%" PRId64 ":%02d:%02d", seconds / 3600, (int)(seconds / 60 % 60),
			(int)(seconds % 60));
	else
		snprintf(text, 32, "%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
}

void progress_line(char *line, size_t width, const struct progress *progress, size_t done, size_t changed, int64_t ms)
{
	char left[32], text[200];
	size_t total = progress->total > done ? progress->total : done;
	int n = snprintf(text, sizeof(text), "capfix: %zu of %zu files, %zu %s", done, total, changed, progress->verb);
	if (done > 0 && ms > 0 && n > 0) {
		double seconds = (double)ms / 1000, rate = (double)done / seconds;
		clock_text(left, (int64_t)((double)(total - done) / rate + 0.5));
		snprintf(text + n, sizeof(text) - (size_t)n, ", %.0f/s, %s left", rate, left);
	}
	snprintf(line, width + 1, "%s", text);
}

/* A line that is longer than the terminal is wide could not be taken away. */
static size_t width_of(int fd)
{
	struct winsize size;
	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 79;
	return size.ws_col - 1U;
}

void progress_show(struct progress *progress, size_t done, size_t changed)
{
	char text[256] = "\r";
	size_t most = sizeof(text) - sizeof(CLEAR) - 1, width;
	if (!progress->on)
		return;
	int64_t now = now_ms();
	if (now < progress->next)
		return;
	progress->next = now + PAUSE;
	width = width_of(progress->fd);
	progress_line(text + 1, width < most ? width : most, progress, done, changed, now - progress->start);
	/* The old line may have been longer. */
	strcat(text, CLEAR + 1);
	progress->shown = true;
	line_at = progress->fd + 1;
	if (out_write_all(progress->fd, slice_of(text)) != 0)
		progress->on = false;
}

void progress_clear(struct progress *progress)
{
	if (!progress->shown)
		return;
	progress->shown = false;
	(void)out_write_all(progress->fd, SLICE(CLEAR));
	line_at = 0;
}

void progress_abandon(void)
{
	/* There is nobody left who could be told that it failed. */
	if (line_at > 0 && write((int)line_at - 1, CLEAR, sizeof(CLEAR) - 1) < 0)
		line_at = 0;
}
