/* The value of a scalar, decoded by hand: libfyaml 0.7.12 decodes '''' wrongly. YAML 1.2, chapters 7.3 and 8.1. */
#include <string.h>

#include "capfix/buf.h"
#include "capfix/yaml.h"

static bool is_break(char c)
{
	return c == '\n' || c == '\r';
}

static size_t skip_break(struct slice s, size_t at)
{
	return at + 1 < s.n && s.p[at] == '\r' && s.p[at + 1] == '\n' ? at + 2 : at + 1;
}

/*
 * A line break inside a flow scalar: it goes with the blanks around it; one break is a space, n + 1 of them are n
 * line feeds (YAML 1.2, 6.5). `at` is at the break; gives back where the text goes on.
 */
static size_t fold(struct slice s, size_t at, struct buf *out, size_t keep)
{
	size_t breaks = 0;

	while (out->n > keep && (out->p[out->n - 1] == ' ' || out->p[out->n - 1] == '\t'))
		out->n--;
	while (at < s.n && (is_break(s.p[at]) || s.p[at] == ' ' || s.p[at] == '\t')) {
		if (is_break(s.p[at])) {
			breaks++;
			at = skip_break(s, at);
		} else {
			at++;
		}
	}
	if (breaks == 1)
		buf_addc(out, ' ');
	else
		buf_fill(out, '\n', breaks - 1);
	return at;
}

static void add_utf8(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_addc(out, (char)c);
	} else if (c < 0x800) {
		buf_addc(out, (char)(0xc0 | c >> 6));
		buf_addc(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_addc(out, (char)(0xe0 | c >> 12));
		buf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_addc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_addc(out, (char)(0xf0 | (c >> 18 & 7)));
		buf_addc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_addc(out, (char)(0x80 | (c & 0x3f)));
	}
}

static uint32_t hex(struct slice s, size_t at, size_t digits)
{
	uint32_t value = 0;

	for (size_t i = at; i < at + digits && i < s.n; i++) {
		char c = s.p[i];

		value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

/* The escape behind a backslash at `at` - 1 (YAML 1.2, 5.7). Gives back where the text goes on. */
static size_t escape(struct slice s, size_t at, struct buf *out)
{
	static const char names[] = "0abtnvfre \"/\\NLP_\t";
	static const uint32_t values[] = {
		0, 7, 8, 9, 10, 11, 12, 13, 27, ' ', '"', '/', '\\', 0x85, 0x2028, 0x2029, 0xa0, '\t'};
	const char *name;
	size_t digits = s.p[at] == 'x' ? 2 : s.p[at] == 'u' ? 4 : s.p[at] == 'U' ? 8 : 0;

	if (digits) {
		uint32_t c = hex(s, at + 1, digits);
		size_t next = at + 1 + digits;

		/* JSON writes what lies beyond U+FFFF as two surrogates. */
		if (c >= 0xd800 && c < 0xdc00 && next + 5 < s.n && s.p[next] == '\\' && s.p[next + 1] == 'u') {
			c = 0x10000 + ((c - 0xd800) << 10) + (hex(s, next + 2, 4) - 0xdc00);
			next += 6;
		}
		add_utf8(out, c);
		return next < s.n ? next : s.n;
	}
	if (is_break(s.p[at])) { /* an escaped break: no space, the next line's blanks go */
		at = skip_break(s, at);
		while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
			at++;
		return at;
	}
	name = s.p[at] ? strchr(names, s.p[at]) : NULL;
	if (name)
		add_utf8(out, values[name - names]);
	return at + 1;
}

static void flow_scalar(struct slice s, enum yaml_style style, struct buf *out)
{
	size_t at = 0, keep = 0; /* blanks before `keep` came from escapes and stay */

	while (at < s.n) {
		if (is_break(s.p[at])) {
			at = fold(s, at, out, keep);
		} else if (style == YAML_DOUBLE && s.p[at] == '\\' && at + 1 < s.n) {
			at = escape(s, at + 1, out);
			keep = out->n;
		} else {
			buf_addc(out, s.p[at]);
			at += style == YAML_SINGLE && s.p[at] == '\'' ? 2 : 1;
		}
	}
}

/* A block scalar's lines without their indentation. */
struct block {
	struct slice text; /* from behind the header's line */
	size_t indent;
	bool folded;
	char chomp; /* '-', '+' or ' ' */
};

static struct block block_of(struct slice raw, bool folded)
{
	struct block block = {.folded = folded, .chomp = ' '};
	size_t at = 1, digit = 0, parent = 0;

	for (; at < raw.n && !is_break(raw.p[at]) && raw.p[at] != '#'; at++) {
		if (raw.p[at] == '-' || raw.p[at] == '+')
			block.chomp = raw.p[at];
		else if (raw.p[at] >= '1' && raw.p[at] <= '9')
			digit = (size_t)(raw.p[at] - '0');
	}
	while (at < raw.n && !is_break(raw.p[at]))
		at++;
	if (at < raw.n)
		at = skip_break(raw, at);
	block.text = slice_sub(raw, at, raw.n);
	for (size_t i = 0, line = 0; i < block.text.n; i++) {
		if (is_break(block.text.p[i]))
			line = i + 1;
		else if (block.text.p[i] != ' ') {
			parent = i - line;
			break;
		}
	}
	block.indent = digit && digit < parent ? digit : parent;
	return block;
}

static void block_scalar(struct block block, struct buf *out)
{
	size_t at = 0, empty = 0;
	bool first = true, more_before = false;

	while (at < block.text.n) {
		size_t start = at, end;
		bool more;

		while (at < block.text.n && at - start < block.indent && block.text.p[at] == ' ')
			at++;
		for (end = at; end < block.text.n && !is_break(block.text.p[end]); end++)
			;
		if (end == at) {
			empty++;
		} else {
			more = block.text.p[at] == ' ' || block.text.p[at] == '\t';
			if (!first && block.folded && !more && !more_before && !empty)
				buf_addc(out, ' ');
			else
				buf_fill(out, '\n', empty + (!first && !(block.folded && !more && !more_before)));
			buf_add(out, slice_sub(block.text, at, end));
			first = false;
			more_before = more;
			empty = 0;
		}
		at = end < block.text.n ? skip_break(block.text, end) : end;
	}
	if (block.chomp != '-' && !first)
		buf_addc(out, '\n');
	if (block.chomp == '+')
		buf_fill(out, '\n', empty);
}

struct slice yaml_text(const struct yaml *yaml, uint32_t node, struct arena *arena)
{
	enum yaml_style style = (enum yaml_style)yaml->nodes[node].style;
	struct slice raw = yaml_raw(yaml, node), text;
	bool quoted = style == YAML_SINGLE || style == YAML_DOUBLE;
	struct buf out;

	if (yaml->nodes[node].type != YAML_SCALAR)
		BUG("yaml_text of something that is no scalar");
	if (quoted)
		raw = slice_sub(raw, 1, raw.n - 1);
	buf_init(&out);
	if (style == YAML_LITERAL || style == YAML_FOLDED)
		block_scalar(block_of(raw, style == YAML_FOLDED), &out);
	else if (memchr(raw.p, '\n', raw.n) || memchr(raw.p, '\r', raw.n) ||
		(quoted && memchr(raw.p, style == YAML_SINGLE ? '\'' : '\\', raw.n)))
		flow_scalar(raw, style, &out);
	else
		return raw;
	text = arena_dup(arena, buf_slice(&out));
	buf_release(&out);
	return text;
}
