/*
 * images: images that are known to need capabilities back once ALL is dropped. Hints for a person, never applied
 * unasked.
 *
 * Floor 3. The table is images_table.inc, made from public issues and from the images' sources.
 */
#ifndef CAPFIX_IMAGES_H
#define CAPFIX_IMAGES_H

#include "capfix/base.h"

/* Lives as long as the program. */
struct image_hint {
	const char *pattern;      /* a glob without paths, for the repository */
	const char *capabilities; /* canonical names, blanks between them */
	const char *why;          /* when or why, in words that can follow a colon */
};

/* The hint for an image as a manifest names it, or NULL: the first row that matches. */
const struct image_hint *images_hint(struct slice image);
/* The hint names this capability (by its canonical name). */
bool images_hint_names(const struct image_hint *hint, struct slice capability);

/* The image without tag and digest: `localhost:5000/a/web` of `localhost:5000/a/web:1@sha256:…`. Borrows. */
struct slice images_repository(struct slice image);

#endif
