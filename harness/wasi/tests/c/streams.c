#include "expect.h"
#include <unistd.h>

int main(int argc, char **argv) {
    char line[100];
    EXPECT(argc == 2);
    EXPECT(strcmp(argv[1], "an argument") == 0);
    EXPECT(strcmp(getenv("VARIABLE"), "its value") == 0);
    EXPECT(getenv("HOME") == NULL);
    EXPECT(fgets(line, sizeof line, stdin) != NULL);
    EXPECT(strcmp(line, "first line\n") == 0);
    EXPECT(fgets(line, sizeof line, stdin) != NULL);
    EXPECT(fgets(line, sizeof line, stdin) == NULL);
    EXPECT(feof(stdin));
    EXPECT(!isatty(0) && !isatty(1));
    EXPECT_ERRNO(lseek(0, 0, SEEK_SET), ESPIPE);
    EXPECT_ERRNO(write(0, "x", 1), EBADF);
    EXPECT_ERRNO(read(1, line, 1), EBADF);
    EXPECT_ERRNO(read(77, line, 1), EBADF);
    EXPECT(fprintf(stderr, "an error\n") == 9);
    puts("all is well");
    return 0;
}
