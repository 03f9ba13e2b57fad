#include "sections.h"

#include "cursor.h"

#include <stdlib.h>
#include <string.h>

static void skip_limits(struct cursor *c)
{
    uint64_t flags = cursor_number(c);
    cursor_number(c);
    if (flags & 1)
        cursor_number(c);
    if (flags & 8)
        cursor_number(c);
}

/* A value type or reference type, which may name a heap type. */
static void skip_type(struct cursor *c)
{
    uint8_t type = cursor_byte(c);
    if (type == 0x63 || type == 0x64)
        cursor_number(c);
}

static void skip_import_type(struct cursor *c, enum extern_kind kind)
{
    switch (kind) {
    case EXTERN_FUNCTION:
        cursor_number(c);
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
        cursor_byte(c);
        break;
    case EXTERN_TAG:
        cursor_byte(c);
        cursor_number(c);
        break;
    default:
        c->is_bad = true;
    }
}

static void read_imports(struct cursor *c, struct sections *sections)
{
    size_t n = cursor_count(c);
    free(sections->imports);
    sections->imports = must(calloc(n + 1, sizeof *sections->imports));
    sections->import_count = n;
    for (size_t i = 0; i < n && !c->is_bad; i++) {
        struct import *import = &sections->imports[i];
        import->module = cursor_bytes(c);
        import->field = cursor_bytes(c);
        import->kind = cursor_byte(c);
        skip_import_type(c, import->kind);
    }
}

static void read_exports(struct cursor *c, struct sections *sections)
{
    size_t n = cursor_count(c);
    free(sections->exports);
    sections->exports = must(calloc(n + 1, sizeof *sections->exports));
    sections->export_count = n;
    for (size_t i = 0; i < n && !c->is_bad; i++) {
        struct export *export = &sections->exports[i];
        export->name = cursor_bytes(c);
        export->kind = cursor_byte(c);
        export->index = (uint32_t)cursor_number(c);
    }
}

bool sections_read(const uint8_t *bytes, size_t length, struct sections *sections)
{
    memset(sections, 0, sizeof *sections);
    if (length < 8)
        return false;
    struct cursor c = { bytes + 8, bytes + length, false };
    while (c.at < c.end && !c.is_bad) {
        uint8_t id = cursor_byte(&c);
        struct cursor within = cursor_within(&c);
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
