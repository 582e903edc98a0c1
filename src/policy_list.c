/* One entry of podSpecs or exclude. */
#include "policy_impl.h"

enum { API_VERSION, KIND, SPEC_PATH, POD_SPEC_KEYS };

static const char *const pod_spec_names[POD_SPEC_KEYS] = {"apiVersion", "kind", "path"};
static const struct fields pod_spec_fields = {"an entry of `podSpecs`", pod_spec_names, POD_SPEC_KEYS};

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static size_t name_end(struct slice text, size_t at)
{
	while (at < text.n && is_name(text.p[at]))
		at++;
	return at;
}

/* names joined by dots, `[]` or `{}` behind any of them */
static bool is_node_path(struct slice path)
{
	for (size_t at = 0;; at++) {
		size_t end = name_end(path, at);
		if (end == at)
			return false;
		for (at = end; path.n - at >= 2; at += 2) {
			bool list = path.p[at] == '[' && path.p[at + 1] == ']';
			bool map = path.p[at] == '{' && path.p[at + 1] == '}';
			if (!list && !map)
				break;
		}
		if (at == path.n)
			return true;
		if (path.p[at] != '.')
			return false;
	}
}

/* GROUP/VERSION, or the version alone of the core group, which has no name. */
static const char *api_version_fault(struct slice text)
{
	size_t slashes = 0;

	for (size_t i = 0; i < text.n; i++)
		slashes += text.p[i] == '/';
	bool core = slashes == 0 && text.n >= 2 && text.p[0] == 'v' && text.p[1] >= '0' && text.p[1] <= '9';
	if (!core && (slashes != 1 || text.p[0] == '/' || text.p[text.n - 1] == '/'))
		return "write group and version such as example.com/v1, or example.com/* for all versions";
	return glob_fault(text);
}

static bool pod_spec_string(struct reader *reader, uint32_t entry, uint32_t node, size_t key, struct slice *out)
{
	static const char *const advice[POD_SPEC_KEYS] = {
		"write group and version such as example.com/v1, or example.com/* for all versions",
		"write the kind as manifests have it, such as Worker",
		"write where the pod spec is, such as spec.template.spec",
	};
	const char *what = pod_spec_names[key];

	if (node == YAML_NONE) {
		reader_missing(reader, entry, what, advice[key]);
		return false;
	}
	if (!reader_string(reader, node, what, out))
		return false;
	const char *fault = NULL;
	if (key == API_VERSION)
		fault = api_version_fault(*out);
	else if (key == KIND ? name_end(*out, 0) != out->n : !is_node_path(*out))
		fault = key == KIND ? "a kind has letters and digits only, and no wildcards"
				    : "write names joined by dots, `[]` behind a list and `{}` behind a map, "
				      "such as spec.items[].template.spec";
	if (fault != NULL)
		reader_mistake(reader, node,
			arena_printf(
				reader->arena, "`%s`: %s can't be used: %s", what, reader_shown(reader, *out), fault));
	*out = arena_dup(reader->arena, *out);
	return fault == NULL;
}

void pod_spec_read(struct reader *reader, uint32_t node)
{
	uint32_t values[POD_SPEC_KEYS];
	struct policy_pod_spec spec = {0};
	struct slice *const texts[POD_SPEC_KEYS] = {&spec.api_version, &spec.kind, &spec.path};
	struct policy *policy = reader->policy;
	bool ok = true;

	yaml_place(reader->yaml, node, &spec.line, &spec.col);
	if (!reader_fields(reader, node, &pod_spec_fields, values))
		return;
	for (size_t i = 0; i < POD_SPEC_KEYS; i++)
		ok &= pod_spec_string(reader, node, values[i], i, texts[i]);
	if (!ok)
		return;
	policy->pod_specs = arena_grow(reader->arena, policy->pod_specs, policy->npod_specs, &policy->pod_specs_cap,
		policy->npod_specs + 1, sizeof(spec));
	policy->pod_specs[policy->npod_specs++] = spec;
	struct slice all = arena_printf(reader->arena, "%s %s %s", spec.api_version.p, spec.kind.p, spec.path.p);
	twins_add(&reader->pod_specs, reader->arena, (struct twin){all, SLICE(""), spec.line, spec.col});
}

void exclude_read(struct reader *reader, uint32_t node)
{
	struct policy *policy = reader->policy;
	struct policy_exclude exclude = {0};

	yaml_place(reader->yaml, node, &exclude.line, &exclude.col);
	if (!reader_string(reader, node, "exclude", &exclude.glob) ||
		!path_glob_check(reader, node, "exclude", exclude.glob))
		return;
	exclude.glob = arena_dup(reader->arena, exclude.glob);
	policy->excludes = arena_grow(reader->arena, policy->excludes, policy->nexcludes, &policy->excludes_cap,
		policy->nexcludes + 1, sizeof(exclude));
	policy->excludes[policy->nexcludes++] = exclude;
	twins_add(&reader->excludes, reader->arena, (struct twin){exclude.glob, SLICE(""), exclude.line, exclude.col});
}
