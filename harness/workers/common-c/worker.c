/* The protocol of harness/protocol/PROTOCOL.md: worker OBJECT... serves the engines in these
 * shared objects. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "needs.h"
#include "probes.h"
#include "run.h"

enum { ENGINES_MAX = 8, STACK_SIZE = 64 << 20 };

struct worker {
    FILE *out;
    const char *name;
    const struct engine *offered[ENGINES_MAX];
    size_t offered_count;
    const struct engine *chosen[ENGINES_MAX];
    unsigned lacks[ENGINES_MAX]; /* of the chosen ones */
    size_t chosen_count;
    struct limits limits;
    bool is_greeted, is_configured;
};

static void send_line(struct worker *worker, struct buffer *line)
{
    put(line, "\n");
    bool is_sent = fwrite(line->bytes, 1, line->length, worker->out) == line->length;
    if (!is_sent || fflush(worker->out) != 0)
        exit(3); /* The host is gone. */
    line->length = 0;
}

static _Noreturn void give_up(struct worker *worker, const char *why)
{
    struct buffer line = { 0 };
    put(&line, "{\"type\":\"error\",\"message\":");
    put_c_string(&line, why);
    put(&line, "}");
    send_line(worker, &line);
    exit(1);
}

static void hello(struct worker *worker, const struct json *message)
{
    double protocol = 0;
    if (!json_number(message, "protocol", &protocol) || protocol != 1)
        give_up(worker, "this worker speaks version 1 of the protocol only");
    struct buffer line = { 0 };
    put(&line, "{\"type\":\"hello\",\"protocol\":1,\"worker\":\"gainsay-%s\",\"version\":\"1\"}",
        worker->name);
    send_line(worker, &line);
    free(line.bytes);
    worker->is_greeted = true;
}

static void read_limit(const struct json *limits, const char *key, uint64_t *limit)
{
    double number;
    if (json_number(limits, key, &number) && number >= 0 && number < 9e18)
        *limit = (uint64_t)number;
}

static void read_limits(struct worker *worker, const struct json *limits)
{
    worker->limits = (struct limits){ 64 << 20, 100000, 1 << 20, -1 };
    uint64_t fuel = UINT64_MAX;
    read_limit(limits, "memory_bytes_max", &worker->limits.memory_bytes_max);
    read_limit(limits, "table_elements_max", &worker->limits.table_elements_max);
    read_limit(limits, "stack_bytes_max", &worker->limits.stack_bytes_max);
    read_limit(limits, "fuel_per_call", &fuel);
    if (fuel < INT64_MAX)
        worker->limits.fuel_per_call = (int64_t)fuel;
}

static void choose(struct worker *worker, const struct engine *engine)
{
    for (size_t i = 0; i < worker->chosen_count; i++)
        if (worker->chosen[i] == engine)
            return;
    worker->chosen[worker->chosen_count++] = engine;
}

/* By an id, or by the name of the implementation for all its engines. */
static bool choose_named(struct worker *worker, struct text name)
{
    bool is_found = false;
    for (size_t i = 0; i < worker->offered_count; i++) {
        const struct engine *engine = worker->offered[i];
        if (text_is(name, engine->id) || text_is(name, engine->implementation)) {
            choose(worker, engine);
            is_found = true;
        }
    }
    return is_found;
}

/* What it lacks, as needs.h numbers it. */
static unsigned put_engine(struct buffer *line, const struct engine *engine)
{
    bool is_first = true;
    unsigned lacks = 0;
    put(line, "{\"id\":\"%s\",\"implementation\":\"%s\",\"version\":", engine->id,
        engine->implementation);
    put_c_string(line, engine->version());
    put(line, ",\"capabilities\":[");
    for (size_t i = 0; i < probe_count; i++) {
        if (!run_probe(engine, probes[i].binary)) {
            lacks |= needs_bit(probes[i].proposal);
            continue;
        }
        put(line, "%s\"%s\"", is_first ? "" : ",", probes[i].proposal);
        is_first = false;
    }
    put(line, "]}");
    return lacks;
}

static void configure(struct worker *worker, const struct json *message)
{
    const struct json *names = json_get(message, "engines");
    struct buffer line = { 0 }, missing = { 0 };
    read_limits(worker, json_get(message, "limits"));
    for (const struct json *name = names ? names->first : NULL; name; name = name->next) {
        if (name->kind != JSON_STRING || choose_named(worker, name->text))
            continue;
        put(&missing, missing.length > 0 ? ",{\"id\":" : "{\"id\":");
        put_string(&missing, name->text);
        put(&missing, ",\"reason\":\"this worker has no such engine\"}");
    }
    for (size_t i = 0; i < worker->offered_count && !(names && names->first); i++)
        choose(worker, worker->offered[i]);
    put(&line, "{\"type\":\"engines\",\"engines\":[");
    for (size_t i = 0; i < worker->chosen_count; i++) {
        put(&line, i > 0 ? "," : "");
        worker->lacks[i] = put_engine(&line, worker->chosen[i]);
    }
    put(&line, "],\"missing\":[");
    put_bytes(&line, missing.bytes, missing.length);
    put(&line, "]}");
    send_line(worker, &line);
    free(line.bytes);
    free(missing.bytes);
    worker->is_configured = true;
}

/* Where a step of a case belongs. */
struct place {
    struct worker *worker;
    double id;
    const char *engine;
};

static void send_step(void *context, struct text outcome, const char *message)
{
    struct place *place = context;
    struct buffer line = { 0 };
    put(&line, "{\"type\":\"step\",\"id\":%.0f,\"engine\":\"%s\",\"step\":", place->id,
        place->engine);
    put_bytes(&line, outcome.bytes, outcome.length);
    if (*message) {
        put(&line, ",\"detail\":{\"refusal\":null,\"message\":");
        put_c_string(&line, message);
        put(&line, "}");
    }
    put(&line, "}");
    send_line(place->worker, &line);
    free(line.bytes);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static bool is_wanted(const struct engine *engine, const struct json *names)
{
    if (!names || names->kind != JSON_ARRAY)
        return true;
    for (const struct json *name = names->first; name; name = name->next)
        if (text_is(name->text, engine->id))
            return true;
    return false;
}

static void run_on(struct worker *worker, size_t number, const struct json *task, bool with_steps)
{
    const struct engine *engine = worker->chosen[number];
    static struct buffer line, outcome;
    double id = 0;
    json_number(task, "id", &id);
    struct place place = { worker, id, engine->id };
    uint64_t start = now();
    outcome.length = 0;
    run_case(engine, &worker->limits, worker->lacks[number], json_get(task, "commands"), &outcome,
             with_steps ? send_step : NULL, &place);
    put(&line, "{\"type\":\"result\",\"id\":%.0f,\"engine\":\"%s\",\"micros\":%" PRIu64
               ",\"outcome\":",
        id, engine->id, now() - start);
    put_bytes(&line, outcome.bytes, outcome.length);
    put(&line, "}");
    send_line(worker, &line);
}

static void batch(struct worker *worker, const struct json *message)
{
    const struct json *cases = json_get(message, "cases"), *steps = json_get(message, "steps");
    if (!worker->is_configured)
        give_up(worker, "a batch came before the engines were configured");
    for (const struct json *task = cases ? cases->first : NULL; task; task = task->next)
        for (size_t i = 0; i < worker->chosen_count; i++)
            if (is_wanted(worker->chosen[i], json_get(task, "engines")))
                run_on(worker, i, task, steps && steps->truth);
}

static void take_line(struct worker *worker, char *text, size_t length)
{
    struct arena *arena = arena_new();
    const struct json *message = json_read(arena, text, length);
    struct text type = json_text(message, "type");
    if (!message || message->kind != JSON_OBJECT || !type.bytes)
        give_up(worker, "a line is not a message in JSON");
    if (text_is(type, "hello"))
        hello(worker, message);
    else if (text_is(type, "configure") && worker->is_greeted && !worker->is_configured)
        configure(worker, message);
    else if (text_is(type, "configure"))
        give_up(worker, "a message to configure came out of turn");
    else if (text_is(type, "batch"))
        batch(worker, message);
    else if (text_is(type, "bye"))
        exit(0);
    arena_free(arena);
}

/* Everything happens on one thread with a stack of a known size. */
static void *serve(void *context)
{
    struct worker *worker = context;
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    for (size_t i = 0; i < worker->offered_count; i++)
        if (!worker->offered[i]->start())
            give_up(worker, "an engine cannot start");
    while ((length = getline(&line, &room, stdin)) > 0) {
        if (line[length - 1] != '\n')
            give_up(worker, "the input ended within a line");
        take_line(worker, line, (size_t)length);
    }
    exit(0);
}

static void load(struct worker *worker, const char *path)
{
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    engine_of_object engine = object ? (engine_of_object)dlsym(object, "gainsay_engine") : NULL;
    if (!engine || worker->offered_count == ENGINES_MAX) {
        fprintf(stderr, "%s: %s\n", path, engine ? "too many engines" : dlerror());
        exit(1);
    }
    worker->offered[worker->offered_count++] = engine();
}

int main(int argc, char **argv)
{
    static struct worker worker;
    if (argc < 2) {
        fprintf(stderr, "usage: %s OBJECT...\n", argv[0]);
        return 1;
    }
    /* What an engine prints must not get between the lines of the protocol. */
    int out = dup(STDOUT_FILENO);
    worker.out = out < 0 ? NULL : fdopen(out, "w");
    if (!worker.out || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return 1;
    for (int i = 1; i < argc; i++)
        load(&worker, argv[i]);
    worker.name = worker.offered[0]->implementation;
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    if (pthread_create(&thread, &attributes, serve, &worker) != 0)
        return 1;
    pthread_join(thread, NULL);
    return 0;
}
