/* --krm: standard input to standard output, as kustomize and kpt call a function. */
#include "capfix/run_krm.h"

#include "capfix/files_read.h"
#include "capfix/krm.h"
#include "capfix/run.h"
#include "capfix/run_engine.h"
#include "capfix/run_look.h"

struct function {
	struct look look;
	struct krm krm;
	struct rewrite_input input;
	struct rewrite_result result;
};

static bool trouble(struct function *function, enum finding_code code, const struct error *err)
{
	struct finding finding = {.level = LEVEL_ERROR, .code = code, .line = err->line, .col = err->col};
	finding.text = slice_of(err->text);
	report_aside(&function->look.report, SLICE("-"), &finding);
	function->look.trouble = true;
	return false;
}

static bool read_list(struct function *function, struct buf *bytes)
{
	struct file file = {.path = SLICE("-"), .kind = FILE_STDIN};
	struct findings mistakes = {0};
	struct error err = {0};
	struct stat seen;
	if (!file_read(&file, bytes, &seen, &err))
		return trouble(function, CODE_IO, &err);
	if (krm_read(&function->krm, buf_slice(bytes), &function->look.arena, &mistakes, &err))
		return true;
	if (mistakes.n == 0)
		return trouble(function, CODE_PARSE, &err);
	for (size_t i = 0; i < mistakes.n; i++)
		report_aside(&function->look.report, SLICE("-"), &mistakes.v[i]);
	function->look.trouble = true;
	return false;
}

/* The policy of functionConfig, else that which standard input has without --krm. */
static bool choose_policy(struct function *function)
{
	const struct options *options = function->look.options;
	const struct folder *folder = folders_at(&function->look.folders, SLICE("."));
	struct policy *own = function->krm.policy;
	struct error err = {0};
	if (own && options->policy) {
		error_set(&err, "there is a policy in functionConfig, and --policy names another: leave one out");
		return trouble(function, CODE_POLICY, &err);
	}
	function->input.path = SLICE("-");
	if (own) {
		policy_set_today(own, options->today);
		function->input.policy = options->no_policy ? NULL : own;
		function->input.policy_path = SLICE("functionConfig");
	} else if (folder->policy) {
		function->input.policy = folder->policy->policy;
		function->input.policy_path = folder->policy->path;
	}
	return true;
}

/* Entries of functionConfig that apply no longer; those of files are reported when they are loaded. */
static void add_expired(struct function *function)
{
	struct arena *arena = &function->look.arena;
	const struct policy *policy = function->krm.policy;
	for (size_t i = 0; policy && policy == function->input.policy && i < policy_count(policy); i++) {
		const struct policy_entry *entry = policy_at(policy, i);
		struct slice what = entry->exempt ? SLICE("an exemption") : entry->capability;
		if (!policy_expired(policy, entry))
			continue;
		struct slice text = arena_printf(arena, "%.*s (functionConfig:%zu) expired on %.*s and no longer applies",
			(int)what.n, what.p, entry->line, (int)entry->expires.n, entry->expires.p);
		findings_add(&function->result.findings, arena,
			(struct finding){.level = LEVEL_WARNING, .code = CODE_EXPIRED, .text = text});
	}
}

/* What stops the function, or is left over, is said aloud too: who calls it need not show the results. */
static bool look_at_result(struct function *function)
{
	const struct findings *findings = &function->result.findings;
	enum outcome outcome = function->result.outcome;
	bool stops = outcome == OUTCOME_FAILED || outcome == OUTCOME_TEMPLATE;
	for (size_t i = 0; i < findings->n; i++)
		if (stops || findings->v[i].level == LEVEL_ERROR || findings->v[i].code == CODE_REFUSED)
			report_aside(&function->look.report, SLICE("-"), &findings->v[i]);
	function->look.trouble = function->look.trouble || stops;
	return !stops;
}

/* The list with its results, if it can be read again as such. */
static void write_list(struct function *function)
{
	struct krm *krm = &function->krm, again;
	struct findings mistakes = {0};
	struct error err = {0};
	struct buf text;
	buf_init(&text);
	krm_write(krm, &function->result, function->input.policy, &text);
	if (krm_read(&again, buf_slice(&text), &function->look.arena, &mistakes, &err))
		out_add(&function->look.report.results, buf_slice(&text));
	else
		trouble(function, CODE_INTERNAL, &err);
	buf_release(&text);
}

int run_krm(const struct options *options)
{
	static const char *const STANDARD_INPUT[] = {"-"};
	struct function function = {0};
	struct buf bytes;
	buf_init(&bytes);
	if (look_open(&function.look, options, STANDARD_INPUT, 1) && read_list(&function, &bytes) &&
		choose_policy(&function)) {
		function.input.text = buf_slice(&bytes);
		function.input.whole = true;
		run_engine(&function.input, &function.look.arena, &function.result);
		add_expired(&function);
		if (look_at_result(&function))
			write_list(&function);
	}
	bool left = function.result.refused > 0 && !options->exit_zero;
	buf_release(&bytes);
	int status = look_close(&function.look);
	return status == STATUS_FINE && left ? STATUS_TO_FIX : status;
}
