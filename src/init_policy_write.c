/* The text around the entries, and the proof that all of it does what it is for. */
#include "capfix/caps.h"
#include "capfix/source.h"

#include "init_policy_impl.h"

/* What stands as each reason while the text is proved. */
static const char PROOF_REASON[] = "proof";

static const char HEAD[] =
	"# Made by `capfix --init-policy`: an entry for each capability that is added today. Write why each is needed behind\n"
	"# its `reason:`, and take out what nobody can justify: the fix removes it. Until then this is no valid policy.\n"
	"version: 1\n";

/* What stands before and behind the entries. */
struct frame {
	struct buf before;
	struct buf after;
	struct init_style style;
	struct slice line_break;
	bool open; /* as in init_place */
};

static void frame_new(struct frame *frame, const struct init_policy *init)
{
	frame->style = (struct init_style){.indent = SLICE("  "), .inner = 2};
	frame->line_break = SLICE("\n");
	buf_adds(&frame->before, HEAD);
	buf_adds(&frame->before, init->nuses > 0 ? "allow:\n" : "allow: []\n");
	init_write_odds(&frame->after, init, SLICE(""));
	init_write_needs(&frame->after, init);
}

/* Adds text whose lines end with LF, with the line ends of the frame. */
static void add_lines(struct buf *out, struct slice text, struct slice line_break)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n')
			buf_add(out, line_break);
		else
			buf_addc(out, text.p[i]);
	}
}

static bool frame_around(struct frame *frame, const struct init_policy *init, struct slice text, struct error *err)
{
	struct init_place place;
	struct buf odds;

	if (!init_place_find(&place, text, init->arena, err))
		return false;
	frame->style = place.style;
	frame->line_break = place.line_break;
	frame->open = place.open;
	BUG_IF(!edits_seal(&place.edits, init->arena, place.at));
	edits_apply(&place.edits, slice_sub(text, 0, place.at), &frame->before);
	buf_add(&frame->before, place.before);
	buf_init(&odds);
	init_write_odds(&odds, init, place.style.indent);
	add_lines(&frame->before, buf_slice(&odds), place.line_break);
	buf_release(&odds);
	buf_add(&frame->after, slice_sub(text, place.at, text.n));
	return true;
}

static void compose(const struct frame *frame, struct init_entries *entries, const char *reason, struct buf *out)
{
	struct buf lines;

	buf_init(&lines);
	init_write_entries(&lines, entries, &frame->style, reason, frame->open);
	buf_add(out, buf_slice(&frame->before));
	add_lines(out, buf_slice(&lines), frame->line_break);
	buf_add(out, buf_slice(&frame->after));
	buf_release(&lines);
}

/*
 * Marks the entries that mistakes of the composed text are about, such as one that stands there already but has
 * expired. False if a mistake is about no entry.
 */
static bool mark_refused(const struct frame *frame, struct init_entries *entries, struct slice text,
	const struct findings *mistakes, struct arena *arena)
{
	struct source source;
	struct buf lines;
	size_t found = 0, m = 0;

	buf_init(&lines);
	init_write_entries(&lines, entries, &frame->style, PROOF_REASON, frame->open);
	source_init(&source, text, arena);
	size_t line = source_line(&source, frame->before.n) + 1, at = 0;
	for (size_t i = 0; i < entries->n; i++) {
		struct init_entry *entry = &entries->v[i];
		if (entry->refusal.n > 0)
			continue;
		for (; at < entry->at; at++)
			line += lines.p[at] == '\n';
		/* Both are in the order of their lines. */
		while (m < mistakes->n && mistakes->v[m].line < line)
			m++;
		if (m < mistakes->n && mistakes->v[m].line == line) {
			entry->refusal = mistakes->v[m].text;
			found++;
		}
	}
	buf_release(&lines);
	return found > 0;
}

/* Finds the entries of the old text that allowed the uses once. */
static void find_expired(struct init_policy *init, struct slice text)
{
	struct findings mistakes = {0};
	/* Without a date nothing in it has expired. */
	const struct policy *ever = policy_parse(text, init->arena, &mistakes);

	for (size_t i = 0; ever && i < init->nuses; i++) {
		struct init_use *use = &init->uses[i];
		use->expired = policy_allows(ever, slice_of(caps_name(use->capability)), &use->subject);
	}
}

/* Each add that an entry was made for is allowed. */
static bool allows_all(const struct policy *policy, const struct init_entries *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		const struct init_entry *entry = &entries->v[i];
		for (size_t u = 0; u < entry->nuses && entry->refusal.n == 0; u++) {
			struct slice name = slice_of(caps_name(entry->uses[u]->capability));
			if (!policy_allows(policy, name, &entry->uses[u]->subject))
				return false;
		}
	}
	return true;
}

static size_t count_written(const struct init_entries *entries)
{
	size_t n = 0;

	for (size_t i = 0; i < entries->n; i++)
		n += entries->v[i].refusal.n == 0;
	return n;
}

/* Refuses entries until the rest makes a policy, and checks that it is the one that is wanted. */
static bool prove(
	const struct init_policy *init, const struct frame *frame, struct init_entries *entries, struct error *err)
{
	size_t old = init->policy ? policy_count(init->policy) : 0;

	for (;;) {
		struct findings mistakes = {0};
		struct buf text;
		buf_init(&text);
		compose(frame, entries, PROOF_REASON, &text);
		struct policy *policy = policy_parse(buf_slice(&text), init->arena, &mistakes);
		if (policy)
			policy_set_today(policy, init->today);
		bool again = !policy && mark_refused(frame, entries, buf_slice(&text), &mistakes, init->arena);
		bool good =
			policy && policy_count(policy) == old + count_written(entries) && allows_all(policy, entries);
		buf_release(&text);
		if (good)
			return true;
		if (!again)
			return error_set(err,
				"the policy that was made does not allow what it is for: this is a mistake of capfix, please report it");
	}
}

/* What gets no entry, for standard error. */
static void say_refused(struct init_policy *init, const struct init_entries *entries)
{
	struct buf text;

	buf_init(&text);
	for (size_t i = 0; i < entries->n; i++) {
		const struct init_entry *entry = &entries->v[i];
		if (entry->refusal.n == 0)
			continue;
		const struct init_use *use = entry->uses[0];
		buf_add(&text, use->path);
		buf_addf(&text, ":%zu: %s gets no entry: ", use->line, caps_name(use->capability));
		buf_add(&text, entry->refusal);
		buf_addc(&text, '\n');
	}
	init->refused = arena_dup(init->arena, buf_slice(&text));
	buf_release(&text);
}

static bool write_all(
	struct init_policy *init, const struct slice *text, struct frame *frame, struct buf *out, struct error *err)
{
	struct init_entries entries;

	if (text)
		find_expired(init, *text);
	init_merge(init, &entries);
	if (entries.n == 0 && text) {
		buf_add(out, *text);
		return true;
	}
	if (text && !frame_around(frame, init, *text, err))
		return false;
	if (!text)
		frame_new(frame, init);
	if (!prove(init, frame, &entries, err))
		return false;
	init->added = count_written(&entries);
	say_refused(init, &entries);
	if (init->added == 0 && text)
		buf_add(out, *text);
	else
		compose(frame, &entries, "", out);
	return true;
}

bool init_policy_write(struct init_policy *init, const struct slice *text, struct buf *out, struct error *err)
{
	struct frame frame = {0};

	buf_init(&frame.before);
	buf_init(&frame.after);
	bool ok = write_all(init, text, &frame, out, err);
	buf_release(&frame.before);
	buf_release(&frame.after);
	return ok;
}
