#include "sections.h"

#include <stdlib.h>
#include <string.h>

struct cursor {
    const uint8_t *at, *end;
    bool is_bad;
};

static uint8_t byte(struct cursor *c)
{
    if (c->at == c->end) {
        c->is_bad = true;
        return 0;
    }
    return *c->at++;
}

static uint64_t number(struct cursor *c)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
        uint8_t b = byte(c);
        if (shift < 64)
            value |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80))
            return value;
    }
    c->is_bad = true;
    return 0;
}

static struct text name(struct cursor *c)
{
    uint64_t length = number(c);
    if (c->is_bad || length > (uint64_t)(c->end - c->at)) {
        c->is_bad = true;
        return (struct text){ 0 };
    }
    struct text text = { (const char *)c->at, (size_t)length };
    c->at += length;
    return text;
}

static void skip_limits(struct cursor *c)
{
    uint64_t flags = number(c);
    number(c);
    if (flags & 1)
        number(c);
    if (flags & 8)
        number(c);
}

/* A value type or reference type, which may name a heap type. */
static void skip_type(struct cursor *c)
{
    uint8_t type = byte(c);
    if (type == 0x63 || type == 0x64)
        number(c);
}

static void skip_import_type(struct cursor *c, enum extern_kind kind)
{
    switch (kind) {
    case EXTERN_FUNCTION:
        number(c);
        break;
    case EXTERN_TABLE:
        skip_type(c);
        skip_limits(c);
        break;
    case EXTERN_MEMORY:
        skip_limits(c);
        break;
    case EXTERN_GLOBAL:
        skip_type(c);
        byte(c);
        break;
    case EXTERN_TAG:
        byte(c);
        number(c);
        break;
    default:
        c->is_bad = true;
    }
}

/* A count that the bytes that are left can hold. */
static size_t count(struct cursor *c)
{
    uint64_t count = number(c);
    if (count > (uint64_t)(c->end - c->at))
        c->is_bad = true;
    return c->is_bad ? 0 : (size_t)count;
}

static void read_imports(struct cursor *c, struct sections *sections)
{
    size_t n = count(c);
    free(sections->imports);
    sections->imports = must(calloc(n + 1, sizeof *sections->imports));
    sections->import_count = n;
    for (size_t i = 0; i < n && !c->is_bad; i++) {
        struct import *import = &sections->imports[i];
        import->module = name(c);
        import->field = name(c);
        import->kind = byte(c);
        skip_import_type(c, import->kind);
    }
}

static void read_exports(struct cursor *c, struct sections *sections)
{
    size_t n = count(c);
    free(sections->exports);
    sections->exports = must(calloc(n + 1, sizeof *sections->exports));
    sections->export_count = n;
    for (size_t i = 0; i < n && !c->is_bad; i++) {
        struct export *export = &sections->exports[i];
        export->name = name(c);
        export->kind = byte(c);
        export->index = (uint32_t)number(c);
    }
}

bool sections_read(const uint8_t *bytes, size_t length, struct sections *sections)
{
    memset(sections, 0, sizeof *sections);
    if (length < 8)
        return false;
    struct cursor c = { bytes + 8, bytes + length, false };
    while (c.at < c.end && !c.is_bad) {
        uint8_t id = byte(&c);
        struct text payload = name(&c);
        struct cursor within = { (const uint8_t *)payload.bytes,
                                 (const uint8_t *)payload.bytes + payload.length, c.is_bad };
        if (id == 2)
            read_imports(&within, sections);
        if (id == 7)
            read_exports(&within, sections);
        c.is_bad = within.is_bad;
    }
    return !c.is_bad;
}

void sections_free(struct sections *sections)
{
    free(sections->imports);
    free(sections->exports);
}
