#include "retriever/ranking_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr size_t kMaxFileBytes = size_t{64} << 10;
constexpr std::string_view kTree = "tree";

std::string_view NameOf(Feature feature) { return kFeatureNames[static_cast<size_t>(feature)]; }

std::optional<double> ParseFinite(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

absl::StatusOr<Feature> ParseFeature(std::string_view name) {
  const auto found = std::find(kFeatureNames.begin(), kFeatureNames.end(), name);
  if (found == kFeatureNames.end()) {
    return absl::InvalidArgumentError(
        Cat("no feature of the name \"", name, "\", expected one of ",
            Join({kFeatureNames.begin(), kFeatureNames.end()}, ", ")));
  }
  return static_cast<Feature>(found - kFeatureNames.begin());
}

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  while (!(line = StripAsciiSpace(line)).empty()) {
    words.push_back(line.substr(0, line.find_first_of(" \t")));
    line.remove_prefix(words.back().size());
  }
  return words;
}

// Of the words "tree", questions of three words, ":" and the values.
absl::StatusOr<RankingTree> ParseTree(const std::vector<std::string_view>& words) {
  constexpr size_t kColon = 1 + 3 * kTreeDepth;
  if (words.size() != kColon + 1 + kTreeLeaves || words[kColon] != ":") {
    return absl::InvalidArgumentError(Cat("tree: expected ", kTreeDepth,
                                          " times FEATURE > NUMBER, a colon and ", kTreeLeaves,
                                          " numbers"));
  }
  const auto number = [](std::string_view word) -> absl::StatusOr<double> {
    const std::optional<double> value = ParseFinite(word);
    if (!value) return absl::InvalidArgumentError(Cat("tree: \"", word, "\", expected a number"));
    return *value;
  };
  RankingTree tree;
  for (size_t i = 0; i < kTreeDepth; ++i) {
    ASSIGN_OR_RETURN(tree.questions[i].feature, ParseFeature(words[1 + 3 * i]));
    if (words[2 + 3 * i] != ">") {
      return absl::InvalidArgumentError(
          Cat("tree: \"", words[2 + 3 * i], "\", expected > between a feature and a number"));
    }
    ASSIGN_OR_RETURN(tree.questions[i].above, number(words[3 + 3 * i]));
  }
  for (size_t i = 0; i < kTreeLeaves; ++i) {
    ASSIGN_OR_RETURN(tree.values[i], number(words[kColon + 1 + i]));
  }
  return tree;
}

// A file being read, line by line.
class Reading {
 public:
  // `weights` are those of what the file does not name.
  explicit Reading(const FeatureVector& weights) : model_{.weights = weights, .trees = {}} {}

  absl::Status Add(const std::vector<std::string_view>& words) {
    if (words.front() == kTree) {
      if (model_.trees.size() == kMostTrees)
        return absl::InvalidArgumentError(Cat("tree: expected at most ", kMostTrees));
      ASSIGN_OR_RETURN(const RankingTree tree, ParseTree(words));
      model_.trees.push_back(tree);
      return absl::OkStatus();
    }
    const std::string_view name = words.front();
    ASSIGN_OR_RETURN(const Feature named, ParseFeature(name));
    const auto feature = static_cast<size_t>(named);
    if (named_[feature]) return absl::InvalidArgumentError(Cat(name, " is named twice"));
    named_[feature] = true;
    std::string value;
    for (size_t i = 1; i < words.size(); ++i) value += Cat(i == 1 ? "" : " ", words[i]);
    const std::optional<double> weight = ParseFinite(value);
    if (!weight)
      return absl::InvalidArgumentError(Cat(name, " \"", value, "\", expected a number"));
    model_.weights[feature] = *weight;
    return absl::OkStatus();
  }

  RankingModel model() && { return std::move(model_); }

 private:
  RankingModel model_;
  std::array<bool, kFeatures> named_ = {};
};

}  // namespace

std::string EncodeRanking(const RankingModel& model) {
  std::string text;
  for (size_t i = 0; i < kFeatures; ++i) text += Cat(kFeatureNames[i], " ", model.weights[i], "\n");
  for (const RankingTree& tree : model.trees) {
    text += kTree;
    for (const TreeQuestion& question : tree.questions)
      text += Cat(" ", NameOf(question.feature), " > ", question.above);
    text += " :";
    for (const double value : tree.values) text += Cat(" ", value);
    text += "\n";
  }
  return text;
}

absl::StatusOr<RankingModel> DecodeRanking(std::string_view text, const FeatureVector& weights) {
  Reading reading(weights);
  size_t number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    const std::vector<std::string_view> words = Words(line.substr(0, line.find('#')));
    ++number;
    if (words.empty()) continue;
    RETURN_IF_ERROR_IN(reading.Add(words), Cat("line ", number));
  }
  return std::move(reading).model();
}

absl::StatusOr<RankingModel> ReadRanking(const std::string& path) {
  if (path.empty()) return DefaultRanking();
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxFileBytes));
  ASSIGN_OR_RETURN_IN(RankingModel model, DecodeRanking(text, DefaultRanking().weights), path);
  return model;
}

}  // namespace policykb
