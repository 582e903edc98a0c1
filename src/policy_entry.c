/* One entry of allow or exempt. */
#include "policy_impl.h"

enum { CAPABILITY, REASON, OWNER, TICKET, EXPIRES, MATCH, ENSURE, ALLOW_KEYS };

static const char *const allow_names[ALLOW_KEYS] = {
	"capability",
	"reason",
	"owner",
	"ticket",
	"expires",
	"match",
	"ensure",
};
static const struct fields allow_fields = {"an entry of `allow`", allow_names, ALLOW_KEYS};
/* As those of allow, without the first and the last. */
static const struct fields exempt_fields = {"an entry of `exempt`", allow_names + REASON, ENSURE - REASON};

static const char why[] = "say why this is needed, a reviewer will read it";

static void unknown_capability(struct reader *reader, uint32_t node, struct slice text, struct slice canonical)
{
	const char *names[CAPS_COUNT];

	for (size_t i = 0; i < CAPS_COUNT; i++)
		names[i] = caps_name(i);
	const char *near = reader_near(canonical, names, CAPS_COUNT);
	const char *shown = reader_shown(reader, text);
	struct slice words = near != NULL
		? arena_printf(reader->arena, "unknown capability `%s`: did you mean %s?", shown, near)
		: arena_printf(reader->arena,
			  "unknown capability `%s`: Linux has none of that name, see capabilities(7)", shown);
	reader_mistake(reader, node, words);
}

static bool capability_read(struct reader *reader, uint32_t entry, uint32_t node, struct slice *out)
{
	struct slice text;

	if (node == YAML_NONE) {
		reader_missing(reader, entry, "capability", "name the one that is allowed, such as NET_BIND_SERVICE");
		return false;
	}
	if (reader->yaml->nodes[yaml_resolve(reader->yaml, node)].type == YAML_SEQ) {
		reader_mistake(reader, node,
			SLICE("`capability` must be one name, not a list: write an entry for each, with its reason"));
		return false;
	}
	if (!reader_string(reader, node, "capability", &text))
		return false;
	*out = arena_dup(reader->arena, caps_canonical(text, reader->arena));
	if (caps_known(*out))
		return true;
	if (slice_is(*out, "ALL"))
		reader_mistake(reader, node,
			SLICE("ALL can't be allowed: name the capabilities that are needed, one entry for "
			      "each"));
	else
		unknown_capability(reader, node, text, *out);
	return false;
}

static bool digits(struct slice text, size_t from, size_t n, uint32_t *value)
{
	*value = 0;
	for (size_t i = from; i < from + n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		*value = *value * 10 + (uint32_t)(text.p[i] - '0');
	}
	return true;
}

static uint32_t month_days(uint32_t year, uint32_t month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

uint32_t policy_date(struct slice text)
{
	uint32_t year, month, day;

	if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-')
		return 0;
	if (!digits(text, 0, 4, &year) || !digits(text, 5, 2, &month) || !digits(text, 8, 2, &day))
		return 0;
	if (year == 0 || month == 0 || month > 12 || day == 0 || day > month_days(year, month))
		return 0;
	return year * 10000 + month * 100 + day;
}

/* Written plain it is a timestamp to YAML, so it need not be a string. */
static void expires_read(struct reader *reader, uint32_t node, struct policy_entry *entry)
{
	uint32_t at = yaml_resolve(reader->yaml, node);

	if (reader->yaml->nodes[at].type != YAML_SCALAR || yaml_is_null(reader->yaml, at)) {
		reader_mistake(reader, node,
			SLICE("`expires` must be a date such as 2027-06-30, the last day on which the entry "
			      "applies"));
		return;
	}
	struct slice text = yaml_text(reader->yaml, at, reader->arena);
	entry->expires_on = policy_date(text);
	if (entry->expires_on == 0)
		reader_mistake(reader, node,
			arena_printf(reader->arena, "`expires`: %s is no date, write year-month-day such as 2027-06-30",
				reader_shown(reader, text)));
	entry->expires = arena_dup(reader->arena, text);
}

static void ensure_read(struct reader *reader, uint32_t node, bool *out)
{
	uint32_t at = yaml_resolve(reader->yaml, node);

	const struct yaml_node *n = &reader->yaml->nodes[at];
	bool plain = n->type == YAML_SCALAR && n->style == YAML_PLAIN;
	struct slice text = plain ? yaml_text(reader->yaml, at, reader->arena) : SLICE("");
	*out = slice_is(text, "true");
	if (!*out && !slice_is(text, "false"))
		reader_mistake(reader, node, SLICE("`ensure` must be true or false, without quotes"));
}

static void reason_read(struct reader *reader, uint32_t entry, uint32_t node, struct slice *out)
{
	if (node == YAML_NONE)
		reader_missing(reader, entry, "reason", why);
	else
		reader_line(reader, node, "reason", why, out);
}

static void optional_line(struct reader *reader, uint32_t node, const char *what, struct slice *out)
{
	if (node != YAML_NONE)
		reader_line(reader, node, what, "give it a value, or leave the key out", out);
}

static void entry_add(struct reader *reader, const struct policy_entry *entry)
{
	struct policy *policy = reader->policy;

	policy->entries =
		arena_grow(reader->arena, policy->entries, policy->n, &policy->cap, policy->n + 1, sizeof(*entry));
	policy->entries[policy->n] = *entry;
	policy->entries[policy->n].index = policy->n;
	policy->n++;
}

void entry_read(struct reader *reader, uint32_t node, bool exempt)
{
	uint32_t values[ALLOW_KEYS] = {YAML_NONE};
	struct policy_entry entry = {.exempt = exempt};

	yaml_place(reader->yaml, node, &entry.line, &entry.col);
	if (!reader_fields(reader, node, exempt ? &exempt_fields : &allow_fields, exempt ? values + REASON : values))
		return;
	bool comparable = exempt || capability_read(reader, node, values[CAPABILITY], &entry.capability);
	reason_read(reader, node, values[REASON], &entry.reason);
	optional_line(reader, values[OWNER], "owner", &entry.owner);
	optional_line(reader, values[TICKET], "ticket", &entry.ticket);
	if (values[EXPIRES] != YAML_NONE)
		expires_read(reader, values[EXPIRES], &entry);
	if (values[ENSURE] != YAML_NONE)
		ensure_read(reader, values[ENSURE], &entry.ensure);
	if (values[MATCH] != YAML_NONE && !match_read(reader, values[MATCH], &entry.match))
		comparable = false;
	entry_add(reader, &entry);
	if (comparable)
		twins_add(&reader->entries, reader->arena,
			(struct twin){
				match_bytes(entry.match, reader->arena), entry.capability, entry.line, entry.col});
}
