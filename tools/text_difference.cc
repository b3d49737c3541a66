#include "tools/text_difference.h"

#include <algorithm>
#include <cstdint>

#include "core/text/utf8.h"

namespace policykb {

namespace {

using Characters = std::vector<std::string_view>;

// Of each middle; the table of the comparison then takes 8 MB at the most.
constexpr size_t kMostCompared = 2000;
constexpr size_t kLeastCommon = 2;

Characters CharactersOf(std::string_view text) {
  Characters characters;
  for (size_t at = 0; at < text.size(); at += characters.back().size())
    characters.push_back(text.substr(at, DecodeChar(text, at).size));
  return characters;
}

// One character and where it belongs.
struct Step {
  StretchKind kind;
  std::string_view character;
};

// The steps of a longest common subsequence, the older characters of a changed place first.
void AppendMiddle(const Characters& older, const Characters& newer, std::vector<Step>& steps) {
  const size_t rows = older.size();
  const size_t columns = newer.size();
  const bool compare = rows <= kMostCompared && columns <= kMostCompared;
  // lengths[i * (columns + 1) + j]: of the longest subsequence common to older[i..] and newer[j..].
  std::vector<uint16_t> lengths;
  const auto at = [columns](size_t i, size_t j) { return i * (columns + 1) + j; };
  if (compare) {
    lengths.resize((rows + 1) * (columns + 1));
    for (size_t i = rows; i-- > 0;) {
      for (size_t j = columns; j-- > 0;) {
        lengths[at(i, j)] = older[i] == newer[j]
                                ? static_cast<uint16_t>(lengths[at(i + 1, j + 1)] + 1)
                                : std::max(lengths[at(i + 1, j)], lengths[at(i, j + 1)]);
      }
    }
  }
  size_t i = 0;
  size_t j = 0;
  while (i < rows || j < columns) {
    if (compare && i < rows && j < columns && older[i] == newer[j]) {
      steps.push_back({StretchKind::kCommon, older[i]});
      ++i;
      ++j;
    } else if (i < rows &&
               (!compare || j == columns || lengths[at(i + 1, j)] >= lengths[at(i, j + 1)])) {
      steps.push_back({StretchKind::kOlder, older[i++]});
    } else {
      steps.push_back({StretchKind::kNewer, newer[j++]});
    }
  }
}

// Gathers steps into stretches; short common runs between changes are taken into them.
std::vector<TextStretch> Gather(const std::vector<Step>& steps) {
  std::vector<TextStretch> stretches;
  std::string older;
  std::string newer;
  const auto flush = [&] {
    if (!older.empty()) stretches.push_back({StretchKind::kOlder, older});
    if (!newer.empty()) stretches.push_back({StretchKind::kNewer, newer});
    older.clear();
    newer.clear();
  };
  for (size_t i = 0; i < steps.size();) {
    size_t end = i;
    while (end < steps.size() && steps[end].kind == steps[i].kind) ++end;
    const bool between = i > 0 && end < steps.size();
    const bool common =
        steps[i].kind == StretchKind::kCommon && (end - i >= kLeastCommon || !between);
    if (common) {
      flush();
      stretches.push_back({StretchKind::kCommon, ""});
    }
    for (; i < end; ++i) {
      if (common) {
        stretches.back().text += steps[i].character;
        continue;
      }
      if (steps[i].kind != StretchKind::kNewer) older += steps[i].character;
      if (steps[i].kind != StretchKind::kOlder) newer += steps[i].character;
    }
  }
  flush();
  return stretches;
}

}  // namespace

std::vector<TextStretch> CompareTexts(std::string_view older, std::string_view newer) {
  const Characters before = CharactersOf(older);
  const Characters after = CharactersOf(newer);
  const size_t shorter = std::min(before.size(), after.size());
  size_t prefix = 0;
  while (prefix < shorter && before[prefix] == after[prefix]) ++prefix;
  size_t suffix = 0;
  while (suffix < shorter - prefix &&
         before[before.size() - 1 - suffix] == after[after.size() - 1 - suffix])
    ++suffix;
  const auto middle = [&](const Characters& all) {
    return Characters(all.begin() + static_cast<std::ptrdiff_t>(prefix),
                      all.end() - static_cast<std::ptrdiff_t>(suffix));
  };
  std::vector<Step> steps;
  for (size_t i = 0; i < prefix; ++i) steps.push_back({StretchKind::kCommon, before[i]});
  AppendMiddle(middle(before), middle(after), steps);
  for (size_t i = before.size() - suffix; i < before.size(); ++i)
    steps.push_back({StretchKind::kCommon, before[i]});
  return Gather(steps);
}

}  // namespace policykb
