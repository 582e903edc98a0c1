/*
 * What an editor does with capfix: `editor <manifest` prints the buffer with the edits made. Nothing but capfix.h.
 *
 *	cc editor.c $(pkg-config --cflags --libs capfix)
 */
#include <capfix.h>
#include <stdio.h>
#include <string.h>

static char buffer[1 << 20];

int main(void)
{
	size_t n = fread(buffer, 1, sizeof(buffer) / 2, stdin);
	struct capfix_result *result = capfix_rewrite(&(struct capfix_input){.text = buffer, .text_len = n});

	for (size_t i = 0; i < result->nfindings; i++)
		fprintf(stderr, "%zu:%zu: %s [%s]\n", result->findings[i].line, result->findings[i].col,
			result->findings[i].text, result->findings[i].code);
	/* From the last to the first, so that the places of the others stay right. */
	for (size_t i = result->nedits; i-- > 0;) {
		const struct capfix_edit *edit = &result->edits[i];
		char *at = buffer + edit->at;
		if (n - edit->del + edit->ins_len > sizeof(buffer))
			return 2;
		memmove(at + edit->ins_len, at + edit->del, n - edit->at - edit->del);
		memcpy(at, edit->ins, edit->ins_len);
		n += edit->ins_len - edit->del;
	}
	capfix_result_free(result);
	return fwrite(buffer, 1, n, stdout) == n ? 0 : 2;
}
