#include "retriever/near_duplicates.h"

#include <algorithm>
#include <utility>

#include "core/text/analyzer.h"
#include "core/text/document_title.h"
#include "core/text/normalize.h"
#include "core/text/provision_reference.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr std::string_view kTelling[] = {
    "一",  "二", "三",    "四",      "五",   "六",  "七",    "八",     "九",    "十",
    "百",  "千", "万",    "亿",      "两",   "零",  "〇",    "半",     "不",    "未",
    "无",  "非", "禁",    "免",      "可",   "应",  "须",    "得",     "但",    "no",
    "not", "or", "never", "without", "must", "may", "shall", "unless", "except"};

}  // namespace

std::vector<uint64_t> TextShingles(std::string_view text) {
  const std::string normalized = NormalizeForMatch(text);
  std::vector<uint64_t> shingles;
  uint64_t before = 0;
  size_t characters = 0;
  for (size_t at = 0; at < normalized.size();) {
    const DecodedChar c = DecodeChar(normalized, at);
    at += c.size;
    if (c.code == U' ' || c.code == U'\t' || c.code == U'\n' || c.code == U'\r') continue;
    // A pair of characters is a number of its own: a code has 21 bits.
    if (++characters > 1) shingles.push_back(before << 21 | c.code);
    before = c.code;
  }
  if (characters == 1) shingles.push_back(before);
  std::sort(shingles.begin(), shingles.end());
  shingles.erase(std::unique(shingles.begin(), shingles.end()), shingles.end());
  return shingles;
}

double ShingleSimilarity(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  size_t common = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      ++common;
      ++i;
      ++j;
    } else {
      a[i] < b[j] ? ++i : ++j;
    }
  }
  const size_t all = a.size() + b.size() - common;
  return all == 0 ? 1 : static_cast<double>(common) / static_cast<double>(all);
}

std::string TellingWords(std::string_view text) {
  if (const auto label = ConsumeArticleLabel(text)) text.remove_prefix(label->size);
  std::string words;
  ForEachTerm(text, [&words](const TermView& term) {
    if (term.kind == TermKind::kBigram) return;
    const bool number = term.text[0] >= '0' && term.text[0] <= '9';
    if (number ||
        std::find(std::begin(kTelling), std::end(kTelling), term.text) != std::end(kTelling)) {
      words += term.text;
      words += ' ';
    }
  });
  return words;
}

const std::vector<uint64_t>& NearDuplicates::Reading::Shingles(std::string_view text) {
  if (!shingles) shingles = TextShingles(text);
  return *shingles;
}

const std::string& NearDuplicates::Reading::Telling(std::string_view text) {
  if (!telling_words) telling_words = TellingWords(text);
  return *telling_words;
}

const std::string& NearDuplicates::Comparable(std::string_view title) {
  const auto known = comparable_.find(title);
  if (known != comparable_.end()) return known->second;
  return comparable_.emplace(title, ComparableTitle(title)).first->second;
}

bool NearDuplicates::MayRepeat(std::string_view document, std::string_view title) {
  const std::string& comparable = Comparable(title);
  return std::any_of(known_.begin(), known_.end(), [&](const Known& known) {
    return known.document != document && known.title == comparable;
  });
}

std::optional<size_t> NearDuplicates::Find(const Text& text) {
  const std::string& title = Comparable(text.title);
  Reading reading;
  for (size_t i = 0; i < known_.size(); ++i) {
    Known& known = known_[i];
    if (known.document == text.document || known.title != title) continue;
    if (ShingleSimilarity(known.reading.Shingles(known.text), reading.Shingles(text.text)) >=
            kDuplicateSimilarity &&
        known.reading.Telling(known.text) == reading.Telling(text.text)) {
      return i;
    }
  }
  return std::nullopt;
}

void NearDuplicates::Add(const Text& text) {
  known_.push_back({.document = std::string(text.document),
                    .title = Comparable(text.title),
                    .text = std::string(text.text),
                    .reading = {}});
}

}  // namespace policykb
