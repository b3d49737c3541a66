#include "generator/grounding/polarity.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/text/analyzer.h"
#include "core/text/utf8.h"
#include "generator/grounding/force_words.h"
#include "generator/grounding/quantity.h"

namespace policykb {
namespace {

// Share of a clause's terms that the other clause must hold for the two to speak of the same.
constexpr double kSameMatter = 0.5;
// The same where one side has a negative word and the other has no modal word at all.
constexpr double kSameWords = 0.6;

constexpr unsigned kNegative = kForbid | kNotRequired | kRefuse;
// Clauses of fewer terms are like too many others.
constexpr size_t kMinTerms = 3;
// Characters on one side of a modal word that show that two of them stand in the same place.
constexpr size_t kPlaceChars = 4;

// Words that say a limit without a negation: "at most two" is "not more than two".
constexpr std::string_view kLimits[] = {"最多", "至多", "最高", "以内",    "以下",  "上限",
                                        "限于", "至少", "以上", "at most", "up to", "at least"};

constexpr std::string_view kNegators[] = {"不", "未", "没有", "并非", "not ", "n't "};

bool IsAsciiLetter(char c) { return c >= 'a' && c <= 'z'; }

// A modal word and what stands before and behind it, up to kPlaceChars characters.
struct PlacedForce {
  unsigned force = 0;
  std::string_view before = {};
  std::string_view behind = {};
};

struct Clause {
  std::string_view text;
  unsigned forces = 0;
  std::vector<std::string> terms = {};  // without modal words, sorted, distinct
};

std::string_view CharsBefore(std::string_view text, size_t at) {
  size_t start = at;
  for (size_t i = 0; i < kPlaceChars && start > 0; ++i) start = FloorToChar(text, start - 1);
  return text.substr(start, at - start);
}

std::string_view CharsBehind(std::string_view text, size_t at) {
  size_t end = at;
  for (size_t i = 0; i < kPlaceChars && end < text.size(); ++i) end += DecodeChar(text, end).size;
  return text.substr(at, end - at);
}

std::vector<PlacedForce> FindForces(std::string_view text) {
  std::vector<PlacedForce> forces;
  for (size_t at = 0; at < text.size();) {
    const ForceWord* word = ForceWordAt(text, at);
    if (word == nullptr) {
      at += DecodeChar(text, at).size;
      continue;
    }
    const size_t end = at + word->spelling.size();
    if (word->force != kNothing) {
      forces.push_back({word->force, CharsBefore(text, at), CharsBehind(text, end)});
    }
    at = end;
  }
  return forces;
}

// False when a force of `claim` stands where `source` has others only.
bool ForcesAgreeInPlace(std::string_view claim, std::string_view source) {
  const std::vector<PlacedForce> sources = FindForces(source);
  for (const PlacedForce& stated : FindForces(claim)) {
    for (const auto side : {&PlacedForce::before, &PlacedForce::behind}) {
      if (CountChars(stated.*side) < kPlaceChars) continue;
      unsigned there = 0;
      for (const PlacedForce& known : sources) {
        if (known.*side == stated.*side) there |= known.force;
      }
      if (there != 0 && (there & stated.force) == 0) return false;
    }
  }
  return true;
}

// `text` with what stands between book marks made spaces: a title such as that of a prohibition
// forbids nothing.
std::string MaskTitles(std::string_view text) {
  constexpr std::string_view kOpen = "《";
  constexpr std::string_view kClose = "》";
  std::string masked(text);
  size_t depth = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t size = DecodeChar(text, at).size;
    const std::string_view c = text.substr(at, size);
    if (c == kOpen) ++depth;
    if (depth > 0) std::fill_n(masked.begin() + static_cast<std::ptrdiff_t>(at), size, ' ');
    if (c == kClose && depth > 0) --depth;
    at += size;
  }
  // A title that is never closed is none.
  return depth == 0 ? masked : std::string(text);
}

Clause ReadClause(std::string_view text) {
  Clause clause{.text = text};
  std::string plain;
  for (size_t at = 0; at < text.size();) {
    if (const ForceWord* longest = ForceWordAt(text, at); longest != nullptr) {
      clause.forces |= longest->force & ~(kNothing | kGrant);
      plain += ' ';
      at += longest->spelling.size();
      continue;
    }
    const size_t size = DecodeChar(text, at).size;
    plain += text.substr(at, size);
    at += size;
  }
  for (Term& term : Analyze(plain)) {
    if (term.kind != TermKind::kUnigram) clause.terms.push_back(std::move(term.text));
  }
  std::sort(clause.terms.begin(), clause.terms.end());
  clause.terms.erase(std::unique(clause.terms.begin(), clause.terms.end()), clause.terms.end());
  return clause;
}

std::vector<Clause> ReadClauses(std::string_view text) {
  std::vector<Clause> clauses;
  size_t start = 0;
  const auto close = [&](size_t end) {
    if (end > start) clauses.push_back(ReadClause(text.substr(start, end - start)));
  };
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    const bool ends = c.code == ',' || c.code == ';' || c.code == ':' || c.code == '\n' ||
                      c.code == 0x3002 || c.code == 0xFF61 || c.code == '(' || c.code == ')' ||
                      c.code == '|';
    if (ends) {
      close(at);
      start = at + c.size;
    }
    at += c.size;
  }
  close(text.size());
  return clauses;
}

double Overlap(const Clause& inner, const Clause& outer) {
  if (inner.terms.empty()) return 0;
  size_t shared = 0;
  for (const std::string& term : inner.terms) {
    if (std::binary_search(outer.terms.begin(), outer.terms.end(), term)) ++shared;
  }
  return static_cast<double>(shared) / static_cast<double>(inner.terms.size());
}

bool HasLimit(std::string_view text) {
  return std::any_of(std::begin(kLimits), std::end(kLimits), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

// Two Chinese characters or one word at `at`; empty where there is something else.
std::string_view KeyAt(std::string_view text, size_t at) {
  if (at >= text.size()) return {};
  if (IsAsciiLetter(text[at])) {
    size_t end = at;
    while (end < text.size() && IsAsciiLetter(text[end])) ++end;
    return text.substr(at, end - at);
  }
  const DecodedChar first = DecodeChar(text, at);
  if (!IsHan(first.code) || at + first.size >= text.size()) return {};
  const DecodedChar second = DecodeChar(text, at + first.size);
  if (!IsHan(second.code)) return {};
  return text.substr(at, first.size + second.size);
}

bool EndsInNegator(std::string_view text) {
  return std::any_of(std::begin(kNegators), std::end(kNegators),
                     [&](std::string_view negator) { return text.ends_with(negator); });
}

// True when `key` stands in `text` plain; false when only behind a negation or not at all.
bool HasPlain(std::string_view text, std::string_view key) {
  for (size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (!EndsInNegator(text.substr(0, at))) return true;
  }
  return false;
}

bool HasNegated(std::string_view text, std::string_view key) {
  for (size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (EndsInNegator(text.substr(0, at))) return true;
  }
  return false;
}

// True when `a` negates words that `b` has plain only.
bool NegatesPlainWords(std::string_view a, std::string_view b) {
  for (const std::string_view negator : kNegators) {
    for (size_t at = a.find(negator); at != std::string_view::npos; at = a.find(negator, at + 1)) {
      const std::string_view key = KeyAt(a, at + negator.size());
      if (!key.empty() && HasPlain(b, key) && !HasNegated(b, key) && !HasPlain(a, key)) return true;
    }
  }
  return false;
}

bool ForcesAgree(const Clause& claim, const std::vector<Clause>& sources) {
  const Clause* like = nullptr;
  double best = 0;
  for (const Clause& source : sources) {
    const double overlap = Overlap(claim, source);
    // Of equals, the one with the same force is meant.
    const bool better = overlap > best ||
                        (like != nullptr && overlap == best && (like->forces & claim.forces) == 0 &&
                         (source.forces & claim.forces) != 0);
    if (overlap > 0 && better) {
      like = &source;
      best = overlap;
    }
  }
  if (like == nullptr || best < kSameMatter) {
    // No clause to compare with: a negative word must at least stand somewhere in the source.
    const unsigned negative = claim.forces & kNegative;
    if (negative == 0) return true;
    return std::any_of(sources.begin(), sources.end(),
                       [&](const Clause& source) { return (source.forces & kNegative) != 0; }) ||
           HasLimit(claim.text);
  }
  if (claim.forces != 0 && like->forces != 0) return (claim.forces & like->forces) != 0;
  const bool one_is_negative = ((claim.forces | like->forces) & kNegative) != 0;
  if (!one_is_negative || HasLimit(claim.text) || HasLimit(like->text)) return true;
  // "According to ..." is like many clauses.
  if (claim.forces == 0) return best < kSameWords || claim.terms.size() < kMinTerms;
  // The claim forbids or waives; the source may say it in other negative words.
  return std::any_of(std::begin(kNegators), std::end(kNegators),
                     [&](std::string_view negator) {
                       return like->text.find(negator) != std::string_view::npos;
                     }) ||
         like->text.find("免") != std::string_view::npos;
}

}  // namespace

bool PolarityAgrees(std::string_view stated, std::string_view known) {
  // The numerals of an article's number are like those of many others.
  const std::string claim = MaskTitles(MaskQuantities(stated, FindQuantities(stated)));
  const std::string source = MaskTitles(MaskQuantities(known, FindQuantities(known)));
  if (!ForcesAgreeInPlace(claim, source)) return false;
  if (NegatesPlainWords(claim, source) || NegatesPlainWords(source, claim)) return false;
  const std::vector<Clause> sources = ReadClauses(source);
  const std::vector<Clause> claims = ReadClauses(claim);
  return std::all_of(claims.begin(), claims.end(),
                     [&](const Clause& clause) { return ForcesAgree(clause, sources); });
}

}  // namespace policykb
