// TOML: configuration and metadata files -> a plain tree of tables, arrays and values, each with
// its line. The wall around toml++.
//
// Not for what the keys mean. Bounded: at most 1 MiB, 16 levels. Pure functions, any thread.

#ifndef POLICYKB_CORE_TOML_TOML_H_
#define POLICYKB_CORE_TOML_TOML_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/civil_date.h"

namespace policykb {

struct TomlEntry;

struct TomlTable {
  std::vector<TomlEntry> entries;  // in order of the file, keys are unique

  // The entry of that key; null where it has none. Valid as long as this object.
  const TomlEntry* Find(std::string_view key) const;
};

struct TomlValue {
  enum class Kind : uint8_t {
    kString,
    kInteger,
    kFloat,
    kBoolean,
    kDate,  // a day without a time
    kTime,  // a time of day or a point in time: known to be one, its value is not kept
    kArray,
    kTable
  };
  Kind kind = Kind::kString;
  uint32_t line = 0;  // in the file, from 1
  // The one of `kind` is filled.
  std::string string;
  int64_t integer = 0;
  double number = 0;
  bool boolean = false;
  CivilDate date;
  std::vector<TomlValue> array;  // an array of tables has a kTable for each
  TomlTable table;
};

struct TomlEntry {
  std::string key;
  uint32_t line = 0;  // of the key, in the file, from 1
  TomlValue value;
};

// Words for a kind in messages: "a string", "a table".
std::string_view KindName(TomlValue::Kind kind);

// Errors: InvalidArgument with the line ("line 3: ..."): no TOML, a key that stands twice, an
// impossible date, too large or too deep.
absl::StatusOr<TomlTable> ParseToml(std::string_view bytes);

}  // namespace policykb

#endif  // POLICYKB_CORE_TOML_TOML_H_
