/*
 * replace_attrs: owner, mode, access control list and extended attributes on their way from the old file to the new.
 *
 * Floor 4.
 */
#ifndef CAPFIX_REPLACE_ATTRS_H
#define CAPFIX_REPLACE_ATTRS_H

#include <sys/stat.h>

#include "capfix/base.h"

/*
 * Gives the new file the owner and group of the old one, as far as that is allowed. To be called before it is
 * written.
 */
void attrs_owner(int to, const struct stat *old);

/*
 * Gives it the mode, access control list and attributes. To be called once it is written: a write takes set-id
 * bits and some attributes away. False if the list, or an attribute that a user has set, cannot be kept.
 */
bool attrs_copy(int from, int to, const struct stat *old, struct error *err);

#endif
