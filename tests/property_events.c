/* A text as the events of libyaml, a parser that isn't the engine's. */
#include "property_check.h"

#include <string.h>
#include <yaml.h>

static void event_anchor(struct buf *out, const yaml_char_t *anchor)
{
	if (anchor)
		buf_addf(out, "&%s", (const char *)anchor);
}

static void event_scalar(struct buf *out, const yaml_event_t *event)
{
	static const char mark[] = {[YAML_ANY_SCALAR_STYLE] = '?',
		[YAML_PLAIN_SCALAR_STYLE] = ':',
		[YAML_SINGLE_QUOTED_SCALAR_STYLE] = '\'',
		[YAML_DOUBLE_QUOTED_SCALAR_STYLE] = '"',
		[YAML_LITERAL_SCALAR_STYLE] = '|',
		[YAML_FOLDED_SCALAR_STYLE] = '>'};

	buf_adds(out, "=VAL ");
	event_anchor(out, event->data.scalar.anchor);
	buf_addf(out, " %c", mark[event->data.scalar.style]);
	for (size_t i = 0; i < event->data.scalar.length; i++) {
		if (event->data.scalar.value[i] == '\n')
			buf_adds(out, "\\n");
		else
			buf_addc(out, (char)event->data.scalar.value[i]);
	}
	buf_addc(out, '\n');
}

static void event_text(struct buf *out, const yaml_event_t *event)
{
	bool flow;

	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		buf_adds(out, "+DOC\n");
		break;
	case YAML_MAPPING_START_EVENT:
		flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
		buf_adds(out, flow ? "+MAP flow " : "+MAP block ");
		event_anchor(out, event->data.mapping_start.anchor);
		buf_addc(out, '\n');
		break;
	case YAML_SEQUENCE_START_EVENT:
		flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
		buf_adds(out, flow ? "+SEQ flow " : "+SEQ block ");
		event_anchor(out, event->data.sequence_start.anchor);
		buf_addc(out, '\n');
		break;
	case YAML_MAPPING_END_EVENT:
		buf_adds(out, "-MAP\n");
		break;
	case YAML_SEQUENCE_END_EVENT:
		buf_adds(out, "-SEQ\n");
		break;
	case YAML_ALIAS_EVENT:
		buf_addf(out, "=ALI %s\n", (const char *)event->data.alias.anchor);
		break;
	case YAML_SCALAR_EVENT:
		event_scalar(out, event);
		break;
	default:
		break;
	}
}

const char *check_events(struct buf *out, struct slice text)
{
	yaml_parser_t parser;
	yaml_event_t event;
	yaml_event_type_t type;
	const char *wrong = NULL;

	if (!yaml_parser_initialize(&parser))
		return "no memory for libyaml";
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
	do {
		if (!yaml_parser_parse(&parser, &event)) {
			wrong = "libyaml can't parse it";
			buf_addf(out, "error: %s, line %zu\n", parser.problem, parser.problem_mark.line + 1);
			break;
		}
		type = event.type;
		event_text(out, &event);
		yaml_event_delete(&event);
	} while (type != YAML_STREAM_END_EVENT);
	yaml_parser_delete(&parser);
	return wrong;
}
