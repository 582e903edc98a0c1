#include "capfix/run_engine.h"

void run_engine(const struct rewrite_input *input, struct arena *arena, struct rewrite_result *result)
{
	*result = (struct rewrite_result){0};
	rewrite(input, arena, result);
	findings_sort(&result->findings, arena);
}
