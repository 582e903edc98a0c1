/*
 * template: is this text a template that some program fills in before Kubernetes sees it? SPEC 6.
 *
 * Floor 3. Does not parse: most templates are not YAML.
 */
#ifndef CAPFIX_TEMPLATE_H
#define CAPFIX_TEMPLATE_H

#include "capfix/base.h"

/*
 * Finds the first `{{` outside quotes, comments and block scalars (Helm, Go templates, Jinja). True, with its offset
 * in *at. Linear; one pass of memmem for a text without any.
 */
bool template_find(struct slice text, size_t *at);

#endif
