/* A triad and chains of multiply-adds in 128-bit vectors, as a machine's own compiler makes them: what the page is compared with.
   Prints the seconds of one run of each, a line a sample: `kernels <triad MiB an array> <peak iterations> <samples>`. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef float v4 __attribute__((vector_size(16)));
enum { CHAINS = 12 };

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec * 1e-9;
}

__attribute__((noinline)) static void triad(v4 *restrict a, const v4 *restrict b, const v4 *restrict c, long count, float s) {
    for (long i = 0; i < count; i++) a[i] = b[i] + s * c[i];
}

__attribute__((noinline)) static float peak(long n, float m, float a) {
    v4 x[CHAINS];
    for (int i = 0; i < CHAINS; i++) x[i] = (v4){i, i, i, i};
    for (long step = 0; step < n; step++) {
#pragma GCC unroll 12
        for (int i = 0; i < CHAINS; i++) x[i] = x[i] * m + a;
    }
    v4 sum = x[0];
    for (int i = 1; i < CHAINS; i++) sum += x[i];
    return sum[0] + sum[1] + sum[2] + sum[3];
}

int main(int count, char **words) {
    if (count != 4) return 2;
    long bytes = atol(words[1]) << 20, n = atol(words[2]), samples = atol(words[3]);
    v4 *a = aligned_alloc(64, bytes), *b = aligned_alloc(64, bytes), *c = aligned_alloc(64, bytes);
    if (!a || !b || !c) return 1;
    long length = bytes / sizeof(v4);
    for (long i = 0; i < length; i++) a[i] = b[i] = c[i] = (v4){1, 2, 3, 4};
    volatile float m = -1, s = 1; /* so that no run is known to give what the one before gave */
    volatile float kept = peak(n, m, s);
    for (long sample = 0; sample < samples; sample++) {
        double from = now();
        triad(a, b, c, length, 2);
        double between = now();
        int repeats = 200;
        for (int i = 0; i < repeats; i++) kept += peak(n, m, s);
        printf("%.9f %.9f\n", between - from, (now() - between) / repeats);
    }
    return kept == a[0][0] && bytes < 0;
}
