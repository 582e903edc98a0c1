/* Many uses, few entries: one for an image that is found in several workloads, else one for each workload. */
#include <string.h>

#include "init_policy_impl.h"

#include "capfix/caps.h"
#include "capfix/images.h"

static int cmp_size(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* A path that a pattern of the policy can match: below the folder of the policy. */
static bool can_path(struct slice path)
{
	size_t from = 0;

	for (size_t i = 0; i <= path.n; i++) {
		if (i < path.n && path.p[i] != '/')
			continue;
		struct slice part = slice_sub(path, from, i);
		if (part.n == 0 || slice_is(part, ".") || slice_is(part, ".."))
			return false;
		from = i + 1;
	}
	return true;
}

/* The path, where one is needed to tell the workload: it or its container has no name. Else empty. */
static struct slice telling_path(const struct init_use *use)
{
	bool nameless = use->subject.name.n == 0 || use->subject.container.n == 0;

	return nameless && can_path(use->subject.path) ? use->subject.path : SLICE("");
}

/* The same workload: namespaces aside, which one entry can list. */
static int cmp_workload(const struct init_use *a, const struct init_use *b)
{
	int cmp = slice_cmp(a->subject.kind, b->subject.kind);

	if (cmp == 0)
		cmp = slice_cmp(a->subject.name, b->subject.name);
	if (cmp == 0)
		cmp = slice_cmp(a->subject.container, b->subject.container);
	return cmp != 0 ? cmp : slice_cmp(telling_path(a), telling_path(b));
}

static int cmp_images(const void *x, const void *y)
{
	const struct init_use *a = x, *b = y;
	int cmp = cmp_size(a->capability, b->capability);

	if (cmp == 0)
		cmp = slice_cmp(a->repository, b->repository);
	if (cmp == 0)
		cmp = cmp_workload(a, b);
	if (cmp == 0)
		cmp = slice_cmp(a->subject.namespace, b->subject.namespace);
	return cmp != 0 ? cmp : cmp_size(a->order, b->order);
}

/* In the order of the entries to be; those of one entry stand together. */
static int cmp_entries(const struct init_use *a, const struct init_use *b)
{
	int cmp = cmp_size(a->capability, b->capability);

	if (cmp == 0)
		cmp = cmp_size(a->by_image, b->by_image);
	if (cmp == 0)
		cmp = a->by_image ? slice_cmp(a->repository, b->repository) : cmp_workload(a, b);
	return cmp;
}

static int cmp_uses(const void *x, const void *y)
{
	const struct init_use *a = x, *b = y;
	int cmp = cmp_entries(a, b);

	return cmp != 0 ? cmp : cmp_size(a->order, b->order);
}

/* Sets by_image for uses [from, to), which share capability and repository. */
static void judge_image(struct init_use *uses, size_t from, size_t to)
{
	bool several = false;

	for (size_t i = from + 1; i < to; i++)
		if (cmp_workload(&uses[i - 1], &uses[i]) != 0 ||
			!slice_eq(uses[i - 1].subject.namespace, uses[i].subject.namespace))
			several = true;
	for (size_t i = from; i < to; i++)
		uses[i].by_image = several && uses[i].repository.n > 0;
}

static void judge_images(struct init_policy *init)
{
	struct init_use *uses = init->uses;

	arena_sort(init->arena, uses, init->nuses, sizeof(*uses), cmp_images);
	for (size_t from = 0, to; from < init->nuses; from = to) {
		for (to = from + 1; to < init->nuses; to++)
			if (uses[to].capability != uses[from].capability ||
				!slice_eq(uses[to].repository, uses[from].repository))
				break;
		judge_image(uses, from, to);
	}
}

static size_t char_len(struct slice s, size_t at)
{
	unsigned char c = (unsigned char)s.p[at];
	size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;

	if (len > s.n - at)
		return 0;
	for (size_t i = 1; i < len; i++)
		if (((unsigned char)s.p[at + i] & 0xc0) != 0x80)
			return 0;
	return len;
}

struct slice init_literal(struct slice text, const char *behind, struct arena *arena)
{
	struct buf out;

	buf_init(&out);
	for (size_t at = 0; at < text.n;) {
		size_t n = char_len(text, at);
		if (memchr("*?[\\", text.p[at], 4))
			buf_addc(&out, '\\');
		if (n == 0)
			buf_addc(&out, '?');
		else
			buf_add(&out, slice_sub(text, at, at + n));
		at += n > 0 ? n : 1;
	}
	buf_adds(&out, behind);
	struct slice made = arena_dup(arena, buf_slice(&out));
	buf_release(&out);
	return made;
}

static void set_one(struct init_values *values, struct slice text, struct arena *arena)
{
	if (text.n == 0)
		return;
	values->v = arena_alloc(arena, 1, sizeof(*values->v));
	values->v[0] = init_literal(text, "", arena);
	values->n = 1;
}

/* The forms in which the image occurs: with a tag, by digest, bare. */
static void match_image(struct init_entry *entry, struct arena *arena)
{
	struct slice repository = entry->uses[0]->repository;
	struct init_values *values = &entry->match[INIT_IMAGE];
	bool tagged = false, digest = false, bare = false;

	for (size_t i = 0; i < entry->nuses; i++) {
		struct slice image = entry->uses[i]->subject.image;
		bare = bare || image.n == repository.n;
		tagged = tagged || (image.n > repository.n && image.p[repository.n] == ':');
		digest = digest || (image.n > repository.n && image.p[repository.n] == '@');
	}
	values->v = arena_alloc(arena, 3, sizeof(*values->v));
	if (bare)
		values->v[values->n++] = init_literal(repository, "", arena);
	if (tagged)
		values->v[values->n++] = init_literal(repository, ":*", arena);
	if (digest)
		values->v[values->n++] = init_literal(repository, "@*", arena);
}

static int cmp_slices(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

/* All of them, or no key at all where one use has none. */
static void match_namespaces(struct init_entry *entry, struct arena *arena)
{
	struct init_values *values = &entry->match[INIT_NAMESPACE];
	size_t n = 0;

	values->v = arena_alloc(arena, entry->nuses, sizeof(*values->v));
	for (size_t i = 0; i < entry->nuses; i++) {
		if (entry->uses[i]->subject.namespace.n == 0)
			return;
		values->v[i] = init_literal(entry->uses[i]->subject.namespace, "", arena);
	}
	arena_sort(arena, values->v, entry->nuses, sizeof(*values->v), cmp_slices);
	for (size_t i = 0; i < entry->nuses; i++)
		if (n == 0 || !slice_eq(values->v[n - 1], values->v[i]))
			values->v[n++] = values->v[i];
	values->n = n;
}

static void match_workload(struct init_entry *entry, struct arena *arena)
{
	const struct subject *subject = &entry->uses[0]->subject;

	set_one(&entry->match[INIT_KIND], subject->kind, arena);
	match_namespaces(entry, arena);
	set_one(&entry->match[INIT_NAME], subject->name, arena);
	set_one(&entry->match[INIT_CONTAINER], subject->container, arena);
	set_one(&entry->match[INIT_PATH], telling_path(entry->uses[0]), arena);
}

static int cmp_first_use(const void *x, const void *y)
{
	const struct init_use *a = ((const struct init_entry *)x)->uses[0];
	const struct init_use *b = ((const struct init_entry *)y)->uses[0];
	int cmp = cmp_size(a->capability, b->capability);

	return cmp != 0 ? cmp : cmp_size(a->order, b->order);
}

void init_merge(struct init_policy *init, struct init_entries *entries)
{
	struct arena *arena = init->arena;
	const struct init_use **uses = arena_alloc(arena, init->nuses + 1, sizeof(*uses));

	*entries = (struct init_entries){.v = arena_alloc(arena, init->nuses + 1, sizeof(*entries->v))};
	judge_images(init);
	arena_sort(arena, init->uses, init->nuses, sizeof(*init->uses), cmp_uses);
	for (size_t i = 0; i < init->nuses; i++) {
		uses[i] = &init->uses[i];
		if (i == 0 || cmp_entries(uses[i - 1], uses[i]) != 0)
			entries->v[entries->n++].uses = &uses[i];
		entries->v[entries->n - 1].nuses++;
	}
	for (size_t i = 0; i < entries->n; i++) {
		if (entries->v[i].uses[0]->by_image)
			match_image(&entries->v[i], arena);
		else
			match_workload(&entries->v[i], arena);
	}
	arena_sort(arena, entries->v, entries->n, sizeof(*entries->v), cmp_first_use);
}
