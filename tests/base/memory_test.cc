#include "core/base/memory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <cstring>

namespace policykb {
namespace {

long PageFaults() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

void UseAMebibyte() {
  void* const memory = std::malloc(1 << 20);
  std::memset(memory, 1, 1 << 20);
  // The compiler must not leave both out.
  asm volatile("" : : "r"(memory) : "memory");
  std::free(memory);
}

TEST(MemoryTest, WhatWasFreedIsThereForTheNextAllocation) {
#if !defined(__GLIBC__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "another allocator";
#endif
  KeepFreedMemory();
  UseAMebibyte();
  const long before = PageFaults();
  for (int i = 0; i < 100; ++i) UseAMebibyte();
  // Fetched anew each time it would be 256 pages of 4 KiB a round.
  EXPECT_LT(PageFaults() - before, 256);
}

}  // namespace
}  // namespace policykb
