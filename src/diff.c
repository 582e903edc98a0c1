#include "capfix/diff.h"

#include <string.h>

enum { CONTEXT = 3 };

/* Lines that change: text[from, to) becomes `ins`. Whole lines, but that the last one of a text may have no LF. */
struct change {
	size_t from;
	size_t to;
	struct slice ins; /* borrowed */
};

/* One hunk at a time: its lines are written to `body`, as the header in front of them counts them. */
struct differ {
	struct slice text;
	const struct edits *edits;
	size_t next;        /* edit */
	bool more;          /* there is a change that was read but not taken: */
	struct change head; /* its ins is in `fresh` */
	struct buf fresh;
	struct buf joined; /* ins of the change that was taken last */
	struct buf body;   /* lines of the hunk; empty: no hunk is open */
	size_t at;         /* text before this is in the hunk, or before it */
	size_t line;       /* number of lines before `at`, in the old text */
	size_t new_line;   /* in the new text */
	size_t start;      /* `line` where the hunk began */
	size_t new_start;
};

/* First byte behind the line that holds `at`. */
static size_t line_end(struct slice text, size_t at)
{
	const char *lf = at < text.n ? memchr(text.p + at, '\n', text.n - at) : NULL;

	return lf == NULL ? text.n : (size_t)(lf - text.p) + 1;
}

/* First byte of the line that holds `at`. */
static size_t line_start(struct slice text, size_t at)
{
	while (at > 0 && text.p[at - 1] != '\n')
		at--;
	return at;
}

static bool at_line_start(struct slice text, size_t at)
{
	return at == 0 || text.p[at - 1] == '\n';
}

/* Lines in text[from, to), but no more than `most`. */
static size_t count_lines(struct slice text, size_t from, size_t to, size_t most)
{
	size_t n = 0;

	for (; from < to && n < most; n++)
		from = line_end(text, from);
	return n;
}

/* Narrows the change to the lines between those that are equal at its start and at its end. */
static void trim(struct change *change, struct slice text)
{
	struct slice old = slice_sub(text, change->from, change->to);
	struct slice ins = change->ins;
	size_t skip = 0;
	size_t n = 0;
	size_t most = old.n < ins.n ? old.n : ins.n;
	size_t i;

	for (i = 0; i < most && old.p[i] == ins.p[i]; i++) {
		if (old.p[i] == '\n')
			skip = i + 1;
	}
	most -= skip;
	for (i = 0; i < most && old.p[old.n - 1 - i] == ins.p[ins.n - 1 - i]; i++) {
		/* A line that starts here, for both, is equal to the end. */
		if (at_line_start(old, old.n - 1 - i) && at_line_start(ins, ins.n - 1 - i))
			n = i + 1;
	}
	change->from += skip;
	change->to -= n;
	change->ins = slice_sub(ins, skip, ins.n - n);
}

/*
 * The lines of the next edit, and of all that follow in these lines. An edit that ends where a line starts, and leaves
 * the new text at the start of a line, does not touch that line.
 */
static struct change join_edits(struct differ *d)
{
	struct slice text = d->text;
	size_t from = line_start(text, d->edits->v[d->next].at);
	size_t done = from;
	size_t end = 0;

	d->fresh.n = 0;
	for (;;) {
		const struct edit *edit = &d->edits->v[d->next++];
		const struct edit *next = d->next < d->edits->n ? edit + 1 : NULL;

		buf_add(&d->fresh, slice_sub(text, done, edit->at));
		buf_add(&d->fresh, edit->ins);
		done = edit->at + edit->del;
		if (at_line_start(text, done) && at_line_start(buf_slice(&d->fresh), d->fresh.n))
			return (struct change){from, done, buf_slice(&d->fresh)};
		/* Once for each line: many edits can share a long one. */
		if (done >= end)
			end = line_end(text, done);
		if (next == NULL || next->at > end || (next->at == end && at_line_start(text, end)))
			break;
	}
	buf_add(&d->fresh, slice_sub(text, done, end));
	return (struct change){from, end, buf_slice(&d->fresh)};
}

/* Reads the next change, narrowed, to d->head. False at the end. */
static bool read_change(struct differ *d)
{
	while (d->next < d->edits->n) {
		d->head = join_edits(d);
		trim(&d->head, d->text);
		if (d->head.to > d->head.from || d->head.ins.n > 0)
			return d->more = true;
	}
	return d->more = false;
}

/* The next change, with all those that follow it without an unchanged line between. False at the end. */
static bool next_change(struct differ *d, struct change *change)
{
	while (d->more) {
		*change = d->head;
		d->joined.n = 0;
		do {
			buf_add(&d->joined, d->head.ins);
			change->to = d->head.to;
		} while (read_change(d) && d->head.from == change->to);
		change->ins = buf_slice(&d->joined);
		/* Again: a line that went in one of them may have come back in the next. */
		trim(change, d->text);
		if (change->to > change->from || change->ins.n > 0)
			return true;
	}
	return false;
}

/* Adds the lines with `sign` before each; returns how many. */
static size_t add_lines(struct buf *out, char sign, struct slice lines)
{
	size_t n = 0;

	for (size_t at = 0; at < lines.n; n++) {
		size_t end = line_end(lines, at);

		buf_addc(out, sign);
		buf_add(out, slice_sub(lines, at, end));
		if (lines.p[end - 1] != '\n')
			buf_adds(out, "\n\\ No newline at end of file\n");
		at = end;
	}
	return n;
}

/* Takes the lines up to `to` as they are. */
static void add_context(struct differ *d, size_t to)
{
	size_t n = add_lines(&d->body, ' ', slice_sub(d->text, d->at, to));

	d->line += n;
	d->new_line += n;
	d->at = to;
}

/* "-START,COUNT" as diff writes it: no count of 1, and of no lines the line before. */
static void add_range(struct buf *out, char sign, size_t start, size_t count)
{
	buf_addf(out, "%c%zu", sign, count == 0 ? start : start + 1);
	if (count != 1)
		buf_addf(out, ",%zu", count);
}

static void close_hunk(struct differ *d, struct buf *out)
{
	size_t end = d->at;

	for (int i = 0; i < CONTEXT; i++)
		end = line_end(d->text, end);
	add_context(d, end);
	buf_adds(out, "@@ ");
	add_range(out, '-', d->start, d->line - d->start);
	buf_addc(out, ' ');
	add_range(out, '+', d->new_start, d->new_line - d->new_start);
	buf_adds(out, " @@\n");
	buf_add(out, buf_slice(&d->body));
	d->body.n = 0;
}

/* Begins a hunk up to CONTEXT lines before `from`. */
static void open_hunk(struct differ *d, size_t from)
{
	size_t start = from;
	size_t n;

	for (int i = 0; i < CONTEXT && start > d->at; i++)
		start = line_start(d->text, start - 1);
	n = count_lines(d->text, d->at, start, SIZE_MAX);
	d->at = start;
	d->line += n;
	d->new_line += n;
	d->start = d->line;
	d->new_start = d->new_line;
}

static void add_change(struct differ *d, struct change change)
{
	add_context(d, change.from);
	d->line += add_lines(&d->body, '-', slice_sub(d->text, change.from, change.to));
	d->new_line += add_lines(&d->body, '+', change.ins);
	d->at = change.to;
}

static bool needs_quotes(struct slice path)
{
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.p[i];

		if (c < ' ' || c >= 0x7f || c == '"' || c == '\\')
			return true;
	}
	return false;
}

static void add_quoted(struct buf *out, struct slice path)
{
	static const char names[] = "abtnvfr"; /* of the bytes 7 to 13 */

	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.p[i];

		if (c >= 7 && c <= 13)
			buf_addf(out, "\\%c", names[c - 7]);
		else if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c < ' ' || c >= 0x7f)
			buf_addf(out, "\\%03o", c);
		else
			buf_addc(out, (char)c);
	}
}

static struct slice relative(struct slice path)
{
	while (path.n > 0 && (path.p[0] == '/' || (path.n > 1 && path.p[0] == '.' && path.p[1] == '/')))
		path = slice_sub(path, path.p[0] == '/' ? 1 : 2, path.n);
	return path;
}

void diff_path(struct buf *out, const char *prefix, struct slice path)
{
	path = relative(path);
	if (!needs_quotes(path)) {
		buf_adds(out, prefix);
		buf_add(out, path);
		return;
	}
	buf_addc(out, '"');
	buf_adds(out, prefix);
	add_quoted(out, path);
	buf_addc(out, '"');
}

static void add_header(struct buf *out, const char *mark, const char *prefix, struct slice path)
{
	bool space = path.n > 0 && memchr(path.p, ' ', path.n) != NULL;

	buf_adds(out, mark);
	diff_path(out, prefix, path);
	/* As git does: the tab tells patch that the name, with its spaces, ends here. */
	buf_adds(out, space && !needs_quotes(path) ? "\t\n" : "\n");
}

/* Do the edits give the same text again? It is worth a look only if they give as many bytes as they take. */
static bool changes_nothing(struct slice text, const struct edits *edits)
{
	struct buf edited = {0};
	size_t gone = 0;
	size_t come = 0;
	bool same;

	for (size_t i = 0; i < edits->n; i++) {
		gone += edits->v[i].del;
		come += edits->v[i].ins.n;
	}
	if (gone != come)
		return false;
	edits_apply(edits, text, &edited);
	same = slice_eq(buf_slice(&edited), text);
	buf_release(&edited);
	return same;
}

void diff_unified(struct buf *out, struct slice path, struct slice text, const struct edits *edits)
{
	struct differ d = {.text = text, .edits = edits};
	struct change change;
	bool first = true;

	BUG_IF(!edits->sealed && edits->n > 0);
	if (changes_nothing(text, edits))
		return;
	read_change(&d);
	while (next_change(&d, &change)) {
		bool open = d.body.n > 0;

		if (first) {
			add_header(out, "--- ", "a/", path);
			add_header(out, "+++ ", "b/", path);
			first = false;
		}
		if (open && count_lines(text, d.at, change.from, 2 * CONTEXT + 1) > 2 * CONTEXT) {
			close_hunk(&d, out);
			open = false;
		}
		if (!open)
			open_hunk(&d, change.from);
		add_change(&d, change);
	}
	if (d.body.n > 0)
		close_hunk(&d, out);
	buf_release(&d.fresh);
	buf_release(&d.body);
	buf_release(&d.joined);
}
