/*
 * krm: a ResourceList, as kustomize and kpt hand it to a function, and what the function has to say in it.
 *
 * Floor 4. https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md
 * Order of calls: krm_read, then rewrite() with the policy on the whole text, then krm_write. Only the edits of the
 * engine and `results` are written: everything else keeps its bytes.
 */
#ifndef CAPFIX_KRM_H
#define CAPFIX_KRM_H

#include "capfix/arena.h"
#include "capfix/buf.h"
#include "capfix/policy.h"
#include "capfix/rewrite.h"
#include "capfix/source.h"
#include "capfix/yaml.h"

/* Lives in the arena; borrows the text. */
struct krm {
	struct source source;
	struct yaml yaml;
	struct arena *arena;
	uint32_t root;
	uint32_t kind;         /* the value of `kind`: new results stand behind it */
	uint32_t results;      /* the value of `results`; YAML_NONE if there is none */
	struct policy *policy; /* what `functionConfig.spec` says; NULL if there is none */
};

/*
 * Finds what krm_write needs. False with `err` if the text is no ResourceList, or with `mistakes` (places in the text)
 * if its functionConfig is no policy.
 */
bool krm_read(struct krm *krm, struct slice text, struct arena *arena, struct findings *mistakes, struct error *err);

/* Appends the text with the edits made and each finding as an entry of `results`. `policy` is the one that was used. */
void krm_write(struct krm *krm, const struct rewrite_result *result, const struct policy *policy, struct buf *out);

#endif
