// TempFolder: an empty folder for one test.
//
// For tests that write files; the folder goes with the object. Not shared between threads.

#ifndef POLICYKB_TESTS_BASE_TEMP_FOLDER_H_
#define POLICYKB_TESTS_BASE_TEMP_FOLDER_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

namespace policykb {

class TempFolder {
 public:
  TempFolder() : path_(testing::TempDir() + "policykb_base_XXXXXX") {
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  // Path of `name` in the folder.
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace policykb

#endif  // POLICYKB_TESTS_BASE_TEMP_FOLDER_H_
