#include "generator/grounding/polarity.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/text/analyzer.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

// Share of a clause's terms that the other clause must hold for the two to speak of the same.
constexpr double kSameMatter = 0.5;
// The same where one side has a negative word and the other has no modal word at all.
constexpr double kSameWords = 0.6;

enum Force : unsigned {
  kOblige = 1,
  kForbid = 2,
  kPermit = 4,
  kNotRequired = 8,
  kRefuse = 16,
  kNothing = 32,  // a longer wording in which a modal word is none
};
constexpr unsigned kNegative = kForbid | kNotRequired | kRefuse;

struct ForceWord {
  std::string_view spelling;
  unsigned force;
};

// At each place the longest counts.
constexpr ForceWord kForceWords[] = {
    {"应当", kOblige},       {"必须", kOblige},       {"须", kOblige},
    {"应于", kOblige},       {"应在", kOblige},       {"应由", kOblige},
    {"应向", kOblige},       {"应按", kOblige},       {"应依法", kOblige},
    {"应及时", kOblige},     {"需要", kOblige},       {"需", kOblige},
    {"所需", kNothing},      {"必需", kNothing},      {"急需", kNothing},
    {"不应当", kForbid},     {"不应", kForbid},       {"对应", kNothing},
    {"相应", kNothing},      {"不得", kForbid},       {"禁止", kForbid},
    {"严禁", kForbid},       {"不可以", kForbid},     {"不能", kForbid},
    {"不允许", kForbid},     {"不准", kForbid},       {"不许", kForbid},
    {"不得不", kOblige},     {"可以", kPermit},       {"允许", kPermit},
    {"有权", kPermit},       {"无权", kForbid},       {"可以不", kNotRequired},
    {"无需", kNotRequired},  {"无须", kNotRequired},  {"不需要", kNotRequired},
    {"不需", kNotRequired},  {"毋需", kNotRequired},  {"不必", kNotRequired},
    {"不用", kNotRequired},  {"免于", kNotRequired},  {"不予", kRefuse},
    {"must not", kForbid},   {"shall not", kForbid},  {"may not", kForbid},
    {"cannot", kForbid},     {"can not", kForbid},    {"prohibited", kForbid},
    {"forbidden", kForbid},  {"not allowed", kForbid}, {"not permitted", kForbid},
    {"need not", kNotRequired}, {"not required", kNotRequired}, {"no need", kNotRequired},
    {"not need", kNotRequired}, {"not necessary", kNotRequired}, {"must", kOblige},
    {"shall", kOblige},      {"should", kOblige},     {"required to", kOblige},
    {"has to", kOblige},     {"have to", kOblige},    {"need to", kOblige},
    {"needs to", kOblige},   {"may", kPermit},        {"can", kPermit},
    {"allowed", kPermit},    {"permitted", kPermit},  {"entitled", kPermit},
};

// Words that say a limit without a negation: "at most two" is "not more than two".
constexpr std::string_view kLimits[] = {"最多", "至多", "最高", "以内", "以下", "上限",
                                        "限于", "至少", "以上", "at most", "up to", "at least"};

constexpr std::string_view kNegators[] = {"不", "未", "没有", "并非", "not ", "n't "};

bool IsAsciiLetter(char c) { return c >= 'a' && c <= 'z'; }

bool IsWordAt(std::string_view text, size_t at, std::string_view word) {
  if (!text.substr(at).starts_with(word)) return false;
  if (!IsAsciiLetter(word[0])) return true;
  const size_t end = at + word.size();
  return (at == 0 || !IsAsciiLetter(text[at - 1])) &&
         (end >= text.size() || !IsAsciiLetter(text[end]));
}

struct Clause {
  std::string_view text;
  unsigned forces = 0;
  std::vector<std::string> terms = {};  // without modal words, sorted, distinct
};

Clause ReadClause(std::string_view text) {
  Clause clause{.text = text};
  std::string plain;
  for (size_t at = 0; at < text.size();) {
    const ForceWord* longest = nullptr;
    for (const ForceWord& word : kForceWords) {
      if (IsWordAt(text, at, word.spelling) &&
          (longest == nullptr || word.spelling.size() > longest->spelling.size())) {
        longest = &word;
      }
    }
    if (longest != nullptr) {
      clause.forces |= longest->force & ~kNothing;
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
    const bool better = overlap > best || (like != nullptr && overlap == best &&
                                           (like->forces & claim.forces) == 0 &&
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
  if (claim.forces == 0) return best < kSameWords;
  // The claim forbids or waives; the source may say it in other negative words.
  return std::any_of(std::begin(kNegators), std::end(kNegators), [&](std::string_view negator) {
    return like->text.find(negator) != std::string_view::npos;
  }) || like->text.find("免") != std::string_view::npos;
}

}  // namespace

bool PolarityAgrees(std::string_view claim, std::string_view source) {
  if (NegatesPlainWords(claim, source) || NegatesPlainWords(source, claim)) return false;
  const std::vector<Clause> sources = ReadClauses(source);
  const std::vector<Clause> claims = ReadClauses(claim);
  return std::all_of(claims.begin(), claims.end(),
                     [&](const Clause& clause) { return ForcesAgree(clause, sources); });
}

}  // namespace policykb
