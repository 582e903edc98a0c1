#include "capfix/options.h"

#include <string.h>

/* Column of the explanations. */
enum { HELP_COLUMN = 26 };

static const char HEAD[] = "usage: capfix [-d | -i | -l | -c | --explain | --effective | --init-policy]\n"
			   "              [options] [PATH...]\n"
			   "\n"
			   "Makes every container of Kubernetes manifests drop ALL capabilities, and keeps\n"
			   "only those added ones that a policy (.capfix.yaml) allows. Nothing else in the\n"
			   "files changes. PATH is a file, a folder, or - for standard input (default: .).\n";

static const char TAIL[] = "\n"
			   "Exit status:\n"
			   "  0  nothing to fix, or all of it fixed in place\n"
			   "  1  something to fix, or something left over that breaks the rule\n"
			   "  2  trouble: bad usage or policy, a file not read, parsed or written\n"
			   "\n"
			   "Examples:\n"
			   "  capfix deploy/                   what would change, as a diff\n"
			   "  capfix --in-place deploy/        change it\n"
			   "  capfix --check --exit-zero .     what there is to say, for a first look\n"
			   "  helm template . | capfix -i -    a filter\n"
			   "\n"
			   "The manual, capfix(1), has the rule, the policy and every finding.\n";

static void help_row(struct buf *out, const struct option_row *row)
{
	size_t start = out->n;
	if (row->id < 256)
		buf_addf(out, "  -%c, --%s", row->id, row->long_name);
	else
		buf_addf(out, "      --%s", row->long_name);
	if (row->arg)
		buf_addf(out, " %s", row->arg);
	size_t width = out->n - start;
	buf_fill(out, ' ', width < HELP_COLUMN ? HELP_COLUMN - width : 1);
	buf_addf(out, "%s\n", row->help);
}

void options_help(struct buf *out)
{
	buf_adds(out, HEAD);
	for (const struct option_row *row = options_table(); row->long_name; row++) {
		if (row->group)
			buf_addf(out, "\n%s:\n", row->group);
		help_row(out, row);
	}
	buf_adds(out, TAIL);
}
