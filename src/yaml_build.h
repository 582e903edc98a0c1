/* yaml_build: the table of nodes while it grows, event by event. Private to yaml. */
#ifndef CAPFIX_YAML_BUILD_H
#define CAPFIX_YAML_BUILD_H

#include "capfix/yaml.h"

enum { YAML_MAX_TEXT = 1 << 30 };

/* A token's range as libfyaml gives it; not there for an implicit one. */
struct yaml_mark {
	bool there;
	size_t start;
	size_t end;
	size_t col; /* 0-based, of the start */
};

struct yaml_frame {
	uint32_t node;
	uint32_t key; /* the pending key of a mapping */
	size_t col;   /* a block collection's indent */
	bool flow;
	uint64_t size; /* expanded nodes of the document when it was opened */
};

struct yaml_anchor_slot {
	struct slice name;
	uint32_t node;
	uint32_t document;
};

struct yaml_build {
	struct yaml *yaml;
	struct slice text;
	struct arena *arena;
	struct error *err;
	size_t node_cap;
	size_t props_cap;
	struct yaml_frame *frames; /* owned, as anchors */
	size_t depth;
	size_t frame_cap;
	struct yaml_anchor_slot *anchors; /* hash table, open addressing */
	size_t anchor_cap;
	size_t anchors_used;
	uint32_t document; /* anchors of earlier documents do not count */
	uint32_t last_root;
	size_t at;        /* behind the last content token, or the last indicator that counted */
	uint64_t size;    /* nodes of this document, aliases expanded */
	uint64_t aliased; /* those of them that aliases brought */
};

void yaml_build_init(struct yaml_build *build, struct yaml *yaml, const struct source *source, struct arena *arena,
	struct error *err);
void yaml_build_release(struct yaml_build *build);
void yaml_build_document(struct yaml_build *build, struct yaml_mark mark);
bool yaml_build_document_end(struct yaml_build *build);
bool yaml_build_scalar(struct yaml_build *build, enum yaml_style style, struct yaml_mark mark, struct yaml_mark anchor,
	struct yaml_mark tag);
bool yaml_build_alias(struct yaml_build *build, struct yaml_mark mark);
bool yaml_build_open(struct yaml_build *build, enum yaml_type type, bool flow, struct yaml_mark mark,
	struct yaml_mark anchor, struct yaml_mark tag);
void yaml_build_close(struct yaml_build *build, struct yaml_mark mark);

/* Anchors by name, in yaml_anchor.c. */
void yaml_anchor_set(struct yaml_build *build, struct slice name, uint32_t node);
uint32_t yaml_anchor_find(const struct yaml_build *build, struct slice name);

#endif
