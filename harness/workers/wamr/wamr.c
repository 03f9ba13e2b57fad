/* WAMR's interpreters as engines. Which of the two this is, is decided when it is built.
 *
 * WAMR is used through wasm_export.h, and through the structures of its interpreter where that
 * has no word for what is needed: exports by number (its names end at a zero byte), all elements
 * of a table, and imports that are bound one by one instead of by their names. Its other
 * interface, wasm_c_api.h, binds the imports after the start function has run, so that a start
 * function cannot call the host.
 *
 * What WAMR leaves to its embedder is done here: an import that has no export, or one of another
 * type, does not link (WAMR itself would only trap at the call). Functions of other instances
 * are called through the host, as wasm_c_api.h does; immutable globals of numbers are copied.
 * Memories, tables and mutable globals of other instances cannot be shared: its multi-module
 * feature makes new instances of the modules that an import names. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wasm_export.h"
#include "wasm_runtime.h"
#include "wasm_interp.h"
#include "version.h"

#include "engine.h"
#include "messages.h"

enum { CELLS_PER_VALUE = 4, STACK_MAX = 1 << 30 };

struct part {
    struct part *next;
    WASMModule *module;             /* of a module */
    uint8_t *bytes;                 /* which WAMR changes */
    WASMModuleInstance *instance;   /* of an instance */
    const struct import **imports;  /* of its functions */
    struct session *session;
};

struct session {
    struct limits limits;
    struct trace *trace;
    struct part *parts;
    /* Why an imported function did not return. */
    enum host_end stop;
    const char *unsupported;
};

static const char *version(void)
{
    static char text[40];
    snprintf(text, sizeof text, "%d.%d.%d", WAMR_VERSION_MAJOR, WAMR_VERSION_MINOR,
             WAMR_VERSION_PATCH);
    return text;
}

static bool start(void)
{
    RuntimeInitArgs args = { .mem_alloc_type = Alloc_With_System_Allocator };
    if (!wasm_runtime_full_init(&args))
        return false;
    wasm_runtime_set_log_level(WASM_LOG_LEVEL_FATAL);
    return true;
}

static struct part *new_part(struct session *session)
{
    struct part *part = must(calloc(1, sizeof *part));
    part->session = session;
    part->next = session->parts;
    session->parts = part;
    return part;
}

static void *open_session(const struct limits *limits, struct trace *trace)
{
    struct session *session = must(calloc(1, sizeof *session));
    session->limits = *limits;
    if (session->limits.stack_bytes_max > STACK_MAX)
        session->limits.stack_bytes_max = STACK_MAX;
    session->trace = trace;
    return session;
}

/* Instances come before their modules in the list. */
static void close_session(void *context)
{
    struct session *session = context;
    for (struct part *part = session->parts; part;) {
        struct part *next = part->next;
        if (part->instance)
            wasm_runtime_deinstantiate((wasm_module_inst_t)part->instance);
        if (part->module)
            wasm_runtime_unload((wasm_module_t)part->module);
        free(part->bytes);
        free(part->imports);
        free(part);
        part = next;
    }
    free(session);
}

/* What WAMR said, as a failure. */
static bool failed(struct session *session, const char *words, struct failure *failure)
{
    snprintf(failure->message, sizeof failure->message, "%s", words);
    if (session->unsupported)
        return fail(failure, UNSUPPORTED, "%s", session->unsupported);
    if (session->stop == HOST_FAILS)
        return fail(failure, HOST_ERROR, "the host function failed");
    if (session->stop == HOST_TOO_OFTEN)
        return fail(failure, LIMIT, "fuel");
    return message_failure(words, failure);
}

/* Values */

static size_t cells_of(uint8_t type)
{
    return type == TYPE_V128 ? 4 : type == TYPE_I64 || type == TYPE_F64 ? 2 : 1;
}

static bool is_known(uint8_t type)
{
    return (type >= TYPE_V128 && type <= TYPE_I32) || type == TYPE_FUNCREF || type == TYPE_EXTERNREF;
}

/* The value in the cells of a frame, a global or, as a 32-bit number, of a table. */
static struct value lift(uint8_t type, const uint32 *cells)
{
    struct value value = { .type = type, .low = cells[0] };
    void *object = NULL;
    if (type == TYPE_I64 || type == TYPE_F64 || type == TYPE_V128)
        value.low |= (uint64_t)cells[1] << 32;
    if (type == TYPE_V128)
        value.high = cells[2] | (uint64_t)cells[3] << 32;
    if (type != TYPE_FUNCREF && type != TYPE_EXTERNREF)
        return value;
    if (cells[0] == NULL_REF)
        value.kind = NULL_REFERENCE;
    else if (type == TYPE_FUNCREF)
        value.kind = OPAQUE;
    else if (wasm_externref_ref2obj(cells[0], &object))
        value.low = (uint64_t)(uintptr_t)object - 1;
    else
        value.kind = OPAQUE;
    return value;
}

/* WAMR's interface takes an external reference as a pointer, in two cells; -1 is null. */
static uint64_t pointer_of(const struct value *value)
{
    return value->kind == NULL_REFERENCE ? UINT64_MAX : value->low + 1;
}

static size_t lower(const struct value *value, uint32 *cells)
{
    uint64_t low = value->low;
    if (value->type == TYPE_EXTERNREF)
        low = pointer_of(value);
    else if (value->kind == NULL_REFERENCE)
        low = NULL_REF;
    cells[0] = (uint32)low;
    cells[1] = (uint32)(low >> 32);
    if (value->type == TYPE_V128) {
        cells[2] = (uint32)value->high;
        cells[3] = (uint32)(value->high >> 32);
    }
    return value->type == TYPE_EXTERNREF ? 2 : cells_of(value->type);
}

/* The result of a call from outside: an external reference is a pointer here too, 0 for null. */
static size_t lift_result(uint8_t type, const uint32 *cells, struct value *value)
{
    if (type != TYPE_EXTERNREF) {
        *value = lift(type, cells);
        return cells_of(type);
    }
    uint64_t pointer = cells[0] | (uint64_t)cells[1] << 32;
    *value = (struct value){ .type = type, .low = pointer - 1 };
    if (pointer == 0)
        value->kind = NULL_REFERENCE;
    return 2;
}

/* Calls */

static WASMFuncType *type_of(const WASMFunctionInstance *function)
{
    return function->is_import_func ? function->u.func_import->func_type
                                    : function->u.func->func_type;
}

static bool call(wasm_exec_env_t env, WASMFunctionInstance *function, const struct value *args,
                 size_t count, struct value *results)
{
    WASMFuncType *type = type_of(function);
    size_t values = count > type->result_count ? count : type->result_count;
    uint32 *cells = must(calloc(values * CELLS_PER_VALUE + CELLS_PER_VALUE, sizeof *cells));
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        at += lower(&args[i], cells + at);
    bool is_good = env && wasm_runtime_call_wasm(env, function, (uint32)at, cells);
    at = 0;
    for (size_t i = 0; is_good && i < type->result_count; i++)
        at += lift_result(type->types[type->param_count + i], cells + at, &results[i]);
    free(cells);
    return is_good;
}

/* Call the function of another instance that an import is bound to, on the stack of the caller. */
static void forward(wasm_exec_env_t env, const struct import *import,
                    const struct value *args, size_t count, struct value *results)
{
    struct part *part = import->instance;
    wasm_module_inst_t caller = wasm_runtime_get_module_inst(env);
    wasm_module_inst_t instance = (wasm_module_inst_t)part->instance;
    WASMFunctionInstance *function = &part->instance->e->functions[import->found_index];
    wasm_runtime_set_module_inst(env, instance);
    bool is_good = call(env, function, args, count, results);
    wasm_runtime_set_module_inst(env, caller);
    if (is_good)
        return;
    const char *words = wasm_runtime_get_exception(instance);
    static const char prefix[] = "Exception: ";
    if (!words)
        words = "allocate memory failed";
    if (strncmp(words, prefix, sizeof prefix - 1) == 0)
        words += sizeof prefix - 1;
    wasm_runtime_set_exception(caller, words);
    if (instance != caller)
        wasm_runtime_clear_exception(instance);
}

/* What an imported function cannot take or give, which is seen only when it is called. */
static const char *cannot_pass(const WASMFuncType *type, const struct import *import,
                               const struct value *args)
{
    if (type->result_count > 1)
        return "WAMR takes one result of a host function";
    if (type->result_count == 1 && type->types[type->param_count] == TYPE_V128)
        return "WAMR takes no vector from a host function";
    if (!import->instance)
        return NULL;
    for (size_t i = 0; i < type->param_count; i++)
        if (args[i].type == TYPE_FUNCREF && args[i].kind != NULL_REFERENCE)
            return "WAMR's references to functions are numbers within one instance";
    return NULL;
}

/* Call what an import is bound to; an exception of the caller tells that it failed. */
static void call_import(wasm_exec_env_t env, struct session *session,
                        const struct import *import, const WASMFuncType *type,
                        const struct value *args, struct value *result)
{
    wasm_module_inst_t caller = wasm_runtime_get_module_inst(env);
    session->unsupported = cannot_pass(type, import, args);
    if (session->unsupported) {
        wasm_runtime_set_exception(caller, "this cannot be passed");
    } else if (import->instance) {
        forward(env, import, args, type->param_count, result);
        if (result->type == TYPE_FUNCREF && result->kind == OPAQUE) {
            session->unsupported = "WAMR's references to functions are numbers within one instance";
            wasm_runtime_set_exception(caller, "this cannot be passed");
        }
    } else {
        session->stop = host_call(session->trace, import->field, args, type->param_count,
                                  type->types + type->param_count, result, type->result_count);
        if (session->stop != HOST_RETURNS)
            wasm_runtime_set_exception(caller, "the host function failed");
    }
}

/* All imported functions. The arguments are read from the frame: wasm_runtime_invoke_native_raw
 * gives the next argument for an external reference, and no vectors at all. */
static void on_call(wasm_exec_env_t env, uint64_t *cells)
{
    wasm_module_inst_t caller = wasm_runtime_get_module_inst(env);
    struct part *part = wasm_runtime_get_custom_data(caller);
    struct session *session = part->session;
    struct WASMInterpFrame *frame = wasm_exec_env_get_cur_frame(env);
    WASMFuncType *type = type_of(frame->function);
    size_t number = (size_t)(uintptr_t)wasm_runtime_get_function_attachment(env) - 1;
    const struct import *import = part->imports[number];
    struct value *args = must(calloc(type->param_count + 1, sizeof *args));
    struct value result = { 0 };
    size_t at = 0;
    for (size_t i = 0; i < type->param_count; i++) {
        args[i] = lift(type->types[i], frame->lp + at);
        at += cells_of(type->types[i]);
    }
    call_import(env, session, import, type, args, &result);
    if (type->result_count > 0 && !wasm_runtime_get_exception(caller)) {
        uint32 words[CELLS_PER_VALUE] = { 0 };
        lower(&result, words);
        *cells = words[0] | (uint64_t)words[1] << 32;
    }
    free(args);
}

/* Modules */

static void *define(void *context, const uint8_t *bytes, size_t length, struct failure *failure)
{
    struct session *session = context;
    char words[256] = "";
    struct part *part = new_part(session);
    LoadArgs args = { .name = "", .no_resolve = true };
    part->bytes = must(malloc(length + 1));
    memcpy(part->bytes, bytes, length);
    part->module = (WASMModule *)wasm_runtime_load_ex(part->bytes, (uint32)length, &args, words,
                                                      sizeof words);
    if (part->module)
        return part;
    snprintf(failure->message, sizeof failure->message, "%s", words);
    message_refusal(words, failure);
    return NULL;
}

static bool same_type(const WASMFuncType *one, const WASMFuncType *other)
{
    return one->param_count == other->param_count && one->result_count == other->result_count
           && memcmp(one->types, other->types, one->param_count + one->result_count) == 0;
}

/* Whether WAMR calls the host at all when a function of this type is called. */
static bool can_call(const WASMFuncType *type, struct failure *failure)
{
    bool is_vector_before = false;
    for (size_t i = 0; i < (size_t)type->param_count + type->result_count; i++) {
        if (!is_known(type->types[i]))
            return fail(failure, UNSUPPORTED, "a value of a type that the worker cannot pass");
        if (type->types[i] == TYPE_EXTERNREF && i < type->param_count && is_vector_before)
            return fail(failure, UNSUPPORTED, "WAMR takes part of a vector for a reference that "
                                              "follows it among the arguments of a host function");
        is_vector_before = is_vector_before || type->types[i] == TYPE_V128;
    }
    return true;
}

static bool not_linked(const struct import *import, const char *what, struct failure *failure)
{
    return fail(failure, UNLINKABLE, "%s: %.*s.%.*s", what,
                (int)(import->module.length < 99 ? import->module.length : 99),
                import->module.bytes, (int)(import->field.length < 99 ? import->field.length : 99),
                import->field.bytes);
}

static bool bind_function(struct part *part, WASMFunctionImport *function, size_t number,
                          const struct import *import, struct failure *failure)
{
    const struct part *owner = import->instance;
    if (owner
        && !same_type(function->func_type, type_of(&owner->instance->e->functions[import->found_index])))
        return not_linked(import, "incompatible import type", failure);
    if (!can_call(function->func_type, failure))
        return false;
    function->func_ptr_linked = (void *)on_call;
    function->signature = NULL;
    function->attachment = (void *)(uintptr_t)(number + 1);
    function->call_conv_raw = true;
    part->imports[number] = import;
    return true;
}

static bool bind_global(WASMGlobalImport *global, const struct import *import,
                        struct failure *failure)
{
    const WASMModuleInstance *owner = ((struct part *)import->instance)->instance;
    const WASMGlobalInstance *found = &owner->e->globals[import->found_index];
    if (found->type != global->type.val_type || found->is_mutable != global->type.is_mutable)
        return not_linked(import, "incompatible import type", failure);
    if (found->is_mutable)
        return fail(failure, UNSUPPORTED, "WAMR cannot share a mutable global between instances");
    if (found->type == TYPE_FUNCREF || found->type == TYPE_EXTERNREF || !is_known(found->type))
        return fail(failure, UNSUPPORTED, "WAMR cannot import a global of references");
    memcpy(&global->global_data_linked, owner->global_data + found->data_offset,
           4 * cells_of(found->type));
    global->is_linked = true;
    return true;
}

/* Where the imports of each kind are in a module of WAMR. */
struct places {
    WASMImport *of_kind[4];
    size_t next[4];
};

static bool bind_import(struct part *part, struct places *places, const struct import *import,
                 struct failure *failure)
{
    if (import->kind > EXTERN_GLOBAL)
        return fail(failure, UNSUPPORTED, "the worker cannot import this");
    size_t number = places->next[import->kind]++;
    WASMImport *declared = &places->of_kind[import->kind][number];
    if (!import->is_host && !import->instance)
        return not_linked(import, "unknown import", failure);
    if (import->instance && import->found_kind != import->kind)
        return not_linked(import, "incompatible import type", failure);
    switch (import->kind) {
    case EXTERN_FUNCTION:
        return bind_function(part, &declared->u.function, number, import, failure);
    case EXTERN_GLOBAL:
        return bind_global(&declared->u.global, import, failure);
    default:
        return fail(failure, UNSUPPORTED,
                    "WAMR cannot share a memory or table between instances");
    }
}

/* Every import must link before one may be called unsupported. */
static bool bind_all(struct part *part, WASMModule *module, const struct import *imports,
                     size_t count, struct failure *failure)
{
    struct places places = { { module->import_functions, module->import_tables,
                               module->import_memories, module->import_globals }, { 0 } };
    bool is_good = true;
    part->imports = must(calloc(count + 1, sizeof *part->imports));
    for (size_t i = 0; i < count; i++) {
        struct failure this = { 0 };
        if (bind_import(part, &places, &imports[i], &this))
            continue;
        if (is_good || this.why == UNLINKABLE)
            *failure = this;
        is_good = false;
        if (this.why == UNLINKABLE)
            return false;
    }
    return is_good;
}

/* WAMR has a limit for memories, which must not be below their size, and none for tables. */
static bool limit_sizes(struct session *session, WASMModule *module, struct failure *failure)
{
    for (uint32 i = 0; i < module->memory_count; i++) {
        WASMMemory *memory = &module->memories[i];
        uint64_t page = memory->num_bytes_per_page;
        uint64_t pages = page > 0 ? session->limits.memory_bytes_max / page : 0;
        if (memory->init_page_count > pages)
            return fail(failure, LIMIT, "memory");
        if (memory->max_page_count > pages)
            memory->max_page_count = (uint32)pages;
    }
    for (uint32 i = 0; i < module->table_count; i++) {
        WASMTableType *table = &module->tables[i].table_type;
        if (table->init_size > session->limits.table_elements_max)
            return fail(failure, LIMIT, "table");
        if (table->max_size > session->limits.table_elements_max)
            table->max_size = (uint32)session->limits.table_elements_max;
    }
    return true;
}

/* All instances start a call without the exceptions of the last, and with fuel. */
static void refresh(struct session *session)
{
    for (struct part *part = session->parts; part; part = part->next) {
        if (!part->instance)
            continue;
        wasm_module_inst_t instance = (wasm_module_inst_t)part->instance;
        int64_t fuel = session->limits.fuel_per_call;
        wasm_runtime_clear_exception(instance);
        wasm_exec_env_t env = fuel >= 0 ? wasm_runtime_get_exec_env_singleton(instance) : NULL;
        if (env)
            wasm_runtime_set_instruction_count_limit(env, fuel > INT32_MAX ? INT32_MAX : (int)fuel);
    }
    session->stop = HOST_RETURNS;
    session->unsupported = NULL;
}

static void *instantiate(void *context, void *module, const struct import *imports, size_t count,
                         struct failure *failure)
{
    struct session *session = context;
    struct part *of_module = module, *part = new_part(session);
    struct InstantiationArgs2 *args = NULL;
    char words[256] = "";
    refresh(session);
    if (!bind_all(part, of_module->module, imports, count, failure)
        || !limit_sizes(session, of_module->module, failure))
        return NULL;
    if (!wasm_runtime_instantiation_args_create(&args)) {
        fail(failure, LIMIT, "memory");
        return NULL;
    }
    wasm_runtime_instantiation_args_set_default_stack_size(args,
                                                           (uint32)session->limits.stack_bytes_max);
    wasm_runtime_instantiation_args_set_custom_data(args, part);
    part->instance = (WASMModuleInstance *)wasm_runtime_instantiate_ex2(
        (wasm_module_t)of_module->module, args, words, sizeof words);
    wasm_runtime_instantiation_args_destroy(args);
    if (part->instance)
        return part;
    failed(session, words, failure);
    return NULL;
}

static bool invoke(void *context, void *instance, uint32_t index, const struct value *args,
                   size_t count, struct value *results, size_t room, size_t *result_count,
                   struct failure *failure)
{
    struct session *session = context;
    struct part *part = instance;
    WASMFunctionInstance *function = &part->instance->e->functions[index];
    WASMFuncType *type = type_of(function);
    if (type->param_count != count || type->result_count > room)
        return fail(failure, UNSUPPORTED, "the arguments do not fit the function");
    for (size_t i = 0; i < count; i++)
        if (args[i].type != type->types[i])
            return fail(failure, UNSUPPORTED, "the arguments do not fit the function");
    for (size_t i = 0; i < type->result_count; i++)
        if (!is_known(type->types[count + i]))
            return fail(failure, UNSUPPORTED, "a value of a type that the worker cannot pass");
    refresh(session);
    wasm_exec_env_t env =
        wasm_runtime_get_exec_env_singleton((wasm_module_inst_t)part->instance);
    if (call(env, function, args, count, results)) {
        *result_count = type->result_count;
        return true;
    }
    const char *words = wasm_runtime_get_exception((wasm_module_inst_t)part->instance);
    return failed(session, words ? words : "allocate memory failed", failure);
}

/* State */

static bool global(void *context, void *instance, uint32_t index, struct value *value)
{
    const WASMModuleInstance *inst = ((struct part *)instance)->instance;
    (void)context;
    const WASMGlobalInstance *found = &inst->e->globals[index];
    uint32 cells[CELLS_PER_VALUE] = { 0 };
    if (!is_known(found->type))
        return false;
    memcpy(cells, inst->global_data + found->data_offset, 4 * cells_of(found->type));
    *value = lift(found->type, cells);
    return true;
}

static bool memory(void *context, void *instance, uint32_t index, const uint8_t **bytes,
                   size_t *length)
{
    const WASMMemoryInstance *found = ((struct part *)instance)->instance->memories[index];
    (void)context;
    *bytes = found->memory_data;
    *length = (size_t)found->num_bytes_per_page * found->cur_page_count;
    return true;
}

static bool table_size(void *context, void *instance, uint32_t index, size_t *size)
{
    (void)context;
    *size = ((struct part *)instance)->instance->tables[index]->cur_size;
    return true;
}

static void table_element(void *context, void *instance, uint32_t index, size_t element,
                          struct value *value)
{
    const WASMTableInstance *found = ((struct part *)instance)->instance->tables[index];
    (void)context;
    uint32 cells[CELLS_PER_VALUE] = { (uint32)found->elems[element] };
    *value = lift(found->elem_type, cells);
}

static const struct engine engine = {
    .id = WAMR_ID,
    .implementation = "wamr",
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
