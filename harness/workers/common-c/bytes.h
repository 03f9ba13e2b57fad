/* Base64 and XXH3-64. */
#ifndef GAINSAY_BYTES_H
#define GAINSAY_BYTES_H

#include "json.h"

/* The bytes, to be freed, and how many; NULL if the text is not base64. */
uint8_t *base64_decode(struct text text, size_t *length);

/* XXH3-64 with seed 0 and the default secret. */
uint64_t xxh3(const void *bytes, size_t length);

#endif
