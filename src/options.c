#include "capfix/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "capfix/policy.h"

/* Options without a letter. */
enum {
	ID_NO_POLICY = 256, ID_TIMEOUT,
	ID_EXIT_ZERO,
	ID_COLOR,
	ID_VERSION,
	ID_EXPLAIN,
	ID_EFFECTIVE,
	ID_INIT_POLICY,
	ID_FORMAT,
	ID_OUTPUT,
	ID_SHOW_KEPT,
	ID_CHECK_POLICY,
	ID_EXPLAIN_CODE,
	ID_FILES0_FROM,
	ID_REQUIRE_CLEAN,
	ID_KRM,
};

enum { ROWS_MAX = 64 };

enum { MOST_JOBS = 256, MOST_SECONDS = 86400, DEFAULT_SECONDS = 10 };

static const char *const HERE[] = {"."};

static const struct option_row TABLE[] = {
	{"What to do (one of them)", "diff", NULL, "print a diff for git apply or patch -p1 (default)", 'd'},
	{NULL, "in-place", NULL, "rewrite the files; with -, write to standard output", 'i'},
	{NULL, "list", NULL, "print the names of files that would change", 'l'},
	{NULL, "check", NULL, "print findings only", 'c'},
	{NULL, "explain", NULL, "print what containers may do now and then; PATH[:LINE]", ID_EXPLAIN},
	{NULL, "effective", NULL, "the same as a table, a line for each container", ID_EFFECTIVE},
	{NULL, "init-policy", NULL, "print a policy that would keep what is added now", ID_INIT_POLICY},
	{NULL, "krm", NULL, "be a function of kustomize: a ResourceList in and out", ID_KRM},
	{"Policy", "policy", "FILE", "use this policy for all files; search for none", 'p'},
	{NULL, "no-policy", NULL, "use no policy: no added capability is allowed", ID_NO_POLICY},
	{NULL, "check-policy", NULL, "exit with 1 for unused and expired entries too", ID_CHECK_POLICY},
	{"Files", "files0-from", "FILE", "take PATHs, each ended by NUL, from FILE or -", ID_FILES0_FROM},
	{NULL, "require-clean", NULL, "with -i: not if git has changes there to commit", ID_REQUIRE_CLEAN},
	{"Output", "format", "NAME", "text (default), json, sarif, github, markdown, html", ID_FORMAT},
	{NULL, "output", "FILE", "write the results to FILE, all or nothing", ID_OUTPUT},
	{NULL, "show-kept", NULL, "list each kept capability, with who answers for it", ID_SHOW_KEPT},
	{NULL, "color", "WHEN", "auto (default), always or never", ID_COLOR},
	{NULL, "quiet", NULL, "errors only", 'q'},
	{NULL, "verbose", NULL, "findings that the diff shows too, and totals", 'v'},
	{NULL, "exit-zero", NULL, "exit with 0 even if there is something to fix", ID_EXIT_ZERO},
	{"Work", "jobs", "N", "worker processes (default: one for each processor)", 'j'},
	{NULL, "timeout", "SECONDS", "give up on a file after so long (default: 10)", ID_TIMEOUT},
	{"Other", "explain-code", "CODE", "what a finding means; all lists the codes", ID_EXPLAIN_CODE},
	{NULL, "version", NULL, "print the version", ID_VERSION},
	{NULL, "help", NULL, "print this help", 'h'},
	{NULL, NULL, NULL, NULL, 0},
};

const struct option_row *options_table(void)
{
	return TABLE;
}

/* Fills what getopt_long wants from the table: long options, and the letters with a ':' first for quiet errors. */
static void getopt_tables(struct option longs[ROWS_MAX], char letters[2 * ROWS_MAX + 2])
{
	size_t n = 0;
	*letters++ = ':';
	for (const struct option_row *row = TABLE; row->long_name; row++, n++) {
		BUG_IF(n + 1 >= ROWS_MAX);
		longs[n] = (struct option){row->long_name, row->arg ? required_argument : no_argument, NULL, row->id};
		if (row->id > 255)
			continue;
		*letters++ = (char)row->id;
		if (row->arg)
			*letters++ = ':';
	}
	longs[n] = (struct option){NULL, 0, NULL, 0};
	*letters = '\0';
}

/* NULL: no option has this id. */
static const char *long_name(int id)
{
	for (const struct option_row *row = TABLE; row->long_name; row++)
		if (row->id == id)
			return row->long_name;
	return NULL;
}

static bool set_mode(struct options *options, enum mode mode, struct error *err)
{
	/* --explain --effective is --effective. */
	if (options->mode == MODE_EFFECTIVE && mode == MODE_EXPLAIN)
		return true;
	bool same = options->mode == mode || (options->mode == MODE_EXPLAIN && mode == MODE_EFFECTIVE);
	if (options->mode != MODE_NONE && !same)
		return error_set(err, "only one of --diff, --in-place, --list, --check, --explain, --init-policy and --krm can be done");
	options->mode = mode;
	return true;
}

static bool set_color(struct options *options, const char *when, struct error *err)
{
	static const char *const NAMES[] = {[WHEN_AUTO] = "auto", [WHEN_ALWAYS] = "always", [WHEN_NEVER] = "never"};
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		if (strcmp(when, NAMES[i]) == 0) {
			options->color = (enum when)i;
			return true;
		}
	return error_set(err, "--color takes auto, always or never, not \"%s\"", when);
}

static bool set_format(struct options *options, const char *name, struct error *err)
{
	options->format = report_ops_find(name);
	return options->format || strcmp(name, "text") == 0 ||
	       error_set(err, "--format takes text, json, sarif, github, markdown or html, not \"%s\"", name);
}

/* A whole number from 1 to most. */
static bool read_number(const char *option, const char *text, size_t most, size_t *number, struct error *err)
{
	const char *p = text;
	for (*number = 0; *p >= '0' && *p <= '9' && *number <= most; p++)
		*number = *number * 10 + (size_t)(*p - '0');
	if (*p == '\0' && *number >= 1 && *number <= most)
		return true;
	return error_set(err, "--%s takes a number from 1 to %zu, not \"%s\"", option, most, text);
}

static bool set_timeout(struct options *options, const char *text, struct error *err)
{
	size_t seconds;
	if (!read_number("timeout", text, MOST_SECONDS, &seconds, err))
		return false;
	options->timeout = (unsigned)seconds;
	return true;
}

/* What an option without more to it switches on; NULL for the others. */
static bool *flag_of(struct options *options, int id)
{
	switch (id) {
	case ID_NO_POLICY:
		return &options->no_policy;
	case ID_CHECK_POLICY:
		return &options->check_policy;
	case ID_SHOW_KEPT:
		return &options->show_kept;
	case ID_REQUIRE_CLEAN:
		return &options->require_clean;
	case ID_EXIT_ZERO:
		return &options->exit_zero;
	case 'q':
		return &options->quiet;
	case 'v':
		return &options->verbose;
	default:
		return NULL;
	}
}

static bool set_option(struct options *options, int id, const char *arg, struct error *err)
{
	bool *flag = flag_of(options, id);
	if (flag) {
		*flag = true;
		return true;
	}
	switch (id) {
	case 'd':
		return set_mode(options, MODE_DIFF, err);
	case 'i':
		return set_mode(options, MODE_IN_PLACE, err);
	case 'l':
		return set_mode(options, MODE_LIST, err);
	case 'c':
		return set_mode(options, MODE_CHECK, err);
	case ID_EXPLAIN:
		return set_mode(options, MODE_EXPLAIN, err);
	case ID_EFFECTIVE:
		return set_mode(options, MODE_EFFECTIVE, err);
	case ID_INIT_POLICY:
		return set_mode(options, MODE_INIT_POLICY, err);
	case ID_KRM:
		return set_mode(options, MODE_KRM, err);
	case 'p':
		options->policy = arg;
		return true;
	case ID_COLOR:
		return set_color(options, arg, err);
	case 'j':
		return read_number("jobs", arg, MOST_JOBS, &options->jobs, err);
	case ID_TIMEOUT:
		return set_timeout(options, arg, err);
	case ID_FORMAT:
		return set_format(options, arg, err);
	case ID_OUTPUT:
		options->output = arg;
		return true;
	case ID_FILES0_FROM:
		options->files0_from = arg;
		return true;
	case ID_EXPLAIN_CODE:
		options->code = arg;
		options->action = ACTION_EXPLAIN_CODE;
		return true;
	case ID_VERSION:
		options->action = ACTION_VERSION;
		return true;
	case 'h':
		options->action = ACTION_HELP;
		return true;
	default:
		BUG("an option that is not in the table");
	}
}

/* What getopt_long could not take: `id` is its answer, `word` the argument that it was looking at. */
static bool refuse(int id, const char *word, struct error *err)
{
	bool is_long = strncmp(word, "--", 2) == 0;
	if (id == ':' && is_long)
		return error_set(err, "option %s needs an argument", word);
	if (id == ':')
		return error_set(err, "option -%c needs an argument", optopt);
	if (optopt == 0)
		return error_set(err, "unknown option %s", word);
	/*
	 * A long option that is known, but was given an argument, has its id in optopt; else that is an unknown
	 * letter.
	 */
	if (long_name(optopt))
		return error_set(err, "option --%s takes no argument", long_name(optopt));
	return error_set(err, "unknown option -%c", optopt);
}

static bool check_report(const struct options *options, struct error *err)
{
	enum mode mode = options->mode;
	if (mode == MODE_KRM)
		return error_set(err, "--krm writes a ResourceList: leave --format out");
	if (mode == MODE_EXPLAIN || mode == MODE_EFFECTIVE || mode == MODE_INIT_POLICY)
		return error_set(err, "--explain, --effective and --init-policy print text: leave --format out");
	for (size_t i = 0; i < options->npaths; i++)
		if (mode == MODE_IN_PLACE && !options->output && strcmp(options->paths[i], "-") == 0)
			return error_set(err, "--in-place writes - to standard output: send the report to --output FILE");
	return true;
}

static bool check_together(const struct options *options, struct error *err)
{
	if (options->policy && options->no_policy)
		return error_set(err, "--policy and --no-policy cannot be used together");
	if (options->quiet && options->verbose)
		return error_set(err, "--quiet and --verbose cannot be used together");
	if (options->files0_from && options->npaths > 0)
		return error_set(err, "--files0-from and paths cannot be used together");
	if (options->files0_from && options->mode == MODE_KRM)
		return error_set(err, "--krm reads standard input: leave --files0-from out");
	if (options->mode == MODE_KRM && (options->npaths > 1 || strcmp(options->paths[0], "-") != 0) && options->paths != HERE)
		return error_set(err, "--krm reads standard input: leave PATH out");
	return !options->format || check_report(options, err);
}

static bool set_today(struct options *options, struct error *err)
{
	const char *given = getenv("CAPFIX_TODAY");
	time_t now = time(NULL);
	struct tm day;
	if (given) {
		options->today = policy_date(slice_of(given));
		return options->today != 0 || error_set(err, "CAPFIX_TODAY is no date like 2027-06-30: \"%s\"", given);
	}
	if (!gmtime_r(&now, &day))
		return error_set(err, "the clock is out of range; CAPFIX_TODAY can set the date");
	options->today = (uint32_t)((day.tm_year + 1900) * 10000 + (day.tm_mon + 1) * 100 + day.tm_mday);
	return true;
}

bool options_parse(struct options *options, int argc, char **argv, struct error *err)
{
	struct option longs[ROWS_MAX];
	char letters[2 * ROWS_MAX + 2];
	int id;

	getopt_tables(longs, letters);
	*options = (struct options){.timeout = DEFAULT_SECONDS};
	opterr = 0;
	optind = 0; /* start anew: glibc, musl and the BSDs agree on this but for optreset, which is 0 at the start */
	while ((id = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (id == '?' || id == ':')
			return refuse(id, argv[optind - 1], err);
		if (!set_option(options, id, optarg, err))
			return false;
		/* Help is for those whose command line does not work yet. */
		if (options->action != ACTION_RUN)
			return true;
	}
	if (options->mode == MODE_NONE)
		options->mode = MODE_DIFF;
	options->npaths = (size_t)(argc - optind);
	options->paths = (const char *const *)argv + optind;
	if (options->npaths == 0 && !options->files0_from) {
		options->paths = HERE;
		options->npaths = 1;
	}
	return check_together(options, err) && set_today(options, err);
}
