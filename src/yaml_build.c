#include "yaml_build.h"

#include <stdlib.h>
#include <string.h>

void yaml_build_init(struct yaml_build *build, struct yaml *yaml, const struct source *source, struct arena *arena,
	struct error *err)
{
	*yaml = (struct yaml){.source = source, .n = 1};
	*build = (struct yaml_build){.yaml = yaml, .text = source->text, .arena = arena, .err = err, .at = source->bom};
	yaml->nodes = arena_grow(arena, NULL, 0, &build->node_cap, source->text.n / 16 + 16, sizeof(*yaml->nodes));
}

void yaml_build_release(struct yaml_build *build)
{
	free(build->frames);
	free(build->anchors);
}

static bool fail_at(struct yaml_build *build, size_t at, const char *what)
{
	error_set(build->err, "%s", what);
	source_place(build->yaml->source, at, &build->err->line, &build->err->col);
	return false;
}

/* Skips blanks, breaks and comments. Between content tokens nothing else can hide a `#` (YAML 1.2, 6.6). */
static size_t skip_gap(struct slice text, size_t at)
{
	for (; at < text.n; at++) {
		char c = text.p[at];

		if (c == '#') {
			while (at < text.n && text.p[at] != '\n' && text.p[at] != '\r')
				at++;
			if (at == text.n)
				break;
		} else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
			break;
		}
	}
	return at;
}

static struct yaml_props *add_props(struct yaml_build *build, struct yaml_mark anchor, struct yaml_mark tag)
{
	struct yaml *yaml = build->yaml;
	struct yaml_props *props;
	size_t begin = SIZE_MAX, end = 0;

	if (yaml->nprops == build->props_cap)
		yaml->props = arena_grow(build->arena, yaml->props, yaml->nprops, &build->props_cap, yaml->nprops + 1,
			sizeof(*yaml->props));
	props = &yaml->props[yaml->nprops++];
	*props = (struct yaml_props){.node = yaml->n};
	if (anchor.there) {
		props->anchor_at = (uint32_t)anchor.start;
		props->anchor_len = (uint32_t)(anchor.end - anchor.start);
		begin = anchor.start - 1;
		end = anchor.end;
	}
	if (tag.there) {
		props->tag_at = (uint32_t)tag.start;
		props->tag_len = (uint32_t)(tag.end - tag.start);
		begin = tag.start < begin ? tag.start : begin;
		end = tag.end > end ? tag.end : end;
	}
	props->start = (uint32_t)begin;
	props->end = (uint32_t)end;
	return props;
}

/* A new node, linked to what holds it. The caller fills in its range. */
static uint32_t add_node(struct yaml_build *build, enum yaml_type type, enum yaml_style style)
{
	struct yaml *yaml = build->yaml;
	struct yaml_frame *top = build->depth ? &build->frames[build->depth - 1] : NULL;
	uint32_t at = yaml->n, *link;
	struct yaml_node *node, *holder;

	if (yaml->n == build->node_cap)
		yaml->nodes = arena_grow(build->arena, yaml->nodes, yaml->n, &build->node_cap, (size_t)yaml->n + 1,
			sizeof(*yaml->nodes));
	node = &yaml->nodes[yaml->n++];
	*node = (struct yaml_node){.type = (uint8_t)type, .style = (uint8_t)style};
	build->size++;
	if (!top) {
		link = build->last_root ? &yaml->nodes[build->last_root].next : &yaml->first_root;
		*link = build->last_root = at;
		return at;
	}
	node->parent = top->node;
	holder = &yaml->nodes[top->node];
	if (holder->type == YAML_MAP && !top->key) {
		node->is_key = true;
		top->key = at;
		return at;
	}
	if (top->key) {
		node->key = top->key;
		yaml->nodes[top->key].next = at;
		top->key = 0;
	}
	link = holder->last ? &yaml->nodes[holder->last].next : &holder->first;
	*link = holder->last = at;
	return at;
}

void yaml_build_document(struct yaml_build *build, struct yaml_mark mark)
{
	build->document++;
	build->size = build->aliased = 0;
	if (mark.there && mark.end > mark.start)
		build->at = mark.end;
}

/*
 * go-yaml's decode.go (allowedAliasRatio) refuses a document most of which comes from aliases: 99 % up to
 * 400,000 nodes, 10 % from 4,000,000 on.
 */
bool yaml_build_document_end(struct yaml_build *build)
{
	double size = (double)build->size, share = 0.99;

	if (build->size <= 1000 || build->aliased <= 100)
		return true;
	if (size >= 4e6)
		share = 0.10;
	else if (size > 4e5)
		share = 0.99 - 0.89 * (size - 4e5) / 3.6e6;
	if ((double)build->aliased <= share * size)
		return true;
	return fail_at(
		build, build->at, "aliases repeat too much of this document: Kubernetes refuses it; write it out");
}

/* Where a node without a value stands: behind its `:`, `-` or `?`, else behind its key. */
static size_t empty_at(struct yaml_build *build)
{
	const struct yaml_frame *top = build->depth ? &build->frames[build->depth - 1] : NULL;
	size_t at = build->at, next = skip_gap(build->text, at);
	char want = '\0';

	if (!top)
		return at;
	if (build->yaml->nodes[top->node].type == YAML_SEQ)
		want = '-';
	else
		want = top->key ? ':' : '?';
	if (want == '?' && next < build->text.n && build->text.p[next] == ',')
		next = skip_gap(build->text, next + 1);
	return next < build->text.n && build->text.p[next] == want ? next + 1 : at;
}

static bool is_block_scalar(enum yaml_style style)
{
	return style == YAML_LITERAL || style == YAML_FOLDED;
}

/* Nothing but spaces from `at` to the line's end, or to `end`. */
static bool blank_line(struct slice text, size_t at, size_t end, size_t *indent)
{
	size_t i = at;

	while (i < end && text.p[i] == ' ')
		i++;
	*indent = i - at;
	return i == end || text.p[i] == '\n' || text.p[i] == '\r';
}

static size_t next_line(struct slice text, size_t at)
{
	while (at < text.n && text.p[at] != '\n' && text.p[at] != '\r')
		at++;
	if (at + 1 < text.n && text.p[at] == '\r' && text.p[at + 1] == '\n')
		return at + 2;
	return at < text.n ? at + 1 : at;
}

/* The indent of the innermost block collection; -1 outside of any. */
static long block_indent(const struct yaml_build *build)
{
	for (size_t i = build->depth; i > 0; i--)
		if (!build->frames[i - 1].flow)
			return (long)build->frames[i - 1].col;
	return -1;
}

/*
 * A block scalar's real range. libfyaml 0.7.12 ends it at the next token, and reads the siblings of an empty nested
 * one as its text: there the first line with content is indented no more than the collection that holds it (YAML 1.2,
 * 8.1.1.1).
 */
static bool block_scalar(struct yaml_build *build, uint32_t node, struct yaml_mark mark)
{
	struct slice text = build->text;
	size_t header = build->at, indent = SIZE_MAX, got, line, end;
	bool keep = false;

	while (header < mark.start && text.p[header] != '|' && text.p[header] != '>')
		header = text.p[header] == '#' ? next_line(text, header) : header + 1;
	for (size_t i = header + 1; i < mark.start && text.p[i] > ' '; i++) {
		keep = keep || text.p[i] == '+';
		if (text.p[i] >= '1' && text.p[i] <= '9')
			indent = 0; /* written out: later lines can't be misread */
	}
	end = mark.start;
	for (line = mark.start; line < mark.end; line = next_line(text, line)) {
		bool blank = blank_line(text, line, mark.end, &got);

		if (next_line(text, line) > mark.end && blank)
			break; /* the indentation of the next token */
		if (!blank && indent == SIZE_MAX) {
			indent = got;
			if ((long)got <= block_indent(build))
				return fail_at(build, line,
					"an empty block scalar before this line can't be read safely: give it a value or \"\"");
		}
		if (keep || !blank || got > indent)
			end = next_line(text, line);
	}
	build->yaml->nodes[node].start = (uint32_t)header;
	build->yaml->nodes[node].end = (uint32_t)end;
	build->at = end;
	return true;
}

static uint32_t start_node(struct yaml_build *build, enum yaml_type type, enum yaml_style style,
	struct yaml_mark anchor, struct yaml_mark tag)
{
	uint32_t node;
	struct yaml_props *props = NULL;

	if (anchor.there || tag.there)
		props = add_props(build, anchor, tag);
	node = add_node(build, type, style);
	if (!props)
		return node;
	build->yaml->nodes[node].has_props = true;
	build->at = props->end > build->at ? props->end : build->at;
	if (anchor.there)
		yaml_anchor_set(build, slice_sub(build->text, anchor.start, anchor.end), node);
	return node;
}

bool yaml_build_scalar(struct yaml_build *build, enum yaml_style style, struct yaml_mark mark, struct yaml_mark anchor,
	struct yaml_mark tag)
{
	size_t empty = style == YAML_EMPTY ? empty_at(build) : 0;
	uint32_t node = start_node(build, YAML_SCALAR, style, anchor, tag);
	struct yaml_node *n = &build->yaml->nodes[node];
	size_t quote = style == YAML_SINGLE || style == YAML_DOUBLE;

	if (is_block_scalar(style))
		return block_scalar(build, node, mark);
	if (style == YAML_EMPTY) {
		if (!n->has_props)
			build->at = empty;
		n->start = n->end = (uint32_t)build->at;
		return true;
	}
	n->start = (uint32_t)(mark.start - quote);
	n->end = (uint32_t)(mark.end + quote);
	build->at = n->end;
	if (n->is_key && mark.end - mark.start == 2 && !memcmp(build->text.p + mark.start, "<<", 2))
		build->yaml->merges = true;
	return true;
}

bool yaml_build_alias(struct yaml_build *build, struct yaml_mark mark)
{
	struct yaml *yaml = build->yaml;
	uint32_t node = add_node(build, YAML_ALIAS, YAML_PLAIN);
	uint32_t target = yaml_anchor_find(build, slice_sub(build->text, mark.start, mark.end));
	struct yaml_node *n = &yaml->nodes[node];
	struct yaml_props *props;
	uint64_t size;

	n->start = (uint32_t)(mark.start - 1);
	n->end = (uint32_t)mark.end;
	build->at = n->end;
	if (!target)
		return fail_at(
			build, n->start, "this alias names no anchor before it: add the anchor or write the value out");
	if (yaml->nodes[target].end == 0)
		return fail_at(
			build, n->start, "this alias stands inside the value that it names: write the value out");
	n->first = target;
	props = &yaml->props[yaml_props(yaml, target) - yaml->props];
	n->last = props->aliases;
	props->aliases = node;
	size = props->size < UINT32_MAX ? props->size : UINT32_MAX;
	build->size += size;
	build->aliased += size + 1;
	return true;
}

bool yaml_build_open(struct yaml_build *build, enum yaml_type type, bool flow, struct yaml_mark mark,
	struct yaml_mark anchor, struct yaml_mark tag)
{
	uint32_t node;

	if (build->depth == YAML_MAX_DEPTH)
		return fail_at(build, mark.start, "nested deeper than 10,000 levels: Kubernetes refuses it");
	node = start_node(build, type, flow ? YAML_FLOW : YAML_BLOCK, anchor, tag);
	build->yaml->nodes[node].start = (uint32_t)mark.start;
	if (mark.end > build->at)
		build->at = mark.end; /* past the `:` or `-` that led here, so that empty_at starts in its own gap */
	if (build->depth == build->frame_cap) {
		build->frame_cap = grown(build->frame_cap, build->depth + 1);
		build->frames = xrealloc(build->frames, build->frame_cap, sizeof(*build->frames));
	}
	build->frames[build->depth++] =
		(struct yaml_frame){.node = node, .col = mark.col, .flow = flow, .size = build->size};
	return true;
}

void yaml_build_close(struct yaml_build *build, struct yaml_mark mark)
{
	struct yaml_frame *top = &build->frames[--build->depth];
	struct yaml *yaml = build->yaml;
	struct yaml_node *node = &yaml->nodes[top->node];
	const struct yaml_props *props = yaml_props(yaml, top->node);

	if (top->flow && mark.there && mark.end > mark.start)
		build->at = mark.end;
	node->end = (uint32_t)build->at;
	if (top->flow && node->first && build->text.p[node->start] != '{' && build->text.p[node->start] != '[')
		node->start =
			(uint32_t)yaml_begin(yaml, yaml->nodes[node->first].key); /* `[a: b]`: a map without brackets */
	if (props)
		yaml->props[props - yaml->props].size = build->size - top->size;
}
