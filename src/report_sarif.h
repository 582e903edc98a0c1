/* What the parts of report_sarif share. */
#ifndef CAPFIX_REPORT_SARIF_H
#define CAPFIX_REPORT_SARIF_H

#include "capfix/report_facts.h"
#include "capfix/report_value.h"
#include "capfix/source.h"

/* The key under which originalUriBaseIds names the working folder. GitHub's code scanning knows it. */
#define SARIF_BASE "%SRCROOT%"

/* {"text": …} with what SARIF 3.11 gives a meaning to escaped, and control characters made visible. */
json_t *sarif_message(struct slice text);
json_t *sarif_artifact(struct slice path, bool standard_input);
/* The `tool` of a run, with a rule for each finding code: its index is the code. */
json_t *sarif_tool(void);

/* The edits of one file, by container. */
struct sarif_fixes {
	const struct report_file *file;
	struct facts *facts;
	struct source source;
	size_t *from;   /* by place in facts: its first edit; the next one's is the end */
	bool *given;    /* by place: a result has its fix already */
	bool outside;   /* there are edits outside all containers, where anchors are: then the file has one fix */
	bool all_given; /* it was given */
};

void sarif_fixes_init(struct sarif_fixes *fixes, struct facts *facts, struct arena *arena);
/* Puts `fixes` into the result, if there is one for it. */
void sarif_fixes_put(struct sarif_fixes *fixes, json_t *result, const struct finding *finding, struct fact fact);
/* The edits do away with what a finding of this code says. */
bool sarif_is_fixed(enum finding_code code);

#endif
