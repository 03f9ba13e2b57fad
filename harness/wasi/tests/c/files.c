#include "expect.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    char text[100] = {0};
    struct stat status;
    FILE *file = fopen("/given/file", "w");
    EXPECT(file != NULL);
    for (int i = 0; i < 10000; i++)
        EXPECT(fprintf(file, "%04d\n", i) == 5);
    EXPECT(fclose(file) == 0);
    EXPECT(stat("/given/file", &status) == 0);
    EXPECT(S_ISREG(status.st_mode) && status.st_size == 50000);
    file = fopen("/given/file", "r+");
    EXPECT(file != NULL);
    EXPECT(fseek(file, 5 * 1234, SEEK_SET) == 0);
    EXPECT(fgets(text, sizeof text, file) != NULL);
    EXPECT(strcmp(text, "1234\n") == 0);
    EXPECT(fseek(file, -5, SEEK_END) == 0);
    EXPECT(fputs("last", file) >= 0);
    EXPECT(fclose(file) == 0);

    int fd = open("/given/file", O_RDONLY);
    EXPECT(fd > 2);
    EXPECT(pread(fd, text, 5, 49995) == 5);
    EXPECT(memcmp(text, "last\n", 5) == 0);
    EXPECT_ERRNO(write(fd, "x", 1), EBADF);
    EXPECT(close(fd) == 0);
    EXPECT_ERRNO(close(fd), EBADF);

    fd = open("/given/file", O_RDWR | O_TRUNC | O_APPEND);
    EXPECT(fd > 2);
    EXPECT(write(fd, "abc", 3) == 3);
    EXPECT(ftruncate(fd, 2) == 0);
    EXPECT(write(fd, "d", 1) == 1);
    EXPECT(pread(fd, text, 10, 0) == 3);
    EXPECT(memcmp(text, "abd", 3) == 0);
    EXPECT(fsync(fd) == 0);
    EXPECT(close(fd) == 0);

    EXPECT_ERRNO(open("/given/missing", O_RDONLY), ENOENT);
    EXPECT_ERRNO(open("/given/file", O_CREAT | O_EXCL | O_WRONLY, 0600), EEXIST);
    EXPECT_ERRNO(open("/given/file/inner", O_RDONLY), ENOTDIR);
    EXPECT(open("/given/../file", O_RDONLY) == -1);
    EXPECT(open("/etc/passwd", O_RDONLY) == -1);
    puts("all is well");
    return 0;
}
