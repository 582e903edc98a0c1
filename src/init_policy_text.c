/* Entries as YAML. What comes from manifests and file systems is hostile: it is quoted, and escaped in comments. */
#include <string.h>

#include "init_policy_impl.h"

#include "capfix/caps.h"
#include "capfix/images.h"
#include "capfix/report_text.h"

/* Places that a comment names; the others are counted. */
enum { PLACES = 3, ODDS = 50 };

static const char *const key_names[INIT_KEYS] = {
	[INIT_PATH] = "path",
	[INIT_KIND] = "kind",
	[INIT_NAMESPACE] = "namespace",
	[INIT_NAME] = "name",
	[INIT_CONTAINER] = "container",
	[INIT_IMAGE] = "image",
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char to_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* A word that some YAML parser takes for no string: YAML 1.1 has yes and no. */
static bool is_taken(struct slice text)
{
	static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "y", "n", "null"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t at = 0;
		while (at < text.n && words[i][at] && to_lower(text.p[at]) == words[i][at])
			at++;
		if (at == text.n && !words[i][at])
			return true;
	}
	return false;
}

/* Letters first, then nothing that means anything to YAML. */
static bool is_plain(struct slice text)
{
	if (text.n == 0 || !is_letter(text.p[0]) || is_taken(text))
		return false;
	for (size_t i = 1; i < text.n; i++) {
		char c = text.p[i];
		if (!is_letter(c) && !(c >= '0' && c <= '9') && !memchr("-_./", c, 4))
			return false;
	}
	return true;
}

static uint32_t point_at(struct slice text, size_t at, size_t *n)
{
	unsigned char c = (unsigned char)text.p[at];
	size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	uint32_t point = len == 1 ? c : c & (0x7fU >> len);

	BUG_IF(len > text.n - at);
	for (size_t i = 1; i < len; i++)
		point = point << 6 | ((unsigned char)text.p[at + i] & 0x3fU);
	*n = len;
	return point;
}

/*
 * Not to be written as it is: control characters, breaks of lines, what turns the direction of writing, and the
 * unseen.
 */
static bool is_hidden(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point <= 0xa0) || point == 0xad || point == 0x61c ||
		(point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
		(point >= 0x2060 && point <= 0x206f) || point == 0xfeff || (point & 0xfffe) == 0xfffe;
}

static void write_double(struct buf *out, struct slice text)
{
	size_t n;

	buf_addc(out, '"');
	for (size_t at = 0; at < text.n; at += n) {
		uint32_t point = point_at(text, at, &n);
		if (point == '"' || point == '\\')
			buf_addc(out, '\\');
		if (!is_hidden(point))
			buf_add(out, slice_sub(text, at, at + n));
		else
			buf_addf(out, point > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)point);
	}
	buf_addc(out, '"');
}

/* Easier to read in single quotes: it has a backslash or a double quote, and nothing that those can't hold. */
static bool prefers_single(struct slice text)
{
	bool prefers = false;
	size_t n;

	for (size_t at = 0; at < text.n; at += n) {
		uint32_t point = point_at(text, at, &n);
		if (point == '\'' || is_hidden(point))
			return false;
		prefers = prefers || point == '\\' || point == '"';
	}
	return prefers;
}

void init_write_scalar(struct buf *out, struct slice text, bool quoted)
{
	if (!quoted && is_plain(text)) {
		buf_add(out, text);
	} else if (!quoted && prefers_single(text)) {
		buf_addc(out, '\'');
		buf_add(out, text);
		buf_addc(out, '\'');
	} else {
		write_double(out, text);
	}
}

static void write_values(struct buf *out, const struct init_values *values, bool quoted)
{
	if (values->n > 1)
		buf_addc(out, '[');
	for (size_t i = 0; i < values->n; i++) {
		if (i > 0)
			buf_adds(out, ", ");
		/* A list is flow, where a plain text with a comma would end early; plain texts have none. */
		init_write_scalar(out, values->v[i], quoted);
	}
	if (values->n > 1)
		buf_addc(out, ']');
}

static void comment(struct buf *out, struct slice indent)
{
	buf_add(out, indent);
	buf_adds(out, "# ");
}

static void write_who(struct buf *out, const struct init_use *use)
{
	const struct subject *subject = &use->subject;

	report_escape(out, use->path);
	buf_addf(out, ":%zu: ", use->line);
	if (subject->container.n > 0) {
		buf_adds(out, "container ");
		report_escape(out, subject->container);
	} else {
		buf_adds(out, "a container without name");
	}
	buf_adds(out, " of ");
	report_escape(out, subject->kind);
	if (subject->name.n > 0)
		buf_addc(out, ' ');
	if (subject->name.n > 0 && subject->namespace.n > 0) {
		report_escape(out, subject->namespace);
		buf_addc(out, '/');
	}
	report_escape(out, subject->name);
}

static void write_places(struct buf *out, const struct init_entry *entry, struct slice indent)
{
	size_t shown = entry->nuses <= PLACES + 1 ? entry->nuses : PLACES;

	comment(out, indent);
	buf_addf(out, "%zu place%s:\n", entry->nuses, entry->nuses == 1 ? "" : "s");
	for (size_t i = 0; i < shown; i++) {
		comment(out, indent);
		buf_adds(out, "  ");
		write_who(out, entry->uses[i]);
		buf_addc(out, '\n');
	}
	if (shown < entry->nuses) {
		comment(out, indent);
		buf_addf(out, "  and %zu more\n", entry->nuses - shown);
	}
}

static void write_hint(struct buf *out, const struct image_hint *hint, struct slice indent)
{
	comment(out, indent);
	buf_addf(out, "%s is known to need %s once ALL is dropped:\n", hint->pattern, hint->capabilities);
	comment(out, indent);
	buf_addf(out, "  %s\n", hint->why);
}

static void write_comments(struct buf *out, const struct init_entry *entry, struct slice indent)
{
	const struct image_hint *hint = NULL;
	const struct policy_entry *expired = NULL;

	write_places(out, entry, indent);
	for (size_t i = 0; i < entry->nuses; i++) {
		if (!hint)
			hint = images_hint(entry->uses[i]->subject.image);
		if (!expired)
			expired = entry->uses[i]->expired;
	}
	if (hint)
		write_hint(out, hint, indent);
	if (!expired)
		return;
	comment(out, indent);
	buf_addf(out, "allowed until %.*s by the entry of line %zu, which has expired\n", (int)expired->expires.n,
		expired->expires.p, expired->line);
}

static const char *name_of(const struct init_entry *entry)
{
	return caps_name(entry->uses[0]->capability);
}

static void write_block(
	struct buf *out, const struct init_entry *entry, const struct init_style *style, const char *reason)
{
	buf_add(out, style->indent);
	buf_addc(out, '-');
	buf_fill(out, ' ', style->inner - 1);
	buf_addf(out, "capability: %s\n", name_of(entry));
	buf_add(out, style->indent);
	buf_fill(out, ' ', style->inner);
	buf_addf(out, "reason:%s%s\n", *reason ? " " : "", reason);
	buf_add(out, style->indent);
	buf_fill(out, ' ', style->inner);
	buf_adds(out, "match:\n");
	for (enum init_key key = 0; key < INIT_KEYS; key++) {
		if (entry->match[key].n == 0)
			continue;
		buf_add(out, style->indent);
		buf_fill(out, ' ', style->inner + 2);
		buf_addf(out, "%s: ", key_names[key]);
		write_values(out, &entry->match[key], false);
		buf_addc(out, '\n');
	}
}

static void write_flow(
	struct buf *out, const struct init_entry *entry, const struct init_style *style, const char *reason)
{
	const char *q = style->quoted ? "\"" : "";
	const char *between = "";

	buf_add(out, style->indent);
	buf_addf(out, "{%scapability%s: %s%s%s, %sreason%s: \"%s\", %smatch%s: {", q, q, q, name_of(entry), q, q, q,
		reason, q, q);
	for (enum init_key key = 0; key < INIT_KEYS; key++) {
		if (entry->match[key].n == 0)
			continue;
		buf_addf(out, "%s%s%s%s: ", between, q, key_names[key], q);
		write_values(out, &entry->match[key], style->quoted);
		between = ", ";
	}
	buf_adds(out, "}}");
}

static void write_refused(struct buf *out, const struct init_entry *entry, struct slice indent)
{
	comment(out, indent);
	buf_addf(out, "%s gets no entry of its own here: ", name_of(entry));
	report_escape(out, entry->refusal);
	buf_addc(out, '\n');
	write_places(out, entry, indent);
}

void init_write_entries(
	struct buf *out, struct init_entries *entries, const struct init_style *style, const char *reason, bool open)
{
	size_t last = entries->n;

	for (size_t i = 0; i < entries->n; i++) {
		if (entries->v[i].refusal.n > 0)
			write_refused(out, &entries->v[i], style->indent);
		else
			last = i;
	}
	for (size_t i = 0; i < entries->n; i++) {
		struct init_entry *entry = &entries->v[i];
		if (entry->refusal.n > 0)
			continue;
		write_comments(out, entry, style->indent);
		entry->at = out->n;
		if (!style->flow) {
			write_block(out, entry, style, reason);
			continue;
		}
		write_flow(out, entry, style, reason);
		if (i != last || style->comma)
			buf_addc(out, ',');
		buf_addc(out, '\n');
	}
	if (open && out->n > 0)
		out->n--;
}

static void write_odd(struct buf *out, const struct init_odd *odd, struct slice indent)
{
	comment(out, indent);
	buf_adds(out, "  ");
	report_escape(out, odd->path);
	buf_addf(out, ":%zu: ", odd->line);
	report_escape(out, odd->text);
	buf_adds(out,
		odd->all ? ": name the capabilities that are needed instead\n"
			 : ": Linux knows no capability of that name\n");
}

void init_write_odds(struct buf *out, const struct init_policy *init, struct slice indent)
{
	if (init->nodds == 0)
		return;
	comment(out, indent);
	buf_addf(out, "No policy can allow %s, so the fix takes %s away:\n",
		init->nodds == 1 ? "this add" : "these adds", init->nodds == 1 ? "it" : "them");
	for (size_t i = 0; i < init->nodds && i < ODDS; i++)
		write_odd(out, &init->odds[i], indent);
	if (init->nodds <= ODDS)
		return;
	comment(out, indent);
	buf_addf(out, "  and %zu more\n", init->nodds - ODDS);
}

void init_write_needs(struct buf *out, const struct init_policy *init)
{
	if (init->nneeds == 0)
		return;
	buf_adds(out,
		"# Images that add nothing today, but are known to need capabilities once ALL is dropped. An entry with\n"
		"# `ensure: true` gives them back:\n");
	for (size_t i = 0; i < init->nneeds; i++) {
		const struct init_need *need = &init->needs[i];
		buf_addf(out, "#   %s in %zu place%s, first ", need->hint->pattern, need->n, need->n == 1 ? "" : "s");
		report_escape(out, need->path);
		buf_addf(out, ":%zu: %s: %s\n", need->line, need->hint->capabilities, need->hint->why);
	}
}
