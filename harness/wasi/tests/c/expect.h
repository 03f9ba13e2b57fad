/* Says which expectation failed, and ends the program with status 1. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(condition)                                                          \
    do {                                                                           \
        if (!(condition)) {                                                        \
            printf("line %d: %s (errno: %s)\n", __LINE__, #condition,              \
                   strerror(errno));                                               \
            exit(1);                                                               \
        }                                                                          \
    } while (0)

/* A call that fails with this errno. */
#define EXPECT_ERRNO(call, code)                                                   \
    do {                                                                           \
        errno = 0;                                                                 \
        EXPECT((call) == -1);                                                      \
        EXPECT(errno == (code));                                                   \
    } while (0)
