#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capfix/caps.h"
#include "capfix/glob.h"
#include "capfix/images.h"

static const struct image_hint table[] = {
#include "../src/images_table.inc"
};

static void repository(const char *image, const char *want)
{
	struct slice got = images_repository(slice_of(image));

	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void test_repository(void **state)
{
	(void)state;
	repository("nginx", "nginx");
	repository("nginx:1.25", "nginx");
	repository("nginx:1.25@sha256:abc", "nginx");
	repository("nginx@sha256:abc", "nginx");
	repository("localhost:5000/a/web", "localhost:5000/a/web");
	repository("localhost:5000/a/web:1", "localhost:5000/a/web");
	repository("", "");
	repository(":1", "");
	repository("@", "");
	repository("a:", "a");
	assert_int_equal(images_repository((struct slice){NULL, 0}).n, 0);
}

static void hint(const char *image, const char *pattern)
{
	const struct image_hint *got = images_hint(slice_of(image));

	if (!pattern) {
		assert_null(got);
		return;
	}
	assert_non_null(got);
	assert_string_equal(got->pattern, pattern);
}

static void test_hint(void **state)
{
	(void)state;
	hint("nginx", "nginx");
	hint("nginx:1.25-alpine", "nginx");
	hint("docker.io/nginx:1", "nginx");
	hint("docker.io/library/nginx:1", "nginx");
	hint("library/postgres", "postgres");
	hint("public.ecr.aws/docker/library/redis@sha256:abc", "redis");
	hint("nginxinc/nginx-unprivileged", NULL);
	hint("example.com/nginx", NULL);
	hint("example.com/notlibrary/nginx", NULL);
	hint("nginx-exporter", NULL);
	hint("registry.k8s.io/ingress-nginx/controller:v1.9.4@sha256:abc", "*/ingress-nginx/controller");
	hint("ingress-nginx/controller", NULL);
	hint("registry.k8s.io/coredns/coredns:v1.11.1", "*coredns*");
	hint("quay.io/prometheus/node-exporter:v1", "*node-exporter*");
	hint("quay.io/metallb/speaker:v0.14", "*metallb/speaker*");
	hint("", NULL);
	assert_null(images_hint((struct slice){NULL, 0}));
}

static void test_names(void **state)
{
	const struct image_hint *nginx = images_hint(SLICE("nginx"));

	(void)state;
	assert_true(images_hint_names(nginx, SLICE("CHOWN")));
	assert_true(images_hint_names(nginx, SLICE("NET_BIND_SERVICE")));
	assert_false(images_hint_names(nginx, SLICE("NET_BIND")));
	assert_false(images_hint_names(nginx, SLICE("SYS_TIME")));
	assert_false(images_hint_names(nginx, SLICE("")));
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_true(glob_valid(slice_of(table[i].pattern)));
		assert_true(strlen(table[i].why) > 0);
		assert_true(strlen(table[i].capabilities) > 0);
		for (const char *word = table[i].capabilities; *word;) {
			size_t n = strcspn(word, " ");
			assert_true(caps_known((struct slice){word, n}));
			word += n + (word[n] == ' ');
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repository),
		cmocka_unit_test(test_hint),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
