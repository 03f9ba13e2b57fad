#include "cursor.h"

uint8_t cursor_byte(struct cursor *c)
{
    if (c->at == c->end) {
        c->is_bad = true;
        return 0;
    }
    return *c->at++;
}

uint64_t cursor_number(struct cursor *c)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
        uint8_t b = cursor_byte(c);
        if (shift < 64)
            value |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80))
            return value;
    }
    c->is_bad = true;
    return 0;
}

struct text cursor_bytes(struct cursor *c)
{
    uint64_t length = cursor_number(c);
    if (c->is_bad || length > (uint64_t)(c->end - c->at)) {
        c->is_bad = true;
        return (struct text){ 0 };
    }
    struct text text = { (const char *)c->at, (size_t)length };
    c->at += length;
    return text;
}

struct cursor cursor_within(struct cursor *c)
{
    struct text bytes = cursor_bytes(c);
    const uint8_t *at = (const uint8_t *)bytes.bytes;
    return (struct cursor){ at, at + bytes.length, c->is_bad };
}

size_t cursor_count(struct cursor *c)
{
    uint64_t count = cursor_number(c);
    if (count > (uint64_t)(c->end - c->at))
        c->is_bad = true;
    return c->is_bad ? 0 : (size_t)count;
}
