// TomlTableReader: reads the values of one table by key and, at the end, says which keys nobody
// asked for.
//
// For files that a person writes and that must be right as a whole; every fault is one line
// "PATH:LINE: WHERE: expected ...". Not for files whose faults are collected. Refers to the table;
// one thread.

#ifndef POLICYKB_CORE_TOML_TABLE_READER_H_
#define POLICYKB_CORE_TOML_TABLE_READER_H_

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/toml/toml.h"

namespace policykb {

class TomlTableReader {
 public:
  // `table`, which must outlive the reader, begins in `line` and is called `where` in messages.
  TomlTableReader(const TomlTable& table, uint32_t line, std::string where, std::string path);

  uint32_t line() const { return line_; }
  const std::string& path() const { return path_; }

  // The entry of that key, which counts as known from now on; null where there is none.
  const TomlEntry* Find(std::string_view key);

  absl::Status Wrong(uint32_t line, std::string_view expectation) const;
  absl::Status Wrong(const TomlEntry& entry, std::string_view expectation) const;

  // All of these: Errors: InvalidArgument (of another form than named).
  // A string that is not empty; empty where the key is absent.
  absl::StatusOr<std::string> String(std::string_view key);
  absl::StatusOr<std::string> RequiredString(std::string_view key);
  // A list of strings that are not empty; empty where the key is absent.
  absl::StatusOr<std::vector<std::string>> Strings(std::string_view key);
  // A number from 0 to `most`, whole or not.
  absl::StatusOr<double> Number(const TomlEntry& entry, double most) const;
  // The tables of [[key]], called "key 1", "key 2" ...
  absl::StatusOr<std::vector<TomlTableReader>> Tables(std::string_view key);

  // Errors: InvalidArgument naming the first key that was never looked for.
  absl::Status NoOtherKeys() const;

 private:
  const TomlTable* table_;
  uint32_t line_;
  std::string where_;
  std::string path_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_TOML_TABLE_READER_H_
