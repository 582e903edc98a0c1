#include "capfix/report_text.h"

static const char *const LEVEL_COLOURS[] = {
	[LEVEL_NOTE] = "\033[36m",
	[LEVEL_WARNING] = "\033[33m",
	[LEVEL_ERROR] = "\033[31m",
};

size_t report_point(struct slice text, uint32_t *point)
{
	static const uint32_t LEAST[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c = (unsigned char)text.p[0];
	size_t n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
	if (n == 0 || n > text.n)
		return 0;
	uint32_t value = n == 1 ? c : c & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		unsigned char more = (unsigned char)text.p[i];
		if ((more & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (more & 0x3fU);
	}
	if (value < LEAST[n] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return 0;
	*point = value;
	return n;
}

static bool unsafe(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029 ||
		point == 0x61c || point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
		(point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

static void escape_point(struct buf *out, uint32_t point)
{
	switch (point) {
	case '\n':
		buf_adds(out, "\\n");
		break;
	case '\r':
		buf_adds(out, "\\r");
		break;
	case '\t':
		buf_adds(out, "\\t");
		break;
	default:
		buf_addf(out, point < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)point);
	}
}

void report_escape(struct buf *out, struct slice text)
{
	size_t plain = 0, at = 0;
	while (at < text.n) {
		uint32_t point = 0;
		size_t n = report_point((struct slice){text.p + at, text.n - at}, &point);
		if (n > 0 && !unsafe(point)) {
			at += n;
			continue;
		}
		buf_add(out, slice_sub(text, plain, at));
		if (n > 0)
			escape_point(out, point);
		else
			buf_addf(out, "\\x%02x", (unsigned)(unsigned char)text.p[at]);
		at += n > 0 ? n : 1;
		plain = at;
	}
	buf_add(out, slice_sub(text, plain, at));
}

void report_finding(struct buf *out, struct slice path, const struct finding *finding, bool colour)
{
	report_escape(out, path);
	if (finding->line > 0)
		buf_addf(out, ":%zu:%zu", finding->line, finding->col);
	buf_adds(out, ": ");
	if (colour)
		buf_adds(out, LEVEL_COLOURS[finding->level]);
	buf_adds(out, finding_level_name(finding->level));
	if (colour)
		buf_adds(out, "\033[m");
	buf_adds(out, ": ");
	report_escape(out, finding->text);
	buf_addf(out, " [%s]\n", finding_code_name(finding->code));
}
