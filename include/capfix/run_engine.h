/*
 * run_engine: the one place where the command meets the engine.
 *
 * Floor 5. Bytes and what is known about them in, result out; no files, no streams. Who calls it must not care in which
 * process the work is done.
 */
#ifndef CAPFIX_RUN_ENGINE_H
#define CAPFIX_RUN_ENGINE_H

#include "capfix/rewrite.h"

/* Everything in the result lives in the arena or in the input. */
void run_engine(const struct rewrite_input *input, struct arena *arena, struct rewrite_result *result);

#endif
