#include "indexer/structure/collection.h"

namespace policykb {

Collections Collections::Parse(const std::vector<std::pair<std::string, std::string>>& files) {
  Collections collections;
  for (const auto& [path, bytes] : files) collections.problems_.push_back(path + ": not read");
  return collections;
}

const CollectionSettings& Collections::For(std::string_view relative_path) const {
  for (std::string_view folder = relative_path; !folder.empty();) {
    const size_t slash = folder.rfind('/');
    folder = slash == std::string_view::npos ? std::string_view() : folder.substr(0, slash);
    if (const auto found = by_folder_.find(folder); found != by_folder_.end()) return found->second;
  }
  return none_;
}

}  // namespace policykb
