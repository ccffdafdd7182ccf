// What Swift has no words for: asking the processor itself which instructions it has, since /proc may
// be hidden from a service, and fetching memory ahead of its use.

#if defined(__x86_64__)
#include <cpuid.h>

static inline unsigned long long figured_enabled_state(void) {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return ((unsigned long long)high << 32) | low;
}

/// The level of the x86-64 psABI that processor and kernel support, from 1 to 4.
static inline int figured_processor_level(void) {
  unsigned a, b, c, d, b7, c7, extended;
  const unsigned v3_1c = bit_FMA | bit_MOVBE | bit_OSXSAVE | bit_AVX | bit_F16C | bit_SSE4_2 |
                         bit_SSE4_1 | bit_SSSE3 | bit_POPCNT;
  const unsigned v3_7b = bit_BMI | bit_AVX2 | bit_BMI2;
  const unsigned v4_7b = bit_AVX512F | bit_AVX512BW | bit_AVX512CD | bit_AVX512DQ | bit_AVX512VL;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & v3_1c) != v3_1c) return 1;
  if (!__get_cpuid_count(7, 0, &a, &b7, &c7, &d) || (b7 & v3_7b) != v3_7b) return 1;
  if (!__get_cpuid(0x80000001, &a, &b, &extended, &d) || !(extended & bit_LZCNT)) return 1;
  const unsigned long long state = figured_enabled_state();
  if ((state & 0x06) != 0x06) return 1;
  if ((b7 & v4_7b) != v4_7b || (state & 0xe6) != 0xe6) return 3;
  return 4;
}

/// Whether a processor of level 4 multiplies and adds pairs of 16-bit integers (AVX512_VNNI).
static inline int figured_has_vnni(void) {
  unsigned a, b, c, d;
  if (figured_processor_level() < 4 || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  return (c & bit_AVX512VNNI) != 0;
}
#else
static inline int figured_processor_level(void) { return 1; }
static inline int figured_has_vnni(void) { return 0; }
#endif

/// Begins to fetch a cache line into the second-level cache; any address will do.
static inline void figured_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

/// The same into the first-level cache.
static inline void figured_prefetch_near(const void *address) { __builtin_prefetch(address, 0, 3); }
