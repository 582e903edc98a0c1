#include "capfix/report_value.h"

#include "capfix/report_string.h"

/* jansson gives NULL only without memory: the texts that it gets are UTF-8. */
static json_t *made(json_t *value)
{
	BUG_IF(value == NULL);
	return value;
}

json_t *value_object(void)
{
	return made(json_object());
}

json_t *value_list(void)
{
	return made(json_array());
}

json_t *value_text(struct slice text)
{
	if (report_is_utf8(text))
		return made(json_stringn_nocheck(text.n > 0 ? text.p : "", text.n));
	struct buf fit;
	buf_init(&fit);
	report_utf8(&fit, text);
	json_t *value = made(json_stringn_nocheck(fit.p, fit.n));
	buf_release(&fit);
	return value;
}

json_t *value_put(json_t *object, const char *key, json_t *value)
{
	BUG_IF(json_object_set_new_nocheck(object, key, value) != 0);
	return value;
}

json_t *value_push(json_t *list, json_t *value)
{
	BUG_IF(json_array_append_new(list, value) != 0);
	return value;
}

void value_put_text(json_t *object, const char *key, struct slice text)
{
	value_put(object, key, value_text(text));
}

void value_put_some(json_t *object, const char *key, struct slice text)
{
	if (text.n > 0)
		value_put_text(object, key, text);
}

void value_put_string(json_t *object, const char *key, const char *text)
{
	value_put_text(object, key, slice_of(text));
}

void value_put_number(json_t *object, const char *key, size_t number)
{
	value_put(object, key, made(json_integer((json_int_t)number)));
}

void value_put_bool(json_t *object, const char *key, bool truth)
{
	value_put(object, key, json_boolean(truth));
}

static int add(const char *text, size_t n, void *out)
{
	buf_add(out, (struct slice){text, n});
	return 0;
}

void value_write(struct buf *out, json_t *value)
{
	BUG_IF(json_dump_callback(value, add, out, JSON_COMPACT | JSON_ENSURE_ASCII) != 0);
	json_decref(value);
}
