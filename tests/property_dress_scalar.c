/* The style of scalars. */
#include "property_dress_scalar.h"

#include <ctype.h>
#include <string.h>

bool dress_plain_ok(const char *text, bool flow)
{
	static const char *const other[] = {"true", "false", "null", "80", "1", "12"};
	size_t n = strlen(text);

	for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++) {
		if (strcmp(text, other[i]) == 0)
			return false;
	}
	if (n == 0 || strpbrk(text, "\n\t&*!|>%`") || (!isalnum((unsigned char)text[0]) && !strchr("/-$", text[0])))
		return false;
	if (strstr(text, ": ") || strstr(text, " #") || strncmp(text, "- ", 2) == 0 || text[n - 1] == ':' ||
		text[n - 1] == ' ')
		return false;
	return !flow || !strpbrk(text, ",[]{}");
}

/* Folded lines keep their meaning only if none begins with white space. */
static bool folded_ok(const char *text)
{
	if (isspace((unsigned char)text[0]))
		return false;
	for (const char *p = text; *p; p++) {
		if (*p == '\n' && (p[1] == ' ' || p[1] == '\t'))
			return false;
	}
	return true;
}

static void dress_null(struct gen *g, struct node *node, const struct dress *d)
{
	if (d->json || d->flow_item || gen_chance(g, 60)) {
		node->style = S_PLAIN;
		node->text = d->json || gen_chance(g, 50) ? "null" : "~";
	} else {
		node->style = S_EMPTY;
	}
}

static enum node_style any_quote(struct gen *g, const struct dress *d, bool plain)
{
	static const enum node_style quote[] = {S_PLAIN, S_SINGLE, S_DOUBLE}, strict[] = {S_SINGLE, S_DOUBLE};
	enum node_style style = gen_chance(g, 80) ? d->quote : GEN_PICK(g, quote);

	return style == S_PLAIN && !plain ? GEN_PICK(g, strict) : style;
}

void dress_scalar(struct gen *g, struct node *node, const struct dress *d)
{
	bool many = strpbrk(node->text, "\n\t") != NULL;

	node->step = 1 + gen_below(g, 4);
	if (!d->json && !d->key && !node->raw && !node->null && gen_chance(g, 1))
		node->tag = "!!str";
	if (node->settled)
		return;
	if (node->null) {
		dress_null(g, node, d);
	} else if (node->raw) {
		node->style = S_PLAIN;
	} else if (d->json) {
		node->style = S_DOUBLE;
	} else if (node->lines && !d->flow && gen_chance(g, 85)) {
		node->style = folded_ok(node->text) && gen_chance(g, 30) ? S_FOLDED : S_LITERAL;
		node->keep = node->text[strlen(node->text) - 1] == '\n' && gen_chance(g, 10);
	} else if (many) {
		node->style = S_DOUBLE;
	} else {
		node->style = any_quote(g, d, dress_plain_ok(node->text, d->flow));
		node->fold = !d->key && gen_chance(g, 15);
	}
}
