/* A sample of diffs, all in one, given to `git apply`: it must make the same files. */
#define _XOPEN_SOURCE 700

#include "property_git.h"

#include "capfix/diff.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void path_of(char *path, size_t size, const struct sample *sample, size_t i, const char *end)
{
	snprintf(path, size, "%s/%zu.%s", sample->folder, i, end);
}

static void write_file(const char *path, struct slice text)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(text.p, 1, text.n, file) != text.n || fclose(file) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(2);
	}
}

void sample_init(struct sample *sample)
{
	const char *tmp = getenv("TMPDIR");

	*sample = (struct sample){.n = 0};
	buf_init(&sample->diffs);
	if (system("git --version >/dev/null 2>&1") != 0)
		return;
	snprintf(sample->folder, sizeof(sample->folder), "%s/capfix-property-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	sample->on = mkdtemp(sample->folder) != NULL;
}

void sample_add(struct sample *sample, struct slice text, struct slice out, const struct edits *edits)
{
	char path[sizeof(sample->folder) + 32];

	if (!sample->on || sample->n == SAMPLE_MOST)
		return;
	path_of(path, sizeof(path), sample, sample->n, "yaml");
	write_file(path, text);
	diff_unified(&sample->diffs, slice_of(strrchr(path, '/') + 1), text, edits);
	path_of(path, sizeof(path), sample, sample->n++, "want");
	write_file(path, out);
}

bool sample_check(struct sample *sample)
{
	char command[8 * sizeof(sample->folder)], path[sizeof(sample->folder) + 32];
	bool fine = true;

	if (sample->on && sample->n) {
		path_of(path, sizeof(path), sample, 0, "diff");
		write_file(path, buf_slice(&sample->diffs));
		snprintf(command, sizeof(command),
			"cd '%s' && GIT_CEILING_DIRECTORIES='%s/..' git -c core.autocrlf=false apply --whitespace=nowarn 0.diff && "
			"for f in *.yaml; do cmp \"$f\" \"${f%%.yaml}.want\" || exit 1; done",
			sample->folder, sample->folder);
		fine = system(command) == 0;
	}
	if (sample->on && fine) {
		snprintf(command, sizeof(command), "rm -r '%s'", sample->folder);
		fine = system(command) == 0;
	}
	buf_release(&sample->diffs);
	return fine;
}
