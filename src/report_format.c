#include "capfix/report_format.h"

#include <string.h>

const struct report_ops *report_ops_find(const char *name)
{
	static const struct report_ops *const ALL[] = {
		&report_json, &report_sarif, &report_github, &report_markdown, &report_html};
	for (size_t i = 0; i < sizeof(ALL) / sizeof(ALL[0]); i++)
		if (strcmp(name, ALL[i]->name) == 0)
			return ALL[i];
	return NULL;
}

const char *report_outcome_name(enum outcome outcome)
{
	static const char *const NAMES[] = {
		[OUTCOME_UNCHANGED] = "unchanged",
		[OUTCOME_CHANGED] = "changed",
		[OUTCOME_TEMPLATE] = "template",
		[OUTCOME_FAILED] = "failed",
	};
	BUG_IF((size_t)outcome >= sizeof(NAMES) / sizeof(NAMES[0]));
	return NAMES[outcome];
}

const char *report_state_name(enum container_state state)
{
	static const char *const NAMES[] = {
		[CONTAINER_COMPLIES] = "complies",
		[CONTAINER_FIXED] = "fixed",
		[CONTAINER_REFUSED] = "refused",
		[CONTAINER_OVERLAY] = "overlay",
		[CONTAINER_WINDOWS] = "windows",
		[CONTAINER_EXEMPT] = "exempt",
	};
	BUG_IF((size_t)state >= sizeof(NAMES) / sizeof(NAMES[0]));
	return NAMES[state];
}

bool report_file_matters(const struct report_file *file)
{
	const struct rewrite_result *result = file->result;
	return result->outcome != OUTCOME_UNCHANGED || result->findings.n > 0 || result->containers > 0;
}
