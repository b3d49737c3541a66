#include "indexer/readers/zip_archive.h"

#include <zip.h>

#include <array>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

// Every entry has a record in the archive's directory, which begins with these bytes.
constexpr std::string_view kDirectoryEntryMark = "PK\x01\x02";

uint64_t CountMarks(std::string_view bytes) {
  uint64_t count = 0;
  for (size_t at = bytes.find(kDirectoryEntryMark); at != std::string_view::npos;
       at = bytes.find(kDirectoryEntryMark, at + kDirectoryEntryMark.size())) {
    ++count;
  }
  return count;
}

struct Discard {
  void operator()(zip_t* archive) const { ::zip_discard(archive); }
};

class Error {
 public:
  Error() { ::zip_error_init(&error_); }
  Error(const Error&) = delete;
  Error& operator=(const Error&) = delete;
  ~Error() { ::zip_error_fini(&error_); }
  zip_error_t* get() { return &error_; }
  std::string Text() { return ::zip_error_strerror(&error_); }

 private:
  zip_error_t error_;
};

absl::Status LimitError(const std::string& name, std::string_view limit, uint64_t value,
                        std::string_view what) {
  return absl::ResourceExhaustedError(
      Cat("zip entry ", name, ": above the limit ", limit, " of ", value, " ", what));
}

}  // namespace

struct ZipArchive::Impl {
  std::unique_ptr<zip_t, Discard> archive;
  ZipLimits limits;
  uint64_t inflated = 0;
};

ZipArchive::ZipArchive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive& ZipArchive::operator=(ZipArchive&&) noexcept = default;
ZipArchive::~ZipArchive() = default;

absl::StatusOr<ZipArchive> ZipArchive::Open(std::string_view bytes, const ZipLimits& limits) {
  // Counted before libzip allocates for them.
  if (const uint64_t marks = CountMarks(bytes); marks > limits.entries) {
    return absl::InvalidArgumentError(
        Cat("zip archive of ", marks, " entries, at most ", limits.entries));
  }
  Error error;
  zip_source_t* source = ::zip_source_buffer_create(bytes.data(), bytes.size(), 0, error.get());
  if (source == nullptr) return absl::InvalidArgumentError(Cat("zip archive: ", error.Text()));
  zip_t* archive = ::zip_open_from_source(source, ZIP_RDONLY, error.get());
  if (archive == nullptr) {
    ::zip_source_free(source);
    return absl::InvalidArgumentError(Cat("zip archive: ", error.Text()));
  }
  auto impl = std::make_unique<Impl>();
  impl->archive.reset(archive);
  impl->limits = limits;
  return ZipArchive(std::move(impl));
}

bool ZipArchive::Has(const std::string& name) const {
  return ::zip_name_locate(impl_->archive.get(), name.c_str(), ZIP_FL_ENC_STRICT) >= 0;
}

absl::StatusOr<std::string> ZipArchive::Read(const std::string& name) {
  zip_t* archive = impl_->archive.get();
  const ZipLimits& limits = impl_->limits;
  const zip_int64_t index = ::zip_name_locate(archive, name.c_str(), ZIP_FL_ENC_STRICT);
  if (index < 0) return absl::NotFoundError(Cat("zip entry ", name, ": not in the archive"));
  zip_stat_t stat;
  if (::zip_stat_index(archive, static_cast<zip_uint64_t>(index), 0, &stat) != 0) {
    return absl::DataLossError(Cat("zip entry ", name, ": ", ::zip_strerror(archive)));
  }
  if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE) {
    return absl::FailedPreconditionError(Cat("zip entry ", name, ": encrypted"));
  }
  const auto close = [](zip_file_t* file) { ::zip_fclose(file); };
  const std::unique_ptr<zip_file_t, decltype(close)> file(
      ::zip_fopen_index(archive, static_cast<zip_uint64_t>(index), 0), close);
  if (file == nullptr) {
    return absl::DataLossError(Cat("zip entry ", name, ": ", ::zip_strerror(archive)));
  }
  std::string out;
  std::array<char, 65536> buffer;
  while (true) {
    const zip_int64_t size = ::zip_fread(file.get(), buffer.data(), buffer.size());
    if (size < 0) {
      return absl::DataLossError(Cat("zip entry ", name, ": ", ::zip_file_strerror(file.get())));
    }
    if (size == 0) return out;
    out.append(buffer.data(), static_cast<size_t>(size));
    impl_->inflated += static_cast<uint64_t>(size);
    if (out.size() > limits.entry_bytes) {
      return LimitError(name, "entry_bytes", limits.entry_bytes, "bytes unpacked");
    }
    if (impl_->inflated > limits.total_bytes) {
      return LimitError(name, "total_bytes", limits.total_bytes, "bytes unpacked of all entries");
    }
    if (out.size() > limits.ratio_from_bytes && out.size() / limits.ratio > stat.comp_size) {
      return LimitError(name, "ratio", limits.ratio, "bytes unpacked to one packed");
    }
  }
}

}  // namespace policykb
