/* The states that a container's securityContext can be in. */
#include "property_model.h"

#include <ctype.h>
#include <string.h>

static const char *const known[] = {"NET_ADMIN", "NET_RAW", "NET_BIND_SERVICE", "SYS_TIME", "SYS_ADMIN", "CHOWN",
	"SETUID", "KILL", "BPF", "CHECKPOINT_RESTORE", "MKNOD", "SYS_PTRACE"};

bool caps_is_known(const char *canonical)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (strcmp(known[i], canonical) == 0)
			return true;
	}
	return false;
}

const char *caps_random(struct gen *g)
{
	return GEN_PICK(g, known);
}

const char *caps_plain(struct gen *g, const char *name)
{
	char *upper = arena_alloc(g->arena, strlen(name) + 1, 1);

	for (size_t i = 0; name[i]; i++)
		upper[i] = (char)toupper((unsigned char)name[i]);
	return strncmp(upper, "CAP_", 4) == 0 ? upper + 4 : upper;
}

static const char *lower(struct gen *g, const char *name)
{
	char *text = arena_alloc(g->arena, strlen(name) + 1, 1);

	for (size_t i = 0; name[i]; i++)
		text[i] = (char)tolower((unsigned char)name[i]);
	return text;
}

/* A capability as people spell it. */
static const char *spelled(struct gen *g)
{
	static const char *const odd[] = {
		"NET_FOO", "FOO", "SYS_ADMINN", "cap_foo", "CAP_", "NET_ADMIN ", "Net Admin", "*", "CAP_CAP_CHOWN"};
	const char *name = caps_random(g);

	switch (gen_below(g, 12)) {
	case 0:
		return gen_printf(g, "CAP_%s", name);
	case 1:
		return lower(g, name);
	case 2:
		return gen_printf(g, "cap_%s", lower(g, name));
	case 3:
		return GEN_PICK(g, odd);
	default:
		return name;
	}
}

static struct node *not_a_string(struct gen *g)
{
	static const char *const raw[] = {"1", "true", "1.5", "null", "~"};
	struct node *map = node_map(g);

	if (gen_chance(g, 60))
		return node_raw(g, GEN_PICK(g, raw));
	node_pair(g, map, "name", node_text(g, "NET_RAW"));
	return map;
}

static struct node *wrong_type(struct gen *g, bool list)
{
	struct node *node = list ? node_map(g) : node_seq(g);

	if (gen_chance(g, 40))
		return node_text(g, gen_chance(g, 50) ? "ALL" : "x y");
	if (gen_chance(g, 20))
		return node_raw(g, "12");
	if (list)
		node_pair(g, node, "ALL", node_raw(g, "true"));
	else if (gen_chance(g, 60))
		node_add(g, node, node_text(g, "ALL"));
	return node;
}

/* {}, null, ~ or nothing at all. */
static struct node *nothing(struct gen *g)
{
	return gen_chance(g, 40) ? node_map(g) : node_null(g);
}

static struct node *drop_value(struct gen *g, struct cont *c)
{
	static const char *const all[] = {"ALL", "ALL", "all", "All", "aLL"};
	struct node *seq = node_seq(g);
	size_t want = gen_below(g, 4);

	if (gen_chance(g, 4)) {
		c->bad = true;
		return wrong_type(g, true);
	}
	if (gen_chance(g, 10))
		return gen_chance(g, 50) ? node_null(g) : seq;
	for (size_t i = 0; i < want; i++)
		node_add(g, seq, node_text(g, spelled(g)));
	if (gen_chance(g, 40) || want == 0)
		node_put(g, seq, gen_below(g, seq->n + 1), node_text(g, GEN_PICK(g, all)));
	if (gen_chance(g, 4))
		node_put(g, seq, gen_below(g, seq->n + 1), node_text(g, GEN_PICK(g, all)));
	if (gen_chance(g, 3)) {
		node_put(g, seq, gen_below(g, seq->n + 1), not_a_string(g));
		c->bad = true;
	}
	return seq;
}

static struct node *add_value(struct gen *g, struct cont *c)
{
	struct node *seq = node_seq(g);
	size_t want = 1 + gen_below(g, 5);

	if (gen_chance(g, 4)) {
		c->bad = true;
		return wrong_type(g, true);
	}
	if (gen_chance(g, 10))
		return gen_chance(g, 50) ? node_null(g) : seq;
	for (size_t i = 0; i < want; i++)
		node_add(g, seq, node_text(g, gen_chance(g, 3) ? "ALL" : spelled(g)));
	if (gen_chance(g, 10))
		node_add(g, seq, node_text(g, seq->kid[gen_below(g, seq->n)]->text));
	if (gen_chance(g, 3)) {
		node_put(g, seq, gen_below(g, seq->n + 1), not_a_string(g));
		c->bad = true;
	}
	return seq;
}

/* Now and then a key stands there twice: nobody can tell which of them counts. */
static void again(struct gen *g, struct cont *c, struct node *map, const char *key)
{
	if (!gen_chance(g, 1))
		return;
	node_pair_any(g, map, key, gen_chance(g, 50) ? node_null(g) : node_seq(g));
	c->bad = true;
}

static struct node *caps_value(struct gen *g, struct cont *c)
{
	struct node *map = node_map(g);

	if (gen_chance(g, 3)) {
		c->bad = true;
		return wrong_type(g, false);
	}
	if (gen_chance(g, 12))
		return nothing(g);
	if (gen_chance(g, 65))
		node_pair(g, map, "drop", c->drop = drop_value(g, c));
	if (!c->drop || gen_chance(g, 55))
		node_pair_any(g, map, "add", c->add = add_value(g, c));
	again(g, c, map, c->drop ? "drop" : "add");
	return map;
}

static void other_keys(struct gen *g, struct node *map)
{
	struct node *profile = node_map(g);

	if (gen_chance(g, 40))
		node_pair_any(g, map, "runAsNonRoot", node_raw(g, "true"));
	if (gen_chance(g, 30))
		node_pair_any(g, map, "allowPrivilegeEscalation", node_raw(g, "false"));
	if (gen_chance(g, 20))
		node_pair_any(g, map, "runAsUser", node_raw(g, "1000"));
	if (gen_chance(g, 20)) {
		node_pair(g, profile, "type", node_text(g, "RuntimeDefault"));
		node_pair_any(g, map, "seccompProfile", profile);
	}
}

void model_security(struct model *m, struct cont *c)
{
	struct gen *g = m->g;
	struct node *sc = node_map(g);

	if (gen_chance(g, 25))
		return;
	if (gen_chance(g, 3)) {
		c->bad = true;
		c->sc = wrong_type(g, false);
	} else if (gen_chance(g, 15)) {
		c->sc = nothing(g);
	} else {
		c->sc = sc;
		if (gen_chance(g, 85))
			node_pair(g, sc, "capabilities", c->caps = caps_value(g, c));
		other_keys(g, sc);
		if (c->caps)
			again(g, c, sc, "capabilities");
	}
	node_pair_any(g, c->map, "securityContext", c->sc);
	again(g, c, c->map, "securityContext");
}
