/* The door of policy: documents, top-level keys, and the getters. */
#include "capfix/policy.h"

#include "policy_impl.h"

enum { VERSION, ALLOW, EXEMPT, POD_SPECS, EXCLUDE, TOP_KEYS };

static const char *const top_names[TOP_KEYS] = {"version", "allow", "exempt", "podSpecs", "exclude"};
static const struct fields top_fields = {"the policy", top_names, TOP_KEYS};

static void version_read(struct reader *reader, uint32_t root, uint32_t node)
{
	if (node == YAML_NONE) {
		reader_mistake(reader, root, SLICE("`version` is missing: write `version: 1`"));
		return;
	}
	uint32_t at = yaml_resolve(reader->yaml, node);
	const struct yaml_node *n = &reader->yaml->nodes[at];
	struct slice text = n->type == YAML_SCALAR ? yaml_text(reader->yaml, at, reader->arena) : SLICE("");
	uint32_t tagged = n->has_props && yaml_props(reader->yaml, at)->tag_len > 0;
	if (n->style == YAML_PLAIN && slice_is(text, "1") && !tagged)
		return;
	struct slice words = SLICE("`version` must be the number 1, without quotes");
	if (n->type == YAML_SCALAR && text.n > 0 && !slice_is(text, "1"))
		words = arena_printf(reader->arena,
			"this capfix understands version 1 of policies, not %s: write `version: 1`",
			reader_shown(reader, text));
	reader_mistake(reader, node, words);
}

static void allow_read(struct reader *reader, uint32_t node)
{
	entry_read(reader, node, false);
}

static void exempt_read(struct reader *reader, uint32_t node)
{
	entry_read(reader, node, true);
}

static void list_read(
	struct reader *reader, uint32_t node, const char *what, void (*item_read)(struct reader *, uint32_t))
{
	uint32_t item;

	if (node == YAML_NONE || !reader_list(reader, node, what, &item))
		return;
	for (; item != YAML_NONE; item = reader->yaml->nodes[item].next)
		item_read(reader, item);
}

static void top_read(struct reader *reader, uint32_t root)
{
	static void (*const item_read[TOP_KEYS])(struct reader *, uint32_t) = {
		[ALLOW] = allow_read,
		[EXEMPT] = exempt_read,
		[POD_SPECS] = pod_spec_read,
		[EXCLUDE] = exclude_read,
	};
	uint32_t values[TOP_KEYS];

	if (!reader_fields(reader, root, &top_fields, values))
		return;
	version_read(reader, root, values[VERSION]);
	for (size_t i = ALLOW; i < TOP_KEYS; i++)
		list_read(reader, values[i], top_names[i], item_read[i]);
	twins_report(&reader->entries, reader->arena, reader->errors, "exempt");
	twins_report(&reader->pod_specs, reader->arena, reader->errors, "podSpecs");
	twins_report(&reader->excludes, reader->arena, reader->errors, "exclude");
}

static void error_at(struct reader *reader, size_t line, size_t col, struct slice text)
{
	findings_add(reader->errors, reader->arena,
		(struct finding){.level = LEVEL_ERROR, .code = CODE_POLICY, .line = line, .col = col, .text = text});
}

static void documents_read(struct reader *reader)
{
	uint32_t root = reader->yaml->first_root;

	if (root == YAML_NONE || yaml_is_null(reader->yaml, root)) {
		error_at(reader, 1, 1, SLICE("the policy is empty: it needs at least `version: 1`"));
		return;
	}
	top_read(reader, root);
	uint32_t second = reader->yaml->nodes[root].next;
	if (second != YAML_NONE)
		reader_mistake(reader, second,
			SLICE("a policy is one YAML document: join this one with the first, and take the `---` "
			      "out"));
}

static bool text_read(
	struct reader *reader, struct source *source, struct yaml *yaml, struct slice text, struct error *err)
{
	if (!source_check(text, err) || !source_check_breaks(text, err))
		return false;
	source_init(source, text, reader->arena);
	if (!yaml_parse(yaml, source, reader->arena, err))
		return false;
	reader->yaml = yaml;
	return true;
}

/* An alias may lead to the same mistake many times: it is shown once. The findings are sorted. */
static void drop_repeats(struct findings *errors, size_t from)
{
	size_t n = from;

	for (size_t i = from; i < errors->n; i++) {
		const struct finding *last = n > from ? &errors->v[n - 1] : NULL;
		const struct finding *this = &errors->v[i];
		if (last == NULL || last->line != this->line || last->col != this->col ||
			!slice_eq(last->text, this->text))
			errors->v[n++] = *this;
	}
	errors->n = n;
}

struct policy *policy_parse(struct slice text, struct arena *arena, struct findings *errors)
{
	struct source source;
	struct yaml yaml;
	struct error err = {0};
	struct policy *policy = arena_alloc(arena, 1, sizeof(*policy));
	struct findings found = {0};
	struct reader reader = {.arena = arena, .errors = &found, .policy = policy};

	if (text_read(&reader, &source, &yaml, text, &err))
		documents_read(&reader);
	else
		error_at(&reader, err.line, err.col, arena_dup(arena, slice_of(err.text)));
	if (found.n > 0) {
		findings_sort(&found, arena);
		drop_repeats(&found, 0);
		for (size_t i = 0; i < found.n; i++)
			findings_add(errors, arena, found.v[i]);
		return NULL;
	}
	policy->index = index_build(policy, arena);
	pod_specs_sort(policy, arena);
	return policy;
}

struct policy *policy_listed(const struct policy_list *list, struct arena *arena)
{
	struct policy *policy = arena_alloc(arena, 1, sizeof(*policy));

	policy->entries = list->entries;
	policy->n = list->n;
	policy->excludes = list->excludes;
	policy->nexcludes = list->nexcludes;
	policy->pod_specs = list->pod_specs;
	policy->npod_specs = list->npod_specs;
	return policy;
}

void policy_set_today(struct policy *policy, uint32_t today)
{
	policy->today = today;
}

size_t policy_count(const struct policy *policy)
{
	return policy->n;
}

const struct policy_entry *policy_at(const struct policy *policy, size_t index)
{
	BUG_IF(index >= policy->n);
	return &policy->entries[index];
}

bool policy_expired(const struct policy *policy, const struct policy_entry *entry)
{
	return entry->expires_on != 0 && entry->expires_on < policy->today;
}

/* Days since 1 March of the year 0. Counting years from March puts the leap day at their end. */
static int64_t day_number(uint32_t date)
{
	int64_t year = date / 10000;
	int64_t month = date / 100 % 100;
	int64_t day = date % 100;

	if (month < 3) {
		month += 12;
		year--;
	}
	return 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 1;
}

bool policy_days_left(const struct policy *policy, const struct policy_entry *entry, int64_t *days)
{
	if (entry->expires_on == 0 || policy->today == 0)
		return false;
	*days = day_number(entry->expires_on) - day_number(policy->today);
	return true;
}

const struct policy_pod_spec *policy_pod_specs(const struct policy *policy, size_t *n)
{
	*n = policy->npod_specs;
	return policy->pod_specs;
}

const struct policy_exclude *policy_excludes(const struct policy *policy, size_t *n)
{
	*n = policy->nexcludes;
	return policy->excludes;
}
