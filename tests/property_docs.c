/* Documents: workloads, lists of them, and what only looks like them. */
#include "property_spec.h"

#include <string.h>

struct workload {
	const char *api;
	const char *kind;
	const char *path; /* from the object to the pod spec */
};

static const struct workload workloads[] = {
	{"v1", "Pod", "spec"},
	{"v1", "Pod", "spec"},
	{"v1", "PodTemplate", "template.spec"},
	{"v1", "ReplicationController", "spec.template.spec"},
	{"apps/v1", "Deployment", "spec.template.spec"},
	{"apps/v1", "Deployment", "spec.template.spec"},
	{"apps/v1beta2", "Deployment", "spec.template.spec"},
	{"extensions/v1beta1", "Deployment", "spec.template.spec"},
	{"apps/v1", "StatefulSet", "spec.template.spec"},
	{"apps/v1", "DaemonSet", "spec.template.spec"},
	{"extensions/v1beta1", "DaemonSet", "spec.template.spec"},
	{"apps/v1", "ReplicaSet", "spec.template.spec"},
	{"batch/v1", "Job", "spec.template.spec"},
	{"batch/v1", "CronJob", "spec.jobTemplate.spec.template.spec"},
	{"batch/v1beta1", "CronJob", "spec.jobTemplate.spec.template.spec"},
};

static struct node *metadata(struct gen *g, struct pod *pod)
{
	static const char *const name[] = {"web", "agent", "worker", "app-1"};
	struct node *map = node_map(g);

	node_pair(g, map, "name", node_text(g, pod->name = GEN_PICK(g, name)));
	if (gen_chance(g, 40))
		node_pair_any(g, map, "namespace", node_text(g, pod->namespace = gen_chance(g, 50) ? "edge" : "core"));
	if (gen_chance(g, 20))
		node_pair(g, map, "labels", spec_words(g));
	if (gen_chance(g, 10))
		node_pair(g, map, "annotations", spec_words(g));
	return map;
}

/* Wraps the pod spec into what the path says, the object itself left out. */
static struct node *along(struct gen *g, const char *path, struct node *value)
{
	const char *dot = strrchr(path, '.');

	while (dot) {
		struct node *map = node_map(g);

		if (strcmp(dot + 1, "template") == 0 && gen_chance(g, 15))
			node_pair(g, map, "replicas", node_raw(g, "1"));
		node_pair(g, map, dot + 1, value);
		if (gen_chance(g, 10))
			node_pair(g, map, "metadata", spec_words(g));
		if (gen_chance(g, 5))
			node_pair_any(g, map, "x", node_null(g));
		value = map;
		path = arena_dup(g->arena, (struct slice){path, (size_t)(dot - path)}).p;
		dot = strrchr(path, '.');
	}
	return value;
}

static void pair_first(struct gen *g, struct node *map, const char *key, const char *text)
{
	node_put(g, map, 0, node_text(g, text));
	node_put(g, map, 0, node_text(g, key));
}

static struct node *workload(struct model *m, const struct workload *w, bool named)
{
	struct gen *g = m->g;
	struct pod *pod = arena_alloc(g->arena, 1, sizeof(*pod));
	struct node *map = node_map(g);
	const char *end = strchr(w->path, '.');
	const char *first = end ? arena_dup(g->arena, (struct slice){w->path, (size_t)(end - w->path)}).p : w->path;

	pod->kind = w->kind;
	node_pair(g, map, "metadata", metadata(g, pod));
	node_pair(g, map, first, along(g, w->path, spec_pod(m, pod)));
	if (gen_chance(g, 10))
		node_pair_any(g, map, "status", spec_words(g));
	if (named && gen_chance(g, 50)) {
		node_pair_any(g, map, "kind", node_text(g, w->kind));
		node_pair_any(g, map, "apiVersion", node_text(g, w->api));
	} else if (named) {
		pair_first(g, map, "kind", w->kind);
		pair_first(g, map, "apiVersion", w->api);
	}
	return map;
}

static struct node *list(struct model *m)
{
	struct gen *g = m->g;
	struct node *map = node_map(g), *items = node_seq(g);
	const struct workload *w = &GEN_PICK(g, workloads);
	bool typed = gen_chance(g, 40);
	bool named = !typed || gen_chance(g, 60);

	node_pair(g, map, "apiVersion", node_text(g, typed ? w->api : "v1"));
	node_pair_any(g, map, "kind", node_text(g, typed ? gen_printf(g, "%sList", w->kind) : "List"));
	for (size_t n = gen_below(g, 4); n; n--)
		node_add(g, items, workload(m, typed ? w : &GEN_PICK(g, workloads), named));
	node_pair(g, map, "items", items);
	if (gen_chance(g, 30))
		node_pair_any(g, map, "metadata", node_map(g));
	return map;
}

/* Has containers that break the rule, and isn't capfix's business. */
static struct node *decoy(struct model *m)
{
	static const struct workload look[] = {
		{"example.com/v1", "Deployment", "spec.template.spec"},
		{"apps/v1", "Pod", "spec"},
		{"v1", "Podd", "spec"},
		{"v1", "Service", "spec"},
		{"batch/v1", "Deployment", "spec.template.spec"},
		{"example.com/v1", "Widget", "spec"},
	};
	struct gen *g = m->g;
	size_t before = m->nconts;
	struct node *map;

	if (gen_chance(g, 40)) {
		map = node_map(g);
		node_pair(g, map, "apiVersion", node_text(g, "v1"));
		node_pair(g, map, "kind", node_text(g, "ConfigMap"));
		node_pair(g, map, "data", node_map(g));
		node_pair(g, map->kid[5], "pod.yaml", spec_lines(g));
		node_pair(g, map->kid[5], "other", spec_lines(g));
		return map;
	}
	map = workload(m, &GEN_PICK(g, look), gen_chance(g, 85));
	m->nconts = before;
	return map;
}

/* Puts the pair that leads to the node last in its mapping, and those around it too. True if the node is below. */
static bool move_last(struct node *node, const struct node *wanted)
{
	size_t by = node->type == N_MAP ? 2 : 1;

	for (size_t i = by - 1; i < node->n; i += by) {
		struct node *key = node->kid[i - by + 1], *value = node->kid[i];

		if (value != wanted && !move_last(value, wanted))
			continue;
		if (by == 1)
			return i + 1 == node->n;
		memmove(node->kid + i - 1, node->kid + i + 1, (node->n - i - 1) * sizeof(*node->kid));
		node->kid[node->n - 2] = key;
		node->kid[node->n - 1] = value;
		return true;
	}
	return false;
}

/* The last container becomes the end of the document, and a text of one line the end of the container. */
static void open_end(struct model *m, struct node *doc)
{
	struct node *map = m->conts[m->nconts - 1]->map;
	struct node *text = node_text(m->g, gen_chance(m->g, 80) ? "the end\n" : "the end");

	text->lines = true;
	node_pair(m->g, map, "terminationMessage", text);
	m->open_end = move_last(doc, map);
}

static void document(struct model *m, bool last)
{
	struct gen *g = m->g;
	size_t before = m->nconts;
	struct node *doc;

	if (m->ndocs && gen_chance(g, 8))
		doc = node_null(g);
	else if (gen_chance(g, 12))
		doc = decoy(m);
	else if (gen_chance(g, 12))
		doc = list(m);
	else
		doc = workload(m, &GEN_PICK(g, workloads), true);
	if (m->nconts > before && last && gen_chance(g, 5))
		open_end(m, doc);
	if (m->nconts > before && gen_chance(g, 20))
		model_share(m, doc, before);
	m->docs = arena_grow(g->arena, m->docs, m->ndocs, &m->docs_cap, m->ndocs + 1, sizeof(struct node *));
	m->docs[m->ndocs++] = doc;
}

void model_documents(struct model *m)
{
	bool more;

	do {
		more = gen_chance(m->g, 30);
		document(m, !more);
	} while (more);
}
