/* --krm: standard input to standard output, as kustomize and kpt call a function. */
#include "capfix/run_krm.h"

#include <jansson.h>

#include "capfix/files_read.h"
#include "capfix/krm.h"
#include "capfix/run.h"
#include "capfix/run_look.h"
#include "capfix/wire.h"

/* All the work is done in a worker of its own, for it parses; what it has to say comes back as bytes. */
struct function {
	struct look look;
	struct slice text;        /* standard input */
	struct slice policy_text; /* of the policy that standard input has without --krm; empty: none */
	struct findings said;
	struct buf list; /* the result */
	struct krm krm;
	struct rewrite_input input;
	struct rewrite_result result;
};

static void say(struct function *function, const struct finding *finding)
{
	findings_add(&function->said, &function->look.arena, *finding);
}

static bool trouble(struct function *function, enum finding_code code, const struct error *err)
{
	struct finding finding = {.level = LEVEL_ERROR, .code = code, .line = err->line, .col = err->col};
	finding.text = arena_dup(&function->look.arena, slice_of(err->text));
	say(function, &finding);
	function->look.trouble = true;
	return false;
}

static bool read_list(struct function *function)
{
	struct findings mistakes = {0};
	struct error err = {0};
	if (krm_read(&function->krm, function->text, &function->look.arena, &mistakes, &err))
		return true;
	if (mistakes.n == 0)
		return trouble(function, CODE_PARSE, &err);
	for (size_t i = 0; i < mistakes.n; i++)
		say(function, &mistakes.v[i]);
	function->look.trouble = true;
	return false;
}

/* The policy of functionConfig, else that which standard input has without --krm. */
static bool choose_policy(struct function *function)
{
	const struct options *options = function->look.options;
	struct findings mistakes = {0};
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
	} else if (function->policy_text.n > 0) {
		struct policy *policy = policy_parse(function->policy_text, &function->look.arena, &mistakes);
		BUG_IF(!policy);
		policy_set_today(policy, options->today);
		function->input.policy = policy;
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
		struct slice text =
			arena_printf(arena, "%.*s (functionConfig:%zu) expired on %.*s and no longer applies",
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
			say(function, &findings->v[i]);
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
		buf_add(&function->list, buf_slice(&text));
	else
		trouble(function, CODE_INTERNAL, &err);
	buf_release(&text);
}

/* pool_work. */
static bool work(void *state, const struct pool_request *request, struct buf *answer)
{
	struct function *function = state;
	(void)request;
	if (read_list(function) && choose_policy(function)) {
		function->input.text = function->text;
		function->input.whole = true;
		rewrite(&function->input, &function->look.arena, &function->result);
		add_expired(function);
		if (look_at_result(function))
			write_list(function);
	}
	wire_findings(answer, &function->said);
	wire_number(answer, function->look.trouble);
	wire_number(answer, function->result.refused > 0);
	wire_text(answer, buf_slice(&function->list));
	return true;
}

/* What the worker has found goes out. True if something is left that breaks the rule. */
static bool show(struct function *function, struct slice answer)
{
	struct wire wire = {.data = answer};
	struct findings said = {0};
	wire_get_findings(&wire, &said, function->text.n + 1, &function->look.arena);
	bool stopped = wire_get_bool(&wire), left = wire_get_bool(&wire);
	struct slice list = wire_get_text(&wire);
	function->look.trouble = stopped || !wire_ends(&wire);
	for (size_t i = 0; i < said.n; i++)
		report_aside(&function->look.report, SLICE("-"), &said.v[i]);
	if (wire_ends(&wire))
		out_add(&function->look.report.results, list);
	return left;
}

/* The policy that standard input has without --krm, and its text in memory that a worker of its own inherits. */
static void find_policy(struct function *function)
{
	const struct folder *folder = folders_at(&function->look.folders, SLICE("."));
	if (!folder->policy)
		return;
	function->policy_text = arena_dup(&function->look.arena, folder->policy->text);
	function->input.policy_path = folder->policy->path;
}

static bool do_function(struct function *function)
{
	struct file file = {.path = SLICE("-"), .kind = FILE_STDIN};
	struct look *look = &function->look;
	struct finding finding = {.level = LEVEL_ERROR, .code = CODE_IO};
	struct buf bytes, answer;
	struct error err = {0};
	struct stat seen;
	bool left = false;
	buf_init(&bytes);
	buf_init(&answer);
	bool ok = file_read(&file, &bytes, &seen, &err);
	function->text = buf_slice(&bytes);
	find_policy(function);
	/* It would open /dev/urandom when the first object is made, and a worker may not. */
	json_object_seed(0);
	if (ok && !engine_apart(&look->feed.engine, work, function, &answer, &err)) {
		finding.code = CODE_WORKER;
		ok = false;
	}
	if (ok) {
		left = show(function, buf_slice(&answer));
	} else {
		finding.text = slice_of(err.text);
		report_aside(&look->report, SLICE("-"), &finding);
		look->trouble = true;
	}
	buf_release(&answer);
	buf_release(&bytes);
	return left;
}

int run_krm(const struct options *options)
{
	static const char *const STANDARD_INPUT[] = {"-"};
	struct function function = {0};
	bool left = look_open(&function.look, options, STANDARD_INPUT, 1) && do_function(&function);
	int status = look_close(&function.look);
	return status == STATUS_FINE && left && !options->exit_zero ? STATUS_TO_FIX : status;
}
