#include "expect.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int count(const char *path) {
    int entries = 0;
    DIR *directory = opendir(path);
    EXPECT(directory != NULL);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        entries += entry->d_name[0] != '.';
    EXPECT(closedir(directory) == 0);
    return entries;
}

int main(void) {
    char name[100];
    struct stat one, two;
    EXPECT(mkdir("/given/dir", 0700) == 0);
    EXPECT_ERRNO(mkdir("/given/dir", 0700), EEXIST);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "/given/dir/a-file-with-the-number-%d", i);
        int fd = open(name, O_CREAT | O_WRONLY, 0600);
        EXPECT(fd > 2);
        EXPECT(close(fd) == 0);
    }
    EXPECT(count("/given/dir") == 300);
    EXPECT_ERRNO(rmdir("/given/dir"), ENOTEMPTY);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "/given/dir/a-file-with-the-number-%d", i);
        EXPECT(unlink(name) == 0);
    }
    EXPECT(count("/given/dir") == 0);
    EXPECT_ERRNO(unlink("/given/dir"), EISDIR);
    EXPECT(symlink("dir", "/given/link") == 0);
    EXPECT(lstat("/given/link", &one) == 0 && S_ISLNK(one.st_mode));
    EXPECT(stat("/given/link", &one) == 0 && S_ISDIR(one.st_mode));
    EXPECT(stat("/given/dir", &two) == 0);
    EXPECT(one.st_ino == two.st_ino && one.st_dev == two.st_dev);
    EXPECT(readlink("/given/link", name, sizeof name) == 3);
    EXPECT(rename("/given/dir", "/given/moved") == 0);
    EXPECT_ERRNO(stat("/given/link", &one), ENOENT);
    EXPECT(symlink("../..", "/given/moved/out") == 0);
    EXPECT(opendir("/given/moved/out") == NULL);
    EXPECT(unlink("/given/moved/out") == 0);
    EXPECT(rmdir("/given/moved") == 0);
    EXPECT(count("/given") == 1);
    puts("all is well");
    return 0;
}
