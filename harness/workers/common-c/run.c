#include "run.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "needs.h"
#include "sections.h"
#include "values.h"

bool fail(struct failure *failure, enum why why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    failure->why = why;
    vsnprintf(failure->detail, sizeof failure->detail, format, args);
    va_end(args);
    return false;
}

/* A module that an engine has accepted; `import`s live as long as the session. */
struct module {
    struct module *next;
    uint8_t *bytes;
    struct sections sections;
    void *of_engine;
};

struct instance {
    struct instance *next;
    struct module *module;
    struct import *imports;
    void *of_engine;
};

/* A name and what it stands for at present; NULL if that failed to come about. */
struct named {
    struct text name;
    void *thing;
};

struct names {
    struct named *items;
    size_t count, room;
};

struct session {
    const struct engine *engine;
    void *of_engine;
    unsigned lacks; /* proposals, as needs.h numbers them */
    struct trace trace;
    struct names modules, instances, registered;
    struct module *all_modules;
    struct instance *all_instances;
};

enum { RESULTS_MAX = 1100 };

/* How a step ended. */
struct step {
    enum { RETURNED, FAILED, ABSENT } kind;
    struct value values[RESULTS_MAX];
    size_t value_count;
    struct failure failure;
};

static void *find(const struct names *names, struct text name)
{
    for (size_t i = 0; i < names->count; i++)
        if (text_equal(names->items[i].name, name))
            return names->items[i].thing;
    return NULL;
}

static void set(struct names *names, struct text name, void *thing)
{
    for (size_t i = 0; i < names->count; i++) {
        if (text_equal(names->items[i].name, name)) {
            names->items[i].thing = thing;
            return;
        }
    }
    if (names->count == names->room) {
        names->room = names->room * 2 + 8;
        names->items = must(realloc(names->items, names->room * sizeof *names->items));
    }
    names->items[names->count++] = (struct named){ name, thing };
}

static const struct export *find_export(const struct instance *instance, struct text name)
{
    const struct sections *sections = &instance->module->sections;
    for (size_t i = 0; i < sections->export_count; i++)
        if (text_equal(sections->exports[i].name, name))
            return &sections->exports[i];
    return NULL;
}

static void step_failed(struct step *step)
{
    step->kind = FAILED;
}

static void define(struct session *s, const struct json *command, struct step *step)
{
    struct text name = json_text(command, "name");
    size_t length = 0;
    set(&s->modules, name, NULL);
    uint8_t *bytes = base64_decode(json_text(command, "binary"), &length);
    struct module *module = must(calloc(1, sizeof *module));
    module->next = s->all_modules;
    module->bytes = bytes;
    s->all_modules = module;
    if (!bytes) {
        fail(&step->failure, UNSUPPORTED, "the binary is not base64");
        step_failed(step);
        return;
    }
    module->of_engine = s->engine->define(s->of_engine, bytes, length, &step->failure);
    if (!module->of_engine) {
        if (step->failure.why == REJECTED && (needs_of(bytes, length) & s->lacks) != 0)
            step->failure.why = UNSUPPORTED;
        step_failed(step);
    } else if (!sections_read(bytes, length, &module->sections)) {
        fail(&step->failure, FAULT, "it accepted a module whose sections cannot be read");
        step_failed(step);
    } else {
        set(&s->modules, name, module);
    }
}

/* What the session has for an import, if anything. */
static void resolve(const struct session *s, struct import *import)
{
    const struct instance *instance = find(&s->registered, import->module);
    const struct export *export = instance ? find_export(instance, import->field) : NULL;
    import->instance = NULL;
    import->is_host = false;
    if (export) {
        import->instance = instance->of_engine;
        import->found_kind = export->kind;
        import->found_index = export->index;
    } else if (text_is(import->module, "gainsay") && import->kind == EXTERN_FUNCTION) {
        import->is_host = true;
    }
}

static void instantiate(struct session *s, const struct json *command, struct text name,
                        struct step *step)
{
    struct module *module = find(&s->modules, json_text(command, "module"));
    if (json_get(command, "binary"))
        module = find(&s->modules, json_text(command, "name"));
    if (!module) {
        step->kind = ABSENT;
        return;
    }
    set(&s->instances, name, NULL);
    size_t count = module->sections.import_count;
    struct instance *instance = must(calloc(1, sizeof *instance));
    *instance = (struct instance){ s->all_instances, module, NULL, NULL };
    s->all_instances = instance;
    instance->imports = must(calloc(count + 1, sizeof *instance->imports));
    for (size_t i = 0; i < count; i++) {
        instance->imports[i] = module->sections.imports[i];
        resolve(s, &instance->imports[i]);
    }
    instance->of_engine = s->engine->instantiate(s->of_engine, module->of_engine,
                                                 instance->imports, count, &step->failure);
    if (instance->of_engine)
        set(&s->instances, name, instance);
    else
        step_failed(step);
}

static void no_export(struct step *step, const char *what, struct text field)
{
    fail(&step->failure, UNSUPPORTED, "there is no exported %s named \"%.*s\"", what,
         (int)(field.length < 200 ? field.length : 200), field.bytes ? field.bytes : "");
    step_failed(step);
}

static void invoke(struct session *s, struct instance *instance, const struct json *action,
                   struct step *step)
{
    struct text field = json_text(action, "field");
    const struct export *export = find_export(instance, field);
    const struct json *list = json_get(action, "args");
    static struct value args[RESULTS_MAX];
    size_t count = 0;
    if (!export || export->kind != EXTERN_FUNCTION) {
        no_export(step, "function", field);
        return;
    }
    for (const struct json *arg = list ? list->first : NULL; arg; arg = arg->next) {
        if (count == RESULTS_MAX)
            fail(&step->failure, UNSUPPORTED, "too many arguments");
        if (count == RESULTS_MAX || !value_read(arg, &args[count++], &step->failure)) {
            step_failed(step);
            return;
        }
    }
    if (!s->engine->invoke(s->of_engine, instance->of_engine, export->index, args, count,
                           step->values, RESULTS_MAX, &step->value_count, &step->failure))
        step_failed(step);
}

static void get(struct session *s, struct instance *instance, const struct json *action,
                struct step *step)
{
    struct text field = json_text(action, "field");
    const struct export *export = find_export(instance, field);
    if (!export || export->kind != EXTERN_GLOBAL) {
        no_export(step, "global", field);
    } else if (s->engine->global(s->of_engine, instance->of_engine, export->index,
                                 &step->values[0])) {
        step->value_count = 1;
    } else {
        fail(&step->failure, UNSUPPORTED, "the worker cannot read a global of this type");
        step_failed(step);
    }
}

/* A registration or an action: what needs an instance. */
static void act(struct session *s, const struct json *command, struct step *step)
{
    const struct json *action = json_get(command, "action");
    bool is_register = text_is(json_text(command, "type"), "register");
    struct text name = is_register ? json_text(command, "name") : json_text(action, "module");
    struct instance *instance = find(&s->instances, name);
    if (!instance)
        step->kind = ABSENT;
    else if (is_register)
        set(&s->registered, json_text(command, "as"), instance);
    else if (text_is(json_text(action, "type"), "invoke"))
        invoke(s, instance, action, step);
    else if (text_is(json_text(action, "type"), "get"))
        get(s, instance, action, step);
    else
        step_failed(step), fail(&step->failure, UNSUPPORTED, "the worker does not know this action");
}

static const char *const whys[] = { "rejected",   "unlinkable", "trapped",    "host_error",
                                    "limit", "unsupported", "fault" };

static void put_step(struct buffer *out, const struct step *step, const struct trace *trace)
{
    if (step->kind == ABSENT) {
        put(out, "{\"result\":{\"kind\":\"absent\"}");
    } else if (step->kind == RETURNED) {
        put(out, "{\"result\":{\"kind\":\"returned\",\"value\":");
        values_write(out, step->values, step->value_count);
        put(out, "}");
    } else {
        put(out, "{\"result\":{\"kind\":\"failed\",\"value\":{\"why\":\"%s\"",
            whys[step->failure.why]);
        if (step->failure.why != HOST_ERROR) {
            put(out, ",\"detail\":");
            put_c_string(out, step->failure.detail);
        }
        put(out, "}}");
    }
    if (trace->calls.length > 0) {
        put(out, ",\"trace\":[");
        put_bytes(out, trace->calls.bytes, trace->calls.length);
        put(out, "]");
    }
    put(out, "}");
}

struct walk {
    struct session session;
    struct buffer *out;
    step_done done;
    void *context;
    size_t steps;
    struct step step;
};

static void begin_step(struct walk *walk)
{
    walk->step.kind = RETURNED;
    walk->step.value_count = 0;
    walk->step.failure = (struct failure){ 0 };
    trace_clear(&walk->session.trace);
}

static void end_step(struct walk *walk)
{
    if (walk->steps++ > 0)
        put(walk->out, ",");
    size_t start = walk->out->length;
    put_step(walk->out, &walk->step, &walk->session.trace);
    struct text outcome = { walk->out->bytes + start, walk->out->length - start };
    if (walk->done)
        walk->done(walk->context, outcome,
                   walk->step.kind == FAILED ? walk->step.failure.message : "");
}

static void take_command(struct walk *walk, const struct json *command)
{
    struct session *s = &walk->session;
    struct text type = json_text(command, "type");
    bool is_both = text_is(type, "module");
    begin_step(walk);
    if (is_both || text_is(type, "module_definition"))
        define(s, command, &walk->step);
    else if (text_is(type, "module_instance"))
        instantiate(s, command, json_text(command, "instance"), &walk->step);
    else if (text_is(type, "register") || text_is(type, "action"))
        act(s, command, &walk->step);
    else
        step_failed(&walk->step),
            fail(&walk->step.failure, UNSUPPORTED, "the worker does not know this command");
    end_step(walk);
    if (is_both) {
        begin_step(walk);
        instantiate(s, command, json_text(command, "name"), &walk->step);
        end_step(walk);
    }
}

static void put_table(struct session *s, void *instance, uint32_t index, struct buffer *out)
{
    size_t size = 0;
    if (!s->engine->table_size(s->of_engine, instance, index, &size))
        return;
    uint8_t *words = must(calloc(size + 1, 8));
    for (size_t i = 0; i < size; i++) {
        struct value value = { 0 };
        s->engine->table_element(s->of_engine, instance, index, i, &value);
        uint64_t word = value_word(&value);
        for (int j = 0; j < 8; j++)
            words[8 * i + (size_t)j] = (uint8_t)(word >> 8 * j);
    }
    put(out, "{\"kind\":\"table\",\"size\":%zu,\"hash\":\"%" PRIu64 "\"}", size,
        xxh3(words, 8 * size));
    free(words);
}

/* Nothing for a function, and for what the engine does not show. */
static void put_export(struct session *s, void *instance, const struct export *export,
                       struct buffer *out)
{
    const uint8_t *bytes = NULL;
    size_t length = 0;
    struct value value;
    if (export->kind == EXTERN_GLOBAL
        && s->engine->global(s->of_engine, instance, export->index, &value)) {
        put(out, "{\"kind\":\"global\",\"value\":");
        value_write(out, &value);
        put(out, "}");
    } else if (export->kind == EXTERN_MEMORY
               && s->engine->memory(s->of_engine, instance, export->index, &bytes, &length)) {
        put(out, "{\"kind\":\"memory\",\"bytes\":%zu,\"hash\":\"%" PRIu64 "\"}", length,
            xxh3(bytes, length));
    } else if (export->kind == EXTERN_TABLE) {
        put_table(s, instance, export->index, out);
    }
}

static void put_instance(struct session *s, const struct instance *instance, struct buffer *out)
{
    const struct sections *sections = &instance->module->sections;
    bool is_first = true;
    put(out, "{");
    for (size_t i = 0; i < sections->export_count; i++) {
        size_t before = out->length;
        if (!is_first)
            put(out, ",");
        put_string(out, sections->exports[i].name);
        put(out, ":");
        size_t start = out->length;
        put_export(s, instance->of_engine, &sections->exports[i], out);
        if (out->length == start)
            out->length = before;
        else
            is_first = false;
    }
    put(out, "}");
}

static void put_state(struct session *s, struct buffer *out)
{
    bool is_first = true;
    put(out, "],\"state\":{");
    for (size_t i = 0; i < s->instances.count; i++) {
        struct named *named = &s->instances.items[i];
        if (!named->thing)
            continue;
        put(out, is_first ? "" : ",");
        struct text bare = named->name;
        if (bare.length > 0 && bare.bytes[0] == '$')
            bare = (struct text){ bare.bytes + 1, bare.length - 1 };
        put_string(out, bare);
        put(out, ":");
        put_instance(s, named->thing, out);
        is_first = false;
    }
    put(out, "}}");
}

static void close_session(struct session *s)
{
    s->engine->close(s->of_engine);
    for (struct instance *instance = s->all_instances; instance;) {
        struct instance *next = instance->next;
        free(instance->imports);
        free(instance);
        instance = next;
    }
    for (struct module *module = s->all_modules; module;) {
        struct module *next = module->next;
        sections_free(&module->sections);
        free(module->bytes);
        free(module);
        module = next;
    }
    free(s->modules.items);
    free(s->instances.items);
    free(s->registered.items);
    free(s->trace.calls.bytes);
}

void run_case(const struct engine *engine, const struct limits *limits, unsigned lacks,
              const struct json *commands, struct buffer *out, step_done done, void *context)
{
    static struct walk walk;
    memset(&walk.session, 0, sizeof walk.session);
    walk.session.engine = engine;
    walk.session.lacks = lacks;
    walk.out = out;
    walk.done = done;
    walk.context = context;
    walk.steps = 0;
    walk.session.of_engine = engine->open(limits, &walk.session.trace);
    put(out, "{\"steps\":[");
    for (const struct json *command = commands ? commands->first : NULL; command;
         command = command->next)
        take_command(&walk, command);
    put_state(&walk.session, out);
    close_session(&walk.session);
}

bool run_probe(const struct engine *engine, const char *base64)
{
    char text[4096];
    snprintf(text, sizeof text,
             "[{\"type\":\"module\",\"name\":\"$m\",\"binary\":\"%s\"},{\"type\":\"action\","
             "\"action\":{\"type\":\"invoke\",\"module\":\"$m\",\"field\":\"probe\",\"args\":[]}}]",
             base64);
    struct arena *arena = arena_new();
    struct limits limits = { 64 << 20, 100000, 1 << 20, -1 };
    struct buffer out = { 0 };
    run_case(engine, &limits, 0, json_read(arena, text, strlen(text)), &out, NULL, NULL);
    put_bytes(&out, "", 1);
    /* An engine that accepts the module and does not return 42 has the proposal and is wrong. */
    bool is_refused = strstr(out.bytes, "\"why\":\"rejected\"")
                      || strstr(out.bytes, "\"why\":\"unsupported\"")
                      || strstr(out.bytes, "\"why\":\"limit\"");
    if (!is_refused && !strstr(out.bytes, "[{\"type\":\"i32\",\"value\":\"42\"}]"))
        fprintf(stderr, "%s answers a probe wrongly: %s\n", engine->id, out.bytes);
    free(out.bytes);
    arena_free(arena);
    return !is_refused;
}
