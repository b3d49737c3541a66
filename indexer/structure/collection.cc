#include "indexer/structure/collection.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "core/base/checksum.h"
#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/records.h"
#include "core/toml/toml.h"
#include "indexer/structure/metadata_keys.h"
#include "indexer/structure/sidecar.h"
#include "indexer/structure/visibility.h"

namespace policykb {
namespace {

using std::string_view;

absl::Status Wrong(uint32_t line, string_view what) {
  return absl::InvalidArgumentError(Cat("line ", line, ": ", what));
}

absl::StatusOr<std::string> Word(const TomlEntry& entry) {
  if (entry.value.kind != TomlValue::Kind::kString || entry.value.string.empty()) {
    return Wrong(entry.line, Cat(entry.key, " is ", KindName(entry.value.kind),
                                 ", expected a string that is not empty"));
  }
  return entry.value.string;
}

absl::StatusOr<std::vector<std::string>> Words(const TomlEntry& entry) {
  std::vector<std::string> words;
  if (entry.value.kind != TomlValue::Kind::kArray)
    return Wrong(entry.line, Cat(entry.key, " is no array of strings"));
  for (const TomlValue& element : entry.value.array) {
    if (element.kind != TomlValue::Kind::kString || element.string.empty())
      return Wrong(element.line, Cat(entry.key, " is no array of strings"));
    words.push_back(element.string);
  }
  return words;
}

absl::StatusOr<ItemColumns> ReadItems(const TomlEntry& items) {
  if (items.value.kind != TomlValue::Kind::kTable)
    return Wrong(items.line, "items is no [items] table");
  ItemColumns columns;
  for (const TomlEntry& entry : items.value.table.entries) {
    if (entry.key == "sections") {
      ASSIGN_OR_RETURN(columns.sections, Words(entry));
    } else if (entry.key == "title") {
      ASSIGN_OR_RETURN(columns.title, Word(entry));
    } else if (entry.key == "id") {
      ASSIGN_OR_RETURN(columns.id, Word(entry));
    } else if (IsMetadataKey(entry.key)) {
      ASSIGN_OR_RETURN(std::string column, Word(entry));
      columns.metadata.emplace_back(entry.key, std::move(column));
    } else {
      return Wrong(entry.line, Cat(entry.key, " is no key of [items]; keys: title, id, sections ",
                                   "and those of metadata"));
    }
  }
  if (columns.title.empty()) return Wrong(items.line, "[items] names no title column");
  return columns;
}

absl::StatusOr<PdfOptions::Scanned> ReadScanned(const TomlEntry& entry) {
  ASSIGN_OR_RETURN(const std::string word, Word(entry));
  if (word == "recognise") return PdfOptions::Scanned::kRecognise;
  if (word == "refuse") return PdfOptions::Scanned::kRefuse;
  return Wrong(entry.line, Cat("scanned is \"", word, "\", expected \"recognise\" or \"refuse\""));
}

void SetDefault(FrontMatterEntry entry, std::vector<FrontMatterEntry>& defaults) {
  std::erase_if(defaults, [&entry](const auto& known) { return known.key == entry.key; });
  defaults.push_back(std::move(entry));
}

// A collection.toml over the settings of the folders above; widened labels go into `problems`.
class Reader {
 public:
  Reader(const CollectionSettings& above, std::vector<std::string>& problems)
      : settings_(above), problems_(problems) {}

  absl::StatusOr<CollectionSettings> Read(string_view bytes) {
    ASSIGN_OR_RETURN(const TomlTable table, ParseToml(bytes));
    std::vector<FrontMatterEntry> own;
    for (const TomlEntry& entry : table.entries) {
      if (entry.key == "file_name") {
        ASSIGN_OR_RETURN(const std::string pattern, Word(entry));
        ASSIGN_OR_RETURN_IN(settings_.file_name, FileNamePattern::Parse(pattern),
                            Cat("line ", entry.line));
      } else if (entry.key == "scanned") {
        ASSIGN_OR_RETURN(settings_.scanned, ReadScanned(entry));
      } else if (entry.key == "items") {
        ASSIGN_OR_RETURN(settings_.items, ReadItems(entry));
      } else if (IsMetadataKey(entry.key)) {
        own.push_back(ToMetadataEntry(entry));
      } else {
        return Wrong(
            entry.line,
            Cat(entry.key, " is no key of a collection; keys: file_name, scanned, items and ",
                "those of metadata but id, title and supersedes"));
      }
    }
    RETURN_IF_ERROR(CheckDefaults(own));
    for (FrontMatterEntry& entry : own) {
      if (entry.key == "visibility") RETURN_IF_ERROR(Bound(entry));
      SetDefault(std::move(entry), settings_.defaults);
    }
    return std::move(settings_);
  }

 private:
  absl::Status Bound(FrontMatterEntry& entry) {
    ASSIGN_OR_RETURN(std::vector<std::string> labels, LabelValues(entry));
    if (settings_.visibility_bound) {
      NarrowedLabels narrowed = NarrowLabels(labels, *settings_.visibility_bound);
      if (narrowed.labels.empty()) {
        return Wrong(entry.line, Cat("visibility ", Join(labels, ", "),
                                     " leaves none of the labels of the folder above, ",
                                     Join(*settings_.visibility_bound, ", ")));
      }
      for (const std::string& label : narrowed.widened) {
        problems_.push_back(Cat("line ", entry.line, ": visibility ", label,
                                " is no label of the folder above, left out"));
      }
      labels = std::move(narrowed.labels);
    }
    entry.kind = FrontMatterEntry::Kind::kList;
    entry.values = labels;
    if (std::find(labels.begin(), labels.end(), kPublicLabel) == labels.end())
      settings_.visibility_bound = std::move(labels);
    return absl::OkStatus();
  }

  CollectionSettings settings_;
  std::vector<std::string>& problems_;
};

string_view FolderOf(string_view path) {
  const size_t slash = path.rfind('/');
  return slash == string_view::npos ? string_view() : path.substr(0, slash);
}

}  // namespace

Collections Collections::Parse(const std::vector<std::pair<std::string, std::string>>& files,
                               const std::vector<std::pair<std::string, std::string>>& unreadable) {
  Collections collections;
  struct File {
    const std::string* path;
    const std::string* bytes;   // null where
    const std::string* reason;  // they could not be had
  };
  // A folder sorts before those below it.
  std::map<string_view, File> by_folder;
  for (const auto& [path, bytes] : files)
    by_folder.emplace(FolderOf(path), File{&path, &bytes, nullptr});
  for (const auto& [path, reason] : unreadable)
    by_folder.emplace(FolderOf(path), File{&path, nullptr, &reason});
  for (const auto& [folder, file] : by_folder) {
    const CollectionSettings above = folder.empty() ? collections.none_ : collections.For(folder);
    std::vector<std::string> problems;
    absl::StatusOr<CollectionSettings> settings = file.bytes == nullptr
                                                      ? absl::UnavailableError(*file.reason)
                                                      : Reader(above, problems).Read(*file.bytes);
    if (!settings.ok()) {
      problems.push_back(OneLine(std::string(settings.status().message())));
      settings = above;
      settings->error = Cat(*file.path, ": ", problems.back());
    }
    Digest digest;
    digest.Add(above.digest);
    digest.Add(file.bytes == nullptr ? *file.reason : *file.bytes);
    settings->digest = digest.Hex();
    for (const std::string& problem : problems)
      collections.problems_.push_back(Cat(*file.path, ": ", problem));
    collections.by_folder_.emplace(folder, *std::move(settings));
  }
  return collections;
}

const CollectionSettings& Collections::For(string_view relative_path) const {
  for (string_view folder = relative_path; !folder.empty();) {
    folder = FolderOf(folder);
    if (const auto found = by_folder_.find(folder); found != by_folder_.end()) return found->second;
  }
  return none_;
}

}  // namespace policykb
