/* The floor of world sync on this kernel, built by bench.visitors: one epoll thread that reads every visitor's frame
 * and sends every visitor one ready-made frame a tick. No world, no interest management, no interpreter.
 *
 * It speaks as much WebSocket as our own load process needs: the handshake, and frames below 126 bytes, which it
 * unmasks into a slot.
 *
 * usage: floor PAYLOAD_BYTES HZ SECONDS
 * prints "port N" when it listens and one line "pairs N cpu_us N" when the seconds after "go" on stdin are over. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { MAX_FD = 16384, SLOT = 64, BATCH = 1024 };

static int open_fds[MAX_FD], open_count;
static uint8_t upgraded[MAX_FD], slots[MAX_FD][SLOT];

static double cpu_us(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void forget(int fd) {
    close(fd);
    for (int i = 0; i < open_count; i++)
        if (open_fds[i] == fd) {
            open_fds[i] = open_fds[--open_count];
            return;
        }
}

static uint32_t rotate(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

/* SHA-1 (RFC 3174) of a text of less than 120 bytes: two blocks at most. */
static void sha1(const char *text, uint8_t digest[20]) {
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t padded[128] = {0};
    size_t length = strlen(text), size = length < 56 ? 64 : 128;
    memcpy(padded, text, length);
    padded[length] = 0x80;
    padded[size - 2] = length * 8 >> 8, padded[size - 1] = length * 8;
    for (size_t block = 0; block < size; block += 64) {
        uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 80; i++) {
            const uint8_t *at = padded + block + 4 * i;
            w[i] = i < 16 ? (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3]
                          : rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
            uint32_t mix = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                           : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                           : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                                    : (b ^ c ^ d) + 0xCA62C1D6;
            uint32_t next = rotate(a, 5) + mix + e + w[i];
            e = d, d = c, c = rotate(b, 30), b = a, a = next;
        }
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
    }
    for (int i = 0; i < 20; i++) digest[i] = h[i / 4] >> (24 - 8 * (i % 4));
}

static void base64(const uint8_t *bytes, int size, char *text) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < size; i += 3) {
        uint32_t group = bytes[i] << 16 | (i + 1 < size ? bytes[i + 1] << 8 : 0) | (i + 2 < size ? bytes[i + 2] : 0);
        *text++ = letters[group >> 18];
        *text++ = letters[group >> 12 & 63];
        *text++ = i + 1 < size ? letters[group >> 6 & 63] : '=';
        *text++ = i + 2 < size ? letters[group & 63] : '=';
    }
    *text = 0;
}

/* RFC 6455 section 4.2.2. The request fits one read on loopback. */
static void upgrade(int fd, const char *request) {
    const char *found = strcasestr(request, "sec-websocket-key:");
    char key[64 + 36 + 1], accept[32], answer[256];
    uint8_t digest[20];
    if (!found || sscanf(found + 18, " %63[^\r\n ]", key) != 1) return;
    strcat(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    sha1(key, digest);
    base64(digest, 20, accept);
    int size = sprintf(answer,
                       "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Accept: %s\r\n\r\n",
                       accept);
    if (send(fd, answer, size, MSG_NOSIGNAL) < 0) return;
    upgraded[fd] = 1;
    open_fds[open_count++] = fd;
}

static void take_frames(int fd, const uint8_t *bytes, ssize_t size) {
    ssize_t at = 0;
    while (at + 6 <= size) {
        int length = bytes[at + 1] & 127;
        if (length >= 126 || at + 6 + length > size) return;
        for (int i = 0; i < length && i < SLOT; i++) slots[fd][i] = bytes[at + 6 + i] ^ bytes[at + 2 + (i & 3)];
        at += 6 + length;
    }
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int payload = atoi(argv[1]), hz = atoi(argv[2]), seconds = atoi(argv[3]), one = 1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t address_size = sizeof address;
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) return 1;
    getsockname(listener, (void *)&address, &address_size);
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);

    int poll = epoll_create1(0);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct itimerspec period = {{0, 1000000000 / hz}, {0, 1000000000 / hz}};
    timerfd_settime(timer, 0, &period, 0);
    int watched[] = {listener, timer, 0};
    for (int i = 0; i < 3; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = watched[i]};
        epoll_ctl(poll, EPOLL_CTL_ADD, watched[i], &event);
    }
    uint8_t *frame = calloc(1, payload + 4), buffer[65536];
    int frame_size = payload < 126 ? 2 + payload : 4 + payload;
    frame[0] = 0x82;
    frame[1] = payload < 126 ? payload : 126;
    if (payload >= 126) frame[2] = payload >> 8, frame[3] = payload;

    long pairs = 0, ticks_left = -1;
    double began = 0;
    struct epoll_event events[BATCH];
    for (;;) {
        int count = epoll_wait(poll, events, BATCH, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == 0) {
                if (read(0, buffer, sizeof buffer) <= 0) return 0;
                began = cpu_us(), pairs = 0, ticks_left = (long)seconds * hz;
            } else if (fd == listener) {
                int visitor;
                while ((visitor = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
                    if (visitor >= MAX_FD) return 1;
                    setsockopt(visitor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    struct epoll_event event = {.events = EPOLLIN, .data.fd = visitor};
                    epoll_ctl(poll, EPOLL_CTL_ADD, visitor, &event);
                    upgraded[visitor] = 0;
                }
            } else if (fd == timer) {
                uint64_t expirations;
                if (read(timer, &expirations, sizeof expirations) < 0) continue;
                for (int j = 0; j < open_count; j++)
                    if (send(open_fds[j], frame, frame_size, MSG_NOSIGNAL) > 0) pairs++;
                if (ticks_left > 0 && --ticks_left == 0) {
                    printf("pairs %ld cpu_us %.0f\n", pairs, cpu_us() - began);
                    return 0;
                }
            } else {
                ssize_t size = recv(fd, buffer, sizeof buffer - 1, 0);
                if (size <= 0) {
                    if (size == 0 || errno != EAGAIN) forget(fd);
                } else if (!upgraded[fd]) {
                    buffer[size] = 0;
                    upgrade(fd, (char *)buffer);
                } else {
                    take_frames(fd, buffer, size);
                }
            }
        }
    }
}
