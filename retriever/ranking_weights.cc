#include "retriever/ranking_weights.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr size_t kMaxFileBytes = size_t{64} << 10;

}  // namespace

std::string EncodeRankingWeights(const FeatureVector& weights) {
  std::string text;
  for (size_t i = 0; i < kFeatures; ++i) text += Cat(kFeatureNames[i], " ", weights[i], "\n");
  return text;
}

absl::StatusOr<FeatureVector> DecodeRankingWeights(std::string_view text) {
  FeatureVector weights = kRankingWeights;
  std::array<bool, kFeatures> named = {};
  size_t number = 0;
  for (std::string_view line : Split(text, '\n')) {
    ++number;
    line = StripAsciiSpace(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const std::string_view name = line.substr(0, line.find_first_of(" \t"));
    const std::string_view value = StripAsciiSpace(line.substr(name.size()));
    const auto found = std::find(kFeatureNames.begin(), kFeatureNames.end(), name);
    if (found == kFeatureNames.end()) {
      return absl::InvalidArgumentError(
          Cat("line ", number, ": no feature of the name \"", name, "\", expected one of ",
              Join({kFeatureNames.begin(), kFeatureNames.end()}, ", ")));
    }
    const auto feature = static_cast<size_t>(found - kFeatureNames.begin());
    if (named[feature])
      return absl::InvalidArgumentError(Cat("line ", number, ": ", name, " is named twice"));
    named[feature] = true;
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), weights[feature]);
    if (error != std::errc() || end != value.data() + value.size() ||
        !std::isfinite(weights[feature])) {
      return absl::InvalidArgumentError(
          Cat("line ", number, ": ", name, " \"", value, "\", expected a number"));
    }
  }
  return weights;
}

absl::StatusOr<FeatureVector> ReadRankingWeights(const std::string& path) {
  if (path.empty()) return kRankingWeights;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxFileBytes));
  ASSIGN_OR_RETURN_IN(const FeatureVector weights, DecodeRankingWeights(text), path);
  return weights;
}

}  // namespace policykb
