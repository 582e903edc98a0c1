/* The page of one container. */
#include "capfix/explain.h"

#include "capfix/caps.h"
#include "capfix/images.h"
#include "capfix/report_text.h"

/* Indents of the page: what is below a heading, and lines that go on. */
enum { INDENT = 4, HANG = 8 };

/* One page on its way. `line` is what the next line says, before it is wrapped. */
struct page {
	struct buf *out;
	struct buf line;
	const struct explain_input *input;
	struct explain_effect effect;
};

static void flush(struct page *page, size_t hang)
{
	explain_wrap(page->out, buf_slice(&page->line), hang);
	page->line.n = 0;
}

static void add_shown(struct page *page, struct slice text)
{
	report_escape(&page->line, text);
}

static void add_head(struct page *page)
{
	const struct container_report *report = page->input->report;

	add_shown(page, page->input->path);
	buf_addf(&page->line, ":%zu: ", report->line);
	if (report->container.n > 0) {
		buf_adds(&page->line, "container ");
		add_shown(page, report->container);
	} else {
		buf_adds(&page->line, "a container without name");
	}
	buf_adds(&page->line, " of ");
	add_shown(page, report->kind);
	if (report->name.n > 0)
		buf_addc(&page->line, ' ');
	if (report->name.n > 0 && report->namespace.n > 0) {
		add_shown(page, report->namespace);
		buf_addc(&page->line, '/');
	}
	add_shown(page, report->name);
	flush(page, INDENT);
	if (report->image.n > 0) {
		buf_adds(&page->line, "  image: ");
		add_shown(page, report->image);
		flush(page, INDENT);
	}
}

static void add_state(struct page *page)
{
	static const char *const words[] = {
		[CONTAINER_COMPLIES] = "follows the rule",
		[CONTAINER_FIXED] = "breaks the rule; the fix changes it",
		[CONTAINER_REFUSED] = "breaks the rule, and is left so: ",
		[CONTAINER_OVERLAY] = "it ",
		[CONTAINER_WINDOWS] = "it ",
		[CONTAINER_EXEMPT] = "left alone: ",
	};
	const struct container_report *report = page->input->report;

	buf_addf(&page->line, "  state: %s", words[report->state]);
	if (report->state == CONTAINER_EXEMPT) {
		const struct policy_entry *entry = policy_at(page->input->policy, report->entry);
		add_shown(page, page->input->policy_path);
		buf_addf(&page->line, ":%zu exempts it: ", entry->line);
		add_shown(page, entry->reason);
	} else {
		add_shown(page, report->reason);
	}
	flush(page, INDENT);
}

/* "    1. add NET_RAW SYS_TIME", without ALL, if there is anything to name. */
static void add_step(struct page *page, size_t *step, const char *verb, const struct slice *names, size_t n)
{
	size_t start = page->line.n;

	for (size_t i = 0; i < n; i++) {
		if (effective_is_all(names[i]))
			continue;
		if (page->line.n == start)
			buf_addf(&page->line, "%*s%zu. %s", INDENT, "", ++*step, verb);
		buf_addc(&page->line, ' ');
		add_shown(page, names[i]);
	}
	if (page->line.n > start)
		flush(page, HANG);
}

static void add_all_step(struct page *page, size_t *step, const char *verb, const struct slice *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!effective_is_all(names[i]))
			continue;
		buf_addf(&page->line, "%*s%zu. %s ", INDENT, "", ++*step, verb);
		add_shown(page, names[i]);
		flush(page, HANG);
		return;
	}
}

/* In the order in which runtimes apply them, whatever the file's. */
static void add_steps(struct page *page, const struct effective_lists *lists)
{
	size_t step = 0;

	if (lists->privileged) {
		buf_addf(&page->line, "%*sprivileged: the runtime gives everything, whatever add and drop say", INDENT,
			"");
		flush(page, HANG);
		return;
	}
	buf_addf(&page->line, "%*s%zu. start with the defaults of the runtime", INDENT, "", ++step);
	flush(page, HANG);
	add_all_step(page, &step, "add", lists->adds, lists->nadds);
	add_all_step(page, &step, "drop", lists->drops, lists->ndrops);
	add_step(page, &step, "add", lists->adds, lists->nadds);
	add_step(page, &step, "drop", lists->drops, lists->ndrops);
}

/* The short form, and the names behind it where they aren't said yet: a reviewer wants them. Not all 41. */
static void add_result(struct page *page, const char *who, enum runtime runtime, uint64_t set)
{
	struct buf form, names;

	buf_init(&form);
	buf_init(&names);
	explain_set(&form, runtime, "its", set);
	explain_names(&names, set);
	buf_addf(&page->line, "%*s= %s: ", INDENT, "", who);
	buf_add(&page->line, buf_slice(&form));
	bool said = slice_eq(buf_slice(&form), buf_slice(&names));
	if (!said && set != 0 && effective_count(set) <= CAPS_COUNT / 2) {
		buf_adds(&page->line, ": ");
		buf_add(&page->line, buf_slice(&names));
	}
	buf_release(&form);
	buf_release(&names);
	flush(page, HANG);
}

static void add_results(struct page *page, const uint64_t *sets)
{
	bool same = sets[RUNTIME_CONTAINERD] == sets[RUNTIME_CRIO];

	if (same) {
		add_result(page, "containerd and CRI-O", RUNTIME_CONTAINERD, sets[RUNTIME_CONTAINERD]);
		return;
	}
	for (enum runtime runtime = 0; runtime < RUNTIME_COUNT; runtime++)
		add_result(page, effective_runtime_name(runtime), runtime, sets[runtime]);
}

static void add_section(
	struct page *page, const char *heading, const struct effective_lists *lists, const uint64_t *sets)
{
	buf_addf(&page->line, "  %s:", heading);
	flush(page, INDENT);
	add_steps(page, lists);
	add_results(page, sets);
}

/* An overlay's lists mean something only where they are merged in. */
static void add_lists(struct page *page, const char *heading, const struct effective_lists *lists)
{
	size_t step = 0;

	if (lists->nadds + lists->ndrops == 0 && !lists->privileged)
		return;
	buf_addf(&page->line, "  %s, over what it is merged into:", heading);
	flush(page, INDENT);
	if (lists->privileged) {
		add_steps(page, lists);
		return;
	}
	add_all_step(page, &step, "add", lists->adds, lists->nadds);
	add_all_step(page, &step, "drop", lists->drops, lists->ndrops);
	add_step(page, &step, "add", lists->adds, lists->nadds);
	add_step(page, &step, "drop", lists->drops, lists->ndrops);
}

static bool same_lists(const struct effective_lists *a, const struct effective_lists *b)
{
	bool same = a->nadds == b->nadds && a->ndrops == b->ndrops;

	for (size_t i = 0; same && i < a->nadds; i++)
		same = slice_eq(a->adds[i], b->adds[i]);
	for (size_t i = 0; same && i < a->ndrops; i++)
		same = slice_eq(a->drops[i], b->drops[i]);
	return same;
}

static void add_effect(struct page *page)
{
	const struct explain_effect *effect = &page->effect;
	bool changes = !same_lists(&effect->before_lists, &effect->after_lists);
	const char *today = changes ? "today" : "today and after";

	if (page->input->report->state == CONTAINER_WINDOWS)
		return;
	if (!effect->known) {
		add_lists(page, today, &effect->before_lists);
		if (changes)
			add_lists(page, "after the fix", &effect->after_lists);
		return;
	}
	add_section(page, today, &effect->before_lists, effect->before);
	if (changes)
		add_section(page, "after the fix", &effect->after_lists, effect->after);
}

static void add_kept(struct page *page, const struct container_add *add, bool listed)
{
	const struct policy_entry *entry = policy_at(page->input->policy, add->entry);

	buf_adds(&page->line, listed ? "kept by " : "brought by ");
	add_shown(page, page->input->policy_path);
	buf_addf(&page->line, ":%zu: ", entry->line);
	add_shown(page, entry->reason);
	if (!listed || slice_eq(add->text, add->canonical))
		return;
	buf_adds(&page->line, "; respelled ");
	add_shown(page, add->canonical);
	if (effective_bit(RUNTIME_CONTAINERD, add->text) == 0)
		buf_adds(&page->line, ", because containerd ignores the name as it is written");
}

static void add_removed(struct page *page, const struct container_add *add)
{
	if (slice_is(add->canonical, "ALL")) {
		buf_adds(&page->line, "removed: ALL can never be allowed");
	} else if (!caps_known(add->canonical)) {
		buf_adds(&page->line, "removed: Linux knows no capability of that name");
	} else if (!page->input->policy) {
		buf_adds(&page->line, "removed: there is no policy that allows it");
	} else {
		buf_adds(&page->line, "removed: no entry of ");
		add_shown(page, page->input->policy_path);
		buf_adds(&page->line, " allows it here");
	}
}

/* What becomes of each add, and by whose word. */
static void add_reasons(struct page *page)
{
	const struct container_report *report = page->input->report;

	if (report->state == CONTAINER_EXEMPT || report->state == CONTAINER_WINDOWS)
		return;
	for (size_t i = 0; i < report->nadds; i++) {
		const struct container_add *add = &report->adds[i];
		bool listed = explain_is_listed(report, i);
		buf_adds(&page->line, "  add ");
		add_shown(page, listed ? add->text : add->canonical);
		if (listed)
			buf_addf(&page->line, " (line %zu)", add->line);
		buf_adds(&page->line, report->state == CONTAINER_REFUSED ? ": left; it would be " : ": ");
		if (add->kept)
			add_kept(page, add, listed);
		else
			add_removed(page, add);
		flush(page, INDENT);
	}
}

static void add_hint(struct page *page)
{
	const struct image_hint *hint = images_hint(page->input->report->image);

	if (!hint)
		return;
	buf_addf(&page->line, "  note: this image is known to need %s once ALL is dropped: %s", hint->capabilities,
		hint->why);
	flush(page, INDENT);
}

void explain_container(struct buf *out, const struct explain_input *input, struct arena *arena)
{
	struct page page = {.out = out, .input = input};

	buf_init(&page.line);
	explain_effect(&page.effect, input, arena);
	add_head(&page);
	add_state(&page);
	add_effect(&page);
	add_reasons(&page);
	add_hint(&page);
	buf_addc(out, '\n');
	buf_release(&page.line);
}
