// Fuzz target: a list of service items. The input is a collection.toml, a sidecar and a CSV file,
// parted by zero bytes: every row becomes a guide with an id of its own or is named.

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

void Check(const std::vector<policykb::ParsedDocument>& guides, std::string_view csv) {
  if (guides.empty()) std::abort();
  std::set<std::string> ids;
  for (const policykb::ParsedDocument& guide : guides) {
    if (guide.document.title.empty() || !ids.insert(guide.document.id).second) std::abort();
    for (const policykb::Remark& remark : guide.remarks) {
      if (remark.line > csv.size() + 1 || remark.what.find('\n') != std::string::npos) std::abort();
    }
    for (const policykb::Passage& passage : guide.passages) {
      if (passage.text != policykb::Slice(guide.document.text, passage.span)) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> parts = policykb::Split(input, '\0');
  parts.resize(std::max<size_t>(parts.size(), 3));
  const auto collections =
      policykb::Collections::Parse({{"collection.toml", std::string(parts[0])}});
  const auto guides = policykb::ParseFile({.relative_path = "list.csv",
                                           .bytes = parts[2],
                                           .sidecar = parts[1],
                                           .collection = &collections.For("list.csv")});
  if (guides.ok()) {
    Check(*guides, parts[2]);
  } else if (guides.status().message().empty() ||
             guides.status().message().find('\n') != std::string_view::npos) {
    std::abort();
  }
  return 0;
}
