/* Reading a binary, valid or not. */
#ifndef GAINSAY_CURSOR_H
#define GAINSAY_CURSOR_H

#include "engine.h"

struct cursor {
    const uint8_t *at, *end;
    bool is_bad;
};

uint8_t cursor_byte(struct cursor *c);
uint64_t cursor_number(struct cursor *c);
/* A vector of bytes: a name, or the contents of a section. */
struct text cursor_bytes(struct cursor *c);
struct cursor cursor_within(struct cursor *c);
/* A count that the bytes that are left can hold. */
size_t cursor_count(struct cursor *c);

#endif
