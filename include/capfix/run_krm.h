/*
 * run_krm: a KRM function for kustomize and kpt.
 *
 * Floor 5.
 */
#ifndef CAPFIX_RUN_KRM_H
#define CAPFIX_RUN_KRM_H

#include "capfix/options.h"

/* Reads a ResourceList from standard input, writes it to standard output. The exit status. */
int run_krm(const struct options *options);

#endif
