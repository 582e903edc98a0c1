/*
 * report_value: JSON values made with jansson, for the formats that are JSON.
 *
 * Floor 4. No function fails: texts are made UTF-8 first (report_utf8), and who has no memory dies. What is put into an
 * object or a list belongs to it.
 */
#ifndef CAPFIX_REPORT_VALUE_H
#define CAPFIX_REPORT_VALUE_H

#include <jansson.h>

#include "capfix/buf.h"

json_t *value_object(void);
json_t *value_list(void);
json_t *value_text(struct slice text);

/* Puts it under the key, which is ASCII; returns it. */
json_t *value_put(json_t *object, const char *key, json_t *value);
json_t *value_push(json_t *list, json_t *value);
void value_put_text(json_t *object, const char *key, struct slice text);
/* Nothing if the text is empty. */
void value_put_some(json_t *object, const char *key, struct slice text);
void value_put_string(json_t *object, const char *key, const char *text);
void value_put_number(json_t *object, const char *key, size_t number);
void value_put_bool(json_t *object, const char *key, bool truth);

/* Appends the value on one line, in ASCII, so that no terminal or tool can take it for something else. Frees it. */
void value_write(struct buf *out, json_t *value);

#endif
