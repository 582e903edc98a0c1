#include "capfix/krm.h"

#include <string.h>

/* Only a scalar has a text. */
static bool is_text(const struct krm *krm, uint32_t node)
{
	return node != YAML_NONE && krm->yaml.nodes[node].type == YAML_SCALAR;
}

static struct slice text_of(const struct krm *krm, uint32_t node)
{
	return is_text(krm, node) ? yaml_text(&krm->yaml, node, krm->arena) : SLICE("");
}

static bool begins_with(struct slice text, struct slice prefix)
{
	return text.n >= prefix.n && memcmp(text.p, prefix.p, prefix.n) == 0;
}

static bool fail_at(const struct krm *krm, uint32_t node, struct error *err, const char *text)
{
	error_set(err, "%s", text);
	yaml_place(&krm->yaml, node, &err->line, &err->col);
	return false;
}

static bool is_on_one_line(const struct krm *krm, uint32_t node)
{
	const struct yaml_node *at = &krm->yaml.nodes[node];
	return at->style != YAML_LITERAL && at->style != YAML_FOLDED &&
		source_line(&krm->source, at->start) == source_line(&krm->source, at->end);
}

/* The value of a key that may stand there once. */
static bool get_once(const struct krm *krm, const char *key, uint32_t *value, struct error *err)
{
	uint32_t again;
	*value = yaml_get(&krm->yaml, krm->root, key, &again);
	return again == YAML_NONE || fail_at(krm, again, err, "a key of the ResourceList stands there twice");
}

static bool find_parts(struct krm *krm, struct error *err)
{
	uint32_t version;
	krm->root = krm->yaml.first_root;
	if (krm->root == YAML_NONE || krm->yaml.nodes[krm->root].next != YAML_NONE ||
		krm->yaml.nodes[krm->root].type != YAML_MAP)
		return error_set(err, "--krm takes one ResourceList, which standard input is not");
	if (!get_once(krm, "apiVersion", &version, err) || !get_once(krm, "kind", &krm->kind, err) ||
		!get_once(krm, "results", &krm->results, err))
		return false;
	if (!slice_is(text_of(krm, krm->kind), "ResourceList") ||
		!begins_with(text_of(krm, version), SLICE("config.kubernetes.io/")))
		return fail_at(krm, krm->root, err, "--krm takes a ResourceList of config.kubernetes.io");
	if (!is_on_one_line(krm, krm->kind))
		return fail_at(krm, krm->kind, err, "the kind of the ResourceList is not on one line");
	return true;
}

/*
 * The text of a mapping as a document of its own, its lines and columns those that it has in the whole: what stands
 * before it becomes blank.
 */
static void cut_out(const struct krm *krm, uint32_t map, struct buf *out)
{
	const struct yaml_node *node = &krm->yaml.nodes[map];
	size_t line = source_line(&krm->source, node->start);
	buf_fill(out, '\n', line);
	buf_fill(out, ' ', node->start - source_start(&krm->source, line));
	buf_add(out, slice_sub(krm->source.text, node->start, node->end));
	buf_addc(out, '\n');
}

static bool read_policy(struct krm *krm, struct findings *mistakes, struct error *err)
{
	uint32_t config, spec, again;
	struct buf text;
	if (!get_once(krm, "functionConfig", &config, err))
		return false;
	config = config == YAML_NONE ? config : yaml_resolve(&krm->yaml, config);
	if (config == YAML_NONE || yaml_is_null(&krm->yaml, config))
		return true;
	if (krm->yaml.nodes[config].type != YAML_MAP)
		return fail_at(krm, config, err, "functionConfig is no mapping");
	if (yaml_get(&krm->yaml, config, "data", &again) != YAML_NONE)
		return fail_at(krm, config, err, "functionConfig has its policy under spec, not under data");
	spec = yaml_get(&krm->yaml, config, "spec", &again);
	if (spec == YAML_NONE || yaml_is_null(&krm->yaml, spec))
		return true;
	if (krm->yaml.nodes[spec].type != YAML_MAP)
		return fail_at(krm, spec, err, "the spec of functionConfig is a policy: a mapping, written out");
	buf_init(&text);
	cut_out(krm, spec, &text);
	krm->policy = policy_parse(buf_slice(&text), krm->arena, mistakes);
	buf_release(&text);
	return krm->policy != NULL;
}

bool krm_read(struct krm *krm, struct slice text, struct arena *arena, struct findings *mistakes, struct error *err)
{
	*krm = (struct krm){.arena = arena};
	if (!source_check(text, err) || !source_check_breaks(text, err))
		return false;
	source_init(&krm->source, text, arena);
	return yaml_parse(&krm->yaml, &krm->source, arena, err) && find_parts(krm, err) &&
		read_policy(krm, mistakes, err);
}
