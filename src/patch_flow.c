/* Entries that go from a flow collection, each with one comma. */
#include <string.h>

#include "patch_impl.h"

struct entry {
	uint32_t node;
	size_t start;
	size_t end;
	bool gone;
};

struct entries {
	struct entry *v;
	size_t n;
	size_t open;  /* behind the opening bracket */
	size_t close; /* at the closing one */
};

static struct entries entries_of(struct patch *patch, uint32_t collection)
{
	const struct yaml *yaml = patch->yaml;
	struct entries entries = {.open = yaml->nodes[collection].start + 1, .close = yaml->nodes[collection].end - 1};
	size_t cap = 0;

	for (uint32_t node = yaml->nodes[collection].first; node; node = yaml->nodes[node].next) {
		uint32_t key = yaml->nodes[node].key;
		struct entry *entry;

		if (entries.n == cap)
			entries.v =
				arena_grow(patch->arena, entries.v, entries.n, &cap, entries.n + 1, sizeof(*entries.v));
		entry = &entries.v[entries.n++];
		entry->node = node;
		entry->start = yaml_begin(yaml, key ? key : node);
		entry->end = yaml->nodes[node].end;
		if (yaml->nodes[node].style == YAML_EMPTY && patch->text.p[entry->end] == ' ')
			entry->end++; /* where patch_fill writes */
		if (key && yaml->nodes[key].end > entry->end)
			entry->end = yaml->nodes[key].end;
		entry->gone = patch_is_removed(patch, node);
	}
	return entries;
}

/* The entry has its lines for itself; a comma and a comment may stand behind it. */
static bool own_lines(const struct patch *patch, const struct entry *entry)
{
	size_t end = source_end(patch->source, source_line(patch->source, entry->end)), at = entry->end;

	if (!patch_first_on_line(patch, entry->start))
		return false;
	for (int comma = 0; at < end; at++) {
		char c = patch->text.p[at];

		if (c == '#')
			return true;
		if (c != ' ' && c != '\t' && (c != ',' || comma++))
			return false;
	}
	return true;
}

/* A comment behind something on its line, in a gap between entries. */
static bool trailing_comment(const struct patch *patch, size_t from, size_t to)
{
	for (size_t at = from; at < to; at++) {
		if (patch->text.p[at] != '#')
			continue;
		if (!patch_first_on_line(patch, at))
			return true;
		at = source_end(patch->source, source_line(patch->source, at));
	}
	return false;
}

/*
 * Takes [from, to) out, but for comments that have a line of their own; what stood on the last line stays on its own
 * then.
 */
static void cut(struct patch *patch, size_t from, size_t to)
{
	size_t last = source_line(patch->source, to);

	for (size_t line = source_line(patch->source, from) + 1; line <= last; line++) {
		if (!patch_is_comment(patch, line) || source_start(patch->source, line) >= to)
			continue;
		if (source_end(patch->source, line - 1) > from)
			patch_edit(patch, from, source_end(patch->source, line - 1) - from, SLICE(""));
		from = source_end(patch->source, line);
		if (!patch_is_comment(patch, line + 1))
			from = source_next(patch->source, line) +
				patch_line_blank(patch, source_next(patch->source, line)).n;
	}
	if (from < to)
		patch_edit(patch, from, to - from, SLICE(""));
}

/* Line by line: comments of the entries that stay keep their places, and so do those on lines of their own. */
static bool remove_lines(struct patch *patch, const struct entries *entries)
{
	size_t kept = entries->n, comma;

	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *entry = &entries->v[i];

		if (entry->gone)
			patch_delete_span(patch, entry->start, entry->end);
		else
			kept = i;
	}
	if (!entries->v[entries->n - 1].gone || kept == entries->n)
		return true;
	/* The last ones went. Without a trailing comma at the end there is none now either. */
	if (patch->text.p[patch_skip(patch, entries->v[entries->n - 1].end)] == ',')
		return true;
	comma = patch_skip(patch, entries->v[kept].end);
	BUG_IF(patch->text.p[comma] != ',');
	patch_edit(patch, comma, 1, SLICE(""));
	return true;
}

/* Each with the comma and the space before it; the first ones with those behind them. */
static bool remove_inline(struct patch *patch, const struct entries *entries)
{
	bool kept_before = false;

	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *entry = &entries->v[i];

		if (!entry->gone) {
			kept_before = true;
			continue;
		}
		BUG_IF(!kept_before && i + 1 == entries->n);
		if (!kept_before) {
			cut(patch, entry->start, entries->v[i + 1].start);
			/* `{{` would begin a template. */
			if (entry->start == entries->open && patch_has(patch, entries->open - 1, entries->open, '{') &&
				patch_has(patch, entries->v[i + 1].start, entries->v[i + 1].start + 1, '{'))
				patch_edit(patch, entry->start, 0, SLICE(" "));
			continue;
		}
		if (!entries->v[i - 1].gone && trailing_comment(patch, entries->v[i - 1].end, entry->start))
			return patch_fail(patch, entry->node,
				"a comment between the entries: put each entry on a line of its own");
		cut(patch, entries->v[i - 1].end, entry->end);
	}
	return true;
}

/* `add` is the last key and the map gets `drop`: that is written in its place. */
static void replace_last(struct patch *patch, uint32_t map, const struct entries *entries, const struct change *append)
{
	const struct entry *last = &entries->v[entries->n - 1];
	struct style style = patch_style(patch, append, map);

	patch_edit(patch, last->start, 0, patch_flow_text(patch, append, &style, true));
	cut(patch, last->start, last->end);
}

/* The last entry goes while others come: they are written in its place. */
static void replace_entry(struct patch *patch, struct entry *entry, struct slice names)
{
	enum yaml_style like = (enum yaml_style)patch->yaml->nodes[entry->node].style;

	patch_edit(patch, entry->start, 0, patch_flow_names(patch, names, like, false));
	cut(patch, entry->start, entry->end);
	entry->gone = false;
}

/* The entry, or one of its own, looks as if a comment stood in it. */
static bool has_commented(const struct patch *patch, uint32_t node)
{
	uint32_t item = patch->yaml->nodes[node].type == YAML_SEQ ? patch->yaml->nodes[node].first : node;

	for (; item; item = item == node ? YAML_NONE : patch->yaml->nodes[item].next)
		if (patch_looks_commented(patch, item))
			return true;
	return false;
}

/* A line break stands between the key and its `:`. */
static bool apart(const struct patch *patch, uint32_t value)
{
	uint32_t key = patch->yaml->nodes[value].key;
	size_t end = key ? patch->yaml->nodes[key].end : 0;
	size_t colon = key ? patch_skip(patch, end) : 0;

	return source_line(patch->source, end) != source_line(patch->source, colon);
}

bool patch_remove_flow(struct patch *patch, uint32_t collection)
{
	const struct yaml *yaml = patch->yaml;
	struct entries entries = entries_of(patch, collection);
	const struct change *append = patch_appended(patch, collection);
	size_t gone = 0, own = 0;

	patch->done[collection] = false;
	if (patch->text.p[entries.open - 1] != (yaml->nodes[collection].type == YAML_MAP ? '{' : '['))
		return patch_fail(patch, collection, "a mapping without braces in a list: put braces around it");
	for (size_t i = 0; i < entries.n; i++) {
		gone += entries.v[i].gone;
		own += own_lines(patch, &entries.v[i]);
		if (entries.v[i].gone && has_commented(patch, entries.v[i].node))
			return patch_fail(patch, entries.v[i].node, "a capability over several lines: write it on one line");
		if (entries.v[i].gone && apart(patch, entries.v[i].node))
			return patch_fail(patch, entries.v[i].node, "a comment between a key and its `:`: move it out");
		if (entries.v[i].start > 1 && patch_has(patch, entries.v[i].start - 2, entries.v[i].start, '?'))
			return patch_fail(patch, entries.v[i].node, "an explicit key (`?`): write it as `key: value`");
	}
	patch->done[collection] = true;
	if (append && entries.v[entries.n - 1].gone && gone == 1) {
		replace_last(patch, collection, &entries, append);
		return true;
	}
	patch->done[collection] = !append;
	if (patch_grown(patch, collection)) {
		patch->done[collection] = entries.v[entries.n - 1].gone;
		if (patch->done[collection]) {
			replace_entry(patch, &entries.v[entries.n - 1], patch_grown(patch, collection)->text);
			if (--gone == 0)
				return true;
		}
	}
	if (gone == entries.n) {
		if (trailing_comment(patch, entries.open, entries.v[0].start))
			return patch_fail(patch, collection, "a comment behind the brace: put it on a line of its own");
		cut(patch, entries.open, entries.close);
		return true;
	}
	return own == entries.n ? remove_lines(patch, &entries) : remove_inline(patch, &entries);
}
