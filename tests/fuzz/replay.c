/*
 * replay FILE...: calls the target for each file, in a process of its own so that one that fails stops no other one,
 * and prints TAP. Needs no libFuzzer.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Seconds of one file. More than that is a hang. */
enum { PATIENCE = 20 };

static size_t read_all(const char *path, char **data)
{
	FILE *file = fopen(path, "rb");
	size_t n = 0, cap = 0, got;

	*data = NULL;
	if (!file) {
		perror(path);
		exit(2);
	}
	do {
		cap = cap * 2 + 4096;
		*data = xrealloc(*data, cap, 1);
		got = fread(*data + n, 1, cap - n, file);
		n += got;
	} while (got);
	fclose(file);
	return n;
}

/* Exactly as many bytes as there are, so that a sanitizer sees who reads on. */
static int replay(const char *path)
{
	char *data;
	size_t n = read_all(path, &data);
	uint8_t *exact = xrealloc(NULL, n ? n : 1, 1);

	memcpy(exact, data, n);
	free(data);
	alarm(PATIENCE);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;

	for (int i = 1; i < argc; i++) {
		int status = 0;
		pid_t child;

		fflush(stdout);
		child = fork();
		if (child == 0)
			_exit(replay(argv[i]));
		if (child < 0 || waitpid(child, &status, 0) != child)
			exit(2);
		printf("%s - %s\n", status ? "not ok" : "ok", argv[i]);
		failed |= status != 0;
	}
	return failed;
}
