/*
 * run_folders: what the folders around a file say about it: which policy holds for it, and whether it is part of a
 * chart.
 *
 * Floor 5. Each folder is looked at once, however many files lie in it.
 */
#ifndef CAPFIX_RUN_FOLDERS_H
#define CAPFIX_RUN_FOLDERS_H

#include "capfix/arena.h"
#include "capfix/base.h"
#include "capfix/policy.h"

#define POLICY_NAME ".capfix.yaml"

/* A policy file that is in use. */
struct run_policy {
	struct slice path;     /* as messages name it, with a NUL behind it */
	struct slice folder;   /* its folder, absolute: the paths in it start here */
	struct policy *policy; /* NULL until run_policies_load has read it; see policy_listed */
	struct slice text;     /* what it was made from: for tasks of the engine */
	bool holds;            /* somebody asked for a folder in which it holds */
	bool *used;            /* by entry: it matched something in this run; NULL until run_policy_mark */
};

struct folder {
	struct slice real;         /* absolute, without links, with a NUL behind it */
	struct run_policy *policy; /* NULL: none holds here */
	struct slice root;         /* of the git work tree that it is in; empty: none */
	size_t repo;               /* its number, see folders_repo; 0: none */
	bool chart_template;       /* in the templates/ of a Helm chart, at any depth */
};

struct folder_slot {
	struct slice key;
	struct folder *folder;
};

/* All that it points to lives in the arena, so pointers to folders and policies stay valid. */
struct folders {
	struct arena *arena;
	struct slice here;         /* the working directory */
	bool search;               /* for policies; else `fixed` holds everywhere */
	struct run_policy *fixed;  /* may be NULL */
	struct folder_slot *slots; /* a hash table by path, as given and real; a power of two, never full */
	size_t nslots;
	size_t used;
	struct slice *repos; /* roots of git work trees, absolute, each with a NUL behind it */
	size_t nrepos;
	size_t repos_cap;
	struct run_policy **policies; /* in the order in which they were met */
	size_t npolicies;
	size_t cap;
};

/* Searches for policies up to the root of a git work tree. */
void folders_init(struct folders *folders, struct arena *arena);
/* No search: the policy in `file` holds for all, or none at all if it is NULL. */
void folders_fix(struct folders *folders, const char *file);

/* The folder at a path, as files_folder gives it. */
const struct folder *folders_at(struct folders *folders, struct slice path);

/* The number of the work tree that a folder lies in, 0 for none, for a folder that is none of the run's own. */
size_t folders_repo_at(struct folders *folders, struct slice path);
/* The root of a work tree by number, from 1 to nrepos: absolute, with a NUL behind it. */
struct slice folders_repo(const struct folders *folders, size_t repo);
/* A path as messages name it: relative to the working directory, if it is below. `.` for that itself. */
struct slice folders_shown(const struct folders *folders, struct slice real);

/*
 * What the policy of the folder calls a file in it: the path below the policy's own folder. `path` itself for a file
 * that is not below it, and where there is no policy.
 */
struct slice folders_subject(const struct folders *folders, const struct folder *folder, struct slice path);

/* The work tree that the folder is in, as people call it: its path below the working folder, or its name. */
struct slice folders_repository(const struct folders *folders, const struct folder *folder);

#endif
