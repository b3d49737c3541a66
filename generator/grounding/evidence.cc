#include "generator/grounding/evidence.h"

#include <algorithm>

#include "core/base/strings.h"
#include "core/text/analyzer.h"
#include "core/text/normalize.h"
#include "core/text/numerals.h"
#include "core/text/utf8.h"
#include "generator/grounding/titles.h"
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

// True when only white space stands before `at` in its line.
bool BeginsLine(std::string_view text, size_t at) {
  std::string_view before = text.substr(0, at);
  for (;;) {
    if (before.ends_with(' ') || before.ends_with('\t')) {
      before.remove_suffix(1);
    } else if (before.ends_with("　")) {
      before.remove_suffix(std::string_view("　").size());
    } else {
      return before.empty() || before.ends_with('\n') || before.ends_with('\r');
    }
  }
}

// The numeral in brackets, or before a comma of enumeration, that a listed line begins with; else
// 0.
int64_t ItemNumber(std::string_view line) {
  for (const std::string_view bracket : {"(", "（"}) {
    if (line.starts_with(bracket)) line.remove_prefix(bracket.size());
  }
  const auto numeral = ConsumeNumeral(line);
  return numeral ? numeral->value : 0;
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

std::string NormalizeForGrounding(std::string_view text) {
  std::string plain;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    if (c.code >= 0x2460 && c.code <= 0x249B) {
      plain += ' ';
    } else {
      plain += text.substr(at, c.size);
    }
    at += c.size;
  }
  return NormalizeForMatch(plain);
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
    : passage_(&passage),
      title_(PlainTitle(NormalizeForMatch(passage.document_title()))),
      knows_places_(passage.address().starts_with("art") &&
                    passage.name().find('~') == std::string::npos),
      is_chinese_(IsMostlyChinese(passage.text())) {
  const std::string_view text = passage.text();
  const std::vector<RoleSentence> sentences = FindSentenceRoles(text);
  units_.reserve(sentences.size());
  int paragraph = 0;
  for (size_t i = 0; i < sentences.size(); ++i) {
    EvidenceUnit unit{.span = sentences[i].span};
    std::string_view lead_in;
    if (sentences[i].hangs_on != i) lead_in = Slice(text, sentences[sentences[i].hangs_on].span);
    unit.normalized =
        NormalizeForGrounding(Cat(lead_in, lead_in.empty() ? "" : "\n", Slice(text, unit.span)));
    unit.quantities = FindQuantities(unit.normalized);
    unit.terms = OverlapTerms(unit.normalized, unit.quantities);
    const bool listed = sentences[i].role == SentenceRole::kEnumerated;
    if (!listed && BeginsLine(text, unit.span.start)) ++paragraph;
    unit.paragraph = std::max(paragraph, 1);
    unit.listed = listed;
    if (listed) unit.item = ItemNumber(Slice(text, unit.span));
    units_.push_back(std::move(unit));
  }
  std::string context = Cat(passage.document_title(), "\n", passage.label(), "\n",
                            passage.provision_label(), "\n", passage.document_number());
  for (const std::string& heading : passage.heading_path()) context += Cat("\n", heading);
  context_ = NormalizeForGrounding(context);
  context_quantities_ = FindQuantities(context_);
  context_terms_ = OverlapTerms(context_, context_quantities_);
  normalized_ = NormalizeForGrounding(text);
}

}  // namespace policykb
