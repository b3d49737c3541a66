#include "indexer/readers/front_matter.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <map>
#include <string>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

constexpr size_t kMaxBytes = size_t{64} << 10;
// Deeper nesting than any front matter has; yaml-cpp recurses and takes time that grows steeply
// with it.
constexpr int kMaxFlowDepth = 16;

// The line that begins at `at`, without its end; `next` is behind it.
std::string_view LineAt(std::string_view text, size_t at, size_t& next) {
  const size_t end = text.find('\n', at);
  next = end == std::string_view::npos ? text.size() : end + 1;
  std::string_view line = text.substr(at, (end == std::string_view::npos ? text.size() : end) - at);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  return line;
}

uint32_t FileLine(const YAML::Mark& mark) {
  return mark.line < 0 ? 2 : static_cast<uint32_t>(mark.line) + 2;
}

absl::Status Wrong(uint32_t line, std::string_view what) {
  return absl::InvalidArgumentError(Cat("line ", line, ": ", what));
}

// Refuses what makes yaml-cpp slow or recursive before it sees it.
absl::Status CheckDepth(std::string_view yaml) {
  int depth = 0;
  uint32_t line = 2;
  size_t dashes = 0;
  for (const char c : yaml) {
    if (c == '\n') {
      ++line;
      dashes = 0;
    }
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (c == '-' || c == '?') ++dashes;
    if (depth > kMaxFlowDepth || dashes > 200)
      return Wrong(line,
                   Cat("front matter is nested too deeply, at most ", kMaxFlowDepth, " levels"));
  }
  return absl::OkStatus();
}

// True for "word:" at the beginning of the line.
bool IsKeyLine(std::string_view line) {
  size_t at = 0;
  while (at < line.size() && (std::isalnum(static_cast<unsigned char>(line[at])) != 0 ||
                              line[at] == '_' || line[at] == '-'))
    ++at;
  return at > 0 && line.substr(at, 1) == ":" &&
         (at + 1 == line.size() || line[at + 1] == ' ' || line[at + 1] == '\t');
}

// Takes keys and values out of the tree of yaml-cpp.
class EntryReader {
 public:
  absl::StatusOr<std::vector<FrontMatterEntry>> Read(const YAML::Node& root) {
    std::vector<FrontMatterEntry> entries;
    if (root.IsNull()) return entries;
    if (!root.IsMap())
      return Wrong(FileLine(root.Mark()), "front matter is no list of keys and values");
    std::map<std::string, uint32_t> lines;
    for (const auto& pair : root) {
      if (!pair.first.IsScalar()) return Wrong(FileLine(pair.first.Mark()), "a key is not a word");
      entries.push_back(ToEntry(pair.first, pair.second));
      const FrontMatterEntry& entry = entries.back();
      const auto [first, added] = lines.emplace(entry.key, entry.line);
      if (!added) {
        return Wrong(entry.line,
                     Cat("key '", entry.key, "' stands twice, first on line ", first->second));
      }
      if (bytes_ > kMaxBytes) {
        return Wrong(entry.line,
                     Cat("front matter repeats aliases to more than ", kMaxBytes, " bytes"));
      }
    }
    return entries;
  }

 private:
  FrontMatterEntry ToEntry(const YAML::Node& key, const YAML::Node& value) {
    FrontMatterEntry entry;
    entry.key = key.Scalar();
    entry.line = FileLine(key.Mark());
    if (value.IsScalar()) {
      Add(value, entry);
    } else if (value.IsNull()) {
      entry.values.emplace_back();
    } else if (value.IsSequence()) {
      entry.kind = FrontMatterEntry::Kind::kList;
      for (const auto& element : value) {
        if (!element.IsScalar()) {
          entry.kind = FrontMatterEntry::Kind::kOther;
          entry.values.clear();
          break;
        }
        Add(element, entry);
        if (bytes_ > kMaxBytes) break;
      }
    } else {
      entry.kind = FrontMatterEntry::Kind::kOther;
    }
    return entry;
  }

  void Add(const YAML::Node& scalar, FrontMatterEntry& entry) {
    entry.values.push_back(scalar.Scalar());
    bytes_ += entry.values.back().size();
  }

  // Of all values. The file's own size bounds them but for aliases, which repeat what an anchor
  // marks.
  size_t bytes_ = 0;
};

absl::StatusOr<std::vector<FrontMatterEntry>> ParseYaml(std::string_view yaml) {
  if (absl::Status status = CheckDepth(yaml); !status.ok()) return status;
  try {
    return EntryReader().Read(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& error) {
    return Wrong(FileLine(error.mark), Cat("front matter is no YAML: ", error.msg));
  } catch (const std::exception& error) {
    return Wrong(2, Cat("front matter is no YAML: ", std::string_view(error.what())));
  }
}

}  // namespace

absl::StatusOr<FrontMatter> ReadFrontMatter(std::string_view text) {
  const std::string_view head = text.substr(0, std::min(text.size(), kMaxBytes));
  size_t at = 0;
  if (LineAt(head, 0, at) != "---") return FrontMatter();
  const size_t start = at;
  FrontMatter front_matter;
  uint32_t line_number = 2;
  while (at < head.size()) {
    const size_t line_start = at;
    const std::string_view line = LineAt(head, at, at);
    ++line_number;
    if (line == "---" || line == "...") {
      ASSIGN_OR_RETURN(front_matter.entries, ParseYaml(head.substr(start, line_start - start)));
      front_matter.body = at;
      front_matter.body_line = line_number;
      return front_matter;
    }
  }
  if (IsKeyLine(LineAt(head, start, at))) {
    return Wrong(1, Cat("front matter begins with --- and does not end with a line of --- within ",
                        kMaxBytes, " bytes"));
  }
  // A rule over the text.
  return front_matter;
}

}  // namespace policykb
