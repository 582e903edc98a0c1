#include <ctype.h>

#include "capfix/report_codes.h"
#include "capfix/report_string.h"
#include "capfix/report_text.h"
#include "report_sarif.h"

#ifndef CAPFIX_VERSION
#define CAPFIX_VERSION "unknown"
#endif

/* Brackets could be a link (SARIF 3.11.6), braces a placeholder (3.11.5). */
static void add_escaped(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '[' || c == ']')
			buf_addc(out, '\\');
		else if (c == '{' || c == '}')
			buf_addc(out, c);
		buf_addc(out, c);
	}
}

json_t *sarif_message(struct slice text)
{
	json_t *message = value_object();
	struct buf plain, escaped;
	buf_init(&plain);
	buf_init(&escaped);
	report_escape(&plain, text);
	add_escaped(&escaped, buf_slice(&plain));
	value_put_text(message, "text", buf_slice(&escaped));
	buf_release(&plain);
	buf_release(&escaped);
	return message;
}

json_t *sarif_artifact(struct slice path, bool standard_input)
{
	bool absolute = path.n > 0 && path.p[0] == '/';
	json_t *artifact = value_object();
	struct buf uri;
	buf_init(&uri);
	if (standard_input) {
		buf_adds(&uri, "stdin:");
	} else {
		buf_adds(&uri, absolute ? "file://" : "");
		report_percent(&uri, path);
	}
	value_put_text(artifact, "uri", buf_slice(&uri));
	if (!standard_input && !absolute)
		value_put_string(artifact, "uriBaseId", SARIF_BASE);
	buf_release(&uri);
	return artifact;
}

/* "unknown-kind" is UnknownKind. */
static void put_name(json_t *rule, const char *id)
{
	struct buf name;
	bool first = true;
	buf_init(&name);
	for (; *id; id++) {
		if (*id != '-')
			buf_addc(&name, first ? (char)toupper((unsigned char)*id) : *id);
		first = *id == '-';
	}
	value_put_text(rule, "name", buf_slice(&name));
	buf_release(&name);
}

static void put_help(json_t *rule, const struct report_code *code)
{
	struct buf text;
	buf_init(&text);
	buf_addf(&text, "%s What to do: %s", code->means, code->todo);
	json_t *help = value_put(rule, "help", sarif_message(buf_slice(&text)));
	text.n = 0;
	buf_addf(&text, "%s\n\n**What to do.** %s", code->means, code->todo);
	struct buf escaped;
	buf_init(&escaped);
	add_escaped(&escaped, buf_slice(&text));
	value_put_text(help, "markdown", buf_slice(&escaped));
	buf_release(&escaped);
	buf_release(&text);
}

static json_t *rule_of(enum finding_code code)
{
	const struct report_code *row = report_code(code);
	json_t *rule = value_object();
	value_put_string(rule, "id", finding_code_name(code));
	put_name(rule, finding_code_name(code));
	value_put(rule, "shortDescription", sarif_message(slice_of(row->title)));
	value_put(rule, "fullDescription", sarif_message(slice_of(row->means)));
	put_help(rule, row);
	value_put_string(
		value_put(rule, "defaultConfiguration", value_object()), "level", finding_level_name(row->level));
	json_t *tags = value_put(value_put(rule, "properties", value_object()), "tags", value_list());
	value_push(tags, value_text(SLICE("kubernetes")));
	value_push(tags, value_text(SLICE("security")));
	return rule;
}

json_t *sarif_tool(void)
{
	json_t *tool = value_object();
	json_t *driver = value_put(tool, "driver", value_object());
	value_put_string(driver, "name", "capfix");
	value_put_string(driver, "version", CAPFIX_VERSION);
	value_put_string(driver, "semanticVersion", CAPFIX_VERSION);
	json_t *rules = value_put(driver, "rules", value_list());
	for (size_t i = 0; i < CODE_COUNT; i++)
		value_push(rules, rule_of((enum finding_code)i));
	json_t *notifications = value_put(driver, "notifications", value_list());
	value_push(notifications, rule_of(CODE_IO));
	value_push(notifications, rule_of(CODE_POLICY));
	return tool;
}
