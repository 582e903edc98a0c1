#include "capfix/wire.h"

static void put_entry(struct buf *out, const struct policy_entry *entry)
{
	wire_number(out, entry->line);
	wire_number(out, entry->col);
	wire_text(out, entry->capability);
	wire_text(out, entry->reason);
	wire_text(out, entry->owner);
	wire_text(out, entry->ticket);
	wire_text(out, entry->expires);
	wire_number(out, entry->exempt);
	wire_number(out, entry->ensure);
}

static void put_lists(struct buf *out, const struct policy *policy)
{
	size_t nexcludes, nspecs;
	const struct policy_exclude *excludes = policy_excludes(policy, &nexcludes);
	const struct policy_pod_spec *specs = policy_pod_specs(policy, &nspecs);

	wire_number(out, nexcludes);
	for (size_t i = 0; i < nexcludes; i++) {
		wire_number(out, excludes[i].line);
		wire_number(out, excludes[i].col);
		wire_text(out, excludes[i].glob);
	}
	wire_number(out, nspecs);
	for (size_t i = 0; i < nspecs; i++) {
		wire_number(out, specs[i].line);
		wire_number(out, specs[i].col);
		wire_text(out, specs[i].api_version);
		wire_text(out, specs[i].kind);
		wire_text(out, specs[i].path);
	}
}

void wire_policy(struct buf *out, const struct policy *policy, const struct findings *mistakes)
{
	wire_number(out, policy != NULL);
	if (!policy) {
		wire_findings(out, mistakes);
		return;
	}
	wire_number(out, policy_count(policy));
	for (size_t i = 0; i < policy_count(policy); i++)
		put_entry(out, policy_at(policy, i));
	put_lists(out, policy);
}

static void get_entry(struct wire *wire, struct policy_entry *entry)
{
	entry->line = wire_get_number(wire);
	entry->col = wire_get_number(wire);
	entry->capability = wire_get_text(wire);
	entry->reason = wire_get_text(wire);
	entry->owner = wire_get_text(wire);
	entry->ticket = wire_get_text(wire);
	entry->expires = wire_get_text(wire);
	entry->exempt = wire_get_bool(wire);
	entry->ensure = wire_get_bool(wire);
	entry->expires_on = entry->expires.n > 0 ? policy_date(entry->expires) : 0;
	wire->bad = wire->bad || (entry->expires.n > 0 && entry->expires_on == 0);
	wire->bad = wire->bad || (entry->exempt ? entry->capability.n > 0 : !caps_known(entry->capability));
}

static void get_entries(struct wire *wire, struct policy_list *list, struct arena *arena)
{
	size_t n = wire_get_count(wire, 9);
	struct policy_entry *entries = arena_alloc(arena, n, sizeof(*entries));

	for (size_t i = 0; i < n && !wire->bad; i++) {
		entries[i].index = i;
		get_entry(wire, &entries[i]);
	}
	list->entries = entries;
	list->n = n;
}

static void get_excludes(struct wire *wire, struct policy_list *list, struct arena *arena)
{
	size_t n = wire_get_count(wire, 3);
	struct policy_exclude *excludes = arena_alloc(arena, n, sizeof(*excludes));

	for (size_t i = 0; i < n && !wire->bad; i++) {
		excludes[i].line = wire_get_number(wire);
		excludes[i].col = wire_get_number(wire);
		excludes[i].glob = wire_get_text(wire);
		wire->bad = wire->bad || !glob_valid(excludes[i].glob);
	}
	list->excludes = excludes;
	list->nexcludes = n;
}

static void get_pod_specs(struct wire *wire, struct policy_list *list, struct arena *arena)
{
	size_t n = wire_get_count(wire, 5);
	struct policy_pod_spec *specs = arena_alloc(arena, n, sizeof(*specs));

	for (size_t i = 0; i < n && !wire->bad; i++) {
		specs[i].line = wire_get_number(wire);
		specs[i].col = wire_get_number(wire);
		specs[i].api_version = wire_get_text(wire);
		specs[i].kind = wire_get_text(wire);
		specs[i].path = wire_get_text(wire);
	}
	list->pod_specs = specs;
	list->npod_specs = n;
}

bool wire_get_policy(struct wire *wire, struct policy **policy, struct findings *mistakes, struct arena *arena)
{
	struct policy_list list = {0};

	*policy = NULL;
	if (!wire_get_bool(wire)) {
		wire_get_findings(wire, mistakes, SIZE_MAX - 1, arena);
		return wire_ends(wire) && mistakes->n > 0;
	}
	get_entries(wire, &list, arena);
	get_excludes(wire, &list, arena);
	get_pod_specs(wire, &list, arena);
	if (!wire_ends(wire))
		return false;
	*policy = policy_listed(&list, arena);
	return true;
}
