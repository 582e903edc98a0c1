#include "capfix/finding.h"

static const char *const code_names[CODE_COUNT] = {
	[CODE_DROP] = "drop",
	[CODE_ADD] = "add",
	[CODE_UNKNOWN] = "unknown",
	[CODE_RESPELLED] = "respelled",
	[CODE_KEPT] = "kept",
	[CODE_ENSURED] = "ensured",
	[CODE_OVERLAY] = "overlay",
	[CODE_WINDOWS] = "windows",
	[CODE_EXEMPT] = "exempt",
	[CODE_REFUSED] = "refused",
	[CODE_TEMPLATE] = "template",
	[CODE_UNKNOWN_KIND] = "unknown-kind",
	[CODE_PARSE] = "parse",
	[CODE_IO] = "io",
	[CODE_POLICY] = "policy",
	[CODE_PRIVILEGED] = "privileged",
	[CODE_POD_LEVEL] = "pod-level",
	[CODE_NO_EFFECT] = "no-effect",
	[CODE_IMMUTABLE] = "immutable",
	[CODE_IMAGE] = "image",
	[CODE_CANCELLED] = "cancelled",
	[CODE_EXPIRED] = "expired",
	[CODE_EXPIRING] = "expiring",
	[CODE_UNUSED] = "unused",
	[CODE_INTERNAL] = "internal",
	[CODE_WORKER] = "worker",
};

static const char *const level_names[] = {
	[LEVEL_NOTE] = "note",
	[LEVEL_WARNING] = "warning",
	[LEVEL_ERROR] = "error",
};

const char *finding_code_name(enum finding_code code)
{
	BUG_IF((size_t)code >= CODE_COUNT || code_names[code] == NULL);
	return code_names[code];
}

const char *finding_level_name(enum finding_level level)
{
	BUG_IF((size_t)level >= sizeof(level_names) / sizeof(level_names[0]));
	return level_names[level];
}

void findings_add(struct findings *findings, struct arena *arena, struct finding finding)
{
	findings->v = arena_grow(arena, findings->v, findings->n, &findings->cap, findings->n + 1, sizeof(finding));
	findings->v[findings->n++] = finding;
}

static int compare(const void *a, const void *b)
{
	const struct finding *x = a;
	const struct finding *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->col != y->col)
		return x->col < y->col ? -1 : 1;
	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return slice_cmp(x->text, y->text);
}

void findings_sort(struct findings *findings, struct arena *arena)
{
	size_t kept = 0;

	arena_sort(arena, findings->v, findings->n, sizeof(*findings->v), compare);
	for (size_t i = 0; i < findings->n; i++)
		if (!kept || compare(&findings->v[kept - 1], &findings->v[i]))
			findings->v[kept++] = findings->v[i];
	findings->n = kept;
}
