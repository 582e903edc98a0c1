/*
 * finding: one thing to tell the user about a place in a file.
 *
 * Floor 1.
 */
#ifndef CAPFIX_FINDING_H
#define CAPFIX_FINDING_H

#include "capfix/arena.h"
#include "capfix/base.h"

enum finding_level { LEVEL_NOTE, LEVEL_WARNING, LEVEL_ERROR };

/* What a finding is about. finding_code_name gives the stable name that users see in brackets. */
enum finding_code {
	CODE_DROP,         /* ALL is not dropped; the fix drops it */
	CODE_ADD,          /* an added capability that the policy does not allow; the fix removes it */
	CODE_UNKNOWN,      /* the same, of a name that Linux does not know */
	CODE_RESPELLED,    /* a spelling that the fix makes canonical */
	CODE_KEPT,         /* an added capability that a policy entry allows */
	CODE_ENSURED,      /* a capability that the fix adds because a policy entry says `ensure: true` */
	CODE_OVERLAY,      /* a container entry without image: nothing is created in it */
	CODE_WINDOWS,      /* a pod of Windows: left alone */
	CODE_EXEMPT,       /* the policy exempts the container */
	CODE_REFUSED,      /* cannot be edited without guessing: left alone, still breaks the rule */
	CODE_TEMPLATE,     /* a Helm template: skipped */
	CODE_UNKNOWN_KIND, /* something container-shaped in a kind that capfix does not know */
	CODE_PARSE,        /* not text, or not YAML */
	CODE_IO,           /* cannot be read or written */
	CODE_POLICY,       /* a mistake in the policy */
	CODE_PRIVILEGED,   /* privileged: the runtime ignores drop */
	CODE_POD_LEVEL,    /* capabilities under a pod's securityContext: no such field */
	CODE_NO_EFFECT,    /* a kept NET_BIND_SERVICE that this container cannot use */
	CODE_IMMUTABLE,    /* a fixed Pod or Job: it must be created anew */
	CODE_IMAGE,        /* an image known to need capabilities back */
	CODE_CANCELLED,    /* an added capability that a single drop takes away again */
	CODE_EXPIRED,      /* a policy entry that applies no longer */
	CODE_EXPIRING,     /* one that soon will not */
	CODE_UNUSED,       /* one that matched nothing */
	CODE_INTERNAL,     /* the proof failed: our mistake; the file is untouched */
	CODE_WORKER,       /* the worker process that had the file failed: crashed, stalled, ran out of memory */
	CODE_COUNT
};

struct finding {
	enum finding_level level;
	enum finding_code code;
	size_t line; /* 1-based; 0: the file as a whole */
	size_t col;  /* 1-based, in code points */
	struct slice text;
};

/* In the order of their places once finding_sort has run. */
struct findings {
	struct finding *v; /* in the arena, as the texts */
	size_t n;
	size_t cap;
};

const char *finding_code_name(enum finding_code code);
const char *finding_level_name(enum finding_level level);
/* text is borrowed: it must live as long as the findings. */
void findings_add(struct findings *findings, struct arena *arena, struct finding finding);
/* Sorts by line, column, code and text. What says the same twice (aliases lead to one text twice) is kept once. */
void findings_sort(struct findings *findings, struct arena *arena);

#endif
