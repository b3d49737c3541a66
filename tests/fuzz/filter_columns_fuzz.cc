// Fuzz target: a file of filter columns of any bytes. Of what opens everything is read.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/base/files.h"
#include "core/snapshot/filter_columns.h"

namespace {

using policykb::FilterColumns;

constexpr uint32_t kMost = 4096;

void Require(bool condition) {
  if (!condition) std::abort();
}

void UseDocument(const FilterColumns& columns, uint32_t document) {
  const auto [first, last] = columns.passages_of(document);
  Require(first <= last && last <= columns.passages());
  for (uint32_t passage = first; passage < last && passage < first + kMost; ++passage)
    Require(columns.document_of(passage) == document);
  size_t bytes = columns.title(document).size() + columns.document_number(document).size() +
                 columns.kind(document).size() + columns.region(document).size() +
                 columns.issuer(document).size();
  for (const std::string& label : columns.labels(document)) bytes += label.size();
  Require(bytes < SIZE_MAX);
  columns.validity(document).Contains(policykb::CivilDate());
  columns.FindDocument(columns.id(document));
}

void UsePassage(const FilterColumns& columns, uint32_t passage) {
  Require(columns.document_of(passage) < columns.documents());
  Require(columns.PassageName(passage).ends_with(columns.address(passage)));
  columns.FindException(passage);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string path =
      policykb::JoinPath(std::filesystem::temp_directory_path().string(),
                         "fuzz" + std::to_string(getpid()) + ".columns");
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      << std::string_view(reinterpret_cast<const char*>(data), size);
  const auto columns = FilterColumns::Open(path);
  if (!columns.ok()) return 0;
  for (uint32_t i = 0; i < (*columns)->documents() && i < kMost; ++i) UseDocument(**columns, i);
  for (uint32_t i = 0; i < (*columns)->passages() && i < kMost; ++i) UsePassage(**columns, i);
  for (const policykb::PassageException& exception : (*columns)->exceptions())
    Require(exception.passage < (*columns)->passages());
  return 0;
}
