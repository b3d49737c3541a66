#include "tools/feature_file.h"

#include <charconv>
#include <cmath>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

// Columns before the features: topic, unit, relevant, relevant units of the topic.
constexpr size_t kColumns = 4;

}  // namespace

std::string EncodeFeatureHeader() {
  std::string line = "#topic\tunit\trelevant\trelevant_units";
  for (const std::string_view name : kFeatureNames) line += Cat("\t", name);
  return line + "\n";
}

std::string EncodeFeatureLine(std::string_view topic, size_t relevant_units,
                              const JudgedCandidate& candidate) {
  std::string line =
      Cat(topic, "\t", candidate.unit, "\t", candidate.relevant ? 1 : 0, "\t", relevant_units);
  for (const double value : candidate.features) line += Cat("\t", value);
  return line + "\n";
}

absl::StatusOr<std::vector<JudgedTopic>> ReadFeatures(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path));
  const std::string header = EncodeFeatureHeader();
  if (!content.starts_with(header)) {
    return absl::InvalidArgumentError(
        Cat(path, ":1: expected the columns ", StripAsciiSpace(header)));
  }
  std::vector<JudgedTopic> topics;
  size_t number = 1;
  for (const std::string_view line : Split(std::string_view(content).substr(header.size()), '\n')) {
    ++number;
    if (line.empty()) continue;
    const std::vector<std::string_view> columns = Split(line, '\t');
    const auto wrong = [&] {
      return absl::InvalidArgumentError(
          Cat(path, ":", number, ": expected topic, unit, 0 or 1, a number of units and ",
              kFeatures, " numbers, separated by tabs"));
    };
    if (columns.size() != kColumns + kFeatures || (columns[2] != "0" && columns[2] != "1"))
      return wrong();
    const auto read = [](std::string_view text, auto& value) {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      return error == std::errc() && end == text.data() + text.size();
    };
    JudgedCandidate candidate = {
        .unit = std::string(columns[1]), .relevant = columns[2] == "1", .features = {}};
    size_t relevant_units = 0;
    bool numbers = read(columns[3], relevant_units);
    for (size_t i = 0; i < kFeatures; ++i)
      numbers = numbers && read(columns[kColumns + i], candidate.features[i]) &&
                std::isfinite(candidate.features[i]);
    if (!numbers) return wrong();
    if (topics.empty() || topics.back().id != columns[0]) {
      topics.push_back(
          {.id = std::string(columns[0]), .relevant_units = relevant_units, .candidates = {}});
    }
    topics.back().candidates.push_back(std::move(candidate));
  }
  return topics;
}

}  // namespace policykb
