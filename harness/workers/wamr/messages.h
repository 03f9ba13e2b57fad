/* What WAMR's messages mean. It has no other errors. */
#ifndef GAINSAY_MESSAGES_H
#define GAINSAY_MESSAGES_H

#include "engine.h"

/* Of an exception, or of an instantiation. Always false. */
bool message_failure(const char *words, struct failure *failure);

/* Of a module that was refused. */
void message_refusal(const char *words, struct failure *failure);

#endif
