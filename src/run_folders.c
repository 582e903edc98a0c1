#include "capfix/run_folders.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capfix/files.h"
#include "capfix/files_git.h"

static uint64_t hash(struct slice key)
{
	uint64_t h = 14695981039346656037U; /* FNV-1a */
	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * 1099511628211U;
	return h ^ h >> 32;
}

/* The slot of the key, or the empty one where it belongs. */
static struct folder_slot *slot_of(struct folder_slot *slots, size_t n, struct slice key)
{
	size_t at = (size_t)hash(key) & (n - 1);
	while (slots[at].folder && !slice_eq(slots[at].key, key))
		at = (at + 1) & (n - 1);
	return &slots[at];
}

static void remember(struct folders *folders, struct slice key, struct folder *folder)
{
	if (2 * (folders->used + 1) > folders->nslots) {
		size_t n = folders->nslots * 2;
		struct folder_slot *slots = arena_alloc(folders->arena, n, sizeof(*slots));
		for (size_t i = 0; i < folders->nslots; i++)
			if (folders->slots[i].folder)
				*slot_of(slots, n, folders->slots[i].key) = folders->slots[i];
		folders->slots = slots;
		folders->nslots = n;
	}
	*slot_of(folders->slots, folders->nslots, key) = (struct folder_slot){key, folder};
	folders->used++;
}

static struct folder *recall(struct folders *folders, struct slice key)
{
	return slot_of(folders->slots, folders->nslots, key)->folder;
}

void folders_init(struct folders *folders, struct arena *arena)
{
	char *here = realpath(".", NULL);
	*folders = (struct folders){.arena = arena, .search = true, .nslots = 64};
	folders->slots = arena_alloc(arena, folders->nslots, sizeof(*folders->slots));
	folders->here = arena_dup(arena, slice_of(here ? here : "."));
	free(here);
}

static struct run_policy *add_policy(struct folders *folders, struct slice path, struct slice folder)
{
	struct run_policy *policy = arena_alloc(folders->arena, 1, sizeof(*policy));
	*policy = (struct run_policy){.path = path, .folder = folder};
	folders->policies = arena_grow(folders->arena, folders->policies, folders->npolicies, &folders->cap,
		folders->npolicies + 1, sizeof(struct run_policy *));
	folders->policies[folders->npolicies++] = policy;
	return policy;
}

static struct slice real_folder(const struct folders *folders, struct slice path)
{
	char *real = realpath(path.p, NULL);
	struct slice made = arena_dup(folders->arena, real ? slice_of(real) : path);
	free(real);
	return made;
}

void folders_fix(struct folders *folders, const char *file)
{
	folders->search = false;
	if (!file)
		return;
	struct slice path = files_normal(file, folders->arena);
	struct slice folder = real_folder(folders, files_folder(path, folders->arena));
	folders->fixed = add_policy(folders, path, folder);
	folders->fixed->holds = true;
}

static bool exists(struct slice folder, const char *name, struct arena *arena)
{
	struct stat st;
	/* A link that leads nowhere counts: better an error than a policy that is silently not there. */
	return lstat(files_join(folder, slice_of(name), arena).p, &st) == 0;
}

/* path, if it is not below folder; else the part behind it. */
static struct slice below(struct slice folder, struct slice path)
{
	size_t n = folder.n;
	if (n > 0 && folder.p[n - 1] == '/')
		n--; /* the root */
	if (path.n <= n || memcmp(path.p, folder.p, n) != 0 || path.p[n] != '/')
		return path;
	return slice_sub(path, n + 1, path.n);
}

static struct run_policy *policy_in(struct folders *folders, struct slice real)
{
	struct slice path = files_join(real, SLICE(POLICY_NAME), folders->arena);
	return add_policy(folders, below(folders->here, path), real);
}

static size_t add_repo(struct folders *folders, struct slice real)
{
	folders->repos = arena_grow(folders->arena, folders->repos, folders->nrepos, &folders->repos_cap,
		folders->nrepos + 1, sizeof(*folders->repos));
	folders->repos[folders->nrepos++] = real;
	return folders->nrepos;
}

/* What is known of a folder, given what is known of the one above it (NULL for the root). */
static struct folder *look(struct folders *folders, struct slice real, const struct folder *parent)
{
	struct arena *arena = folders->arena;
	struct folder *folder = arena_alloc(arena, 1, sizeof(*folder));
	folder->real = real;
	folder->policy = folders->fixed;
	folder->root = git_root(real.p) ? real : parent ? parent->root : SLICE("");
	folder->repo = folder->root.p == real.p ? add_repo(folders, real) : parent ? parent->repo : 0;
	if (folders->search && exists(real, POLICY_NAME, arena))
		folder->policy = policy_in(folders, real);
	else if (folders->search && parent && folder->root.p != real.p)
		folder->policy = parent->policy;
	folder->chart_template = parent &&
		(parent->chart_template ||
			(slice_is(files_base(real), "templates") && exists(parent->real, "Chart.yaml", arena)));
	remember(folders, real, folder);
	return folder;
}

/* The length of the path of the folder above path[0, n): 0 if there is none. */
static size_t above(struct slice path, size_t n)
{
	size_t up = n;
	while (up > 0 && path.p[up - 1] != '/')
		up--;
	return up == 1 && n > 1 ? 1 : up == 0 || n == 1 ? 0 : up - 1;
}

/* Goes up to the first folder that is known, or the root, and from there down again. */
static struct folder *look_real(struct folders *folders, struct slice real)
{
	struct folder *known = NULL;
	size_t n = real.n, depth = 0;
	while (n > 0 && !(known = recall(folders, slice_sub(real, 0, n)))) {
		depth++;
		n = above(real, n);
	}
	size_t *lens = arena_alloc(folders->arena, depth + 1, sizeof(*lens));
	n = real.n;
	for (size_t i = 0; i < depth; i++, n = above(real, n))
		lens[i] = n;
	while (depth-- > 0)
		known = look(folders, arena_dup(folders->arena, slice_sub(real, 0, lens[depth])), known);
	return known;
}

static struct folder *find(struct folders *folders, struct slice path)
{
	struct folder *folder = recall(folders, path);
	if (folder)
		return folder;
	struct slice real = real_folder(folders, path);
	folder = look_real(folders, real);
	if (!slice_eq(path, real))
		remember(folders, path, folder);
	return folder;
}

const struct folder *folders_at(struct folders *folders, struct slice path)
{
	struct folder *folder = find(folders, path);
	if (folder->policy)
		folder->policy->holds = true; /* not so for one that was only met on the way down */
	return folder;
}

size_t folders_repo_at(struct folders *folders, struct slice path)
{
	return find(folders, path)->repo;
}

struct slice folders_repo(const struct folders *folders, size_t repo)
{
	BUG_IF(repo == 0 || repo > folders->nrepos);
	return folders->repos[repo - 1];
}

struct slice folders_shown(const struct folders *folders, struct slice real)
{
	return slice_eq(real, folders->here) ? SLICE(".") : below(folders->here, real);
}

struct slice folders_subject(const struct folders *folders, const struct folder *folder, struct slice path)
{
	if (!folder->policy)
		return path;
	struct slice real = files_join(folder->real, files_base(path), folders->arena);
	struct slice rel = below(folder->policy->folder, real);
	return slice_eq(rel, real) ? path : rel;
}

struct slice folders_repository(const struct folders *folders, const struct folder *folder)
{
	struct slice name = below(folders->here, folder->root);
	return name.n > 0 && name.p[0] == '/' ? files_base(name) : name;
}
