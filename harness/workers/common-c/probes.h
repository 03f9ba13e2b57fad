/* By which an engine is seen to have a proposal. */
#ifndef GAINSAY_PROBES_H
#define GAINSAY_PROBES_H

#include <stddef.h>

struct probe {
    const char *proposal, *binary;
};

extern const struct probe probes[];
extern const size_t probe_count;

#endif
