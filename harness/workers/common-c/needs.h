/* Why an engine refused a module, as far as its declarations tell: few engines say whether a
 * module is invalid or only of a proposal that they do not implement. */
#ifndef GAINSAY_NEEDS_H
#define GAINSAY_NEEDS_H

#include "engine.h"

/* One bit for each that can be told by declarations. */
enum {
    NEEDS_SIMD = 1, NEEDS_MULTI_MEMORY = 2, NEEDS_MEMORY64 = 4, NEEDS_FUNCTION_REFERENCES = 8,
    NEEDS_GC = 16, NEEDS_EXCEPTIONS = 32, NEEDS_THREADS = 64, NEEDS_PAGE_SIZES = 128,
    NEEDS_REFERENCES = 256,
};

/* The proposals that the types, limits and sections of a module, valid or not, belong to. */
unsigned needs_of(const uint8_t *bytes, size_t length);

/* Of a proposal by its name, 0 if declarations do not tell it. */
unsigned needs_bit(const char *proposal);

#endif
