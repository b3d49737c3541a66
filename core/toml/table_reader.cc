#include "core/toml/table_reader.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

TomlTableReader::TomlTableReader(const TomlTable& table, uint32_t line, std::string where,
                                 std::string path)
    : table_(&table), line_(line), where_(std::move(where)), path_(std::move(path)) {}

const TomlEntry* TomlTableReader::Find(std::string_view key) {
  known_.emplace(key);
  return table_->Find(key);
}

absl::Status TomlTableReader::Wrong(uint32_t line, std::string_view expectation) const {
  return absl::InvalidArgumentError(
      Cat(path_, ":", line, ": ", where_, ": expected ", expectation));
}

absl::Status TomlTableReader::Wrong(const TomlEntry& entry, std::string_view expectation) const {
  return Wrong(entry.line, Cat(entry.key, " to be ", expectation));
}

absl::StatusOr<std::string> TomlTableReader::String(std::string_view key) {
  const TomlEntry* entry = Find(key);
  if (entry == nullptr) return std::string();
  if (entry->value.kind != TomlValue::Kind::kString || StripAsciiSpace(entry->value.string).empty())
    return Wrong(*entry, "a string that is not empty");
  return entry->value.string;
}

absl::StatusOr<std::string> TomlTableReader::RequiredString(std::string_view key) {
  if (Find(key) == nullptr) return Wrong(line_, Cat("the key ", key));
  return String(key);
}

absl::StatusOr<std::vector<std::string>> TomlTableReader::Strings(std::string_view key) {
  std::vector<std::string> strings;
  const TomlEntry* entry = Find(key);
  if (entry == nullptr) return strings;
  if (entry->value.kind != TomlValue::Kind::kArray) return Wrong(*entry, "a list of strings");
  for (const TomlValue& value : entry->value.array) {
    if (value.kind != TomlValue::Kind::kString || StripAsciiSpace(value.string).empty())
      return Wrong(value.line, Cat(key, " to hold strings that are not empty"));
    strings.push_back(value.string);
  }
  return strings;
}

absl::StatusOr<double> TomlTableReader::Number(const TomlEntry& entry, double most) const {
  const TomlValue& value = entry.value;
  const bool whole = value.kind == TomlValue::Kind::kInteger;
  const double number = whole ? static_cast<double>(value.integer) : value.number;
  // Written so that a NaN fails.
  const bool in_range = number >= 0 && number <= most;
  if ((!whole && value.kind != TomlValue::Kind::kFloat) || !in_range)
    return Wrong(entry, Cat("a number from 0 to ", most));
  return number;
}

absl::StatusOr<std::vector<TomlTableReader>> TomlTableReader::Tables(std::string_view key) {
  std::vector<TomlTableReader> tables;
  const TomlEntry* entry = Find(key);
  if (entry == nullptr) return tables;
  if (entry->value.kind != TomlValue::Kind::kArray) return Wrong(entry->line, Cat("[[", key, "]]"));
  for (const TomlValue& table : entry->value.array) {
    if (table.kind != TomlValue::Kind::kTable) return Wrong(table.line, Cat("[[", key, "]]"));
    tables.emplace_back(table.table, table.line, Cat(key, " ", tables.size() + 1), path_);
  }
  return tables;
}

absl::Status TomlTableReader::NoOtherKeys() const {
  for (const TomlEntry& entry : table_->entries) {
    if (known_.contains(entry.key)) continue;
    std::string names;
    for (const std::string& name : known_) names += Cat(names.empty() ? " " : ", ", name);
    return Wrong(entry.line, Cat("one of the keys", names, ", not ", entry.key));
  }
  return absl::OkStatus();
}

}  // namespace policykb
