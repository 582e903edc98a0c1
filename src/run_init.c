/* --init-policy. */
#include "capfix/files_read.h"
#include "capfix/init_policy.h"
#include "capfix/run_look.h"
#include "capfix/wire.h"

struct init {
	struct look look;
	struct init_policy made;
	bool any;                        /* a file was seen, so `policy` is known */
	const struct run_policy *policy; /* holds for all files; NULL: none does */
	const struct run_policy *other;  /* holds for some file too */
	bool mixed;
};

static void visit(void *context, const struct look_file *file)
{
	struct init *init = context;

	if (!init->any)
		init->policy = file->policy;
	init->any = true;
	if (file->policy != init->policy && !init->mixed) {
		init->other = file->policy;
		init->mixed = true;
	}
	for (size_t i = 0; i < file->result->nreports && !init->mixed; i++)
		init_policy_look(
			&init->made, file->input->policy, file->path, file->input->path, &file->result->reports[i]);
}

static struct slice name_of(const struct run_policy *policy)
{
	return policy ? policy->path : SLICE("no policy");
}

static void refuse_mixed(struct init *init)
{
	struct slice a = name_of(init->policy), b = name_of(init->other);

	init->look.trouble = true;
	report_say(&init->look.report,
		arena_printf(&init->look.arena,
			"--init-policy makes one policy, but the files are under %.*s and %.*s: give paths of one of them, "
			"or name a policy for all with --policy, or start a new one with --no-policy",
			(int)a.n, a.p, (int)b.n, b.p));
}

/* The text to extend, in `text`. False: it could not be read, and that is reported. */
static bool read_policy(struct init *init, struct buf *text)
{
	struct file file = {.path = init->policy->path, .kind = FILE_NAMED};
	struct stat seen;
	struct error err;

	if (file_read(&file, text, &seen, &err))
		return true;
	report_trouble(&init->look.report, file.path, CODE_POLICY, slice_of(err.text));
	init->look.trouble = true;
	return false;
}

static void say_result(struct init *init, bool extends)
{
	struct look *look = &init->look;
	struct slice refused = init->made.refused;

	for (size_t from = 0, i = 0; i < refused.n; i++) {
		if (refused.p[i] != '\n')
			continue;
		look_say(look, slice_sub(refused, from, i));
		from = i + 1;
	}
	if (init->made.added == 0 && extends)
		look_say(look,
			SLICE("the policy has an entry for each capability that could get one: it stays as it is"));
	else if (init->made.added == 0)
		look_say(look, SLICE("no capability is added that a policy could allow"));
	if (init->made.nodds > 0)
		look_say(look,
			arena_printf(&look->arena, "%zu added %s can't be allowed: ALL, or no name that Linux knows",
				init->made.nodds, init->made.nodds == 1 ? "capability" : "capabilities"));
}

/* What a worker of its own is to do, for it parses: the policy that is there, and the one that it makes. */
struct writing {
	struct init_policy *made;
	const struct slice *old; /* the text to extend; NULL: none */
};

/* pool_work. */
static bool write_apart(void *state, const struct pool_request *request, struct buf *answer)
{
	struct writing *writing = state;
	struct error err = {.text = ""};
	struct buf out;

	(void)request;
	buf_init(&out);
	wire_number(answer, init_policy_write(writing->made, writing->old, &out, &err));
	wire_text(answer, buf_slice(&out));
	wire_number(answer, err.line);
	wire_number(answer, err.col);
	wire_text(answer, slice_of(err.text));
	wire_number(answer, writing->made->added);
	wire_number(answer, writing->made->nodds);
	wire_text(answer, writing->made->refused);
	buf_release(&out);
	return true;
}

static bool take_written(struct init *init, struct slice answer, struct buf *out, struct error *err)
{
	struct wire wire = {.data = answer};
	bool ok = wire_get_bool(&wire);
	struct slice why;

	buf_add(out, wire_get_text(&wire));
	size_t line = wire_get_number(&wire), col = wire_get_number(&wire);
	why = wire_get_text(&wire);
	init->made.added = wire_get_number(&wire);
	init->made.nodds = wire_get_number(&wire);
	init->made.refused = arena_dup(&init->look.arena, wire_get_text(&wire));
	if (!wire_ends(&wire))
		return error_set(err, "the worker process that had it sent rubbish");
	if (!ok) {
		error_set(err, "%.*s", (int)why.n, why.p);
		err->line = line;
		err->col = col;
	}
	return ok;
}

static bool write_text(struct init *init, const struct slice *old, struct buf *out, struct error *err)
{
	struct writing writing = {&init->made, old};
	struct buf answer;
	bool ok;

	buf_init(&answer);
	ok = engine_apart(&init->look.feed.engine, write_apart, &writing, &answer, err) &&
		take_written(init, buf_slice(&answer), out, err);
	buf_release(&answer);
	return ok;
}

static void write_policy(struct init *init)
{
	struct look *look = &init->look;
	struct buf text, out;
	struct error err;

	buf_init(&text);
	buf_init(&out);
	bool read = !init->policy || read_policy(init, &text);
	/* An empty file is what `capfix --init-policy >.capfix.yaml` begins with. */
	struct slice old = buf_slice(&text);
	bool extends = init->policy && old.n > 0;
	err.line = err.col = 0;
	if (read && write_text(init, extends ? &old : NULL, &out, &err)) {
		out_add(&look->report.results, buf_slice(&out));
		say_result(init, extends);
	} else if (read) {
		struct finding finding = {.level = LEVEL_ERROR, .code = CODE_POLICY, .line = err.line, .col = err.col};
		finding.text = slice_of(err.text);
		report_aside(&look->report, name_of(init->policy), &finding);
		look->trouble = true;
	}
	buf_release(&text);
	buf_release(&out);
}

int run_init(const struct options *options)
{
	struct init init = {.any = false};

	if (look_open(&init.look, options, options->paths, options->npaths)) {
		init_policy_start(&init.made, options->today, &init.look.arena);
		/* One that is named is extended even if it allows all, or nothing is found. */
		init.any = init.look.folders.fixed != NULL;
		init.policy = init.look.folders.fixed;
		look_each(&init.look, visit, &init);
		if (init.mixed)
			refuse_mixed(&init);
		else
			write_policy(&init);
	}
	return look_close(&init.look);
}
