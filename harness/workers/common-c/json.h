/* JSON: a reader into a tree that is freed at once, and a writer into a growing buffer.
 * The reader takes any bytes: what is not JSON gives NULL. */
#ifndef GAINSAY_JSON_H
#define GAINSAY_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* Text with its length: names may contain zero bytes. */
struct text {
    const char *bytes;
    size_t length;
};

struct json {
    enum json_kind kind;
    bool truth;
    double number;
    struct text text;        /* of a string */
    struct text key;         /* of a member of an object */
    struct json *first;      /* of an array or object */
    struct json *next;       /* in the array or object that holds this */
};

/* All memory of one line. */
struct arena;
struct arena *arena_new(void);
void *arena_take(struct arena *arena, size_t size);
void arena_free(struct arena *arena);

/* The line may be changed and must live as long as the tree. */
struct json *json_read(struct arena *arena, char *line, size_t length);
const struct json *json_get(const struct json *object, const char *key);
struct text json_text(const struct json *object, const char *key);
bool json_number(const struct json *object, const char *key, double *number);
bool text_is(struct text text, const char *other);
bool text_equal(struct text one, struct text other);

struct buffer {
    char *bytes;
    size_t length, room;
};

void put_bytes(struct buffer *buffer, const void *bytes, size_t length);
void put(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A string with its quotation marks; what is not UTF-8 becomes U+FFFD. */
void put_string(struct buffer *buffer, struct text text);
void put_c_string(struct buffer *buffer, const char *text);

void *must(void *memory);

#endif
