#include "capfix/images.h"

#include <string.h>

#include "capfix/glob.h"

static const struct image_hint table[] = {
#include "images_table.inc"
};

struct slice images_repository(struct slice image)
{
	const char *digest = image.n > 0 ? memchr(image.p, '@', image.n) : NULL;

	if (digest)
		image.n = (size_t)(digest - image.p);
	for (size_t i = image.n; i > 0 && image.p[i - 1] != '/'; i--)
		if (image.p[i - 1] == ':')
			return slice_sub(image, 0, i - 1);
	return image;
}

static bool ends(struct slice text, const char *tail)
{
	size_t n = strlen(tail);

	return text.n >= n && memcmp(text.p + text.n - n, tail, n) == 0;
}

/*
 * Docker's official images are in `library`, on docker.io and on its mirrors. `docker.io/nginx` and `nginx` mean that
 * too, but `example.com/nginx` is somebody's own.
 */
static struct slice official(struct slice repository)
{
	size_t base = repository.n;

	while (base > 0 && repository.p[base - 1] != '/')
		base--;
	struct slice name = slice_sub(repository, base, repository.n);
	struct slice folder = slice_sub(repository, 0, base);
	if (slice_is(folder, "docker.io/") || slice_is(folder, "index.docker.io/") || slice_is(folder, "library/") ||
		ends(folder, "/library/"))
		return name;
	return repository;
}

const struct image_hint *images_hint(struct slice image)
{
	struct slice name = official(images_repository(image));

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (glob_match(slice_of(table[i].pattern), name, false))
			return &table[i];
	return NULL;
}

bool images_hint_names(const struct image_hint *hint, struct slice capability)
{
	for (const char *word = hint->capabilities; *word;) {
		size_t n = strcspn(word, " ");
		if (slice_eq((struct slice){word, n}, capability))
			return true;
		word += n + (word[n] == ' ');
	}
	return false;
}
