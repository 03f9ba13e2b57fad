/* wasm3 as an engine. It does not validate modules: it says so itself, and what it does with an
 * invalid one is undefined. Only valid modules of what it was seen to implement may be given to it.
 *
 * Each instance has a runtime of its own, for a runtime has one memory and one stack. Functions of
 * other instances are called through the host, which works because an instance imports only from
 * earlier ones; immutable globals are copied. Imports and exports are taken by number: its
 * interface knows them by names that end at a zero byte. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "m3_env.h"

#include "cursor.h"
#include "engine.h"
#include "needs.h"

enum { PAGE = 65536, STACK_MAX = 16 << 20 };

M3Result LinkRawFunction(IM3Module module, IM3Function function, const char *signature,
                         const void *raw, const void *data);

struct part {
    struct part *next;
    struct session *session;
    const uint8_t *bytes; /* of a module */
    size_t length;
    uint32_t table_min;
    IM3Runtime runtime; /* of an instance */
    IM3Module module;
    const struct part *made_of;
};

struct session {
    IM3Environment environment;
    struct limits limits;
    struct trace *trace;
    struct part *parts;
};

/* Errors of ours, told from wasm3's by their addresses, as it does. */
static const char host_fails[] = "the host function failed";
static const char host_too_often[] = "too many calls of host functions";

static const char *version(void)
{
    return M3_VERSION;
}

static bool start(void)
{
    return true;
}

static void *open_session(const struct limits *limits, struct trace *trace)
{
    struct session *session = must(calloc(1, sizeof *session));
    session->environment = must(m3_NewEnvironment());
    session->limits = *limits;
    if (session->limits.stack_bytes_max > STACK_MAX)
        session->limits.stack_bytes_max = STACK_MAX;
    session->trace = trace;
    return session;
}

static void close_session(void *context)
{
    struct session *session = context;
    for (struct part *part = session->parts; part;) {
        struct part *next = part->next;
        if (part->runtime)
            m3_FreeRuntime(part->runtime);
        free(part);
        part = next;
    }
    m3_FreeEnvironment(session->environment);
    free(session);
}

static struct part *new_part(struct session *session)
{
    struct part *part = must(calloc(1, sizeof *part));
    part->session = session;
    part->next = session->parts;
    session->parts = part;
    return part;
}

/* What an error of a call means; the address of its text tells. */
static bool failed(M3Result error, struct failure *failure)
{
    const struct {
        M3Result error;
        enum why why;
        const char *detail;
    } meanings[] = {
        { m3Err_trapUnreachable, TRAPPED, "unreachable" },
        { m3Err_trapDivisionByZero, TRAPPED, "divide_by_zero" },
        { m3Err_trapIntegerOverflow, TRAPPED, "integer_overflow" },
        { m3Err_trapIntegerConversion, TRAPPED, "invalid_conversion" },
        { m3Err_trapOutOfBoundsMemoryAccess, TRAPPED, "memory_out_of_bounds" },
        { m3Err_trapTableIndexOutOfRange, TRAPPED, "table_out_of_bounds" },
        { m3Err_trapTableElementIsNull, TRAPPED, "uninitialized_element" },
        { m3Err_trapIndirectCallTypeMismatch, TRAPPED, "indirect_call_type_mismatch" },
        { m3Err_trapStackOverflow, LIMIT, "stack" },
        { m3Err_wasmMemoryOverflow, LIMIT, "memory" },
        { m3Err_mallocFailed, LIMIT, "memory" },
        { host_fails, HOST_ERROR, "" },
        { host_too_often, LIMIT, "fuel" },
        { m3Err_unknownOpcode, UNSUPPORTED, "unknown opcode" },
        { m3Err_noCompiler, UNSUPPORTED, "no compiler found for opcode" },
        { m3Err_restictedOpcode, UNSUPPORTED, "restricted opcode" },
        { m3Err_functionStackOverflow, LIMIT, "module" },
        { m3Err_tooManyArgsRets, LIMIT, "module" },
        { m3Err_tooManyMemorySections, UNSUPPORTED, "only one memory per module is supported" },
    };
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].error == error)
            return fail(failure, meanings[i].why, "%s", meanings[i].detail);
    if (strcmp(error, "table overflow") == 0 || strcmp(error, "table underflow") == 0)
        return fail(failure, TRAPPED, "table_out_of_bounds");
    if (strcmp(error, "data segment out of bounds") == 0)
        return fail(failure, TRAPPED, "memory_out_of_bounds");
    return fail(failure, FAULT, "%s", error);
}

/* The same of a module that it refuses. */
static void *refused(M3Result error, struct failure *failure)
{
    failed(error, failure);
    if (failure->why == FAULT)
        fail(failure, REJECTED, "%s", error);
    return NULL;
}

/* Values */

static uint8_t type_out(uint8_t type)
{
    static const uint8_t types[] = { 0, TYPE_I32, TYPE_I64, TYPE_F32, TYPE_F64 };
    return type < sizeof types ? types[type] : 0;
}

static struct value lift(uint8_t type, const void *bytes)
{
    struct value value = { .type = type_out(type) };
    memcpy(&value.low, bytes, type == c_m3Type_i32 || type == c_m3Type_f32 ? 4 : 8);
    return value;
}

static uint8_t argument_type(IM3FuncType type, size_t i)
{
    return type->types[type->numRets + i];
}

/* Calls */

static M3Result call(IM3Function function, const struct value *args, struct value *results)
{
    IM3FuncType type = function->funcType;
    const void **places = must(calloc((size_t)type->numArgs + type->numRets + 1, sizeof *places));
    uint64_t *bits = must(calloc((size_t)type->numRets + 1, sizeof *bits));
    M3Result error = m3Err_none;
    for (size_t i = 0; i < type->numArgs; i++)
        places[i] = &args[i].low;
    if (function->wasm && !function->compiled)
        error = CompileFunction(function);
    if (!error)
        error = m3_Call(function, type->numArgs, places);
    for (size_t i = 0; i < type->numRets; i++)
        places[i] = &bits[i];
    if (!error)
        error = m3_GetResults(function, type->numRets, places);
    for (size_t i = 0; !error && i < type->numRets; i++)
        results[i] = lift(type->types[i], &bits[i]);
    free(places);
    free(bits);
    return error;
}

static M3Result call_host(struct session *session, const struct import *import, IM3FuncType type,
                          const struct value *args, struct value *results)
{
    uint8_t *types = must(calloc((size_t)type->numRets + 1, 1));
    for (size_t i = 0; i < type->numRets; i++)
        types[i] = type_out(type->types[i]);
    enum host_end end = host_call(session->trace, import->field, args, type->numArgs, types,
                                  results, type->numRets);
    free(types);
    return end == HOST_RETURNS ? m3Err_none : end == HOST_FAILS ? host_fails : host_too_often;
}

static const void *on_call(IM3Runtime runtime, IM3ImportContext context, uint64_t *slots,
                           void *memory)
{
    const struct import *import = context->userdata;
    struct part *part = m3_GetUserData(runtime);
    IM3FuncType type = context->function->funcType;
    struct value *values = must(calloc((size_t)type->numArgs + type->numRets + 1, sizeof *values));
    struct value *results = values + type->numArgs;
    M3Result error;
    (void)memory;
    for (size_t i = 0; i < type->numArgs; i++)
        values[i] = lift(argument_type(type, i), &slots[type->numRets + i]);
    if (import->instance)
        error = call(&((struct part *)import->instance)->module->functions[import->found_index],
                     values, results);
    else
        error = call_host(part->session, import, type, values, results);
    for (size_t i = 0; !error && i < type->numRets; i++)
        slots[i] = results[i].low;
    free(values);
    return error;
}

/* Modules */

static IM3Module parse(struct part *part, M3Result *error)
{
    IM3Module module = NULL;
    *error = m3_ParseModule(part->session->environment, &module, part->bytes,
                            (uint32_t)part->length);
    if (!*error)
        return module;
    if (module)
        m3_FreeModule(module);
    return NULL;
}

/* The least size of the table that the module declares, 0 if it declares none: wasm3 passes over
 * that section, and makes its table as long as the element segments reach. */
static uint32_t table_min(const uint8_t *bytes, size_t length)
{
    struct cursor c = { bytes + 8, bytes + length, length < 8 };
    while (!c.is_bad && c.at < c.end) {
        uint8_t id = cursor_byte(&c);
        struct cursor within = cursor_within(&c);
        c.is_bad = within.is_bad;
        if (id != 4 || cursor_count(&within) == 0)
            continue;
        cursor_byte(&within);
        cursor_byte(&within);
        uint64_t min = cursor_number(&within);
        return within.is_bad || min > UINT32_MAX ? 0 : (uint32_t)min;
    }
    return 0;
}

/* It compiles a function when it is called first; what it cannot compile is to be known before. */
static M3Result try_to_compile(struct session *session, IM3Module module)
{
    IM3Runtime runtime = must(m3_NewRuntime(session->environment, PAGE, NULL));
    module->memoryImported = false;
    module->memoryInfo.initPages = 0;
    module->numDataSegments = 0;
    M3Result error = m3_LoadModule(runtime, module);
    if (error)
        m3_FreeModule(module);
    for (uint32_t i = 0; !error && i < module->numFuncImports; i++)
        error = LinkRawFunction(module, &module->functions[i], NULL, (const void *)on_call, NULL);
    if (!error)
        error = m3_CompileModule(module);
    m3_FreeRuntime(runtime);
    return error;
}

static void *define(void *context, const uint8_t *bytes, size_t length, struct failure *failure)
{
    struct session *session = context;
    struct part *part = new_part(session);
    M3Result error;
    part->bytes = bytes;
    part->length = length;
    /* It passes over what it does not know in limits and sections. */
    if (needs_of(bytes, length) != 0) {
        fail(failure, UNSUPPORTED, "wasm3 has none of the types and limits that this module has");
        return NULL;
    }
    IM3Module module = parse(part, &error);
    if (!module)
        return refused(error, failure);
    part->table_min = table_min(bytes, length);
    error = try_to_compile(session, module);
    if (error)
        return refused(error, failure);
    return part;
}

static bool not_linked(const struct import *import, const char *what, struct failure *failure)
{
    return fail(failure, UNLINKABLE, "%s: %.*s.%.*s", what,
                (int)(import->module.length < 99 ? import->module.length : 99),
                import->module.bytes, (int)(import->field.length < 99 ? import->field.length : 99),
                import->field.bytes);
}

static bool bind_global(M3Global *global, const struct import *import, struct failure *failure)
{
    const M3Global *found =
        &((struct part *)import->instance)->module->globals[import->found_index];
    if (found->type != global->type || found->isMutable != global->isMutable)
        return not_linked(import, "incompatible import type", failure);
    if (found->isMutable)
        return fail(failure, UNSUPPORTED, "wasm3 cannot share a mutable global between instances");
    global->intValue = found->intValue;
    return true;
}

static bool check_function(IM3Function function, const struct import *import,
                           struct failure *failure)
{
    struct part *owner = import->instance;
    if (owner
        && !AreFuncTypesEqual(function->funcType,
                              owner->module->functions[import->found_index].funcType))
        return not_linked(import, "incompatible import type", failure);
    return true;
}

/* All that can be done before the module is in a runtime. */
static bool bind_import(IM3Module module, size_t *functions, size_t *globals,
                        const struct import *import, struct failure *failure)
{
    if (!import->is_host && !import->instance)
        return not_linked(import, "unknown import", failure);
    if (import->instance && import->found_kind != import->kind)
        return not_linked(import, "incompatible import type", failure);
    if (import->kind == EXTERN_FUNCTION)
        return check_function(&module->functions[(*functions)++], import, failure);
    if (import->kind == EXTERN_GLOBAL)
        return bind_global(&module->globals[(*globals)++], import, failure);
    return fail(failure, UNSUPPORTED, "wasm3 cannot share a memory or table between instances");
}

/* Every import must link before one may be called unsupported. */
static bool bind_all(IM3Module module, const struct import *imports, size_t count,
                     struct failure *failure)
{
    size_t functions = 0, globals = 0;
    bool is_good = true;
    for (size_t i = 0; i < count; i++) {
        struct failure this = { 0 };
        if (bind_import(module, &functions, &globals, &imports[i], &this))
            continue;
        if (is_good || this.why == UNLINKABLE)
            *failure = this;
        is_good = false;
        if (this.why == UNLINKABLE)
            return false;
    }
    return is_good;
}

static bool limit_sizes(const struct session *session, const struct part *of_module,
                        IM3Module module, struct failure *failure)
{
    if (of_module->table_min > session->limits.table_elements_max)
        return fail(failure, LIMIT, "table");
    uint64_t pages = session->limits.memory_bytes_max / PAGE;
    M3MemoryInfo *memory = &module->memoryInfo;
    if (memory->initPages > pages)
        return fail(failure, LIMIT, "memory");
    /* For wasm3 a maximum of 0 is none. */
    if (memory->maxPages == 0 || memory->maxPages > pages)
        memory->maxPages = (uint32_t)pages;
    return true;
}

static M3Result load(struct part *part, const struct import *imports, size_t count)
{
    size_t number = 0;
    M3Result error = m3_LoadModule(part->runtime, part->module);
    if (error) {
        m3_FreeModule(part->module);
        return error;
    }
    for (size_t i = 0; i < count && !error; i++)
        if (imports[i].kind == EXTERN_FUNCTION)
            error = LinkRawFunction(part->module, &part->module->functions[number++], NULL,
                                    (const void *)on_call, &imports[i]);
    return error ? error : m3_RunStart(part->module);
}

static void *instantiate(void *context, void *module, const struct import *imports, size_t count,
                         struct failure *failure)
{
    struct session *session = context;
    struct part *part = new_part(session);
    M3Result error;
    part->made_of = module;
    part->module = parse(module, &error);
    if (!part->module)
        return refused(error, failure);
    if (!bind_all(part->module, imports, count, failure)
        || !limit_sizes(session, module, part->module, failure)) {
        m3_FreeModule(part->module);
        return NULL;
    }
    part->runtime = must(
        m3_NewRuntime(session->environment, (uint32_t)session->limits.stack_bytes_max, part));
    error = load(part, imports, count);
    if (!error)
        return part;
    failed(error, failure);
    return NULL;
}

static bool invoke(void *context, void *instance, uint32_t index, const struct value *args,
                   size_t count, struct value *results, size_t room, size_t *result_count,
                   struct failure *failure)
{
    IM3Function function = &((struct part *)instance)->module->functions[index];
    IM3FuncType type = function->funcType;
    (void)context;
    if (type->numArgs != count || type->numRets > room)
        return fail(failure, UNSUPPORTED, "the arguments do not fit the function");
    for (size_t i = 0; i < count; i++)
        if (args[i].type != type_out(argument_type(type, i)))
            return fail(failure, UNSUPPORTED, "the arguments do not fit the function");
    M3Result error = call(function, args, results);
    if (error)
        return failed(error, failure);
    *result_count = type->numRets;
    return true;
}

/* State */

static bool global(void *context, void *instance, uint32_t index, struct value *value)
{
    const M3Global *found = &((struct part *)instance)->module->globals[index];
    (void)context;
    *value = lift(found->type, &found->intValue);
    return value->type != 0;
}

static bool memory(void *context, void *instance, uint32_t index, const uint8_t **bytes,
                   size_t *length)
{
    const M3Memory *found = &((struct part *)instance)->runtime->memory;
    (void)context;
    (void)index;
    *bytes = found->mallocated ? m3MemData(found->mallocated) : NULL;
    *length = found->mallocated ? (size_t)found->numPages * PAGE : 0;
    return true;
}

static bool table_size(void *context, void *instance, uint32_t index, size_t *size)
{
    (void)context;
    (void)index;
    const struct part *part = instance;
    *size = part->module->table0Size;
    if (*size < part->made_of->table_min)
        *size = part->made_of->table_min;
    return true;
}

static void table_element(void *context, void *instance, uint32_t index, size_t element,
                          struct value *value)
{
    (void)context;
    (void)index;
    IM3Module module = ((struct part *)instance)->module;
    *value = (struct value){ .type = TYPE_FUNCREF, .kind = OPAQUE };
    if (element >= module->table0Size || !module->table0[element])
        value->kind = NULL_REFERENCE;
}

static const struct engine engine = {
    .id = "wasm3",
    .implementation = "wasm3",
    .version = version,
    .start = start,
    .open = open_session,
    .close = close_session,
    .define = define,
    .instantiate = instantiate,
    .invoke = invoke,
    .global = global,
    .memory = memory,
    .table_size = table_size,
    .table_element = table_element,
};

__attribute__((visibility("default"))) const struct engine *gainsay_engine(void)
{
    return &engine;
}
