/* The imports and exports of a module that an engine has accepted. Engines tell them by name
 * only, or by names that end at a zero byte; here they have their numbers. */
#ifndef GAINSAY_SECTIONS_H
#define GAINSAY_SECTIONS_H

#include "engine.h"

struct export {
    struct text name;
    enum extern_kind kind;
    uint32_t index;
};

struct sections {
    struct import *imports;
    size_t import_count;
    struct export *exports;
    size_t export_count;
};

/* False if the bytes are not what an engine may accept. The names point into the bytes. */
bool sections_read(const uint8_t *bytes, size_t length, struct sections *sections);
void sections_free(struct sections *sections);

#endif
