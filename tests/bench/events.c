/*
 * events FILE...: reads the files, passes them through libfyaml's event parser, and does nothing with the events. No
 * tool that parses everything with libfyaml can be faster.
 */
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>

/* The whole file, in memory that is used again for the next one. */
static char *read_file(const char *path, char *old, size_t *n)
{
	FILE *file = fopen(path, "rb");
	char *text;
	long size;

	if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET)) {
		perror(path);
		exit(2);
	}
	*n = (size_t)size;
	text = realloc(old, *n + 1);
	if (!text || fread(text, 1, *n, file) != *n) {
		perror(path);
		exit(2);
	}
	fclose(file);
	return text;
}

static size_t pass(const char *path, const char *text, size_t n)
{
	const struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_SLOPPY_FLOW_INDENTATION | FYPCF_JSON_NONE};
	struct fy_parser *parser = fy_parser_create(&cfg);
	struct fy_event *event;
	size_t events = 0;

	if (!parser || fy_parser_set_string(parser, text, n))
		exit(2);
	while ((event = fy_parser_parse(parser))) {
		events++;
		fy_parser_event_free(parser, event);
	}
	if (fy_parser_get_stream_error(parser)) {
		fprintf(stderr, "%s: not valid YAML\n", path);
		exit(2);
	}
	fy_parser_destroy(parser);
	return events;
}

int main(int argc, char **argv)
{
	char *text = NULL;
	size_t n, events = 0;

	for (int i = 1; i < argc; i++) {
		text = read_file(argv[i], text, &n);
		events += pass(argv[i], text, n);
	}
	free(text);
	printf("%zu\n", events);
	return 0;
}
