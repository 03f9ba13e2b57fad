#include "values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    uint8_t type;
    int width;
} types[] = { { "i32", TYPE_I32, 32 }, { "i64", TYPE_I64, 64 }, { "f32", TYPE_F32, 32 }, { "f64", TYPE_F64, 64 },
              { "v128", TYPE_V128, 0 }, { "funcref", TYPE_FUNCREF, 0 }, { "externref", TYPE_EXTERNREF, 32 } };

enum { TYPE_COUNT = sizeof types / sizeof *types };

static const char *type_name(uint8_t type)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (types[i].type == type)
            return types[i].name;
    return "anyref";
}

/* The low `width` bits of a decimal number, signed or unsigned, that fits them. */
static bool read_bits(struct text text, int width, uint64_t *bits)
{
    char digits[32], *end;
    if (text.length == 0 || text.length >= sizeof digits)
        return false;
    memcpy(digits, text.bytes, text.length);
    digits[text.length] = 0;
    errno = 0;
    bool is_negative = digits[0] == '-';
    uint64_t number = is_negative ? (uint64_t)strtoll(digits, &end, 10) : strtoull(digits, &end, 10);
    uint64_t mask = width == 64 ? UINT64_MAX : ((uint64_t)1 << width) - 1;
    bool fits = is_negative ? (int64_t)number >= -(int64_t)(mask / 2) - 1 : number <= mask;
    *bits = number & mask;
    return errno == 0 && *end == 0 && fits;
}

static bool read_vector(const struct json *json, struct value *value)
{
    struct text lane = json_text(json, "lane_type");
    int width = text_is(lane, "i8") ? 8 : text_is(lane, "i16") ? 16
                : text_is(lane, "i32") || text_is(lane, "f32") ? 32
                : text_is(lane, "i64") || text_is(lane, "f64") ? 64 : 0;
    const struct json *lanes = json_get(json, "value");
    int at = 0;
    if (width == 0 || !lanes || lanes->kind != JSON_ARRAY)
        return false;
    for (const struct json *item = lanes->first; item; item = item->next, at += width) {
        uint64_t bits;
        if (at >= 128 || item->kind != JSON_STRING || !read_bits(item->text, width, &bits))
            return false;
        *(at < 64 ? &value->low : &value->high) |= bits << (at % 64);
    }
    return at == 128;
}

bool value_read(const struct json *json, struct value *value, struct failure *failure)
{
    struct text name = json_text(json, "type"), text = json_text(json, "value");
    *value = (struct value){ 0 };
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        if (!text_is(name, types[i].name))
            continue;
        value->type = types[i].type;
        if (value->type == TYPE_V128 && read_vector(json, value))
            return true;
        bool is_reference = value->type == TYPE_FUNCREF || value->type == TYPE_EXTERNREF;
        if (is_reference && text_is(text, "null")) {
            value->kind = NULL_REFERENCE;
            return true;
        }
        if (types[i].width > 0 && read_bits(text, types[i].width, &value->low))
            return true;
    }
    return fail(failure, UNSUPPORTED, "this worker cannot pass an argument of type %.*s",
                (int)(name.length < 40 ? name.length : 40), name.bytes ? name.bytes : "");
}

void value_write(struct buffer *out, const struct value *value)
{
    put(out, "{\"type\":\"%s\"", type_name(value->type));
    if (value->kind == NULL_REFERENCE) {
        put(out, ",\"value\":\"null\"");
    } else if (value->type == TYPE_V128) {
        put(out, ",\"lane_type\":\"i32\",\"value\":[\"%u\",\"%u\",\"%u\",\"%u\"]",
            (uint32_t)value->low, (uint32_t)(value->low >> 32), (uint32_t)value->high,
            (uint32_t)(value->high >> 32));
    } else if (value->kind == NUMBER) {
        put(out, ",\"value\":\"%" PRIu64 "\"", value->low);
    }
    put(out, "}");
}

void values_write(struct buffer *out, const struct value *values, size_t count)
{
    put(out, "[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            put(out, ",");
        value_write(out, &values[i]);
    }
    put(out, "]");
}

uint64_t value_word(const struct value *value)
{
    switch (value->kind) {
    case NULL_REFERENCE:
        return 0;
    case NUMBER:
        return 2 + value->low;
    default:
        return 1;
    }
}
