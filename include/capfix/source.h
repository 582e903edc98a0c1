/*
 * source: one text with what is known of it before it is parsed: its encoding, byte order mark and lines.
 *
 * Floor 1. A line ends with LF, CR LF or a lone CR (YAML 1.2, 5.4). Offsets are bytes from the start of the text, the
 * byte order mark included. Line numbers are 0-based here, 1-based where people read them.
 */
#ifndef CAPFIX_SOURCE_H
#define CAPFIX_SOURCE_H

#include "capfix/arena.h"
#include "capfix/base.h"

struct source {
	struct slice text; /* borrowed */
	size_t bom;        /* 3 if the text starts with a UTF-8 byte order mark, else 0 */
	size_t *starts;    /* offset of each line's first byte, behind the byte order mark; in the arena */
	size_t lines;      /* at least 1; a final line break does not begin another line */
	size_t *points; /* code points before each block of 1024 bytes, so that long lines cost nothing; NULL for ASCII */
};

/*
 * Refuses what is not UTF-8 text: UTF-16, UTF-32, a NUL byte, bytes that are not UTF-8 (the error names the place).
 * Linear, and fast for ASCII.
 */
bool source_check(struct slice text, struct error *err);

/*
 * Refuses U+0085, U+2028 and U+2029, where Kubernetes' parser (go-yaml's is_break) ends a line and libfyaml does not.
 */
bool source_check_breaks(struct slice text, struct error *err);

/* Indexes the lines. The text must have passed source_check. */
void source_init(struct source *source, struct slice text, struct arena *arena);

/* The line that holds the byte at `at`; the last line for the end of the text. */
size_t source_line(const struct source *source, size_t at);
/* First byte of the line. */
size_t source_start(const struct source *source, size_t line);
/* First byte of the line's break, or the end of the text. */
size_t source_end(const struct source *source, size_t line);
/* First byte after the line's break, or the end of the text. */
size_t source_next(const struct source *source, size_t line);
/* The line's own break; empty for a last line without one. */
struct slice source_break(const struct source *source, size_t line);
/* The break that a new line beside `line` gets: its own, else the one before it, else LF. */
struct slice source_new_break(const struct source *source, size_t line);
/* 1-based line, 1-based column in code points (the byte order mark is no column). */
void source_place(const struct source *source, size_t at, size_t *line, size_t *col);

#endif
