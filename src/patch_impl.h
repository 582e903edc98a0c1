/* What the parts of patch share. */
#ifndef CAPFIX_PATCH_IMPL_H
#define CAPFIX_PATCH_IMPL_H

#include "capfix/buf.h"
#include "capfix/patch.h"

/* New lines that go behind line `line`; of two at one place the deeper first. */
struct line_insert {
	size_t line;
	size_t col;
	struct slice text; /* lines without breaks, joined by LF */
};

struct patch {
	struct plan *plan;
	const struct yaml *yaml;
	const struct source *source;
	struct slice text;
	struct arena *arena;
	struct edits *edits;
	bool *done;   /* by node: a collection whose removed entries are written, a map whose new key is */
	size_t *gone; /* lines that go whole */
	size_t ngone;
	size_t gone_cap;
	struct line_insert *inserts;
	size_t ninserts;
	size_t inserts_cap;
	uint32_t bad; /* where and why the last change could not be written */
	const char *reason;
};

/* How new text is written at one place. */
struct style {
	size_t step;          /* block: columns from a key to the keys below it */
	size_t dash;          /* block: columns from a key to the dashes below it */
	bool quoted;          /* keys and ALL in double quotes */
	bool tight;           /* flow: no space behind `:` and `,` */
	bool expand;          /* flow: every bracket opens lines of its own */
	struct slice blank;   /* expand: white space before the key's line */
	struct slice deeper;  /* expand: what each level adds to it */
	struct slice newline; /* expand: the line break */
};

/* New lines can stand behind this line: libfyaml takes a tab at the start of a blank or comment line for indentation of what
 * they end with. */
bool patch_can_follow(struct patch *patch, uint32_t node, size_t line);
bool patch_fail(struct patch *patch, uint32_t node, const char *reason);
void patch_edit(struct patch *patch, size_t at, size_t del, struct slice ins);

/* Lines, patch_lines.c. */
/* The lines of the bytes [from, to], but for blank ones and those that hold only a comment. */
void patch_delete_span(struct patch *patch, size_t from, size_t to);
void patch_insert_lines(struct patch *patch, size_t line, size_t col, struct slice text);
void patch_finish_lines(struct patch *patch);

/* Facts about the text, patch_look.c. */
/* The column of a byte, counted in bytes; false if tabs or bytes beyond ASCII stand before it on its line. */
bool patch_col(const struct patch *patch, size_t at, size_t *col);
bool patch_blank(struct slice text, size_t from, size_t to); /* only spaces and tabs */
bool patch_has(const struct patch *patch, size_t from, size_t to, char c);
/* The line holds nothing but a comment (if it does not lie inside a scalar). */
bool patch_is_comment(const struct patch *patch, size_t line);
/* One of the lines of a scalar looks like a comment: what takes lines out would leave it. */
bool patch_looks_commented(const struct patch *patch, uint32_t scalar);
/* A comment on a line of its own begins in the lines from `from` to before `to`: between `? key` and its `:`. */
bool patch_comment_between(const struct patch *patch, size_t from, size_t to);
/* Skips blanks, breaks and comments. */
size_t patch_skip(const struct patch *patch, size_t at);
/* Behind the `:` of a pair, or behind the value's anchor and tag; 0 if it has no `:`. */
size_t patch_behind_colon(const struct patch *patch, uint32_t value);
bool patch_keys_quoted(const struct patch *patch, uint32_t map);
/* The white space that the byte's line begins with. */
struct slice patch_line_blank(const struct patch *patch, size_t at);
/* Nothing but white space stands before the byte on its line. */
bool patch_first_on_line(const struct patch *patch, size_t at);
struct style patch_style(const struct patch *patch, const struct change *change, uint32_t map);

/* Text, patch_text.c. */
/* `key:` and what belongs below it, as lines; with key false only what belongs below it. */
struct slice patch_block_text(
	struct patch *patch, const struct change *change, size_t col, const struct style *style, bool key);
struct slice patch_flow_text(struct patch *patch, const struct change *change, const struct style *style, bool key);
/* Takes the first name off a list of them, joined by commas. */
bool patch_next_name(struct slice *names, struct slice *name);

struct slice patch_flow_names(struct patch *patch, struct slice names, enum yaml_style style, bool tight);

/* Changes of one kind. */
bool patch_append_flow(struct patch *patch, const struct change *change);
bool patch_append_item(struct patch *patch, const struct change *change);
bool patch_fill(struct patch *patch, const struct change *change);
bool patch_remove(struct patch *patch, const struct change *change);
bool patch_remove_flow(struct patch *patch, uint32_t collection);
/* The map gets a new key in this plan. */
const struct change *patch_appended(const struct patch *patch, uint32_t map);
/* The list gets new entries in this plan. */
const struct change *patch_grown(const struct patch *patch, uint32_t list);
bool patch_is_removed(const struct patch *patch, uint32_t node);

#endif
