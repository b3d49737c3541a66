// ParseFile on any bytes: passages are slices of the text in order, provisions form a tree with
// unique addresses.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

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
    if (passage.span.start < last || passage.span.empty() || !addresses.contains(passage.address))
      std::abort();
    if (passage.text != policykb::Slice(document.text, passage.span)) std::abort();
    last = passage.span.end;
  }
}

void CheckFile(const policykb::SourceFile& file) {
  const auto parsed = policykb::ParseFile(file);
  if (!parsed.ok()) return;
  if (parsed->empty()) std::abort();
  for (const policykb::ParsedDocument& document : *parsed) Check(document);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckFile({.relative_path = "fuzz/a.md", .bytes = text});
  CheckFile({.relative_path = "fuzz/a.txt", .bytes = text});
  return 0;
}
