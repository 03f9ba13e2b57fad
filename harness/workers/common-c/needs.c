#include "needs.h"

#include <string.h>

#include "cursor.h"

static const struct {
    const char *proposal;
    unsigned bit;
} names[] = {
    { "simd", NEEDS_SIMD },
    { "multi-memory", NEEDS_MULTI_MEMORY },
    { "memory64", NEEDS_MEMORY64 },
    { "function-references", NEEDS_FUNCTION_REFERENCES },
    { "gc", NEEDS_GC },
    { "exception-handling", NEEDS_EXCEPTIONS },
    { "threads", NEEDS_THREADS },
    { "custom-page-sizes", NEEDS_PAGE_SIZES },
    { "reference-types", NEEDS_REFERENCES },
};

unsigned needs_bit(const char *proposal)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].proposal, proposal) == 0)
            return names[i].bit;
    return 0;
}

/* A value type or one that a field is stored as. */
static unsigned of_type(struct cursor *c)
{
    uint8_t type = cursor_byte(c);
    switch (type) {
    case 0x63:
    case 0x64:
        cursor_number(c);
        return NEEDS_FUNCTION_REFERENCES;
    case 0x69:
    case 0x74:
        return NEEDS_EXCEPTIONS;
    case TYPE_V128:
        return NEEDS_SIMD;
    case TYPE_FUNCREF:
    case TYPE_EXTERNREF:
        return NEEDS_REFERENCES;
    default:
        return type >= 0x6a && type <= 0x73 ? NEEDS_GC : 0;
    }
}

static unsigned of_limits(struct cursor *c, bool *is_memory)
{
    uint8_t flags = cursor_byte(c);
    cursor_number(c);
    if (flags & 1)
        cursor_number(c);
    if (flags & 8)
        cursor_number(c);
    unsigned needs = *is_memory ? NEEDS_MULTI_MEMORY : 0;
    *is_memory = true;
    return needs | (flags & 2 ? NEEDS_THREADS : 0) | (flags & 4 ? NEEDS_MEMORY64 : 0)
           | (flags & 8 ? NEEDS_PAGE_SIZES : 0);
}

static unsigned of_types(struct cursor *c)
{
    unsigned needs = 0;
    for (size_t n = cursor_count(c); n > 0 && !c->is_bad; n--) {
        if (cursor_byte(c) != 0x60)
            return needs | NEEDS_GC;
        for (int list = 0; list < 2; list++)
            for (size_t m = cursor_count(c); m > 0 && !c->is_bad; m--)
                needs |= of_type(c);
    }
    return needs;
}

static unsigned of_table(struct cursor *c)
{
    bool is_memory = false;
    unsigned needs = c->at < c->end && *c->at == 0x40 ? NEEDS_FUNCTION_REFERENCES : 0;
    needs |= of_type(c) & ~NEEDS_REFERENCES;
    return needs | of_limits(c, &is_memory);
}

static unsigned of_import(struct cursor *c, bool *is_memory)
{
    cursor_bytes(c);
    cursor_bytes(c);
    unsigned needs = 0;
    switch (cursor_byte(c)) {
    case EXTERN_FUNCTION:
        cursor_number(c);
        return 0;
    case EXTERN_TABLE:
        return of_table(c);
    case EXTERN_MEMORY:
        return of_limits(c, is_memory);
    case EXTERN_GLOBAL:
        needs = of_type(c);
        cursor_byte(c);
        return needs;
    case EXTERN_TAG:
        cursor_byte(c);
        cursor_number(c);
        return NEEDS_EXCEPTIONS;
    default:
        c->is_bad = true;
        return 0;
    }
}

/* The first global only: what follows it is an expression. */
static unsigned of_global(struct cursor *c)
{
    return cursor_count(c) > 0 ? of_type(c) : 0;
}

static unsigned of_locals(struct cursor *c)
{
    unsigned needs = 0;
    for (size_t n = cursor_count(c); n > 0 && !c->is_bad; n--) {
        struct cursor body = cursor_within(c);
        for (size_t m = cursor_count(&body); m > 0 && !body.is_bad; m--) {
            cursor_number(&body);
            needs |= of_type(&body);
        }
    }
    return needs;
}

static unsigned of_section(uint8_t id, struct cursor *c, bool *is_memory)
{
    unsigned needs = 0;
    if (id == 1)
        return of_types(c);
    if (id == 6)
        return of_global(c);
    if (id == 10)
        return of_locals(c);
    if (id == 13)
        return NEEDS_EXCEPTIONS;
    if (id != 2 && id != 4 && id != 5)
        return 0;
    for (size_t n = cursor_count(c); n > 0 && !c->is_bad; n--)
        needs |= id == 2 ? of_import(c, is_memory)
                 : id == 4 ? of_table(c)
                           : of_limits(c, is_memory);
    return needs;
}

unsigned needs_of(const uint8_t *bytes, size_t length)
{
    unsigned needs = 0;
    bool is_memory = false;
    if (length < 8)
        return 0;
    struct cursor c = { bytes + 8, bytes + length, false };
    while (c.at < c.end && !c.is_bad) {
        uint8_t id = cursor_byte(&c);
        struct cursor within = cursor_within(&c);
        needs |= of_section(id, &within, &is_memory);
    }
    return needs;
}
