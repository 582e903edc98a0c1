/* The only file that includes libfyaml. Its marks are 0-based bytes; see yaml.h for what becomes of them. */
#include "capfix/yaml.h"

#include <libfyaml.h>
#include <string.h>

#include "yaml_build.h"

static struct yaml_mark mark_of(struct fy_token *token)
{
	struct yaml_mark mark = {0};
	const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
	const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;

	if (start && end)
		mark = (struct yaml_mark){
			.there = true, .start = start->input_pos, .end = end->input_pos, .col = (size_t)start->column};
	return mark;
}

static enum yaml_style style_of(struct fy_token *token)
{
	switch (fy_scalar_token_get_style(token)) {
	case FYSS_SINGLE_QUOTED:
		return YAML_SINGLE;
	case FYSS_DOUBLE_QUOTED:
		return YAML_DOUBLE;
	case FYSS_LITERAL:
		return YAML_LITERAL;
	case FYSS_FOLDED:
		return YAML_FOLDED;
	default:
		return YAML_PLAIN;
	}
}

static bool scalar_event(struct yaml_build *build, struct fy_event *event)
{
	struct fy_token *token = event->scalar.value;
	struct yaml_mark mark = mark_of(token);
	enum yaml_style style = mark.there ? style_of(token) : YAML_EMPTY;

	/* libfyaml 1.0 gives a zero-width plain token where 0.7 gives none. */
	if (style == YAML_PLAIN && mark.start == mark.end)
		style = YAML_EMPTY;
	return yaml_build_scalar(build, style, mark, mark_of(event->scalar.anchor), mark_of(event->scalar.tag));
}

/* One event into the table; *end is set by the stream's end. */
static bool take_event(struct yaml_build *build, struct fy_event *event, size_t *end)
{
	bool flow = fy_event_get_node_style(event) == FYNS_FLOW;

	switch (event->type) {
	case FYET_DOCUMENT_START:
		yaml_build_document(build, mark_of(event->document_start.document_start));
		return true;
	case FYET_SCALAR:
		return scalar_event(build, event);
	case FYET_ALIAS:
		return yaml_build_alias(build, mark_of(event->alias.anchor));
	case FYET_MAPPING_START:
		return yaml_build_open(build, YAML_MAP, flow, mark_of(event->mapping_start.mapping_start),
			mark_of(event->mapping_start.anchor), mark_of(event->mapping_start.tag));
	case FYET_SEQUENCE_START:
		return yaml_build_open(build, YAML_SEQ, flow, mark_of(event->sequence_start.sequence_start),
			mark_of(event->sequence_start.anchor), mark_of(event->sequence_start.tag));
	case FYET_MAPPING_END:
		yaml_build_close(build, mark_of(event->mapping_end.mapping_end));
		return true;
	case FYET_SEQUENCE_END:
		yaml_build_close(build, mark_of(event->sequence_end.sequence_end));
		return true;
	case FYET_DOCUMENT_END:
		return yaml_build_document_end(build);
	case FYET_STREAM_END:
		*end = mark_of(event->stream_end.stream_end).end;
		return true;
	default:
		return true;
	}
}

/* libfyaml's own words for what is wrong, the first error it collected. */
static bool parser_error(struct fy_diag *diag, const struct yaml_build *build, struct error *err)
{
	void *iter = NULL;
	struct fy_diag_error *first = fy_diag_errors_iterate(diag, &iter);

	if (!first || !first->msg) {
		error_set(err, "not valid YAML behind this place: the parser gives no reason");
		source_place(build->yaml->source, build->at, &err->line, &err->col);
		return false;
	}
	error_set(err, "not valid YAML: %s", first->msg);
	err->line = first->line > 0 ? (size_t)first->line : 0;
	err->col = first->column > 0 ? (size_t)first->column : 1;
	return false;
}

/* libfyaml says some things on standard error even when it is told to be quiet (`r: |0`). */
static void say_nothing(struct fy_diag *diag, void *user, const char *buf, size_t len)
{
	(void)diag;
	(void)user;
	(void)buf;
	(void)len;
}

static bool pump(
	struct fy_parser *parser, struct fy_diag *diag, struct yaml_build *build, bool *broken, struct error *err)
{
	size_t end = 0;
	struct fy_event *event;

	while ((event = fy_parser_parse(parser))) {
		bool ok = take_event(build, event, &end);

		fy_parser_event_free(parser, event);
		if (!ok)
			return false;
	}
	*broken = fy_parser_get_stream_error(parser);
	if (*broken)
		return parser_error(diag, build, err);
	if (end != build->text.n)
		return error_set(err, "not valid YAML: the parser stopped at byte %zu of %zu", end, build->text.n);
	return true;
}

bool yaml_parse(struct yaml *yaml, const struct source *source, struct arena *arena, struct error *err)
{
	struct fy_diag_cfg diag_cfg;
	struct fy_parse_cfg cfg = {
		.flags = FYPCF_QUIET | FYPCF_SLOPPY_FLOW_INDENTATION | FYPCF_JSON_NONE,
	};
	struct yaml_build build;
	struct fy_parser *parser;
	bool broken = false;
	bool ok;

	if (source->text.n > YAML_MAX_TEXT)
		return error_set(err, "larger than 1 GiB: split the file");
	yaml_build_init(&build, yaml, source, arena, err);
	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.fp = NULL; /* it would win over output_fn */
	diag_cfg.output_fn = say_nothing;
	cfg.diag = fy_diag_create(&diag_cfg);
	if (!cfg.diag)
		return error_set(err, "the YAML parser does not start: out of memory");
	fy_diag_set_collect_errors(cfg.diag, true);
	parser = fy_parser_create(&cfg);
	if (!parser || fy_parser_set_string(parser, source->text.p, source->text.n))
		return error_set(err, "the YAML parser does not start: out of memory");
	ok = pump(parser, cfg.diag, &build, &broken, err);
	/* After a stream error 0.7.12 can crash in fy_parser_destroy (`? :~\t- :\t-`): leak it. */
	if (!broken) {
		fy_parser_destroy(parser);
		fy_diag_destroy(cfg.diag);
	}
	yaml_build_release(&build);
	return ok;
}
