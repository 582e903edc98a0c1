/* The `results` of a ResourceList: each an object of JSON, which is YAML as well, in the list's own style. */
#include <string.h>

#include "capfix/krm.h"
#include "capfix/report_facts.h"
#include "capfix/report_value.h"

/* What the edits put right is for information: the list that comes out has it no more. */
static const char *severity_of(const struct finding *finding, const struct container_report *container)
{
	static const char *const NAMES[] = {
		[LEVEL_NOTE] = "info", [LEVEL_WARNING] = "warning", [LEVEL_ERROR] = "error"};
	switch (finding->code) {
	case CODE_DROP:
	case CODE_ADD:
	case CODE_UNKNOWN:
	case CODE_RESPELLED:
	case CODE_ENSURED:
		if (!container || container->state != CONTAINER_REFUSED)
			return "info";
		break;
	default:
		break;
	}
	return finding->code == CODE_REFUSED ? "error" : NAMES[finding->level];
}

static void put_resource(json_t *object, const struct container_report *container)
{
	json_t *resource = value_put(object, "resourceRef", value_object());
	value_put_text(resource, "apiVersion", container->api_version);
	value_put_text(resource, "kind", container->kind);
	value_put_text(resource, "name", container->name);
	value_put_some(resource, "namespace", container->namespace);
}

static json_t *make_result(const struct finding *finding, const struct container_report *container)
{
	json_t *object = value_object();
	value_put_text(object, "message", finding->text);
	value_put_string(object, "severity", severity_of(finding, container));
	if (container)
		put_resource(object, container);
	value_put_string(value_put(object, "tags", value_object()), "code", finding_code_name(finding->code));
	return object;
}

static unsigned hex4(const char *p)
{
	unsigned value = 0;
	for (size_t i = 0; i < 4; i++)
		value = value * 16 + (unsigned)(p[i] <= '9' ? p[i] - '0' : (p[i] | 0x20) - 'a' + 10);
	return value;
}

/*
 * JSON writes what is beyond U+FFFF as two surrogates, which YAML does not put together: one escape of eight digits
 * instead. The JSON comes from value_write: a `\u` has four digits, and surrogates come in pairs.
 */
static void add_yaml(struct buf *out, struct slice json)
{
	for (size_t i = 0; i < json.n; i++) {
		bool escape = json.p[i] == '\\';
		unsigned high = escape && json.p[i + 1] == 'u' ? hex4(json.p + i + 2) : 0;
		if (high >= 0xd800 && high < 0xdc00) {
			unsigned low = hex4(json.p + i + 8);
			buf_addf(out, "\\U%08X", 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
			i += 11;
			continue;
		}
		buf_addc(out, json.p[i]);
		if (escape)
			buf_addc(out, json.p[++i]);
	}
}

/* How the list is written around its entries. */
struct frame {
	struct slice open;
	struct slice before;
	struct slice between;
	struct slice close;
};

static void add_results(struct krm *krm, const struct rewrite_result *result, const struct policy *policy,
	const struct frame *frame, struct buf *out)
{
	struct report_file file = {
		.path = SLICE("-"),
		.text = krm->source.text,
		.standard_input = true,
		.policy = policy,
		.result = result,
	};
	struct facts facts;
	struct buf json;

	buf_init(&json);
	facts_init(&facts, &file, krm->arena);
	buf_add(out, frame->open);
	for (size_t i = 0; i < result->findings.n; i++) {
		const struct finding *finding = &result->findings.v[i];
		json.n = 0;
		value_write(&json, make_result(finding, facts_of(&facts, finding).container));
		buf_add(out, i > 0 ? frame->between : SLICE(""));
		buf_add(out, frame->before);
		add_yaml(out, buf_slice(&json));
	}
	buf_add(out, frame->close);
	buf_release(&json);
}

/* A new key in block style: on the lines behind that of `kind`. */
static void place_block(const struct krm *krm, struct edit *edit, struct frame *frame)
{
	const struct source *source = &krm->source;
	size_t start = krm->yaml.nodes[krm->root].start;
	size_t line = source_line(source, krm->yaml.nodes[krm->kind].end);
	size_t column = start - source_start(source, source_line(source, start));
	struct slice eol = source_new_break(source, line);
	struct buf indent;

	buf_init(&indent);
	buf_fill(&indent, ' ', column);
	*edit = (struct edit){.at = source_next(source, line)};
	*frame = (struct frame){
		.open = arena_printf(krm->arena, "%.*s%.*sresults:%.*s", source_break(source, line).n ? 0 : (int)eol.n,
			eol.p, (int)indent.n, indent.p ? indent.p : "", (int)eol.n, eol.p),
		.before = arena_printf(krm->arena, "%.*s- ", (int)indent.n, indent.p ? indent.p : ""),
		.between = eol,
		.close = eol,
	};
	buf_release(&indent);
}

/* Old results make way: a list of any style becomes a flow list at its place, further in than its key. */
static void place_instead(const struct krm *krm, struct edit *edit, struct frame *frame)
{
	struct slice old = yaml_raw(&krm->yaml, krm->results);
	/* A block scalar has its last break. */
	while (old.n > 0 && (old.p[old.n - 1] == '\n' || old.p[old.n - 1] == '\r'))
		old.n--;
	*edit = (struct edit){.at = krm->yaml.nodes[krm->results].start, .del = old.n};
	*frame = (struct frame){SLICE(" ["), SLICE(""), SLICE(", "), SLICE("]")};
}

static void place(const struct krm *krm, struct edit *edit, struct frame *frame)
{
	if (krm->results != YAML_NONE) {
		place_instead(krm, edit, frame);
	} else if (krm->yaml.nodes[krm->root].style == YAML_FLOW) {
		*edit = (struct edit){.at = krm->yaml.nodes[krm->kind].end};
		*frame = (struct frame){SLICE(", \"results\": ["), SLICE(""), SLICE(", "), SLICE("]")};
	} else {
		place_block(krm, edit, frame);
	}
}

void krm_write(struct krm *krm, const struct rewrite_result *result, const struct policy *policy, struct buf *out)
{
	struct edits edits = {0};
	struct edit edit;
	struct frame frame;
	struct buf text;

	buf_init(&text);
	for (size_t i = 0; i < result->edits.n; i++)
		edits_add(&edits, krm->arena, result->edits.v[i]);
	if (result->findings.n > 0 || krm->results != YAML_NONE) {
		place(krm, &edit, &frame);
		add_results(krm, result, policy, &frame, &text);
		edit.ins = buf_slice(&text);
		edits_add(&edits, krm->arena, edit);
	}
	/* The engine edits containers, and what stands in items; `kind` and `results` of the list are outside. */
	BUG_IF(!edits_seal(&edits, krm->arena, krm->source.text.n));
	edits_apply(&edits, krm->source.text, out);
	buf_release(&text);
}
