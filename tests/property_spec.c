/* Containers with their other fields, and the pod specs around them. */
#include "property_spec.h"

#include <string.h>

static const char *const words[] = {"nginx", "--port=8080", "-c", "a b c", "it's", "say \"hi\"", "true", "80", "#no",
	"x #y", "ALL", "k: v", "http://x:80/p", "NET_ADMIN", "caf\xc3\xa9", "- dash", "null", "", "one two three four",
	"containers:", "securityContext: {}", "a, b", "[x]", "{{", "~"};

static struct node *word(struct gen *g)
{
	return node_text(g, GEN_PICK(g, words));
}

static struct node *lines_text(struct gen *g)
{
	static const char *const text[] = {
		"set -e\nexec run",
		"containers:\n- name: x\n  securityContext: {}",
		"# not a comment\n\n  deeper\nback",
		"one",
		"  indented first\nthen not",
		"- ALL\n- add:\n    - NET_ADMIN",
		"tab\there\n\n\nafter",
	};
	static const char *const end[] = {"", "\n", "\n", "\n\n", "\n\n\n"};
	struct node *node = node_text(g, gen_printf(g, "%s%s", GEN_PICK(g, text), GEN_PICK(g, end)));

	node->lines = true;
	return node;
}

static struct node *list_of_words(struct gen *g)
{
	struct node *seq = node_seq(g);

	for (size_t n = gen_below(g, 4); n; n--)
		node_add(g, seq, gen_chance(g, 15) ? lines_text(g) : word(g));
	return seq;
}

static struct node *map_of_words(struct gen *g)
{
	static const char *const key[] = {"app", "tier", "a/b", "cpu", "memory"};
	struct node *map = node_map(g);

	for (size_t i = gen_below(g, 3); i < sizeof(key) / sizeof(*key); i += 1 + gen_below(g, 3))
		node_pair(g, map, key[i], gen_chance(g, 8) ? lines_text(g) : word(g));
	return map;
}

static struct node *env(struct gen *g)
{
	struct node *seq = node_seq(g);

	for (size_t n = gen_below(g, 3); n; n--) {
		struct node *map = node_map(g), *from = node_map(g);

		node_pair(g, map, "name", node_text(g, gen_printf(g, "V%zu", n)));
		if (gen_chance(g, 30)) {
			node_pair(g, from, "fieldRef", map_of_words(g));
			node_pair(g, map, "valueFrom", from);
		} else {
			node_pair(g, map, "value", gen_chance(g, 20) ? lines_text(g) : word(g));
		}
		node_add(g, seq, map);
	}
	return seq;
}

static struct node *ports(struct gen *g)
{
	struct node *seq = node_seq(g), *map = node_map(g);

	node_pair(g, map, "containerPort", node_raw(g, "8080"));
	if (gen_chance(g, 50))
		node_pair_any(g, map, "name", node_text(g, "http"));
	node_add(g, seq, map);
	return seq;
}

/* A mapping in a mapping, with a list of its own at times. */
static struct node *probe(struct gen *g)
{
	struct node *outer = node_map(g), *inner = node_map(g);

	if (gen_chance(g, 50)) {
		node_pair(g, inner, "command", list_of_words(g));
		node_pair(g, outer, "exec", inner);
	} else {
		node_pair(g, inner, "path", word(g));
		node_pair(g, inner, "port", node_raw(g, "80"));
		node_pair(g, outer, "httpGet", inner);
	}
	if (gen_chance(g, 30))
		node_pair_any(g, outer, "periodSeconds", node_raw(g, "5"));
	return outer;
}

static struct node *resources(struct gen *g)
{
	struct node *map = node_map(g);

	node_pair(g, map, "limits", map_of_words(g));
	if (gen_chance(g, 50))
		node_pair(g, map, "requests", map_of_words(g));
	return map;
}

static void fields(struct gen *g, struct node *map)
{
	if (gen_chance(g, 30))
		node_pair(g, map, "args", list_of_words(g));
	if (gen_chance(g, 25))
		node_pair_any(g, map, "env", env(g));
	if (gen_chance(g, 25))
		node_pair_any(g, map, "resources", resources(g));
	if (gen_chance(g, 25))
		node_pair_any(g, map, "ports", ports(g));
	if (gen_chance(g, 15))
		node_pair_any(g, map, "livenessProbe", probe(g));
	if (gen_chance(g, 15))
		node_pair_any(g, map, "stdin", node_raw(g, "true"));
	if (gen_chance(g, 10))
		node_pair_any(g, map, "workingDir", word(g));
	if (gen_chance(g, 15))
		node_pair(g, map, "terminationMessagePath", lines_text(g));
	if (gen_chance(g, 5))
		node_pair(g, map, "tty", node_null(g));
	if (gen_chance(g, 15))
		node_pair(g, map, "command", list_of_words(g));
}

void model_container(struct model *m, const struct pod *pod, struct node *list, bool ephemeral)
{
	static const char *const image[] = {
		"nginx", "nginx:1.27", "registry.example.com/team/app@sha256:0123", "busybox:1"};
	struct gen *g = m->g;
	struct cont *c = arena_alloc(g->arena, 1, sizeof(*c));

	c->pod = pod;
	c->uses = 1;
	c->map = node_map(g);
	c->map->cont = c;
	c->home = c->map;
	c->name = gen_printf(g, "c%zu", m->nconts + 1);
	if (gen_chance(g, 92))
		c->image = GEN_PICK(g, image);
	node_pair(g, c->map, "name", node_text(g, c->name));
	if (c->image)
		node_pair_any(g, c->map, "image", node_text(g, c->image));
	else if (gen_chance(g, 10))
		node_pair_any(g, c->map, "$patch", node_text(g, (c->deleted = gen_chance(g, 70)) ? "delete" : "merge"));
	if (ephemeral && gen_chance(g, 50))
		node_pair(g, c->map, "targetContainerName", node_text(g, "c1"));
	fields(g, c->map);
	model_security(m, c);
	node_add(g, list, c->map);
	m->conts = arena_grow(g->arena, m->conts, m->nconts, &m->conts_cap, m->nconts + 1, sizeof(struct cont *));
	m->conts[m->nconts++] = c;
}

static void container_list(struct model *m, const struct pod *pod, const char *key, size_t n, bool ephemeral)
{
	struct gen *g = m->g;
	struct node *seq = node_seq(g);

	if (n == 0 && gen_chance(g, 50)) {
		if (gen_chance(g, 50))
			node_pair(g, pod->spec, key, gen_chance(g, 50) ? seq : node_null(g));
		return;
	}
	for (; n; n--)
		model_container(m, pod, seq, ephemeral);
	node_pair(g, pod->spec, key, seq);
}

/* Other fields stand between the lists and around them. */
static void other(struct gen *g, struct node *spec, const char *key, unsigned percent, struct node *value)
{
	if (gen_chance(g, percent))
		node_pair(g, spec, key, value);
}

struct node *spec_pod(struct model *m, struct pod *pod)
{
	struct gen *g = m->g;
	struct node *spec = pod->spec = node_map(g), *os = node_map(g), *sc = node_map(g), *caps = node_map(g);

	node_pair(g, os, "name", node_text(g, (pod->windows = gen_chance(g, 12)) ? "windows" : "linux"));
	pod->windows &= gen_chance(g, 30);
	other(g, spec, "os", pod->windows ? 100 : strcmp(os->kid[1]->text, "linux") == 0 ? 10 : 0, os);
	other(g, spec, "serviceAccountName", 20, word(g));
	if (gen_chance(g, 25))
		container_list(m, pod, "initContainers", gen_below(g, 3), false);
	other(g, spec, "nodeSelector", 10, map_of_words(g));
	other(g, sc, "runAsNonRoot", 60, node_raw(g, "true"));
	node_pair(g, caps, "add", list_of_words(g));
	other(g, sc, "capabilities", 15, caps);
	other(g, spec, "securityContext", 20, sc);
	container_list(m, pod, "containers", gen_below(g, 4), false);
	other(g, spec, "volumes", 15, env(g));
	if (gen_chance(g, 6))
		container_list(m, pod, "ephemeralContainers", gen_below(g, 3), true);
	other(g, spec, "restartPolicy", 15, node_text(g, "Never"));
	other(g, spec, "tolerations", 10, env(g));
	return spec;
}

struct node *spec_words(struct gen *g)
{
	return map_of_words(g);
}

struct node *spec_lines(struct gen *g)
{
	return lines_text(g);
}
