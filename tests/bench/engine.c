/*
 * engine FILE...: the engine and the diff without the shell around them, for callgrind and perf: reads each file, asks
 * rewrite(), makes the diff and the new text. Prints the bytes of text, diff and new text, and the number of edits.
 */
#include <stdio.h>
#include <stdlib.h>

#include "capfix/diff.h"
#include "capfix/rewrite.h"

static void read_file(const char *path, struct buf *text)
{
	FILE *file = fopen(path, "rb");
	size_t n;

	if (!file) {
		perror(path);
		exit(2);
	}
	do {
		buf_reserve(text, 1 << 20);
		n = fread(text->p + text->n, 1, 1 << 20, file);
		text->n += n;
	} while (n > 0);
	fclose(file);
}

static void work(const char *path)
{
	struct rewrite_input input = {.path = slice_of(path)};
	struct rewrite_result result;
	struct buf text, diff, made;
	struct arena arena;

	buf_init(&text);
	buf_init(&diff);
	buf_init(&made);
	arena_init(&arena);
	read_file(path, &text);
	input.text = buf_slice(&text);
	rewrite(&input, &arena, &result);
	if (result.outcome == OUTCOME_CHANGED) {
		diff_unified(&diff, input.path, input.text, &result.edits);
		edits_apply(&result.edits, input.text, &made);
	}
	printf("%s: %zu bytes, diff %zu, new text %zu, %zu edits\n", path, text.n, diff.n, made.n, result.edits.n);
	if (result.outcome == OUTCOME_FAILED)
		exit(2);
	arena_release(&arena);
	buf_release(&made);
	buf_release(&diff);
	buf_release(&text);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		work(argv[i]);
	return 0;
}
