#include "generator/grounding/claim_splitter.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/span.h"
#include "core/base/strings.h"
#include "core/text/sentences.h"

namespace policykb {
namespace {

// A sentence longer than this is none; it is passed over.
constexpr size_t kMaxClaimBytes = 4096;
// A mark longer than this is none.
constexpr size_t kMaxMarkBytes = 48;
constexpr int kMaxNumber = 999;

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kBrackets = {
    {{"[", "]"}, {"【", "】"}, {"［", "］"}}};

size_t StartsWithOneOf(std::string_view text, std::initializer_list<std::string_view> starts) {
  for (const std::string_view start : starts) {
    if (text.starts_with(start)) return start.size();
  }
  return 0;
}

void AddNumber(std::vector<int>& numbers, int number) {
  if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) numbers.push_back(number);
}

// The sentence without list marks, quote signs and emphasis of Markdown.
std::string CleanSentence(std::string_view text) {
  std::string clean = ReplaceAll(text, "**", "");
  std::string_view rest = StripAsciiSpace(clean);
  while (!rest.empty()) {
    const size_t hashes = std::min(rest.find_first_not_of('#'), rest.size());
    if (const size_t size = StartsWithOneOf(rest, {"- ", "* ", "+ ", "> ", "• "})) {
      rest = StripAsciiSpace(rest.substr(size));
    } else if (hashes > 0) {
      rest = StripAsciiSpace(rest.substr(hashes));
    } else {
      break;
    }
  }
  return std::string(rest);
}

// False for what only draws: nothing, or the rule under a table's header.
bool SaysSomething(std::string_view text) {
  return text.find_first_not_of(" \t|-:*_=#`~.,;+>") != std::string_view::npos;
}

}  // namespace

CitationMark ReadCitationMark(std::string_view text) {
  CitationMark mark;
  std::string_view close;
  size_t at = 0;
  for (const auto& [open, closing] : kBrackets) {
    if (text.starts_with(open)) {
      close = closing;
      at = open.size();
    } else if (!text.empty() && open.starts_with(text)) {
      mark.partial = true;
    }
  }
  if (close.empty()) return mark;
  bool in_number = false;
  bool range = false;
  int number = 0;
  while (at < text.size() && at <= kMaxMarkBytes) {
    const std::string_view rest = text.substr(at);
    if (rest[0] >= '0' && rest[0] <= '9') {
      number = (in_number ? number : 0) * 10 + (rest[0] - '0');
      in_number = true;
      if (number > kMaxNumber) return {};
      ++at;
      continue;
    }
    if (in_number) {
      if (range && !mark.numbers.empty() && number >= mark.numbers.back()) {
        for (int i = mark.numbers.back(); i <= number; ++i) AddNumber(mark.numbers, i);
      } else {
        AddNumber(mark.numbers, number);
      }
      in_number = false;
      range = false;
    }
    if (rest.starts_with(close)) {
      mark.size = at + close.size();
      return mark.numbers.empty() ? CitationMark{} : mark;
    }
    if (const size_t joint = StartsWithOneOf(rest, {"-", "~", "–", "～"})) {
      if (mark.numbers.empty()) return {};
      range = true;
      at += joint;
    } else if (const size_t size = StartsWithOneOf(rest, {",", "，", "、", ";", "；", " ", "^"})) {
      at += size;
    } else if (rest.size() < 3 && static_cast<unsigned char>(rest[0]) >= 0x80) {
      // The beginning of a character that may be a separator or the closing bracket.
      return {.partial = true};
    } else {
      return {};
    }
  }
  if (at >= text.size()) return {.partial = true};
  return {};
}

std::vector<Claim> ClaimSplitter::Add(std::string_view delta) {
  buffer_ += delta;
  return Take(/*at_end=*/false);
}

std::vector<Claim> ClaimSplitter::Finish() { return Take(/*at_end=*/true); }

std::vector<Claim> ClaimSplitter::Take(bool at_end) {
  // The buffer without marks, and what stood where in it.
  struct PlacedMark {
    size_t at;  // in `plain`
    std::vector<int> numbers;
  };
  std::string plain;
  std::vector<PlacedMark> marks;
  // Raw offset of each byte of `plain`, and of its end.
  std::vector<size_t> raw;
  size_t at = 0;
  while (at < buffer_.size()) {
    const char first = buffer_[at];
    if (first == '[' || first == '\xE3' || first == '\xEF') {
      const CitationMark mark = ReadCitationMark(std::string_view(buffer_).substr(at));
      if (mark.size > 0) {
        marks.push_back({plain.size(), mark.numbers});
        at += mark.size;
        continue;
      }
      if (mark.partial && !at_end) break;
    }
    plain += first;
    raw.push_back(at++);
  }
  raw.push_back(at);

  std::vector<Span> sentences = SplitSentences(plain);
  // The last sentence may go on.
  const size_t whole = at_end || sentences.empty() ? sentences.size() : sentences.size() - 1;
  std::vector<Claim> claims(sentences.size());
  for (const PlacedMark& mark : marks) {
    // A mark belongs to the last sentence that begins before it, or, alone at the beginning of a
    // line, to the next.
    size_t owner = 0;
    while (owner + 1 < sentences.size() && sentences[owner + 1].start < mark.at) ++owner;
    if (owner + 1 < sentences.size() && sentences[owner].end < mark.at) {
      const std::string_view gap =
          std::string_view(plain).substr(sentences[owner].end, mark.at - sentences[owner].end);
      const std::string_view after =
          std::string_view(plain).substr(mark.at, sentences[owner + 1].start - mark.at);
      if (gap.find('\n') != std::string_view::npos && after.find('\n') == std::string_view::npos) {
        ++owner;
      }
    }
    if (owner >= claims.size()) continue;
    for (const int number : mark.numbers) AddNumber(claims[owner].marks, number);
  }
  std::vector<Claim> taken;
  for (size_t i = 0; i < whole; ++i) {
    if (std::exchange(skipping_, false)) continue;
    claims[i].text = CleanSentence(Slice(plain, sentences[i]));
    if (SaysSomething(claims[i].text) && sentences[i].size() <= kMaxClaimBytes) {
      taken.push_back(std::move(claims[i]));
    }
  }
  if (at_end) {
    buffer_.clear();
  } else if (whole > 0) {
    // Marks between the last whole sentence and the next one that belong to the next stay in the
    // buffer.
    size_t cut = raw[sentences[whole - 1].end];
    for (const PlacedMark& mark : marks) {
      if (mark.at >= sentences[whole - 1].end && mark.at <= sentences[whole].start) {
        const std::string_view gap = std::string_view(plain).substr(
            sentences[whole - 1].end, mark.at - sentences[whole - 1].end);
        if (gap.find('\n') == std::string_view::npos) cut = std::max(cut, raw[mark.at]);
      }
    }
    buffer_.erase(0, cut);
  }
  if (buffer_.size() > 2 * kMaxClaimBytes) {
    buffer_.erase(0, buffer_.size() - kMaxClaimBytes / 2);
    skipping_ = true;
  }
  return taken;
}

}  // namespace policykb
