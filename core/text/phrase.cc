#include "core/text/phrase.h"

#include <utility>

#include "core/base/strings.h"
#include "core/text/analyzer.h"

namespace policykb {

namespace {

// No term holds it.
constexpr char kUnitEnd = '\x1F';

}  // namespace

std::vector<PhraseUnit> PhraseUnits(std::string_view text) {
  std::vector<PhraseUnit> units;
  bool before_is_word = false;
  for (Term& term : Analyze(text)) {
    if (term.kind == TermKind::kBigram) continue;
    const bool is_word = term.kind == TermKind::kWord;
    bool follows = false;
    if (!units.empty() && units.back().span.end <= term.span.start) {
      const std::string_view between =
          text.substr(units.back().span.end, term.span.start - units.back().span.end);
      follows =
          between.empty() || ((is_word || before_is_word) && (between == " " || between == "-"));
    }
    before_is_word = is_word;
    units.push_back({.text = std::move(term.text), .span = term.span, .follows = follows});
  }
  return units;
}

std::string PhraseKey(std::string_view text) {
  std::string key;
  for (const PhraseUnit& unit : PhraseUnits(text)) {
    if (!key.empty() && !unit.follows) return "";
    key += PhraseKeyOf(unit);
  }
  return key;
}

std::string PhraseKeyOf(const PhraseUnit& unit) { return Cat(unit.text, kUnitEnd); }

}  // namespace policykb
