#include "generator/grounding/in_place.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "generator/grounding/force_words.h"

namespace policykb {
namespace {

// Cells of the table of an alignment; a claim and a source beyond it are not compared.
constexpr size_t kMostCells = 4'000'000;
// A match that goes on counts this much, one that begins counts 1: stretches are preferred to
// scattered characters.
constexpr int kGoingOn = 3;
// Gaps of more elements than this on a side are other words, not a difference in place.
constexpr size_t kMostInGap = 6;
// The same where the other side has none: a word put in or left out, not a clause.
constexpr size_t kMostAlone = 3;
// A turn of the claim that stands elsewhere in the source, with so many elements on each side, is
// taken from there.
constexpr size_t kContext = 3;
// Elements of the stretches on both sides of a gap together.
constexpr size_t kLeastAround = 5;
constexpr size_t kLeastAroundQuantity = 4;

constexpr std::string_view kNegators[] = {"不", "未", "无", "非", "没", "勿", "禁止", "not "};
// Words in which a negator negates nothing that the rest of the sentence says.
constexpr std::string_view kNoNegation[] = {"未成年", "无论", "不论", "不动产", "不仅",
                                            "不但",   "无偿", "非常", "不同",   "不断"};
// Words of bounds: what they say is part of the quantity beside them.
constexpr std::string_view kBoundWords[] = {"不得超过", "不超过", "不得少于", "不少于",
                                            "不得低于", "不低于", "不高于",   "不多于",
                                            "不满",     "未满",   "不足",     "未超过"};
constexpr std::pair<std::string_view, std::string_view> kOpposites[] = {
    {"上", "下"}, {"有", "无"}, {"前", "后"}, {"内", "外"}, {"高", "低"},     {"多", "少"},
    {"增", "减"}, {"大", "小"}, {"早", "晚"}, {"准", "禁"}, {"允许", "禁止"}, {"同意", "拒绝"}};

// A character that says something, or a whole quantity.
struct Element {
  uint64_t key = 0;
  Span span;
  const Quantity* quantity = nullptr;
};

uint64_t KeyOf(const Quantity& quantity) {
  uint64_t key = 1469598103934665603U;  // FNV-1a
  const auto add = [&](std::string_view bytes) {
    for (const char c : bytes) key = (key ^ static_cast<unsigned char>(c)) * 1099511628211U;
    key = (key ^ 0xFF) * 1099511628211U;
  };
  add(quantity.value);
  add(quantity.unit);
  add(Cat(static_cast<int>(quantity.kind), ".", quantity.year, ".", quantity.month, ".",
          quantity.day));
  return key | (uint64_t{1} << 63);
}

bool SaysSomething(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '%';
  const bool mark = (c >= 0x2000 && c < 0x2070) || (c >= 0x3000 && c <= 0x3020) || c >= 0xFF00;
  return c >= 0xC0 && !mark;
}

std::vector<Element> ElementsOf(std::string_view text, const std::vector<Quantity>& quantities) {
  std::vector<Element> elements;
  size_t next = 0;
  for (size_t at = 0; at < text.size();) {
    while (next < quantities.size() && quantities[next].span.start < at) ++next;
    if (next < quantities.size() && quantities[next].span.start == at &&
        !quantities[next].span.empty()) {
      elements.push_back({KeyOf(quantities[next]), quantities[next].span, &quantities[next]});
      at = quantities[next].span.end;
      continue;
    }
    const DecodedChar c = DecodeChar(text, at);
    if (SaysSomething(c.code)) {
      elements.push_back(
          {c.code, {static_cast<uint32_t>(at), static_cast<uint32_t>(at + c.size)}, nullptr});
    }
    at += c.size;
  }
  return elements;
}

// For each element of `claim` the element of `source` that it is matched with, or npos. The
// alignment with the highest sum over its matches, in order (Needleman and Wunsch 1970, with a
// higher score for matches that go on and free gaps).
std::vector<size_t> Align(const std::vector<Element>& claim, const std::vector<Element>& source) {
  const size_t width = source.size() + 1;
  // What the best alignment of two prefixes ends in.
  enum Step : uint8_t { kStop, kUp, kLeft, kBegin, kGoOn };
  std::vector<uint8_t> best_step((claim.size() + 1) * width, kStop);
  std::vector<uint8_t> match_step((claim.size() + 1) * width, kStop);
  std::vector<int> best_above(width, 0), best(width, 0);
  std::vector<int> match_above(width, 0), match(width, 0);
  for (size_t i = 1; i <= claim.size(); ++i) {
    const uint64_t key = claim[i - 1].key;
    best[0] = 0;
    for (size_t j = 1; j < width; ++j) {
      match[j] = 0;
      if (key == source[j - 1].key) {
        const int begin = best_above[j - 1] + 1;
        const int go_on = match_above[j - 1] > 0 ? match_above[j - 1] + kGoingOn : 0;
        match[j] = std::max(begin, go_on);
        match_step[i * width + j] = go_on >= begin ? kGoOn : kBegin;
      }
      uint8_t step = kUp;
      int value = best_above[j];
      if (best[j - 1] > value) {
        value = best[j - 1];
        step = kLeft;
      }
      if (match[j] >= value && match[j] > 0) {
        value = match[j];
        step = kBegin;
      }
      best[j] = value;
      best_step[i * width + j] = step;
    }
    std::swap(best, best_above);
    std::swap(match, match_above);
  }
  std::vector<size_t> matched(claim.size(), std::string::npos);
  bool in_match = false;
  for (size_t i = claim.size(), j = source.size(); i > 0 && j > 0;) {
    const uint8_t step = best_step[i * width + j];
    if (in_match || step == kBegin) {
      matched[i - 1] = j - 1;
      in_match = match_step[i * width + j] == kGoOn;
      --i;
      --j;
    } else if (step == kUp) {
      --i;
    } else {
      --j;
    }
  }
  return matched;
}

// True when the elements [first, last) of `part` stand in `whole` one behind the other.
bool Holds(const std::vector<Element>& whole, const std::vector<Element>& part, size_t first,
           size_t last) {
  const auto same = [](const Element& one, const Element& other) { return one.key == other.key; };
  const auto begin = part.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = part.begin() + static_cast<std::ptrdiff_t>(last);
  return std::search(whole.begin(), whole.end(), begin, end, same) != whole.end();
}

// One side of a gap.
struct Side {
  std::string text;
  std::vector<const Quantity*> quantities = {};
  bool before_quantity = false;  // a quantity stands right behind it
};

Side SideOf(const std::vector<Element>& elements, size_t first, size_t last,
            std::string_view text) {
  Side side;
  for (size_t i = first; i < last; ++i) {
    if (elements[i].quantity != nullptr) {
      side.quantities.push_back(elements[i].quantity);
      side.text += ' ';
    } else {
      side.text += Slice(text, elements[i].span);
    }
  }
  side.before_quantity = last < elements.size() && elements[last].quantity != nullptr;
  return side;
}

size_t CountNegations(const Side& side) {
  std::string text = side.text + " ";
  for (const std::string_view word : kNoNegation) text = ReplaceAll(text, word, "");
  if (side.before_quantity || !side.quantities.empty()) {
    for (const std::string_view word : kBoundWords) text = ReplaceAll(text, word, "");
  }
  size_t count = 0;
  for (const std::string_view word : kNegators) {
    for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
      ++count;
  }
  return count;
}

unsigned ForcesOf(std::string_view text) {
  unsigned forces = 0;
  for (size_t at = 0; at < text.size();) {
    if (const ForceWord* word = ForceWordAt(text, at); word != nullptr) {
      forces |= word->force & (kOblige | kForbid | kPermit | kNotRequired);
      at += word->spelling.size();
    } else {
      at += DecodeChar(text, at).size;
    }
  }
  return forces;
}

bool IsNumeral(std::string_view text) {
  constexpr std::string_view kNumerals = "一二两三四五六七八九十";
  return text.size() == 3 && kNumerals.find(text) != std::string_view::npos;
}

// "One" before what it counts is no quantity, but stands where another number may.
bool SaysOneFor(const Side& one, const Side& other) {
  return one.quantities.empty() && one.text.starts_with("一") && one.text.size() <= 6 &&
         other.quantities.size() == 1 && other.quantities[0]->kind == QuantityKind::kMeasure &&
         other.quantities[0]->value != "1";
}

Difference Compare(const Side& claim, const Side& source, size_t around) {
  if (around >= kLeastAroundQuantity &&
      ((IsNumeral(claim.text) && IsNumeral(source.text) && claim.text != source.text) ||
       SaysOneFor(claim, source) || SaysOneFor(source, claim))) {
    return Difference::kQuantity;
  }
  for (const Quantity* stated : claim.quantities) {
    for (const Quantity* known : source.quantities) {
      if (around >= kLeastAroundQuantity && stated->kind == known->kind &&
          stated->unit == known->unit && !Agrees(*stated, *known)) {
        return Difference::kQuantity;
      }
    }
  }
  if (around < kLeastAround) return Difference::kNone;
  if (CountNegations(claim) % 2 != CountNegations(source) % 2) return Difference::kPolarity;
  for (const auto& [one, other] : kOpposites) {
    if ((claim.text == one && source.text == other) ||
        (claim.text == other && source.text == one)) {
      return Difference::kPolarity;
    }
  }
  const unsigned stated = ForcesOf(claim.text);
  const unsigned known = ForcesOf(source.text);
  return stated != 0 && known != 0 && (stated & known) == 0 ? Difference::kPolarity
                                                            : Difference::kNone;
}

}  // namespace

Difference FindDifferenceInPlace(std::string_view claim, const std::vector<Quantity>& stated,
                                 std::string_view source, const std::vector<Quantity>& known) {
  const std::vector<Element> ours = ElementsOf(claim, stated);
  const std::vector<Element> theirs = ElementsOf(source, known);
  if (ours.empty() || theirs.empty()) return Difference::kNone;
  if (ours.size() > kMostCells / theirs.size()) return Difference::kTooLong;
  const std::vector<size_t> matched = Align(ours, theirs);
  // Stretches: elements that are matched with consecutive ones.
  struct Stretch {
    size_t first, last;  // of `ours`; last is exclusive
    size_t source_first;
  };
  std::vector<Stretch> stretches;
  for (size_t i = 0; i < ours.size(); ++i) {
    if (matched[i] == std::string::npos) continue;
    const bool goes_on =
        !stretches.empty() && stretches.back().last == i && matched[i] == matched[i - 1] + 1;
    if (goes_on) {
      ++stretches.back().last;
    } else {
      stretches.push_back({i, i + 1, matched[i]});
    }
  }
  const auto differ = [](const Element& one, const Element& other) {
    return one.quantity != nullptr && other.quantity != nullptr &&
           one.quantity->kind == other.quantity->kind &&
           one.quantity->unit == other.quantity->unit && !Agrees(*one.quantity, *other.quantity);
  };
  for (const Stretch& stretch : stretches) {
    // A quantity right before or behind a stretch that is long by itself.
    const size_t size = stretch.last - stretch.first;
    if (size < kLeastAround) continue;
    const size_t source_last = stretch.source_first + size;
    if ((stretch.first > 0 && stretch.source_first > 0 &&
         differ(ours[stretch.first - 1], theirs[stretch.source_first - 1])) ||
        (stretch.last < ours.size() && source_last < theirs.size() &&
         differ(ours[stretch.last], theirs[source_last]))) {
      return Difference::kQuantity;
    }
  }
  for (size_t s = 0; s + 1 < stretches.size(); ++s) {
    const Stretch& before = stretches[s];
    const Stretch& behind = stretches[s + 1];
    const size_t source_end = before.source_first + (before.last - before.first);
    const size_t ours_between = behind.first - before.last;
    const size_t theirs_between = behind.source_first - source_end;
    if (std::max(ours_between, theirs_between) > kMostInGap ||
        (std::min(ours_between, theirs_between) == 0 &&
         std::max(ours_between, theirs_between) > kMostAlone)) {
      continue;
    }
    const size_t around = (before.last - before.first) + (behind.last - behind.first);
    const Difference difference =
        Compare(SideOf(ours, before.last, behind.first, claim),
                SideOf(theirs, source_end, behind.source_first, source), around);
    if (difference == Difference::kPolarity && before.last >= kContext &&
        behind.first + kContext <= ours.size() &&
        Holds(theirs, ours, before.last - kContext, behind.first + kContext)) {
      continue;
    }
    if (difference != Difference::kNone) return difference;
  }
  return Difference::kNone;
}

}  // namespace policykb
