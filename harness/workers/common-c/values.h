/* Values in JSON. */
#ifndef GAINSAY_VALUES_H
#define GAINSAY_VALUES_H

#include "engine.h"

/* False, with a reason, if the JSON is not a value that this worker can pass. */
bool value_read(const struct json *json, struct value *value, struct failure *failure);
void value_write(struct buffer *out, const struct value *value);
void values_write(struct buffer *out, const struct value *values, size_t count);

/* The word that stands for an element of a table in its hash. */
uint64_t value_word(const struct value *value);

#endif
