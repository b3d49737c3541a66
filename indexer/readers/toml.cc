#include "indexer/readers/toml.h"

// Input reaches some of its assertions ("[" with no key behind it), and the code behind them
// reports the error; a program with assertions must not end where one without them goes on.
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/toml.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "core/base/strings.h"

namespace policykb {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 20;
// Brackets inside each other, and parts of a dotted key: together they bound how deep a tree can
// be, which toml++ builds, walks and frees by recursion.
constexpr int kMaxDepth = 16;

absl::Status Wrong(uint32_t line, std::string_view what) {
  return absl::InvalidArgumentError(Cat("line ", line, ": ", what));
}

// Walks over the file without understanding more of it than strings and comments.
class DepthCheck {
 public:
  explicit DepthCheck(std::string_view bytes) : bytes_(bytes) {}

  absl::Status Run() {
    while (at_ < bytes_.size()) {
      const char c = bytes_[at_];
      if (c == '"' || c == '\'') {
        SkipString(c);
        continue;
      }
      if (c == '#') {
        at_ = std::min(bytes_.find('\n', at_), bytes_.size());
        continue;
      }
      if (c == '\n') ++line_;
      if (c == '[' || c == '{') ++brackets_;
      if ((c == ']' || c == '}') && brackets_ > 0) --brackets_;
      dots_ = c == '.' ? dots_ + 1 : std::string_view("\n=,[]{}").find(c) == npos ? dots_ : 0;
      if (brackets_ > kMaxDepth || dots_ >= kMaxDepth)
        return Wrong(line_, Cat("nested deeper than ", kMaxDepth, " levels"));
      ++at_;
    }
    return absl::OkStatus();
  }

 private:
  static constexpr size_t npos = std::string_view::npos;

  void SkipString(char quote) {
    const std::string three(3, quote);
    const bool multi = bytes_.substr(at_).starts_with(three);
    at_ += multi ? 3 : 1;
    while (at_ < bytes_.size()) {
      const char c = bytes_[at_];
      if (c == '\n') {
        // A one-line string that does not end is an error, which toml++ names.
        if (!multi) return;
        ++line_;
      }
      if (c == '\\' && quote == '"') {
        at_ += 2;
        continue;
      }
      if (multi ? bytes_.substr(at_).starts_with(three) : c == quote) {
        at_ += multi ? 3 : 1;
        return;
      }
      ++at_;
    }
  }

  std::string_view bytes_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  int brackets_ = 0;
  int dots_ = 0;
};

TomlTable ToTable(const toml::table& table);

TomlValue ToValue(const toml::node& node) {
  TomlValue value;
  value.line = node.source().begin.line;
  switch (node.type()) {
    case toml::node_type::string:
      value.kind = TomlValue::Kind::kString;
      value.string = node.as_string()->get();
      break;
    case toml::node_type::integer:
      value.kind = TomlValue::Kind::kInteger;
      value.integer = node.as_integer()->get();
      break;
    case toml::node_type::floating_point:
      value.kind = TomlValue::Kind::kFloat;
      value.number = node.as_floating_point()->get();
      break;
    case toml::node_type::boolean:
      value.kind = TomlValue::Kind::kBoolean;
      value.boolean = node.as_boolean()->get();
      break;
    case toml::node_type::date: {
      const toml::date& date = node.as_date()->get();
      const auto day = CivilDate::FromYmd(date.year, date.month, date.day);
      // Year 0 is TOML's, not ours; as a time it is of no use to anyone who wants a date.
      value.kind = day ? TomlValue::Kind::kDate : TomlValue::Kind::kTime;
      if (day) value.date = *day;
      break;
    }
    case toml::node_type::array:
      value.kind = TomlValue::Kind::kArray;
      for (const toml::node& element : *node.as_array()) value.array.push_back(ToValue(element));
      break;
    case toml::node_type::table:
      value.kind = TomlValue::Kind::kTable;
      value.table = ToTable(*node.as_table());
      break;
    default:
      value.kind = TomlValue::Kind::kTime;
  }
  return value;
}

TomlTable ToTable(const toml::table& table) {
  std::vector<std::pair<toml::source_position, TomlEntry>> placed;
  for (const auto& [key, node] : table) {
    const toml::source_position at = key.source().begin;
    placed.emplace_back(
        at, TomlEntry{.key = std::string(key.str()), .line = at.line, .value = ToValue(node)});
  }
  // toml++ sorts by key.
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  TomlTable result;
  for (auto& [at, entry] : placed) result.entries.push_back(std::move(entry));
  return result;
}

}  // namespace

const TomlEntry* TomlTable::Find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [key](const TomlEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

std::string_view KindName(TomlValue::Kind kind) {
  switch (kind) {
    case TomlValue::Kind::kString:
      return "a string";
    case TomlValue::Kind::kInteger:
      return "an integer";
    case TomlValue::Kind::kFloat:
      return "a float";
    case TomlValue::Kind::kBoolean:
      return "a boolean";
    case TomlValue::Kind::kDate:
      return "a date";
    case TomlValue::Kind::kTime:
      return "a time";
    case TomlValue::Kind::kArray:
      return "an array";
    case TomlValue::Kind::kTable:
      return "a table";
  }
  return "a value";
}

absl::StatusOr<TomlTable> ParseToml(std::string_view bytes) {
  if (bytes.size() > kMaxBytes) {
    return Wrong(1, Cat("file of ", bytes.size(), " bytes, at most ", kMaxBytes));
  }
  if (absl::Status status = DepthCheck(bytes).Run(); !status.ok()) return status;
  try {
    return ToTable(toml::parse(bytes));
  } catch (const toml::parse_error& error) {
    return Wrong(std::max<uint32_t>(1, error.source().begin.line), error.description());
  } catch (const std::exception& error) {
    return Wrong(1, Cat("no TOML: ", std::string_view(error.what())));
  }
}

}  // namespace policykb
