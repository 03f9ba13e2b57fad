/* What an engine is to the worker: a shared object whose function `gainsay_engine` gives this
 * table. The worker knows the protocol, the names and the order of steps; the engine knows
 * modules, instances and values. Several engines live in one process, each in its own object,
 * so that two builds of one engine do not get in each other's way. */
#ifndef GAINSAY_ENGINE_H
#define GAINSAY_ENGINE_H

#include "bytes.h"

/* Types of values by their bytes in a binary. */
enum { TYPE_I32 = 0x7f, TYPE_I64 = 0x7e, TYPE_F32 = 0x7d, TYPE_F64 = 0x7c, TYPE_V128 = 0x7b, TYPE_FUNCREF = 0x70,
       TYPE_EXTERNREF = 0x6f };

/* NUMBER also stands for an external reference of the host, whose number is in `low`. OPAQUE
 * is a reference of which only the engine knows more, in `low`. */
enum value_kind { NUMBER, NULL_REFERENCE, OPAQUE };

struct value {
    uint8_t type;
    enum value_kind kind;
    uint64_t low, high;
};

enum why { REJECTED, UNLINKABLE, TRAPPED, HOST_ERROR, LIMIT, UNSUPPORTED, FAULT };

/* `detail` is the name of the trap or limit, else the engine's own words. */
struct failure {
    enum why why;
    char detail[400];
    char message[400];
};

struct limits {
    uint64_t memory_bytes_max, table_elements_max, stack_bytes_max;
    int64_t fuel_per_call; /* -1 for none */
};

enum extern_kind { EXTERN_FUNCTION, EXTERN_TABLE, EXTERN_MEMORY, EXTERN_GLOBAL, EXTERN_TAG };

/* One import of a module, and what the session found for it: an export of another instance,
 * a function of the host, or neither. */
struct import {
    struct text module, field;
    enum extern_kind kind;
    void *instance;
    enum extern_kind found_kind;
    uint32_t found_index;
    bool is_host;
};

/* The calls of host functions during a step. */
struct trace;

enum host_end { HOST_RETURNS, HOST_FAILS, HOST_TOO_OFTEN };

/* Record a call and say what it returns; a result that is an OPAQUE argument is that argument. */
enum host_end host_call(struct trace *trace, struct text name, const struct value *args,
                        size_t arg_count, const uint8_t *types, struct value *results,
                        size_t result_count);

struct engine {
    const char *id, *implementation;
    /* What is written before and after the numbers of a version is the engine's business. */
    const char *(*version)(void);
    /* Once, before anything else, on the thread that runs everything; false: it cannot start. */
    bool (*start)(void);
    void *(*open)(const struct limits *limits, struct trace *trace);
    void (*close)(void *session);
    /* The session owns what it makes until it is closed. `bytes` live as long as it. */
    void *(*define)(void *session, const uint8_t *bytes, size_t length, struct failure *failure);
    /* `imports` live as long as the session. */
    void *(*instantiate)(void *session, void *module, const struct import *imports,
                         size_t import_count, struct failure *failure);
    /* At most `room` results are written. */
    bool (*invoke)(void *session, void *instance, uint32_t function, const struct value *args,
                   size_t arg_count, struct value *results, size_t room, size_t *result_count,
                   struct failure *failure);
    bool (*global)(void *session, void *instance, uint32_t index, struct value *value);
    bool (*memory)(void *session, void *instance, uint32_t index, const uint8_t **bytes,
                   size_t *length);
    bool (*table_size)(void *session, void *instance, uint32_t index, size_t *size);
    void (*table_element)(void *session, void *instance, uint32_t index, size_t element,
                          struct value *value);
};

typedef const struct engine *(*engine_of_object)(void);

bool fail(struct failure *failure, enum why why, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
