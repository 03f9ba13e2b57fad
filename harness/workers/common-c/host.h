/* The functions of the module `gainsay` and the record of their calls. */
#ifndef GAINSAY_HOST_H
#define GAINSAY_HOST_H

#include "engine.h"

struct trace {
    struct buffer calls; /* in JSON, with commas between them */
    size_t values;
};

void trace_clear(struct trace *trace);

#endif
