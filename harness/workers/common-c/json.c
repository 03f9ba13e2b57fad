#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The host nests less than ten deep. */
enum { DEPTH_MAX = 200, BLOCK_SIZE = 1 << 16 };

void *must(void *memory)
{
    if (!memory) {
        fputs("the worker is out of memory\n", stderr);
        exit(3);
    }
    return memory;
}

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(16) char bytes[];
};

struct arena {
    struct block *first;
};

struct arena *arena_new(void)
{
    return must(calloc(1, sizeof(struct arena)));
}

void *arena_take(struct arena *arena, size_t size)
{
    struct block *block = arena->first;
    size = (size + 15) & ~(size_t)15;
    if (!block || block->size - block->used < size) {
        size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        block = must(malloc(sizeof(struct block) + room));
        *block = (struct block){ .next = arena->first, .size = room };
        arena->first = block;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    return memset(memory, 0, size);
}

void arena_free(struct arena *arena)
{
    for (struct block *block = arena->first; block;) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

struct reader {
    struct arena *arena;
    char *at, *end;
    int depth;
};

static void skip_space(struct reader *r)
{
    while (r->at < r->end && strchr(" \t\r\n", *r->at) && *r->at)
        r->at++;
}

static bool take(struct reader *r, char wanted)
{
    skip_space(r);
    if (r->at == r->end || *r->at != wanted)
        return false;
    r->at++;
    return true;
}

static bool take_word(struct reader *r, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0)
        return false;
    r->at += length;
    return true;
}

/* Four hexadecimal digits, or -1. */
static int32_t take_unit(struct reader *r)
{
    int32_t unit = 0;
    if (r->end - r->at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = *r->at++;
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static char *put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
        *to++ = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        *to++ = (char)(0xe0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 63));
        *to++ = (char)(0x80 | (c & 63));
    } else {
        *to++ = (char)(0xf0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 63));
        *to++ = (char)(0x80 | (c >> 6 & 63));
        *to++ = (char)(0x80 | (c & 63));
    }
    return to;
}

/* What follows \u; an escape is never shorter than what it stands for. */
static char *take_unicode(struct reader *r, char *to)
{
    int32_t c = take_unit(r);
    if (c >= 0xd800 && c < 0xdc00) {
        int32_t low = take_word(r, "\\u") ? take_unit(r) : -1;
        if (low < 0xdc00 || low > 0xdfff)
            return NULL;
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    } else if (c < 0 || (c >= 0xdc00 && c < 0xe000)) {
        return NULL;
    }
    return put_utf8(to, (uint32_t)c);
}

static char *take_escape(struct reader *r, char *to)
{
    static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (r->at == r->end)
        return NULL;
    char c = *r->at++;
    if (c == 'u')
        return take_unicode(r, to);
    const char *found = c ? strchr(names, c) : NULL;
    if (!found)
        return NULL;
    *to++ = meanings[found - names];
    return to;
}

/* What follows the first quotation mark, decoded in place. */
static bool read_string(struct reader *r, struct text *text)
{
    char *to = r->at;
    text->bytes = to;
    while (r->at < r->end) {
        char c = *r->at++;
        if (c == '"') {
            text->length = (size_t)(to - text->bytes);
            return true;
        }
        if ((unsigned char)c < 0x20)
            return false;
        if (c == '\\') {
            to = take_escape(r, to);
            if (!to)
                return false;
        } else {
            *to++ = c;
        }
    }
    return false;
}

static bool read_number(struct reader *r, double *number)
{
    char digits[64];
    size_t length = 0;
    while (r->at < r->end && *r->at && strchr("+-.eE0123456789", *r->at)) {
        if (length == sizeof digits - 1)
            return false;
        digits[length++] = *r->at++;
    }
    digits[length] = 0;
    char *end;
    *number = strtod(digits, &end);
    return length > 0 && *end == 0;
}

static struct json *read_value(struct reader *r);

/* The members of an array or object, up to its last bracket. */
static bool read_members(struct reader *r, struct json *into, bool keyed, char close)
{
    struct json **link = &into->first;
    if (take(r, close))
        return true;
    do {
        struct text key = { 0 };
        if (keyed && (!take(r, '"') || !read_string(r, &key) || !take(r, ':')))
            return false;
        struct json *member = read_value(r);
        if (!member)
            return false;
        member->key = key;
        *link = member;
        link = &member->next;
    } while (take(r, ','));
    return take(r, close);
}

static bool read_kind(struct reader *r, struct json *value)
{
    char c = *r->at;
    if (c == '"') {
        r->at++;
        value->kind = JSON_STRING;
        return read_string(r, &value->text);
    }
    if (c == '[' || c == '{') {
        r->at++;
        value->kind = c == '[' ? JSON_ARRAY : JSON_OBJECT;
        return read_members(r, value, c == '{', c == '[' ? ']' : '}');
    }
    if (take_word(r, "null"))
        return true;
    value->kind = JSON_BOOL;
    value->truth = take_word(r, "true");
    if (value->truth || take_word(r, "false"))
        return true;
    value->kind = JSON_NUMBER;
    return read_number(r, &value->number);
}

static struct json *read_value(struct reader *r)
{
    skip_space(r);
    if (r->at == r->end || r->depth == DEPTH_MAX)
        return NULL;
    struct json *value = arena_take(r->arena, sizeof *value);
    r->depth++;
    bool is_good = read_kind(r, value);
    r->depth--;
    return is_good ? value : NULL;
}

struct json *json_read(struct arena *arena, char *line, size_t length)
{
    struct reader r = { .arena = arena, .at = line, .end = line + length };
    struct json *value = read_value(&r);
    skip_space(&r);
    return r.at == r.end ? value : NULL;
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (!object || object->kind != JSON_OBJECT)
        return NULL;
    for (const struct json *member = object->first; member; member = member->next)
        if (text_is(member->key, key))
            return member;
    return NULL;
}

struct text json_text(const struct json *object, const char *key)
{
    const struct json *member = json_get(object, key);
    return member && member->kind == JSON_STRING ? member->text : (struct text){ 0 };
}

bool json_number(const struct json *object, const char *key, double *number)
{
    const struct json *member = json_get(object, key);
    if (!member || member->kind != JSON_NUMBER)
        return false;
    *number = member->number;
    return true;
}

bool text_is(struct text text, const char *other)
{
    return text_equal(text, (struct text){ other, strlen(other) });
}

bool text_equal(struct text one, struct text other)
{
    return one.length == other.length
           && (one.length == 0 || memcmp(one.bytes, other.bytes, one.length) == 0);
}

static void grow(struct buffer *buffer, size_t more)
{
    if (buffer->room - buffer->length >= more)
        return;
    buffer->room = (buffer->length + more) * 2 + 256;
    buffer->bytes = must(realloc(buffer->bytes, buffer->room));
}

void put_bytes(struct buffer *buffer, const void *bytes, size_t length)
{
    if (length == 0)
        return;
    grow(buffer, length);
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

void put(struct buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    grow(buffer, (size_t)length + 1);
    vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
    buffer->length += (size_t)length;
    va_end(again);
    va_end(args);
}

/* How many bytes of valid UTF-8 begin here for one character, 0 if none. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
    unsigned char c = at[0];
    size_t length = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3
                    : c >= 0xf0 && c < 0xf5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    bool is_bad = (c == 0xe0 && at[1] < 0xa0) || (c == 0xed && at[1] > 0x9f)
                  || (c == 0xf0 && at[1] < 0x90) || (c == 0xf4 && at[1] > 0x8f);
    return is_bad ? 0 : length;
}

void put_string(struct buffer *buffer, struct text text)
{
    const unsigned char *bytes = (const unsigned char *)text.bytes;
    put_bytes(buffer, "\"", 1);
    for (size_t at = 0; at < text.length;) {
        size_t length = utf8_length(bytes + at, text.length - at);
        if (length == 0) {
            put_bytes(buffer, "\xef\xbf\xbd", 3);
            length = 1;
        } else if (bytes[at] < 0x20 || bytes[at] == 0x7f) {
            put(buffer, "\\u%04x", bytes[at]);
        } else {
            if (bytes[at] == '"' || bytes[at] == '\\')
                put_bytes(buffer, "\\", 1);
            put_bytes(buffer, bytes + at, length);
        }
        at += length;
    }
    put_bytes(buffer, "\"", 1);
}

void put_c_string(struct buffer *buffer, const char *text)
{
    put_string(buffer, (struct text){ text, strlen(text) });
}
