#include "tools/run_file.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "tools/numbers.h"

namespace policykb {

namespace {

constexpr size_t kColumns = 6;
constexpr size_t kMostRankDigits = 9;

// The columns, between runs of spaces and tabs.
std::vector<std::string_view> ColumnsOf(std::string_view line) {
  std::vector<std::string_view> columns;
  constexpr std::string_view kBlanks = " \t\r";
  for (size_t at = line.find_first_not_of(kBlanks); at != std::string_view::npos;) {
    const size_t end = std::min(line.find_first_of(kBlanks, at), line.size());
    columns.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(kBlanks, end);
  }
  return columns;
}

// 0 when it is no rank.
size_t ParseRank(std::string_view text) {
  if (text.empty() || text.size() > kMostRankDigits) return 0;
  size_t rank = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return 0;
    rank = rank * 10 + static_cast<size_t>(c - '0');
  }
  return rank;
}

}  // namespace

std::string EncodeRunLine(const RunLine& line, const std::string& run_name) {
  return Cat(line.topic, " Q0 ", ReplaceAll(line.name, " ", "%20"), " ", line.rank, " ",
             Decimals(line.score, 6), " ", run_name, "\n");
}

absl::StatusOr<std::map<std::string, std::vector<std::string>>> ReadRun(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path));
  std::map<std::string, std::map<size_t, std::string>> by_rank;
  std::set<std::pair<std::string_view, std::string_view>> known;
  size_t number = 0;
  for (const std::string_view line : Split(content, '\n')) {
    ++number;
    const std::vector<std::string_view> columns = ColumnsOf(line);
    if (columns.empty()) continue;
    const auto error = [&](std::string_view expectation) {
      return absl::InvalidArgumentError(Cat(path, ":", number, ": expected ", expectation));
    };
    if (columns.size() != kColumns) return error("topic, Q0, name, rank, score and run");
    const size_t rank = ParseRank(columns[3]);
    if (rank == 0) return error(Cat("a rank from 1, not \"", columns[3], "\""));
    if (!known.emplace(columns[0], columns[2]).second)
      return error(Cat("a name once for topic ", columns[0], ", not again ", columns[2]));
    const bool added =
        by_rank[std::string(columns[0])].emplace(rank, ReplaceAll(columns[2], "%20", " ")).second;
    if (!added) return error(Cat("a rank once for topic ", columns[0], ", not again ", rank));
  }
  if (by_rank.empty()) return absl::InvalidArgumentError(Cat(path, ": no line of a run in it"));
  std::map<std::string, std::vector<std::string>> names;
  for (auto& [topic, ranked] : by_rank) {
    for (auto& [rank, name] : ranked) names[topic].push_back(std::move(name));
  }
  return names;
}

}  // namespace policykb
