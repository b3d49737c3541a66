// SectionFile: a file of numbered, aligned byte sections behind a checked header.
//
// The frame of our own mapped files; what a section means is the business of its owner. Layout in
// FORMAT.md "Section file". The writer holds everything in memory and is used by one thread; an
// open file is const, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_SECTION_FILE_H_
#define POLICYKB_CORE_SNAPSHOT_SECTION_FILE_H_

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/files.h"

namespace policykb {

class SectionFileWriter {
 public:
  // `magic` is 8 bytes that name the owner's kind of file.
  SectionFileWriter(std::string_view magic, uint32_t version);

  // Adds the next section, numbered 0, 1, 2, ...
  void Add(std::string bytes);
  template <typename T>
  requires std::is_trivially_copyable_v<T>
  void AddArray(const std::vector<T>& values) {
    Add(std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)));
  }
  // A table of strings as two sections: n+1 offsets, then the bytes.
  void AddStrings(const std::vector<std::string>& strings);
  // Writes and syncs. Errors: as WriteNewFile.
  absl::Status Finish(const std::string& path) const;

 private:
  std::string magic_;
  uint32_t version_;
  std::vector<std::string> sections_;
};

// Strings of AddStrings, checked once so that every later access is in bounds.
class StringTable {
 public:
  StringTable() = default;
  size_t size() const { return offsets_.empty() ? 0 : offsets_.size() - 1; }
  // REQUIRES: i < size().
  std::string_view operator[](size_t i) const {
    return bytes_.substr(offsets_[i], offsets_[i + 1] - offsets_[i]);
  }

 private:
  friend class SectionFile;
  std::span<const uint32_t> offsets_;
  std::string_view bytes_;
};

class SectionFile {
 public:
  // Maps the file and checks magic, version and the bounds of all sections. `sections` is how many
  // there must be. Errors: NotFound, FailedPrecondition (version), DataLoss.
  static absl::StatusOr<SectionFile> Open(const std::string& path, std::string_view magic,
                                          uint32_t version, uint32_t sections);

  // REQUIRES: i < the number of sections. Views live as long as this object or one it was moved to.
  std::string_view Section(uint32_t i) const { return sections_[i]; }
  // The section as an array. Errors: DataLoss when it does not hold `count` values exactly.
  template <typename T>
  requires std::is_trivially_copyable_v<T> absl::StatusOr<std::span<const T>> Array(uint32_t i,
                                                                                    size_t count)
  const {
    const std::string_view bytes = sections_[i];
    if (bytes.size() % sizeof(T) != 0 || bytes.size() / sizeof(T) != count) {
      return SizeError(i, count * sizeof(T));
    }
    return std::span<const T>(reinterpret_cast<const T*>(bytes.data()), count);
  }
  // The strings of sections i and i+1. Errors: DataLoss when there are not `count` of them or an
  // offset is out of order.
  absl::StatusOr<StringTable> Strings(uint32_t i, size_t count) const;

  const std::string& path() const { return path_; }

 private:
  absl::Status SizeError(uint32_t i, size_t expected) const;

  std::string path_;
  MappedFile file_;
  std::vector<std::string_view> sections_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_SECTION_FILE_H_
