// Fuzz target: what a folder declares. The input is a file's path, its sidecar and two
// collection.toml, of the corpus and of the folder "a", parted by zero bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/strings.h"
#include "indexer/structure/collection.h"
#include "indexer/structure/file_name_pattern.h"
#include "indexer/structure/sidecar.h"

namespace {

using policykb::CollectionSettings;

void CheckSidecar(std::string_view bytes) {
  const auto sidecar = policykb::ReadSidecar(bytes);
  if (!sidecar.ok()) {
    if (!std::string(sidecar.status().message()).starts_with("line ")) std::abort();
    return;
  }
  for (const policykb::ProvisionSettings& settings : sidecar->provisions) {
    if (settings.address.empty() || settings.line == 0) std::abort();
    if (!settings.validity && settings.visibility.empty()) std::abort();
    if (settings.validity && settings.validity->from && settings.validity->to &&
        *settings.validity->to <= *settings.validity->from)
      std::abort();
  }
}

// Labels become fewer downwards.
void CheckBounds(const CollectionSettings& above, const CollectionSettings& below) {
  if (!above.visibility_bound || !above.error.empty() || !below.error.empty()) return;
  if (!below.visibility_bound) std::abort();
  for (const std::string& label : *below.visibility_bound) {
    const auto& allowed = *above.visibility_bound;
    if (std::find(allowed.begin(), allowed.end(), label) == allowed.end()) std::abort();
  }
}

void CheckName(const policykb::FileNamePattern& pattern, std::string_view path) {
  const auto values = pattern.Match(path);
  if (!values) return;
  for (const std::string_view value :
       {std::string_view(values->title), std::string_view(values->number),
        std::string_view(values->region)}) {
    if (path.find(value) == std::string_view::npos) std::abort();
  }
  if (values->version && path.find(values->version->ToString()) == std::string_view::npos)
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> parts = policykb::Split(input, '\0');
  parts.resize(std::max<size_t>(parts.size(), 4));
  CheckSidecar(parts[1]);
  const auto collections = policykb::Collections::Parse(
      {{"collection.toml", std::string(parts[2])}, {"a/collection.toml", std::string(parts[3])}});
  for (const std::string& problem : collections.problems()) {
    const bool named = problem.starts_with("collection.toml: line ") ||
                       problem.starts_with("a/collection.toml: line ");
    if (!named || problem.find('\n') != std::string::npos) std::abort();
  }
  const CollectionSettings& above = collections.For("x.md");
  const CollectionSettings& below = collections.For("a/x.md");
  CheckBounds(above, below);
  if (below.error.empty() && below.file_name) CheckName(*below.file_name, parts[0]);
  const auto pattern = policykb::FileNamePattern::Parse(parts[2]);
  if (pattern.ok()) CheckName(*pattern, parts[0]);
  return 0;
}
