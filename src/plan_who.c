/* Who a container is, and the reasons to leave it as it is. */
#include "plan_impl.h"

struct slice plan_label(struct visit *visit, const struct site *site)
{
	struct slice list = site->list;
	const char *what = slice_is(list, "initContainers") ? "init container"
		: slice_is(list, "ephemeralContainers")     ? "ephemeral container"
							    : "container";

	if (visit->plan->silent)
		return SLICE("");
	if (!visit->subject.container.n)
		return visit->plan->yaml->nodes[site->item].key
			? arena_printf(visit->plan->arena, "the container of \"%.*s\"", (int)list.n, list.p)
			: arena_printf(visit->plan->arena, "this %s", what);
	return arena_printf(
		visit->plan->arena, "%s \"%.*s\"", what, (int)visit->subject.container.n, visit->subject.container.p);
}

void plan_leave_alone(struct visit *visit, enum container_state state, enum finding_code code, struct slice why)
{
	struct plan *plan = visit->plan;

	plan->states[visit->site].alone = true;
	visit->report->state = state;
	visit->report->reason = why;
	plan_note(plan, visit->site, visit->place, LEVEL_NOTE, code,
		"%.*s %.*s", (int)visit->label.n, visit->label.p, (int)why.n, why.p);
}

bool plan_left_alone(struct visit *visit, const struct site *site, const struct yaml_found *patch)
{
	struct plan *plan = visit->plan;
	const struct policy_entry *exempt;

	if (site->windows) {
		plan_leave_alone(visit, CONTAINER_WINDOWS, CODE_WINDOWS,
			SLICE("runs on Windows, which has no capabilities: left alone"));
		return true;
	}
	exempt = visit->input->policy ? policy_use_exempt(visit->input->policy, &visit->subject, plan->used) : NULL;
	if (exempt) {
		visit->report->entry = exempt->index;
		if (!plan->silent)
			plan_look(visit, site->node, site->start == SITE_CONTEXT);
		plan_leave_alone(visit, CONTAINER_EXEMPT, CODE_EXEMPT,
			arena_printf(plan->arena, "is exempt (%.*s): %.*s", (int)plan_entry_place(visit, exempt).n,
				plan_entry_place(visit, exempt).p, (int)exempt->reason.n, exempt->reason.p));
		return true;
	}
	if (patch->value && slice_is(plan_text(plan, patch->value), "delete")) {
		plan_leave_alone(visit, CONTAINER_OVERLAY, CODE_OVERLAY, SLICE("is deleted by this patch: left alone"));
		return true;
	}
	return false;
}

void plan_identify(struct visit *visit, const struct site *site)
{
	const struct yaml *yaml = visit->plan->yaml;
	struct container_report *report = visit->report;
	size_t end;

	if (visit->plan->silent)
		return;
	end = yaml_tail(yaml, site->node);
	report->api_version = site->object->api_version;
	report->kind = site->object->kind;
	report->namespace = site->object->namespace;
	report->name = site->object->name;
	report->list = site->list;
	report->container = visit->subject.container;
	report->image = visit->subject.image;
	yaml_place(yaml, visit->place, &report->line, &report->col);
	report->last_line = source_line(yaml->source, end > yaml->nodes[site->node].start ? end - 1 : end) + 1;
}
