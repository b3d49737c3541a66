// WriteUnsynced: writes a file without waiting for the disk, for tests that write thousands.
//
// Any thread.

#ifndef POLICYKB_TESTS_TESTING_UNSYNCED_FILE_H_
#define POLICYKB_TESTS_TESTING_UNSYNCED_FILE_H_

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace policykb {

inline void WriteUnsynced(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  EXPECT_TRUE(file.flush().good()) << path;
}

}  // namespace policykb

#endif  // POLICYKB_TESTS_TESTING_UNSYNCED_FILE_H_
