#include "indexer/structure/visibility.h"

#include <algorithm>

#include "core/snapshot/records.h"

namespace policykb {

NarrowedLabels NarrowLabels(const std::vector<std::string>& asked,
                            const std::vector<std::string>& bound) {
  const auto bounds = [&bound](const std::string& label) {
    return std::find(bound.begin(), bound.end(), label) != bound.end();
  };
  NarrowedLabels narrowed;
  const bool open = bounds(kPublicLabel);
  for (const std::string& label : asked)
    (open || bounds(label) ? narrowed.labels : narrowed.widened).push_back(label);
  return narrowed;
}

}  // namespace policykb
