/* One case on one engine. */
#ifndef GAINSAY_RUN_H
#define GAINSAY_RUN_H

#include "engine.h"

/* Told of each step as soon as it is done: its outcome, in JSON, and what the engine said. */
typedef void (*step_done)(void *context, struct text outcome, const char *message);

/* The outcome in JSON. `commands` is an array, or NULL for none. A module that the engine refuses
 * and that declares something of what it `lacks` is called unsupported, not invalid. */
void run_case(const struct engine *engine, const struct limits *limits, unsigned lacks,
              const struct json *commands, struct buffer *out, step_done done, void *context);

/* Whether a module whose export "probe" takes nothing is accepted. */
bool run_probe(const struct engine *engine, const char *base64);

#endif
