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
			entries.v = arena_grow(patch->arena, entries.v, entries.n, &cap, entries.n + 1, sizeof(*entries.v));
		entry = &entries.v[entries.n++];
		entry->node = node;
		entry->start = yaml_begin(yaml, key ? key : node);
		entry->end = yaml->nodes[node].end;
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

/* Line by line: comments of the entries that stay keep their places. */
static bool remove_lines(struct patch *patch, const struct entries *entries)
{
	size_t kept = entries->n, comma;

	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *entry = &entries->v[i];

		if (!entry->gone) {
			kept = i;
			continue;
		}
		if (patch_own_comment(patch, entry->start, entry->end))
			return patch_fail(patch, entry->node, "a comment inside what has to go: move it out");
		patch_delete_lines(patch, source_line(patch->source, entry->start), source_line(patch->source, entry->end));
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
		size_t from, to, gap;

		if (!entry->gone) {
			kept_before = true;
			continue;
		}
		BUG_IF(!kept_before && i + 1 == entries->n);
		from = kept_before ? entries->v[i - 1].end : entry->start;
		to = kept_before ? entry->end : entries->v[i + 1].start;
		gap = kept_before ? entry->start : entry->end;
		if (patch_has(patch, kept_before ? from : gap, kept_before ? gap : to, '#') ||
		    patch_own_comment(patch, entry->start, entry->end))
			return patch_fail(patch, entry->node, "a comment between the entries: put each entry on a line of its own");
		patch_edit(patch, from, to - from, SLICE(""));
	}
	return true;
}

/* `add` is the last key and the map gets `drop`: that is written in its place. */
static bool replace_last(struct patch *patch, uint32_t map, const struct entries *entries, const struct change *append)
{
	const struct entry *last = &entries->v[entries->n - 1];
	struct style style = patch_style(patch, append, map);

	if (patch_own_comment(patch, last->start, last->end))
		return patch_fail(patch, last->node, "a comment inside what has to go: move it out");
	patch_edit(patch, last->start, last->end - last->start, patch_flow_text(patch, append->level, &style, true));
	return true;
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
		if (entries.v[i].start > 1 && patch_has(patch, entries.v[i].start - 2, entries.v[i].start, '?'))
			return patch_fail(patch, entries.v[i].node, "an explicit key (`?`): write it as `key: value`");
	}
	patch->done[collection] = true;
	if (append && entries.v[entries.n - 1].gone && gone == 1)
		return replace_last(patch, collection, &entries, append);
	patch->done[collection] = !append;
	if (gone == entries.n) {
		if (patch_has(patch, entries.open, entries.v[0].start, '#') ||
		    patch_has(patch, entries.v[entries.n - 1].end, entries.close, '#') ||
		    patch_own_comment(patch, entries.open, entries.close))
			return patch_fail(patch, collection, "a comment between the braces: move it out");
		patch_edit(patch, entries.open, entries.close - entries.open, SLICE(""));
		return true;
	}
	return own == entries.n ? remove_lines(patch, &entries) : remove_inline(patch, &entries);
}
