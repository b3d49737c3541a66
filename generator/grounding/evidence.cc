#include "generator/grounding/evidence.h"

#include <algorithm>

#include "core/base/strings.h"
#include "core/text/analyzer.h"
#include "core/text/normalize.h"
#include "core/text/utf8.h"
#include "generator/text_blocks.h"

namespace policykb {
namespace {

// Characters that only join others; a bigram with one of them depends on word order alone.
constexpr std::string_view kParticles = "的了是您你们其该则";
// Characters that carry no matter of their own; a term of such characters alone is no evidence.
constexpr std::string_view kFunctionChars = "在和与及或等将被由对于为此我也并且而以可应当";

bool IsFunctionTerm(const Term& term) {
  bool all = true;
  for (size_t at = 0; at < term.text.size();) {
    const size_t size = DecodeChar(term.text, at).size;
    const std::string_view c = std::string_view(term.text).substr(at, size);
    if (size > 1 && kParticles.find(c) != std::string_view::npos) return true;
    if (size == 1 || kFunctionChars.find(c) == std::string_view::npos) all = false;
    at += size;
  }
  return all;
}

}  // namespace

bool IsMostlyChinese(std::string_view text) {
  size_t han = 0;
  size_t words = 0;
  bool in_word = false;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    at += c.size;
    const bool letter = (c.code >= 'a' && c.code <= 'z') || (c.code >= 'A' && c.code <= 'Z');
    if (letter && !in_word) ++words;
    in_word = letter;
    if (IsHan(c.code)) ++han;
  }
  return han >= words;
}

std::vector<std::string> OverlapTerms(std::string_view normalized,
                                      const std::vector<Quantity>& quantities) {
  std::vector<std::string> terms;
  for (Term& term : Analyze(MaskQuantities(normalized, quantities))) {
    if (term.kind == TermKind::kUnigram || IsFunctionTerm(term)) continue;
    terms.push_back(std::move(term.text));
  }
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

PassageEvidence::PassageEvidence(const v1::Passage& passage)
    : passage_(&passage), is_chinese_(IsMostlyChinese(passage.text())) {
  const std::string_view text = passage.text();
  const std::vector<RoleSentence> sentences = FindSentenceRoles(text);
  units_.reserve(sentences.size());
  for (size_t i = 0; i < sentences.size(); ++i) {
    EvidenceUnit unit{.span = sentences[i].span};
    std::string_view lead_in;
    if (sentences[i].hangs_on != i) lead_in = Slice(text, sentences[sentences[i].hangs_on].span);
    unit.normalized =
        NormalizeForMatch(Cat(lead_in, lead_in.empty() ? "" : "\n", Slice(text, unit.span)));
    unit.quantities = FindQuantities(unit.normalized);
    unit.terms = OverlapTerms(unit.normalized, unit.quantities);
    units_.push_back(std::move(unit));
  }
  std::string context = Cat(passage.document_title(), "\n", passage.label(), "\n",
                            passage.provision_label(), "\n", passage.document_number());
  for (const std::string& heading : passage.heading_path()) context += Cat("\n", heading);
  context_ = NormalizeForMatch(context);
  context_quantities_ = FindQuantities(context_);
  context_terms_ = OverlapTerms(context_, context_quantities_);
  normalized_ = NormalizeForMatch(text);
}

}  // namespace policykb
