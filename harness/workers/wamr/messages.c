#include "messages.h"

#include <string.h>

struct meaning {
    const char *words;
    enum why why;
    const char *detail;
};

static const struct meaning failures[] = {
    { "unreachable", TRAPPED, "unreachable" },
    { "integer divide by zero", TRAPPED, "divide_by_zero" },
    { "integer overflow", TRAPPED, "integer_overflow" },
    { "invalid conversion to integer", TRAPPED, "invalid_conversion" },
    { "out of bounds memory access", TRAPPED, "memory_out_of_bounds" },
    { "out of bounds table access", TRAPPED, "table_out_of_bounds" },
    { "undefined element", TRAPPED, "table_out_of_bounds" },
    { "uninitialized element", TRAPPED, "uninitialized_element" },
    { "indirect call type mismatch", TRAPPED, "indirect_call_type_mismatch" },
    { "unaligned atomic", TRAPPED, "unaligned_atomic" },
    { "expected shared memory", TRAPPED, "expected_shared_memory" },
    { "wasm operand stack overflow", LIMIT, "stack" },
    { "native stack overflow", LIMIT, "stack" },
    { "instruction limit exceeded", LIMIT, "fuel" },
    { "allocate memory failed", LIMIT, "memory" },
    { "allocate linear memory failed", LIMIT, "memory" },
    { "create exec env failed", LIMIT, "memory" },
};

/* Limits of its loader (§ appendix/implementation), and what it says of what it does not know. */
static const struct meaning refusals[] = {
    { "memory size must be at most 4,294,967,295 pages", LIMIT, "memory" },
    { "too many locals", LIMIT, "module" },
    { "too much local cells", LIMIT, "module" },
    { "local count too large", LIMIT, "module" },
    { "param count or result count too large", LIMIT, "module" },
    { "operand stack depth limit exceeded", LIMIT, "module" },
    { "label stack depth limit exceeded", LIMIT, "module" },
    { "fast interpreter offset overflow", LIMIT, "module" },
    { "allocate memory failed", LIMIT, "module" },
    { "unsupported opcode", UNSUPPORTED, NULL },
    { "invalid opcode 0xfd", UNSUPPORTED, NULL },
    /* It has memories of 64 bits and several memories, but not of both kinds in one module. */
    { "inconsistent limits wasm64 flags", UNSUPPORTED, NULL },
};

/* Whether one of its prefixes or nothing comes before the words. */
static bool means(const char *message, const char *words)
{
    const char *found = strstr(message, words);
    return found && (found == message || strncmp(found - 2, ": ", 2) == 0);
}

bool message_failure(const char *words, struct failure *failure)
{
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (means(words, failures[i].words))
            return fail(failure, failures[i].why, "%s", failures[i].detail);
    return fail(failure, FAULT, "%s", words);
}

void message_refusal(const char *words, struct failure *failure)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (strstr(words, refusals[i].words)) {
            const char *detail = refusals[i].detail;
            fail(failure, refusals[i].why, "%s", detail ? detail : words);
            return;
        }
    }
    fail(failure, REJECTED, "%s", words);
}
