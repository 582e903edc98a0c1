/* Worth saying, never blocking: the end of SPEC 3. */
#include <string.h>

#include "capfix/images.h"
#include "plan_impl.h"

/* The value of a key, through merge keys and aliases; YAML_NONE if it is missing or not certain. */
static uint32_t value_of(const struct plan *plan, uint32_t map, const char *key)
{
	struct yaml_chain chain;
	struct yaml_found found;

	if (!map || plan->yaml->nodes[map].type != YAML_MAP)
		return YAML_NONE;
	yaml_chain(plan->yaml, map, &chain);
	found = yaml_find(plan->yaml, &chain, key);
	return found.again || found.unclear ? YAML_NONE : yaml_resolve(plan->yaml, found.value);
}

/* The key says true, or false, as go-yaml v2 reads booleans (resolve.go). */
static bool says(const struct plan *plan, uint32_t map, const char *key, bool value)
{
	static const char *const words[2][12] = {
		{"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"},
		{"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"},
	};
	uint32_t node = value_of(plan, map, key);

	if (!node || plan->yaml->nodes[node].style != YAML_PLAIN)
		return false;
	for (size_t i = 0; words[value][i]; i++)
		if (slice_is(plan_text(plan, node), words[value][i]))
			return true;
	return false;
}

static void say(struct visit *visit, uint32_t node, enum finding_level level, enum finding_code code, const char *what)
{
	plan_note(visit->plan, visit->site, node, level, code,
		"%.*s %s", (int)visit->label.n, visit->label.p, what);
}

void plan_worth_saying(struct visit *visit, uint32_t context)
{
	const struct plan *plan = visit->plan;

	if (plan->silent || !says(plan, context, "privileged", true))
		return;
	visit->report->privileged = true;
	say(visit, value_of(plan, context, "privileged"), LEVEL_WARNING, CODE_PRIVILEGED,
		"is privileged, so the runtime ignores drop and it has every capability: take privileged away, or exempt it in the policy");
}

static bool holds_strings(const struct yaml *yaml, uint32_t list)
{
	if (!list || yaml->nodes[list].type != YAML_SEQ)
		return false;
	for (uint32_t item = yaml->nodes[list].first; item; item = yaml->nodes[item].next)
		if (!yaml_is_string(yaml, yaml_resolve(yaml, item)))
			return false;
	return true;
}

void plan_look(struct visit *visit, uint32_t map, bool is_context)
{
	const struct plan *plan = visit->plan;
	uint32_t context = is_context ? map : value_of(plan, map, "securityContext");
	uint32_t capabilities = value_of(plan, context, "capabilities");
	uint32_t drop = value_of(plan, capabilities, "drop"), add = value_of(plan, capabilities, "add");

	visit->report->privileged = says(plan, context, "privileged", true);
	if (holds_strings(plan->yaml, drop))
		plan_report_drops(visit, drop);
	if (holds_strings(plan->yaml, add))
		plan_report_adds(visit, add, false);
}

/* runAsNonRoot, or a user that is not 0: in the container, else in the pod. */
static bool is_non_root(const struct plan *plan, uint32_t context, uint32_t pod_context)
{
	uint32_t user = value_of(plan, context, "runAsUser");

	if (!user)
		user = value_of(plan, pod_context, "runAsUser");
	if (user)
		return !slice_is(plan_text(plan, user), "0");
	return says(plan, value_of(plan, context, "runAsNonRoot") ? context : pod_context, "runAsNonRoot", true);
}

static void look_at_adds(struct visit *visit, uint32_t context, uint32_t pod_context)
{
	const struct plan *plan = visit->plan;
	uint32_t add = value_of(plan, value_of(plan, context, "capabilities"), "add"), item;
	uint64_t dropped = 0;

	if (!add || plan->yaml->nodes[add].type != YAML_SEQ)
		return;
	for (size_t i = 0; i < visit->report->ndrops; i++)
		dropped |= UINT64_C(1) << caps_index(visit->report->drops[i]);
	item = plan->yaml->nodes[add].first;
	for (size_t i = 0; i < visit->report->nadds && item; i++, item = plan->yaml->nodes[item].next) {
		const struct container_add *one = &visit->report->adds[i];

		if (one->kept && dropped >> caps_index(one->canonical) & 1)
			say(visit, item, LEVEL_WARNING, CODE_CANCELLED,
				"drops this capability by name too, and the single drop wins: take one of the two away");
		if (one->kept && slice_is(one->canonical, "NET_BIND_SERVICE") &&
			is_non_root(plan, context, pod_context) &&
			says(plan, context, "allowPrivilegeEscalation", false))
			say(visit, item, LEVEL_NOTE, CODE_NO_EFFECT,
				"runs as non-root without privilege escalation, where NET_BIND_SERVICE has no effect: bind a port above 1023, or set net.ipv4.ip_unprivileged_port_start");
	}
}

static bool keeps(const struct container_report *report, struct slice capability)
{
	for (size_t i = 0; i < report->nadds; i++)
		if (report->adds[i].kept && slice_eq(report->adds[i].canonical, capability))
			return true;
	return false;
}

/* A container that loses its defaults with this fix, of an image that is known to need some of them. */
static void look_at_image(struct visit *visit)
{
	struct plan *plan = visit->plan;
	const struct container_report *report = visit->report;
	const struct image_hint *hint = images_hint(report->image);
	const char *at = hint ? hint->capabilities : "";
	bool lacks = false;

	if (!hint || report->drops_all || !plan->states[visit->site].requests || report->privileged)
		return;
	while (*at) {
		size_t n = strcspn(at, " ");

		lacks = lacks || !keeps(report, (struct slice){at, n});
		at += n + strspn(at + n, " ");
	}
	if (lacks)
		plan_note(plan, visit->site, visit->place, LEVEL_NOTE, CODE_IMAGE,
			"%.*s: %.*s is known to need %s (%s); a policy entry with ensure: true gives it back",
				(int)visit->label.n, visit->label.p, (int)report->image.n, report->image.p,
				hint->capabilities, hint->why);
}

/* Kubernetes does not let a Pod's containers or a Job's template change: they must be created anew. */
static bool is_immutable(const struct object *object)
{
	return (slice_is(object->kind, "Pod") && !object->group.n) ||
		(slice_is(object->kind, "Job") && slice_is(object->group, "batch"));
}

/* No container of the same object before this one is fixed. */
static bool is_first_fixed(const struct plan *plan, uint32_t site)
{
	const struct object *object = plan->sites.v[site].object;

	while (site > 0 && plan->sites.v[site - 1].object == object)
		if (plan->states[--site].requests)
			return false;
	return true;
}

void plan_worth_saying_of_pod(struct visit *visit, const struct site *site)
{
	const struct plan *plan = visit->plan;
	const struct yaml *yaml = plan->yaml;
	uint32_t list = yaml->nodes[site->item].parent, pod = yaml->nodes[list].parent, misplaced;
	uint32_t pod_context;
	bool first = yaml->nodes[list].first == site->item && slice_is(site->list, "containers");

	if (plan->silent)
		return;
	pod_context = value_of(plan, pod, "securityContext");
	look_at_adds(visit, value_of(plan, site->node, "securityContext"), pod_context);
	if (!visit->overlay)
		look_at_image(visit);
	misplaced = first ? value_of(plan, pod_context, "capabilities") : YAML_NONE;
	if (misplaced)
		plan_note(visit->plan, visit->site, misplaced, LEVEL_WARNING, CODE_POD_LEVEL,
			"capabilities under the pod's securityContext: there is no such field, Kubernetes ignores it; move it into the containers");
	if (is_immutable(site->object) && plan->states[visit->site].requests && is_first_fixed(plan, visit->site))
		plan_note(visit->plan, visit->site, visit->place, LEVEL_NOTE, CODE_IMMUTABLE,
			"a running %.*s cannot be changed: delete it and create it anew",
				(int)site->object->kind.n, site->object->kind.p);
}

void plan_report(struct plan *plan)
{
	for (size_t i = 0; i < plan->sites.n; i++) {
		struct site_state *state = &plan->states[i];
		struct container_report *report = &plan->reports[i];

		if (state->refused) {
			report->state = CONTAINER_REFUSED;
		} else if (!state->alone) {
			report->state = state->requests ? CONTAINER_FIXED : CONTAINER_COMPLIES;
		}
	}
}
