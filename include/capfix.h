/*
 * capfix.h: the library. From a text and a policy to the edits that make every container in the text drop ALL
 * capabilities. What the command does with a file, done in memory: no file is read or written, nothing is printed.
 *
 *	cc editor.c $(pkg-config --cflags --libs capfix)
 *
 * An example is in the sources: tests/integration/editor.c applies the edits to a buffer.
 *
 * Any number of threads may call it at once. Without memory it dies. The YAML parser below it, libfyaml, can crash on
 * hostile input: a program that must outlive such input calls capfix_rewrite in a process that it can lose.
 */
#ifndef CAPFIX_LIBRARY_H
#define CAPFIX_LIBRARY_H

#include <stddef.h>
#include <stdint.h>

#ifndef CAPFIX_VERSION
#define CAPFIX_VERSION "0.1.0"
#endif
/* The same to compare: major * 10000 + minor * 100 + patch. */
#define CAPFIX_VERSION_NUMBER 100

#ifdef __cplusplus
extern "C" {
#endif

/* Borrowed: the caller keeps it alive during the call. What is left zero is not there. */
struct capfix_input {
	const char *text; /* UTF-8: YAML, any number of documents, or JSON */
	size_t text_len;
	const char *path;   /* what a policy's `path` is held against: relative to the policy's folder; NULL: "-" */
	const char *policy; /* the text of a .capfix.yaml; NULL: nothing is allowed, every added capability goes */
	size_t policy_len;
	const char *policy_path; /* how messages name the policy; NULL: ".capfix.yaml" */
	uint32_t today;          /* the day for `expires`, such as 20270630; 0: nothing has expired */
};

enum capfix_outcome {
	CAPFIX_UNCHANGED, /* nothing to edit; containers that were refused are among the findings */
	CAPFIX_CHANGED,   /* there are edits, and their result has been proved */
	CAPFIX_TEMPLATE,  /* a template, of Helm for example: what it renders can be fixed */
	CAPFIX_FAILED,    /* not UTF-8 or not YAML: a finding says where */
	CAPFIX_POLICY     /* the policy has mistakes: they are the findings, with places in the policy */
};

/* Replace `del` bytes at byte `at` of the original text by `ins`. In the order of their places; none touch. */
struct capfix_edit {
	size_t at;
	size_t del;
	const char *ins; /* with a NUL behind it that ins_len does not count */
	size_t ins_len;
};

enum capfix_level { CAPFIX_NOTE, CAPFIX_WARNING, CAPFIX_ERROR };

/* One thing to tell, in the order of their places. */
struct capfix_finding {
	enum capfix_level level;
	const char *code; /* a stable name such as "drop"; capfix(1) lists them */
	size_t line;      /* 1-based; 0: the text as a whole */
	size_t col;       /* 1-based, in code points */
	const char *text;
};

struct capfix_result {
	enum capfix_outcome outcome;
	const struct capfix_edit *edits; /* none unless CAPFIX_CHANGED */
	size_t nedits;
	const struct capfix_finding *findings;
	size_t nfindings;
	size_t containers; /* all that were looked at */
	size_t fixed;      /* those that the edits change */
	size_t refused;    /* those that break the rule and cannot be edited without guessing */
};

/*
 * Says what must change. Never NULL. The result owns all that it points to, and borrows nothing from the input; it must
 * be given to capfix_result_free. A text that has been edited as the result says needs no further edits.
 */
struct capfix_result *capfix_rewrite(const struct capfix_input *input);

/* NULL is fine. */
void capfix_result_free(struct capfix_result *result);

#ifdef __cplusplus
}
#endif

#endif
