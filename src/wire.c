#include "capfix/wire.h"

void wire_number(struct buf *out, size_t number)
{
	while (number >= 0x80) {
		buf_addc(out, (char)(number | 0x80));
		number >>= 7;
	}
	buf_addc(out, (char)number);
}

void wire_text(struct buf *out, struct slice text)
{
	wire_number(out, text.n);
	buf_add(out, text);
}

static size_t left(const struct wire *wire)
{
	return wire->data.n - wire->at;
}

static size_t spoiled(struct wire *wire)
{
	wire->bad = true;
	return 0;
}

size_t wire_get_number(struct wire *wire)
{
	size_t number = 0;

	for (unsigned shift = 0; !wire->bad && left(wire) > 0; shift += 7) {
		unsigned char byte = (unsigned char)wire->data.p[wire->at++];
		size_t part = byte & 0x7f;
		/* One way to write each number: no bits that are lost, no zeros in front. */
		if (shift >= sizeof(number) * 8 || part << shift >> shift != part || (byte == 0 && shift > 0))
			break;
		number |= part << shift;
		if (byte < 0x80)
			return number;
	}
	return spoiled(wire);
}

size_t wire_get_below(struct wire *wire, size_t limit)
{
	size_t number = wire_get_number(wire);

	return number < limit ? number : spoiled(wire);
}

bool wire_get_bool(struct wire *wire)
{
	return wire_get_below(wire, 2) == 1;
}

size_t wire_get_count(struct wire *wire, size_t least)
{
	size_t count = wire_get_number(wire);

	return count <= left(wire) / least ? count : spoiled(wire);
}

struct slice wire_get_text(struct wire *wire)
{
	size_t n = wire_get_count(wire, 1);
	struct slice text = slice_sub(wire->data, wire->at, wire->at + n);

	wire->at += n;
	return text;
}

bool wire_ends(const struct wire *wire)
{
	return !wire->bad && left(wire) == 0;
}

void wire_findings(struct buf *out, const struct findings *findings)
{
	wire_number(out, findings->n);
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *finding = &findings->v[i];

		wire_number(out, (size_t)finding->level);
		wire_number(out, (size_t)finding->code);
		wire_number(out, finding->line);
		wire_number(out, finding->col);
		wire_text(out, finding->text);
	}
}

void wire_get_findings(struct wire *wire, struct findings *findings, size_t most_lines, struct arena *arena)
{
	size_t n = wire_get_count(wire, 5);

	for (size_t i = 0; i < n && !wire->bad; i++) {
		struct finding finding;

		finding.level = (enum finding_level)wire_get_below(wire, LEVEL_ERROR + 1);
		finding.code = (enum finding_code)wire_get_below(wire, CODE_COUNT);
		finding.line = wire_get_below(wire, most_lines + 1);
		finding.col = wire_get_number(wire);
		finding.text = wire_get_text(wire);
		findings_add(findings, arena, finding);
	}
}
