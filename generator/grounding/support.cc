#include "generator/grounding/support.h"

#include <algorithm>
#include <string>

#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "generator/grounding/in_place.h"
#include "generator/grounding/polarity.h"
#include "generator/grounding/titles.h"

namespace policykb {
namespace {

// A window of sentences grows by one only when that one adds this share of the claim's terms.
constexpr double kGrowthGain = 0.08;
constexpr size_t kMaxWindow = 4;
// A claim may retell a list, which is one sentence of many lines.
constexpr size_t kMaxListWindow = 16;
// Windows this close to the best may be taken instead when their quantities agree.
constexpr double kTie = 0.02;
// What one of several cited passages must add to stay cited.
constexpr double kContribution = 0.15;
// A clause of a claim with fewer of its terms in the source than this share is not borne by it.
constexpr double kClauseCoverage = 0.3;
// Characters beside a quantity that show that two quantities stand in the same place.
constexpr size_t kCharsBefore = 3;
constexpr size_t kCharsBehind = 4;
// Score of a claim whose wording could not be compared.
constexpr double kCrossLanguageScore = 0.5;

using TermSet = std::vector<bool>;  // by index of the claim's terms

void MarkTerms(const ClaimParts& claim, const std::vector<std::string>& known, TermSet& marks) {
  for (size_t i = 0; i < claim.terms.size(); ++i) {
    if (!marks[i] && std::binary_search(known.begin(), known.end(), claim.terms[i]))
      marks[i] = true;
  }
}

// Consecutive units of one passage and what they share with the claim.
struct Window {
  const PassageEvidence* evidence = nullptr;
  size_t first = 0;
  size_t last = 0;  // inclusive
  TermSet marks = {};
  double coverage = 0;
  size_t quantities = 0;  // of the claim's that agree
};

bool AnyAgrees(const Quantity& stated, const std::vector<Quantity>& sources) {
  return std::any_of(sources.begin(), sources.end(),
                     [&](const Quantity& source) { return Agrees(stated, source); });
}

bool HoldsQuantity(const Window& window, const Quantity& stated) {
  for (size_t i = window.first; i <= window.last; ++i) {
    if (AnyAgrees(stated, window.evidence->units()[i].quantities)) return true;
  }
  return AnyAgrees(stated, window.evidence->context_quantities());
}

// Terms of titles and labels need no support by the text: share of the other terms that are marked.
class CoverageCounter {
 public:
  CoverageCounter(const ClaimParts& claim, const PassageEvidence& evidence)
      : context_(claim.terms.size(), false) {
    MarkTerms(claim, evidence.context_terms(), context_);
  }
  void Merge(const CoverageCounter& other) {
    for (size_t i = 0; i < context_.size(); ++i) {
      if (other.context_[i]) context_[i] = true;
    }
  }
  double Of(const TermSet& marks) const {
    size_t total = 0;
    size_t held = 0;
    for (size_t i = 0; i < marks.size(); ++i) {
      if (marks[i]) ++held;
      if (marks[i] || !context_[i]) ++total;
    }
    return total == 0 ? 0 : static_cast<double>(held) / static_cast<double>(total);
  }

 private:
  TermSet context_;
};

Window BestWindow(const ClaimParts& claim, const PassageEvidence& evidence,
                  const CoverageCounter& counter) {
  const std::vector<EvidenceUnit>& units = evidence.units();
  std::vector<Window> windows;
  double best = 0;
  for (size_t first = 0; first < units.size(); ++first) {
    Window window{.evidence = &evidence, .first = first, .last = first};
    window.marks.resize(claim.terms.size());
    MarkTerms(claim, units[first].terms, window.marks);
    window.coverage = counter.Of(window.marks);
    // What holds next to nothing of the claim would bring in its numbers and no more.
    const size_t end = window.coverage < kGrowthGain ? first + 1 : units.size();
    for (size_t next = first + 1; next < end; ++next) {
      const bool in_list = units[next].listed && units[next - 1].listed;
      if (next >= first + (in_list ? kMaxListWindow : kMaxWindow)) break;
      TermSet marks = window.marks;
      MarkTerms(claim, units[next].terms, marks);
      const double coverage = counter.Of(marks);
      if (coverage < window.coverage + kGrowthGain) break;
      window.marks = std::move(marks);
      window.coverage = coverage;
      window.last = next;
    }
    best = std::max(best, window.coverage);
    windows.push_back(std::move(window));
  }
  Window chosen{.evidence = &evidence};
  chosen.marks.resize(claim.terms.size());
  bool has_chosen = false;
  for (Window& window : windows) {
    if (window.coverage + kTie < best) continue;
    for (const Quantity& quantity : claim.quantities) {
      if (HoldsQuantity(window, quantity)) ++window.quantities;
    }
    const auto rank = [](const Window& w) { return w.last - w.first; };
    if (!has_chosen || window.quantities > chosen.quantities ||
        (window.quantities == chosen.quantities && window.coverage > chosen.coverage) ||
        (window.quantities == chosen.quantities && window.coverage == chosen.coverage &&
         rank(window) < rank(chosen))) {
      chosen = std::move(window);
      has_chosen = true;
    }
  }
  return chosen;
}

Span SpanOf(const Window& window) {
  const std::vector<EvidenceUnit>& units = window.evidence->units();
  return {units[window.first].span.start, units[window.last].span.end};
}

bool IsPlaceInArticle(const Quantity& quantity) {
  return quantity.kind == QuantityKind::kProvision &&
         (quantity.unit == "款" || quantity.unit == "项" || quantity.unit == "目");
}

// True when one of the units that bear the claim stands in that paragraph or item of its article,
// which no text says.
bool StandsInPlace(const Window& window, const Quantity& place) {
  if (!window.evidence->knows_places()) return true;
  for (size_t i = window.first; i <= window.last; ++i) {
    const EvidenceUnit& unit = window.evidence->units()[i];
    if (place.unit == "款" && std::to_string(unit.paragraph) == place.value) return true;
    if (place.unit == "项" && std::to_string(unit.item) == place.value) return true;
    if (place.unit == "目") return true;
  }
  return false;
}

// "One" of what is only counted is as often an article as a number.
bool IsBareOne(const Quantity& quantity) {
  return quantity.kind == QuantityKind::kMeasure && quantity.value == "1" && quantity.unit.empty();
}

bool IsInTitle(const ClaimParts& claim, const Quantity& quantity) {
  return std::any_of(claim.titles.begin(), claim.titles.end(), [&](const NamedTitle& title) {
    return title.span.start <= quantity.span.start && quantity.span.end <= title.span.end;
  });
}

bool QuantitiesHold(const ClaimParts& claim, const std::vector<Window>& windows) {
  const auto any = [&](auto holds) { return std::any_of(windows.begin(), windows.end(), holds); };
  for (const Quantity& quantity : claim.quantities) {
    if (IsBareOne(quantity) || IsInTitle(claim, quantity)) continue;
    if (any([&](const Window& window) { return HoldsQuantity(window, quantity); })) continue;
    if (IsPlaceInArticle(quantity) &&
        any([&](const Window& window) { return StandsInPlace(window, quantity); })) {
      continue;
    }
    return false;
  }
  return true;
}

bool TitlesHold(const ClaimParts& claim, const std::vector<Window>& windows) {
  return std::all_of(claim.titles.begin(), claim.titles.end(), [&](const NamedTitle& named) {
    return std::any_of(windows.begin(), windows.end(), [&](const Window& window) {
      return MeansTitle(named.title, window.evidence->title()) ||
             NamesTitle(window.evidence->normalized(), named.title);
    });
  });
}

std::string SourceText(const std::vector<Window>& windows) {
  std::string text;
  for (const Window& window : windows) {
    for (size_t i = window.first; i <= window.last; ++i) {
      text += Cat(window.evidence->units()[i].normalized, "\n");
    }
  }
  return text;
}

std::string_view CharsBefore(std::string_view text, size_t at) {
  size_t start = at;
  for (size_t i = 0; i < kCharsBefore; ++i) {
    if (start == 0) return {};
    start = FloorToChar(text, start - 1);
  }
  return text.substr(start, at - start);
}

std::string_view CharsBehind(std::string_view text, size_t at) {
  size_t end = at;
  for (size_t i = 0; i < kCharsBehind; ++i) {
    if (end >= text.size()) return {};
    end += DecodeChar(text, end).size;
  }
  return text.substr(at, end - at);
}

// False when a quantity of the claim stands where the source has others only: between the same
// characters on one side.
bool QuantitiesAgreeInPlace(const ClaimParts& claim, std::string_view source,
                            const std::vector<Quantity>& known) {
  const auto agrees = [&](const Quantity& stated, auto neighbours) {
    const std::string_view place = neighbours(claim.normalized, stated);
    if (place.empty()) return true;
    bool found = false;
    for (const Quantity& quantity : known) {
      if (neighbours(source, quantity) != place) continue;
      if (Agrees(stated, quantity)) return true;
      found = true;
    }
    return !found;
  };
  const auto before = [](std::string_view text, const Quantity& quantity) {
    return CharsBefore(text, quantity.span.start);
  };
  const auto behind = [](std::string_view text, const Quantity& quantity) {
    return CharsBehind(text, quantity.span.end);
  };
  return std::all_of(claim.quantities.begin(), claim.quantities.end(), [&](const Quantity& stated) {
    return stated.kind == QuantityKind::kProvision ||
           (agrees(stated, before) && agrees(stated, behind));
  });
}

// True when every clause of the claim that says enough is borne; `held` are the terms that are.
bool EveryClauseHolds(const ClaimParts& claim, const std::vector<std::string>& held,
                      const std::vector<std::string>& context) {
  const auto has = [](const std::vector<std::string>& sorted, const std::string& term) {
    return std::binary_search(sorted.begin(), sorted.end(), term);
  };
  return std::all_of(claim.clauses.begin(), claim.clauses.end(), [&](const auto& terms) {
    size_t borne = 0;
    for (const std::string& term : terms) borne += has(held, term) || has(context, term) ? 1 : 0;
    return static_cast<double>(borne) >= kClauseCoverage * static_cast<double>(terms.size());
  });
}

Objection FindObjection(const ClaimParts& claim, const std::vector<Window>& windows) {
  if (!QuantitiesHold(claim, windows)) return Objection::kQuantity;
  if (!TitlesHold(claim, windows)) return Objection::kTitle;
  const std::string source = SourceText(windows);
  const std::vector<Quantity> known = FindQuantities(source);
  if (!QuantitiesAgreeInPlace(claim, source, known)) return Objection::kQuantity;
  switch (FindDifferenceInPlace(claim.normalized, claim.quantities, source, known)) {
    case Difference::kNone:
      break;
    case Difference::kQuantity:
      return Objection::kQuantity;
    case Difference::kPolarity:
      return Objection::kPolarity;
    case Difference::kTooLong:
      return Objection::kWording;
  }
  return PolarityAgrees(claim.normalized, source) ? Objection::kNone : Objection::kPolarity;
}

SupportVerdict CheckAcrossLanguages(const ClaimParts& claim,
                                    std::span<const PassageEvidence* const> passages) {
  SupportVerdict verdict{.cross_language = true};
  if (claim.quantities.empty()) return verdict;
  // Every quantity must stand in one unit each; the units that hold most of them are cited.
  std::vector<Window> windows;
  for (const PassageEvidence* evidence : passages) {
    Window best;
    for (size_t i = 0; i < evidence->units().size(); ++i) {
      Window window{.evidence = evidence, .first = i, .last = i};
      for (const Quantity& quantity : claim.quantities) {
        if (HoldsQuantity(window, quantity)) ++window.quantities;
      }
      if (window.quantities > best.quantities) best = window;
    }
    if (best.evidence != nullptr) windows.push_back(best);
  }
  if (windows.empty() || !QuantitiesHold(claim, windows)) {
    verdict.objection = Objection::kQuantity;
    return verdict;
  }
  verdict.support = v1::SUPPORT_PARTLY_SUPPORTED;
  verdict.objection = Objection::kNone;
  verdict.score = kCrossLanguageScore;
  for (const Window& window : windows) {
    verdict.spans.push_back({window.evidence, SpanOf(window)});
  }
  return verdict;
}

}  // namespace

SupportVerdict CheckSupport(std::string_view claim,
                            std::span<const PassageEvidence* const> passages,
                            const SupportThresholds& thresholds) {
  return CheckSupport(ReadClaim(claim), passages, thresholds);
}

SupportVerdict CheckSupport(const ClaimParts& claim,
                            std::span<const PassageEvidence* const> passages,
                            const SupportThresholds& thresholds) {
  std::vector<const PassageEvidence*> same;
  for (const PassageEvidence* evidence : passages) {
    if (!evidence->units().empty() && evidence->is_chinese() == claim.is_chinese)
      same.push_back(evidence);
  }
  if (same.empty()) {
    return passages.empty() ? SupportVerdict{} : CheckAcrossLanguages(claim, passages);
  }
  if (claim.terms.empty() && claim.quantities.empty()) return {};

  std::vector<Window> windows;
  CoverageCounter all(claim, *same.front());
  for (const PassageEvidence* evidence : same) {
    const CoverageCounter counter(claim, *evidence);
    all.Merge(counter);
    Window window = BestWindow(claim, *evidence, counter);
    if (window.coverage > 0 || window.quantities > 0) windows.push_back(std::move(window));
  }
  // The passages that bear most come first; the others stay when they add something.
  std::stable_sort(windows.begin(), windows.end(),
                   [](const Window& a, const Window& b) { return a.coverage > b.coverage; });
  TermSet marks(claim.terms.size());
  std::vector<Window> kept;
  for (Window& window : windows) {
    TermSet with = marks;
    for (size_t i = 0; i < with.size(); ++i) with[i] = with[i] || window.marks[i];
    const bool adds_words = all.Of(with) >= all.Of(marks) + kContribution;
    const bool adds_quantity = std::any_of(
        claim.quantities.begin(), claim.quantities.end(), [&](const Quantity& quantity) {
          return HoldsQuantity(window, quantity) &&
                 std::none_of(kept.begin(), kept.end(),
                              [&](const Window& known) { return HoldsQuantity(known, quantity); });
        });
    if (!kept.empty() && !adds_words && !(adds_quantity && window.coverage >= kContribution)) {
      continue;
    }
    marks = std::move(with);
    kept.push_back(std::move(window));
  }
  SupportVerdict verdict;
  verdict.score = all.Of(marks);
  if (claim.terms.empty()) verdict.score = kPartlySupportedScore;
  if (kept.empty() || verdict.score < thresholds.partly) return verdict;
  verdict.objection = FindObjection(claim, kept);
  if (verdict.objection != Objection::kNone) return verdict;
  std::vector<std::string> held;
  for (size_t i = 0; i < marks.size(); ++i) {
    if (marks[i]) held.push_back(claim.terms[i]);
  }
  std::vector<std::string> context;
  for (const Window& window : kept) {
    const std::vector<std::string>& terms = window.evidence->context_terms();
    context.insert(context.end(), terms.begin(), terms.end());
  }
  std::sort(context.begin(), context.end());
  const bool supported =
      verdict.score >= thresholds.supported && EveryClauseHolds(claim, held, context);
  verdict.support = supported ? v1::SUPPORT_SUPPORTED : v1::SUPPORT_PARTLY_SUPPORTED;
  for (const Window& window : kept) verdict.spans.push_back({window.evidence, SpanOf(window)});
  return verdict;
}

}  // namespace policykb
