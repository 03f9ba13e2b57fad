#include "bytes.h"

#include <stdlib.h>
#include <string.h>

static int digit(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

uint8_t *base64_decode(struct text text, size_t *length)
{
    size_t end = text.length;
    if (end % 4 != 0)
        return NULL;
    for (int pad = 0; pad < 2 && end > 0 && text.bytes[end - 1] == '='; pad++)
        end--;
    uint8_t *bytes = must(malloc(end / 4 * 3 + 4));
    uint32_t bits = 0;
    size_t to = 0;
    for (size_t at = 0; at < end; at++) {
        int value = digit(text.bytes[at]);
        if (value < 0) {
            free(bytes);
            return NULL;
        }
        bits = bits << 6 | (uint32_t)value;
        if (at % 4 != 0)
            bytes[to++] = (uint8_t)(bits >> (6 - at % 4 * 2));
    }
    *length = to;
    return bytes;
}

/* XXH3 after its specification (doc/xxhash_spec.md of the xxHash project). */

static const uint8_t secret[192] = {
    0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
    0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
    0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
    0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
    0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
    0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
    0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
    0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
    0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
    0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
    0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
    0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
};

static const uint64_t P32_1 = 0x9E3779B1, P32_2 = 0x85EBCA77, P32_3 = 0xC2B2AE3D,
                      P64_1 = 0x9E3779B185EBCA87, P64_2 = 0xC2B2AE3D27D4EB4F,
                      P64_3 = 0x165667B19E3779F9, P64_4 = 0x85EBCA77C2B2AE63,
                      P64_5 = 0x27D4EB2F165667C5, MX_1 = 0x165667919E3779F9,
                      MX_2 = 0x9FB21C651E98DF25;

static uint64_t r64(const uint8_t *at)
{
    uint64_t word = 0;
    for (int i = 7; i >= 0; i--)
        word = word << 8 | at[i];
    return word;
}

static uint64_t r32(const uint8_t *at)
{
    return at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24;
}

static uint64_t rotl(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t avalanche(uint64_t x)
{
    x = (x ^ x >> 37) * MX_1;
    return x ^ x >> 32;
}

static uint64_t avalanche64(uint64_t x)
{
    x = (x ^ x >> 33) * P64_2;
    x = (x ^ x >> 29) * P64_3;
    return x ^ x >> 32;
}

static uint64_t small(const uint8_t *in, size_t n)
{
    if (n == 0)
        return avalanche64(r64(secret + 56) ^ r64(secret + 64));
    if (n < 4) {
        uint64_t combined = (uint64_t)in[n - 1] | (uint64_t)n << 8 | (uint64_t)in[0] << 16
                            | (uint64_t)in[n >> 1] << 24;
        return avalanche64((r32(secret) ^ r32(secret + 4)) ^ combined);
    }
    if (n < 9) {
        uint64_t x = (r32(in + n - 4) | r32(in) << 32) ^ (r64(secret + 8) ^ r64(secret + 16));
        x ^= rotl(x, 49) ^ rotl(x, 24);
        x *= MX_2;
        x ^= (x >> 35) + n;
        x *= MX_2;
        return x ^ x >> 28;
    }
    uint64_t low = r64(in) ^ (r64(secret + 24) ^ r64(secret + 32));
    uint64_t high = r64(in + n - 8) ^ (r64(secret + 40) ^ r64(secret + 48));
    return avalanche(n + __builtin_bswap64(low) + high + fold(low, high));
}

static uint64_t mix(const uint8_t *in, const uint8_t *key)
{
    return fold(r64(in) ^ r64(key), r64(in + 8) ^ r64(key + 8));
}

static uint64_t medium(const uint8_t *in, size_t n)
{
    uint64_t acc = n * P64_1;
    if (n <= 128) {
        for (size_t i = 0; i <= (n - 1) / 32; i++) {
            acc += mix(in + 16 * i, secret + 32 * i);
            acc += mix(in + n - 16 * (i + 1), secret + 32 * i + 16);
        }
        return avalanche(acc);
    }
    for (size_t i = 0; i < 8; i++)
        acc += mix(in + 16 * i, secret + 16 * i);
    acc = avalanche(acc);
    for (size_t i = 8; i < n / 16; i++)
        acc += mix(in + 16 * i, secret + 16 * (i - 8) + 3);
    return avalanche(acc + mix(in + n - 16, secret + 136 - 17));
}

static void accumulate(uint64_t acc[8], const uint8_t *in, const uint8_t *key)
{
    for (int i = 0; i < 8; i++) {
        uint64_t data = r64(in + 8 * i), mixed = data ^ r64(key + 8 * i);
        acc[i ^ 1] += data;
        acc[i] += (mixed & 0xffffffff) * (mixed >> 32);
    }
}

static void scramble(uint64_t acc[8])
{
    for (int i = 0; i < 8; i++)
        acc[i] = ((acc[i] ^ acc[i] >> 47) ^ r64(secret + 128 + 8 * i)) * P32_1;
}

static uint64_t large(const uint8_t *in, size_t n)
{
    uint64_t acc[8] = { P32_3, P64_1, P64_2, P64_3, P64_4, P32_2, P64_5, P32_1 };
    size_t stripes = (n - 1) / 64;
    for (size_t i = 0; i < stripes; i++) {
        accumulate(acc, in + 64 * i, secret + 8 * (i % 16));
        if (i % 16 == 15)
            scramble(acc);
    }
    accumulate(acc, in + n - 64, secret + 192 - 64 - 7);
    uint64_t sum = n * P64_1;
    for (int i = 0; i < 4; i++)
        sum += fold(acc[2 * i] ^ r64(secret + 11 + 16 * i),
                    acc[2 * i + 1] ^ r64(secret + 19 + 16 * i));
    return avalanche(sum);
}

uint64_t xxh3(const void *bytes, size_t length)
{
    return length <= 16 ? small(bytes, length)
           : length <= 240 ? medium(bytes, length)
                           : large(bytes, length);
}
