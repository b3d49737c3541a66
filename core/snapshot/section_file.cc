#include "core/snapshot/section_file.h"

#include <bit>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

static_assert(std::endian::native == std::endian::little,
              "the files are little endian and mapped as they are");

constexpr size_t kMagicSize = 8;
constexpr size_t kAlignment = 64;

// Magic, version, number of sections, offset and size of each, all little endian.
size_t HeaderSize(size_t sections) { return kMagicSize + 8 + sections * 16; }

size_t Aligned(size_t offset) { return (offset + kAlignment - 1) / kAlignment * kAlignment; }

template <typename T>
void Append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <typename T>
T Load(std::string_view bytes, size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(value));
  return value;
}

}  // namespace

SectionFileWriter::SectionFileWriter(std::string_view magic, uint32_t version)
    : magic_(magic), version_(version) {
  magic_.resize(kMagicSize, ' ');
}

void SectionFileWriter::Add(std::string bytes) { sections_.push_back(std::move(bytes)); }

void SectionFileWriter::AddStrings(const std::vector<std::string>& strings) {
  std::vector<uint32_t> offsets = {0};
  std::string bytes;
  for (const std::string& value : strings) {
    bytes += value;
    offsets.push_back(static_cast<uint32_t>(bytes.size()));
  }
  AddArray(offsets);
  Add(std::move(bytes));
}

absl::Status SectionFileWriter::Finish(const std::string& path) const {
  std::string header = magic_;
  Append(header, version_);
  Append(header, static_cast<uint32_t>(sections_.size()));
  const std::string zeros(kAlignment, '\0');
  std::vector<std::string_view> pieces = {""};
  size_t offset = HeaderSize(sections_.size());
  for (const std::string& section : sections_) {
    pieces.push_back(std::string_view(zeros).substr(0, Aligned(offset) - offset));
    pieces.push_back(section);
    offset = Aligned(offset);
    Append(header, uint64_t{offset});
    Append(header, uint64_t{section.size()});
    offset += section.size();
  }
  pieces.front() = header;
  return WriteNewFile(path, pieces);
}

absl::StatusOr<SectionFile> SectionFile::Open(const std::string& path, std::string_view magic,
                                              uint32_t version, uint32_t sections) {
  SectionFile opened;
  opened.path_ = path;
  ASSIGN_OR_RETURN(opened.file_, MappedFile::Open(path));
  const std::string_view bytes = opened.file_.bytes();
  std::string padded(magic);
  padded.resize(kMagicSize, ' ');
  if (bytes.size() < HeaderSize(0) || bytes.substr(0, kMagicSize) != padded) {
    return absl::DataLossError(Cat(path, ": not a file that begins with \"", padded, "\""));
  }
  const auto found_version = Load<uint32_t>(bytes, kMagicSize);
  if (found_version != version) {
    return absl::FailedPreconditionError(
        Cat(path, ": version ", found_version, ", readable ", version));
  }
  const auto found_sections = Load<uint32_t>(bytes, kMagicSize + 4);
  if (found_sections != sections || bytes.size() < HeaderSize(sections)) {
    return absl::DataLossError(Cat(path, ": ", found_sections, " sections, expected ", sections));
  }
  for (uint32_t i = 0; i < sections; ++i) {
    const size_t at = HeaderSize(i);
    const auto offset = Load<uint64_t>(bytes, at);
    const auto size = Load<uint64_t>(bytes, at + 8);
    if (offset % kAlignment != 0 || offset > bytes.size() || size > bytes.size() - offset) {
      return absl::DataLossError(Cat(path, ": section ", i, " at ", offset, " of ", size,
                                     " bytes, the file has ", bytes.size()));
    }
    opened.sections_.push_back(bytes.substr(offset, size));
  }
  return opened;
}

absl::StatusOr<StringTable> SectionFile::Strings(uint32_t i, size_t count) const {
  StringTable table;
  ASSIGN_OR_RETURN(table.offsets_, Array<uint32_t>(i, count + 1));
  table.bytes_ = sections_[i + 1];
  uint32_t previous = 0;
  for (const uint32_t offset : table.offsets_) {
    if (offset < previous || offset > table.bytes_.size()) {
      return absl::DataLossError(Cat(path_, ": section ", i, ": string offset ", offset, " after ",
                                     previous, " of ", table.bytes_.size(), " bytes"));
    }
    previous = offset;
  }
  return table;
}

absl::Status SectionFile::SizeError(uint32_t i, size_t expected) const {
  return absl::DataLossError(
      Cat(path_, ": section ", i, " has ", sections_[i].size(), " bytes, expected ", expected));
}

}  // namespace policykb
