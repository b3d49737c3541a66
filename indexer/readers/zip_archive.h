// ZipArchive: the entries of a zip archive in memory. The wall around libzip.
//
// For OOXML files. Nothing is written to disk, and a name is only a name: "../x" is found by
// "../x" and by nothing else. What is inflated is counted while it is inflated, whatever the
// archive says of itself. One thread at a time.

#ifndef POLICYKB_INDEXER_READERS_ZIP_ARCHIVE_H_
#define POLICYKB_INDEXER_READERS_ZIP_ARCHIVE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace policykb {

struct ZipLimits {
  uint64_t entries = 10'000;
  uint64_t entry_bytes = uint64_t{64} << 20;   // of one entry, inflated
  uint64_t total_bytes = uint64_t{128} << 20;  // of all entries read from one archive, inflated
  // An entry above `ratio_from_bytes` may be at most `ratio` times what it takes in the archive.
  // Spreadsheets with many equal cells reach 100.
  uint64_t ratio = 250;
  uint64_t ratio_from_bytes = uint64_t{4} << 20;
};

class ZipArchive {
 public:
  // `bytes` must outlive the archive.
  // Errors: InvalidArgument (no zip archive, too many entries).
  static absl::StatusOr<ZipArchive> Open(std::string_view bytes, const ZipLimits& limits = {});
  ZipArchive(ZipArchive&&) noexcept;
  ZipArchive& operator=(ZipArchive&&) noexcept;
  ~ZipArchive();

  // True when there is an entry of exactly that name.
  bool Has(const std::string& name) const;

  // The entry, inflated. Errors: NotFound, FailedPrecondition (encrypted), ResourceExhausted (a
  // limit, with its name), DataLoss (damaged).
  absl::StatusOr<std::string> Read(const std::string& name);

 private:
  struct Impl;
  explicit ZipArchive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_ZIP_ARCHIVE_H_
