// ParseFile on any bytes: passages are slices of the text in order, provisions form a tree with
// unique addresses. What follows a zero byte is the file's sidecar, what follows a second one the
// collection.toml of its folder.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/strings.h"
#include "indexer/structure/parse_file.h"

namespace {

void Check(const policykb::ParsedDocument& parsed) {
  const policykb::Document& document = parsed.document;
  if (document.id.empty() || document.visibility.empty()) std::abort();
  if (document.validity.from && document.validity.to &&
      *document.validity.to <= *document.validity.from)
    std::abort();
  std::set<std::string> addresses;
  for (size_t i = 0; i < document.provisions.size(); ++i) {
    const policykb::Provision& provision = document.provisions[i];
    if (!addresses.insert(provision.address).second) std::abort();
    if (provision.parent >= static_cast<int32_t>(i)) std::abort();
    if (provision.span.end > document.text.size() || provision.span.empty()) std::abort();
  }
  uint32_t last = 0;
  for (const policykb::Passage& passage : parsed.passages) {
    if (passage.span.start < last || passage.span.empty()) std::abort();
    // Of the provision, or of the sections of a guide that are one passage.
    for (const std::string_view address : policykb::Split(passage.address, '+')) {
      if (!addresses.contains(std::string(address))) std::abort();
    }
    if (passage.text != policykb::Slice(document.text, passage.span)) std::abort();
    last = passage.span.end;
  }
}

void CheckFile(const policykb::SourceFile& file) {
  const auto parsed = policykb::ParseFile(file);
  if (!parsed.ok()) {
    if (parsed.status().message().find('\n') != std::string_view::npos) std::abort();
    return;
  }
  if (parsed->empty()) std::abort();
  for (const policykb::ParsedDocument& document : *parsed) Check(document);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> parts = policykb::Split(input, '\0');
  parts.resize(std::max<size_t>(parts.size(), 3));
  const auto collections =
      policykb::Collections::Parse({{"fuzz/collection.toml", std::string(parts[2])}});
  const policykb::CollectionSettings& collection = collections.For("fuzz/a.md");
  for (const std::string_view path : {"fuzz/a(2020-01-01).md", "fuzz/a.txt", "fuzz/a.html"}) {
    CheckFile(
        {.relative_path = path, .bytes = parts[0], .sidecar = parts[1], .collection = &collection});
  }
  return 0;
}
