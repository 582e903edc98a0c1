/*
 * yaml: a text as a flat table of nodes, made from libfyaml's events.
 *
 * Floor 2. yaml.c is the only file that includes <libfyaml.h>. Nodes are numbered from 1 in the order in which they
 * stand in the text; 0 (YAML_NONE) is no node. Ranges are bytes of the text.
 *
 *   scalar       [start, end) with its quotes; a block scalar from its indicator (| or >) to the end of its last line
 *                with content, its break included; with keep (+), to the end of its trailing blank lines
 *   no value     style YAML_EMPTY, start == end: right behind the `:`, `-` or `?`, or behind its anchor or tag, or,
 *                where the text has no indicator for it, behind its key
 *   flow         [start, end) with its brackets
 *   block        start at the first key or dash (at its anchor or tag, if it has one), end where its last leaf ends
 *   alias        [start, end) with its `*`
 *
 * Anchors and tags are not in these ranges: see yaml_props.
 */
#ifndef CAPFIX_YAML_H
#define CAPFIX_YAML_H

#include "capfix/arena.h"
#include "capfix/base.h"
#include "capfix/source.h"

enum { YAML_NONE = 0 };

/* Depth at which Kubernetes' parser gives up (go-yaml: max_flow_level, max_indents). */
enum { YAML_MAX_DEPTH = 10000 };

enum yaml_type { YAML_SCALAR, YAML_SEQ, YAML_MAP, YAML_ALIAS };

enum yaml_style {
	YAML_PLAIN,
	YAML_SINGLE,
	YAML_DOUBLE,
	YAML_LITERAL,
	YAML_FOLDED,
	YAML_EMPTY,
	YAML_BLOCK, /* a collection's */
	YAML_FLOW,  /* a collection's */
};

struct yaml_node {
	uint32_t start;
	uint32_t end;
	uint32_t parent; /* the collection that holds it; 0 for a document's root */
	uint32_t next;   /* the next item, value or root; of a key: the value */
	uint32_t first;  /* first item of a sequence, first *value* of a mapping; of an alias: the node it names */
	uint32_t last;   /* last item or value; of an alias: the next alias of the same node */
	uint32_t key;    /* of a mapping's value: its key. Else 0 */
	uint8_t type;    /* enum yaml_type */
	uint8_t style;   /* enum yaml_style */
	bool has_props;  /* an anchor or a tag stands before it: yaml_props */
	bool is_key;     /* it is the key of a pair */
};

/* Anchor and tag of a node. Lengths are 0 where there is none; the anchor is the name without `&`, the tag is whole. */
struct yaml_props {
	uint32_t node;
	uint32_t start; /* the first `&` or `!` */
	uint32_t end;   /* behind the last of the two */
	uint32_t anchor_at;
	uint32_t anchor_len;
	uint32_t tag_at;
	uint32_t tag_len;
	uint32_t aliases; /* the first alias of this anchor; chained by the aliases' `last` */
	uint64_t size;    /* nodes below it, aliases expanded */
};

struct yaml {
	const struct source *source; /* borrowed */
	struct yaml_node *nodes;     /* in the arena; [0] is unused */
	uint32_t n;                  /* nodes, [0] included */
	struct yaml_props *props;    /* in the order of their nodes */
	uint32_t nprops;
	bool merges;         /* there is a key that looks like a merge key */
	uint32_t first_root; /* the first document's root; chained by `next`. 0 for a text without documents */
};

/*
 * Parses the whole text. The errors are those of YAML, of depth, of an alias without an anchor, and of what libfyaml
 * 0.7.12 is known to read wrongly (an empty nested block scalar); each with its place. Linear in the text.
 */
bool yaml_parse(struct yaml *yaml, const struct source *source, struct arena *arena, struct error *err);

/* The node's own text, [start, end). */
struct slice yaml_raw(const struct yaml *yaml, uint32_t node);
/* NULL if it has none. */
const struct yaml_props *yaml_props(const struct yaml *yaml, uint32_t node);
/* Follows an alias to its node; another node is given back as it is. */
uint32_t yaml_resolve(const struct yaml *yaml, uint32_t node);
/* Where the node's text begins, anchor and tag included. */
size_t yaml_begin(const struct yaml *yaml, uint32_t node);
/* Where the node's last leaf ends: an offset in the last line that belongs to it (for a block scalar: behind it). */
size_t yaml_tail(const struct yaml *yaml, uint32_t node);
/* One past the last node of its subtree: nodes stand in the order of the text. */
uint32_t yaml_end(const struct yaml *yaml, uint32_t node);
/* The last leaf itself: a scalar, an alias, a flow collection or an empty value. */
uint32_t yaml_last_leaf(const struct yaml *yaml, uint32_t node);

/*
 * A scalar's value as YAML 1.2 decodes it (chapter 7 and 8: quotes, escapes, folded lines; a block scalar's header,
 * indentation and chomping). Borrows the text where nothing had to be decoded, else lives in the arena. BUG for others.
 */
struct slice yaml_text(const struct yaml *yaml, uint32_t node, struct arena *arena);

/* A null: no value, or plain ~, null, Null, NULL, without a tag. */
bool yaml_is_null(const struct yaml *yaml, uint32_t node);

/*
 * A string for Kubernetes' parser (go-yaml v2's resolve.go): quoted, or a plain scalar that is no null, boolean,
 * number or timestamp; with a tag, only if it is !!str.
 */
bool yaml_is_string(const struct yaml *yaml, uint32_t node);

/*
 * Looks up a key of a mapping, by the key's decoded text, in this mapping alone (no aliases, no merge keys). The
 * value, or YAML_NONE. If the key stands there again, *again is the second value, else YAML_NONE. Linear in the
 * mapping's pairs.
 */
uint32_t yaml_get(const struct yaml *yaml, uint32_t map, const char *key, uint32_t *again);

/* How many maps yaml_chain follows before it gives up. */
enum { YAML_MAX_CHAIN = 256 };

/*
 * A mapping and what it merges, in the order in which a key is looked up: the map itself, then the sources of its
 * merge keys (`<<`: an alias or a list of them), each followed by its own sources. https://yaml.org/type/merge.html
 */
struct yaml_chain {
	uint32_t maps[YAML_MAX_CHAIN];
	size_t n;
	uint32_t merge; /* the last `<<` value of the map itself, or YAML_NONE */
	bool broken;    /* a source that is no mapping, or too many */
};

/* map must be a mapping, not an alias. */
void yaml_chain(const struct yaml *yaml, uint32_t map, struct yaml_chain *chain);

struct yaml_found {
	uint32_t value; /* as it stands there, perhaps an alias; YAML_NONE if no map of the chain has the key */
	size_t at;      /* its map in the chain */
	uint32_t again; /* the key's second value in the same map, or YAML_NONE */
	bool unclear; /* the key stands before a `<<` that has it too: parsers disagree on who wins (go-yaml v2: the merge) */
};

struct yaml_found yaml_find(const struct yaml *yaml, const struct yaml_chain *chain, const char *key);

/* 1-based line and column of a node's start. */
void yaml_place(const struct yaml *yaml, uint32_t node, size_t *line, size_t *col);

#endif
