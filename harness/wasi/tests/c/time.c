#include "expect.h"
#include <poll.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec time;
    EXPECT(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

int main(void) {
    struct timespec time;
    long long begin = now();
    EXPECT(usleep(20000) == 0);
    EXPECT(now() - begin >= 20000000);
    EXPECT(clock_gettime(CLOCK_REALTIME, &time) == 0);
    EXPECT(time.tv_sec > 1600000000);
    EXPECT(clock_getres(CLOCK_MONOTONIC, &time) == 0);
    EXPECT(time.tv_sec == 0 && time.tv_nsec > 0);
    struct pollfd fds[] = {{.fd = 0, .events = POLLIN}, {.fd = 1, .events = POLLOUT}};
    EXPECT(poll(fds, 2, 1000) == 2);
    EXPECT(fds[0].revents & POLLIN);
    EXPECT(fds[1].revents & POLLOUT);
    EXPECT(poll(fds, 0, 10) == 0);
    unsigned char one[16], two[16];
    EXPECT(getentropy(one, 16) == 0 && getentropy(two, 16) == 0);
    EXPECT(memcmp(one, two, 16) != 0);
    puts("all is well");
    return 0;
}
