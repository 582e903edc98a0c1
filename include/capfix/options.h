/*
 * options: what the command line and the environment ask for.
 *
 * Floor 5. One table of options is both what is parsed and what --help prints.
 */
#ifndef CAPFIX_OPTIONS_H
#define CAPFIX_OPTIONS_H

#include "capfix/base.h"
#include "capfix/buf.h"
#include "capfix/finding.h"
#include "capfix/report_format.h"

#ifndef CAPFIX_VERSION
#define CAPFIX_VERSION "0.1.0"
#endif

enum mode {
	MODE_NONE,
	MODE_DIFF,
	MODE_IN_PLACE,
	MODE_LIST,
	MODE_CHECK,
	MODE_EXPLAIN,
	MODE_EFFECTIVE,
	MODE_INIT_POLICY,
	MODE_KRM,
};
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };
enum action { ACTION_RUN, ACTION_HELP, ACTION_VERSION, ACTION_EXPLAIN_CODE };

/* Borrows from argv. */
struct options {
	enum action action;
	enum mode mode; /* never MODE_NONE once parsed */
	enum when color;
	const char *policy; /* NULL: search for it */
	bool no_policy;
	const struct report_ops *format; /* NULL: text */
	const char *output;              /* NULL: standard output */
	const char *code;                /* ACTION_EXPLAIN_CODE: the name of a finding code, or "all" */
	bool check_policy;
	bool show_kept;
	bool exit_zero;
	bool require_clean;      /* of meaning only for MODE_IN_PLACE */
	const char *files0_from; /* NULL, or the list of the paths, which are not read yet: npaths is 0 then */
	bool quiet;
	bool verbose;
	size_t jobs;              /* worker processes; 0: as many as processors */
	unsigned timeout;         /* seconds for a file */
	uint32_t today;           /* in UTC, such as 20270630: CAPFIX_TODAY, else the clock's */
	const char *const *paths; /* at least one, but for files0_from */
	size_t npaths;
};

/* One option. The table ends with a row without a long name. */
struct option_row {
	const char *group; /* heading of the help; NULL: that of the row before */
	const char *long_name;
	const char *arg; /* NULL: takes none */
	const char *help;
	int id; /* what getopt_long gives back; a letter is the short name too */
};

const struct option_row *options_table(void);

/* Sets all of options; reads CAPFIX_TODAY. False on bad usage; err says what is wrong. Reorders argv. */
bool options_parse(struct options *options, int argc, char **argv, struct error *err);

/* Appends the text of --help: at most 80 columns. */
void options_help(struct buf *out);

#endif
