/* The library inside a shared one, as a plug-in has it; and a caller that has names like those of the engine. */
#include <capfix.h>

int rewrite, arena_init, buf_add, bug;

size_t plugin_count_edits(const char *text, size_t n);

size_t plugin_count_edits(const char *text, size_t n)
{
	struct capfix_input input = {0};
	input.text = text;
	input.text_len = n;
	struct capfix_result *result = capfix_rewrite(&input);
	size_t edits = result->nedits;
	capfix_result_free(result);
	return edits;
}
