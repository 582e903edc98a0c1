/* Changes that move whole lines about, or bring new ones. */
#include "mutate.h"

static void remove_line(struct draft *draft, size_t i)
{
	draft_remove(draft, i, 1);
}

static void remove_below(struct draft *draft, size_t i)
{
	draft_remove(draft, i + 1, draft_below(draft, i) - i - 1);
}

static void swap_lines(struct draft *draft, size_t i)
{
	size_t j = draft_random(draft, 2) ? draft_random(draft, draft->n) : (i + 1) % draft->n;
	struct slice line = draft->v[i];

	draft->v[i] = draft->v[j];
	draft->v[j] = line;
}

static struct slice shifted(struct draft *draft, struct slice line, long by)
{
	size_t indent = draft_indent(line), more = by > 0 ? (size_t)by : 0, less = by < 0 ? (size_t)-by : 0;

	if (less > indent)
		less = indent;
	line = slice_sub(line, less, line.n);
	return arena_printf(draft->arena, "%*s%.*s", (int)more, "", (int)line.n, line.p);
}

/* The line and what lies below it, once more somewhere else, at the depth of its new neighbour. */
static void copy_below(struct draft *draft, size_t i)
{
	size_t end = draft_below(draft, i), to = draft_random(draft, draft->n + 1);
	long by = to < draft->n ? (long)draft_indent(draft->v[to]) - (long)draft_indent(draft->v[i]) : 0;
	struct slice copy[64];
	size_t n = end - i < 64 ? end - i : 64;

	for (size_t k = 0; k < n; k++)
		copy[k] = shifted(draft, draft->v[i + k], by);
	for (size_t k = 0; k < n; k++)
		draft_insert(draft, to + k, copy[k]);
}

static void shift_below(struct draft *draft, size_t i)
{
	size_t end = draft_random(draft, 2) ? draft_below(draft, i) : i + 1;
	long by = (long)draft_random(draft, 9) - 4;

	for (size_t k = i + draft_random(draft, 2); k < end; k++)
		draft->v[k] = shifted(draft, draft->v[k], by);
}

static void comment(struct draft *draft, size_t i)
{
	static const char *const TEXTS[] = {
		"# note", "#", "#drop:", "# - ALL", "# securityContext:", "\t# tab", "# {[\"'"};
	size_t indent = draft_random(draft, 3) ? draft_indent(draft->v[i]) : draft_random(draft, 12);

	draft_insert(draft, i + draft_random(draft, 2),
		draft_line(draft, i, indent, TEXTS[draft_random(draft, sizeof(TEXTS) / sizeof(*TEXTS))]));
}

static void blank(struct draft *draft, size_t i)
{
	static const char *const TEXTS[] = {"", "  ", "\t", "          "};

	draft_insert(draft, i + draft_random(draft, 2), draft_line(draft, i, 0, TEXTS[draft_random(draft, 4)]));
}

static void marker(struct draft *draft, size_t i)
{
	static const char *const TEXTS[] = {"---", "...", "--- # next", "--- !!map", "--- {}", "%YAML 1.1", "%TAG ! !x",
		"--- |", "\xef\xbb\xbf", "--- &a", "---x"};

	draft_insert(draft, i, draft_line(draft, i, 0, TEXTS[draft_random(draft, sizeof(TEXTS) / sizeof(*TEXTS))]));
}

/* What manifests are made of. */
static const char *const WORDS[] = {
	"securityContext:",
	"securityContext: {}",
	"securityContext: null",
	"securityContext: ~",
	"securityContext: &sc",
	"securityContext: *sc",
	"securityContext: {capabilities: {add: [NET_RAW], drop: [KILL]}}",
	"securityContext: []",
	"securityContext: !!map",
	"capabilities:",
	"capabilities: {}",
	"capabilities: {drop: [all]}",
	"capabilities: &c {}",
	"capabilities: *c",
	"capabilities: {add: [CHOWN, SYS_TIME]}",
	"capabilities: {add: [], drop: [ALL]}",
	"drop:",
	"drop: []",
	"drop: [ALL]",
	"drop: [\"all\", KILL]",
	"drop: ALL",
	"drop: {}",
	"drop: &d [KILL,]",
	"drop: *d",
	"add:",
	"add: []",
	"add: [NET_BIND_SERVICE]",
	"add: [CAP_NET_RAW, 'sys_time']",
	"add: &d [NET_ADMIN]",
	"add: *d",
	"add: [ALL]",
	"- ALL",
	"- NET_RAW",
	"- CAP_SYS_TIME",
	"- 'all'",
	"- \"NET_BIND_SERVICE\"",
	"-",
	"- ",
	"- &e NET_RAW",
	"- *e",
	"- |",
	"- >-",
	"containers:",
	"containers: []",
	"initContainers:",
	"ephemeralContainers:",
	"- name: web",
	"- name: exempt",
	"- image: nginx",
	"image: nginx:1",
	"name: main",
	"privileged: true",
	"runAsNonRoot: true",
	"allowPrivilegeEscalation: false",
	"<<: *sc",
	"<<: *c",
	"<<: [*c, *sc]",
	"$patch: delete",
	"os: {name: windows}",
	"kind: Pod",
	"kind: List",
	"kind: Deployment",
	"kind: CronJob",
	"kind: Worker",
	"apiVersion: v1",
	"apiVersion: apps/v1",
	"apiVersion: example.com/v1",
	"items:",
	"- apiVersion: v1",
	"spec:",
	"template:",
	"metadata: {name: x}",
	"env: []",
	"command: [sh, -c, \"a",
	"b\"]",
	"args: |+",
	"args: >",
	"args: |2-",
	"? securityContext",
	"? add",
	": {}",
	": [NET_RAW]",
	"\"securityContext\": {",
	"}",
	"]",
	"},",
	"],",
	"{",
	"[",
	"{\"add\": [\"NET_RAW\"]},",
	"x: {{ y }}",
};

static void word(struct draft *draft, size_t i)
{
	size_t indent = draft_indent(draft->v[i]) + 2 * draft_random(draft, 3);
	const char *text = WORDS[draft_random(draft, sizeof(WORDS) / sizeof(*WORDS))];

	if (indent >= 2 && draft_random(draft, 2))
		indent -= 2;
	draft_insert(draft, i + draft_random(draft, 2), draft_line(draft, i, indent, text));
}

const struct draft_op DRAFT_MOVES[] = {
	{remove_line},
	{remove_below},
	{swap_lines},
	{copy_below},
	{shift_below},
	{comment},
	{blank},
	{marker},
	{word},
	{word},
	{word},
	{copy_below},
};
const size_t DRAFT_NMOVES = sizeof(DRAFT_MOVES) / sizeof(*DRAFT_MOVES);
