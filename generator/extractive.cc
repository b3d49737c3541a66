#include "generator/extractive.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "core/text/analyzer.h"
#include "core/text/answer_kind.h"
#include "core/text/function_words.h"
#include "core/text/utf8.h"
#include "generator/asked_quantity.h"
#include "generator/text_blocks.h"

namespace policykb {
namespace {

constexpr size_t kMaxPassages = 3;  // quoted for what they add
// Scores are log odds but for a constant: two less is a seventh of the chance. With these the
// articles that answer stard-r dev questions are quoted more often than they are among the first
// three hits, at 3.2 articles an answer.
constexpr size_t kMaxNearHits = 4;
constexpr double kNearScore = 2;
constexpr size_t kMaxHits = 5;  // looked at
constexpr size_t kMaxExtracts = 5;
// Lengths in Han characters; other characters count a third.
constexpr double kMaxLength = 900;
constexpr double kMaxBlockLength = 900;      // of an enumeration that is kept whole
constexpr double kShortPassageLength = 160;  // quoted whole
constexpr double kShortSectionLength = 300;  // a section of a guide, quoted whole
constexpr double kRankWeight[kMaxHits] = {1.0, 0.6, 0.5, 0.4, 0.35};
// What a quantity of the kind that is asked for adds, as a share of all terms, where the candidate
// is on the matter.
constexpr double kAskedQuantityGain = 0.35;
constexpr double kRepeatWeight = 0.25;  // of a question term that was quoted before
constexpr double kMinGain = 0.12;       // what a further extract must add, as a share of all terms
constexpr double kMinGainElsewhere = 0.2;    // the same for one of another passage than the best
constexpr double kMinSharedQuestion = 0.35;  // of the terms of an entry's own question
constexpr double kMaxRepetition = 0.7;       // share of an extract's terms that were quoted before

double Length(std::string_view text) {
  double length = 0;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    at += c.size;
    length += IsHan(c.code) ? 1.0 : 1.0 / 3;
  }
  return length;
}

std::set<std::string> TermsOf(std::string_view text) {
  std::set<std::string> terms;
  for (Term& term : Analyze(text)) {
    if (term.kind != TermKind::kUnigram) terms.insert(std::move(term.text));
  }
  return terms;
}

// An entry of a question-and-answer text answers its own question. Quoted under another one it may
// say the opposite.
bool AnswersAnotherQuestion(const v1::Passage& passage, const std::set<std::string>& asked) {
  const std::string& label = passage.provision_label();
  if (!label.ends_with("？") && !label.ends_with("?")) return false;
  size_t own = 0;
  size_t shared = 0;
  for (const Term& term : Analyze(label)) {
    if (term.kind == TermKind::kUnigram || IsFunctionWord(term.text, term.kind)) continue;
    ++own;
    shared += asked.contains(term.text) ? 1 : 0;
  }
  return static_cast<double>(shared) < kMinSharedQuestion * static_cast<double>(own);
}

// Terms of a document's title that the question has.
size_t TitleShare(const v1::Passage& passage, const std::set<std::string>& asked) {
  size_t shared = 0;
  for (const std::string& term : TermsOf(passage.document_title()))
    shared += asked.contains(term) ? 1 : 0;
  return shared;
}

// A guide is about one matter, and all guides have sections of the same kinds: one whose title has
// less of the question than that of the guide found first is about another.
bool IsOfAnotherMatter(const v1::Passage& passage, const v1::Passage& first,
                       const std::set<std::string>& asked) {
  return passage.kind() == "guide" && first.kind() == "guide" &&
         passage.document() != first.document() &&
         TitleShare(passage, asked) < TitleShare(first, asked);
}

struct Candidate {
  size_t hit = 0;
  Span span;
  double length = 0;
  std::set<std::string> terms = {};
  bool holds_asked = false;  // a quantity of the kind asked for
};

// True for what is quoted whole: a short passage, a short section of a guide, and a longer one that
// is headed by what is asked for.
bool IsQuotedWhole(const v1::Passage& passage, AnswerKinds kinds) {
  const double length = Length(passage.text());
  if (length <= kShortPassageLength) return true;
  if (!passage.address().starts_with('s')) return false;
  if (length <= kShortSectionLength) return true;
  const std::vector<std::string> headings(passage.heading_path().begin(),
                                          passage.heading_path().end());
  return length <= kMaxBlockLength && (HeadedKinds(headings) & kinds) != 0;
}

// White space is left out at both ends, so that a quote begins and ends with what people read.
Span WholeText(std::string_view text) {
  const std::vector<RoleSentence> sentences = FindSentenceRoles(text);
  if (sentences.empty()) return {};
  return {sentences.front().span.start, sentences.back().span.end};
}

// Sentences of a passage, those that hang together in one.
std::vector<Span> Blocks(std::string_view text) {
  const std::vector<RoleSentence> sentences = FindSentenceRoles(text);
  std::vector<Span> blocks;
  for (size_t first = 0; first < sentences.size();) {
    size_t last = first;
    const auto hangs_on_block = [&](const RoleSentence& next) {
      const bool listed =
          next.role == SentenceRole::kEnumerated || next.role == SentenceRole::kTableRow;
      if (!listed) return false;
      // A list without a lead-in hangs together by itself.
      return next.hangs_on == first || sentences[first].role == next.role;
    };
    while (last + 1 < sentences.size() && hangs_on_block(sentences[last + 1])) ++last;
    const Span block{sentences[first].span.start, sentences[last].span.end};
    if (sentences[first].role == SentenceRole::kHeading) {
      // A heading alone answers nothing.
    } else if (last > first && Length(Slice(text, block)) > kMaxBlockLength) {
      for (size_t i = first; i <= last; ++i) blocks.push_back(sentences[i].span);
    } else {
      blocks.push_back(block);
    }
    first = last + 1;
  }
  return blocks;
}

std::vector<Candidate> FindCandidates(const std::vector<const v1::Passage*>& hits,
                                      AskedQuantity asked, AnswerKinds kinds) {
  std::vector<Candidate> candidates;
  for (size_t hit = 0; hit < hits.size() && hit < kMaxHits; ++hit) {
    const std::string_view text = hits[hit]->text();
    std::vector<Span> spans;
    if (IsQuotedWhole(*hits[hit], kinds)) {
      spans = {WholeText(text)};
    } else {
      spans = Blocks(text);
    }
    for (const Span span : spans) {
      if (span.empty()) continue;
      const std::string_view words = Slice(text, span);
      candidates.push_back({.hit = hit,
                            .span = span,
                            .length = Length(words),
                            .terms = TermsOf(words),
                            .holds_asked = HoldsAskedQuantity(words, asked)});
    }
  }
  return candidates;
}

// Weight of each term of the question that some hit holds: ln(1 + (N - df + .5) / (df + .5)), the
// idf of BM25 (Robertson and Zaragoza 2009, eq. 3.3, with 1 added) over the N hits.
std::map<std::string, double> WeighTerms(std::string_view question,
                                         const std::vector<const v1::Passage*>& hits) {
  std::map<std::string, double> holders;
  for (const std::string& term : TermsOf(question)) holders[term] = 0;
  for (const v1::Passage* hit : hits) {
    const std::set<std::string> known = TermsOf(hit->text());
    for (auto& [term, count] : holders) {
      if (known.contains(term)) count += 1;
    }
  }
  const double total = static_cast<double>(hits.size());
  std::map<std::string, double> weights;
  for (const auto& [term, count] : holders) {
    if (count > 0) weights[term] = std::log(1 + (total - count + 0.5) / (count + 0.5));
  }
  return weights;
}

class Chooser {
 public:
  Chooser(const std::map<std::string, double>& weights, std::vector<Candidate> candidates)
      : weights_(weights), candidates_(std::move(candidates)), taken_(candidates_.size(), false) {
    for (const auto& [term, weight] : weights_) total_ += weight;
  }

  // Each of `near` is quoted if it can be, the first hit in any case.
  std::vector<Candidate> Run(const std::vector<size_t>& near) {
    TakeBestOf(0);
    for (const size_t hit : near) {
      if (hit > 0) TakeBestOf(hit);
    }
    while (count_ < kMaxExtracts && TakeBest()) {
    }
    std::vector<Candidate> chosen;
    // Candidates stand in reading order.
    for (size_t i = 0; i < candidates_.size(); ++i) {
      if (taken_[i]) chosen.push_back(std::move(candidates_[i]));
    }
    return chosen;
  }

 private:
  // What the candidate adds, as a share of the weight of all terms.
  double Gain(const Candidate& candidate) const {
    if (total_ == 0) return 0;
    double gain = 0;
    for (const auto& [term, weight] : weights_) {
      if (!candidate.terms.contains(term)) continue;
      gain += quoted_.contains(term) ? kRepeatWeight * weight : weight;
    }
    gain /= total_;
    if (candidate.holds_asked && gain > 0 && !quoted_asked_) gain += kAskedQuantityGain;
    return gain;
  }

  bool Repeats(const Candidate& candidate) const {
    if (candidate.terms.empty()) return true;
    size_t known = 0;
    for (const std::string& term : candidate.terms) known += quoted_.contains(term) ? 1 : 0;
    return static_cast<double>(known) >
           kMaxRepetition * static_cast<double>(candidate.terms.size());
  }

  void Take(size_t candidate) {
    taken_[candidate] = true;
    length_ += candidates_[candidate].length;
    quoted_.insert(candidates_[candidate].terms.begin(), candidates_[candidate].terms.end());
    quoted_asked_ = quoted_asked_ || candidates_[candidate].holds_asked;
    quoted_hits_.insert(candidates_[candidate].hit);
    ++count_;
  }

  // Takes the candidate of a hit that adds most; the best hit's whatever it adds.
  void TakeBestOf(size_t hit) {
    size_t best = candidates_.size();
    double best_gain = -1;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const Candidate& candidate = candidates_[i];
      if (candidate.hit != hit) continue;
      if (hit > 0 && (Repeats(candidate) || length_ + candidate.length > kMaxLength ||
                      (quoted_asked_ && !candidate.holds_asked))) {
        continue;
      }
      if (const double gain = Gain(candidate); gain > best_gain) {
        best = i;
        best_gain = gain;
      }
    }
    if (best < candidates_.size()) Take(best);
  }

  // Takes the candidate that adds most.
  bool TakeBest() {
    size_t best = candidates_.size();
    double best_score = -1;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const Candidate& candidate = candidates_[i];
      if (taken_[i]) continue;
      const double gain = Gain(candidate);
      const double least = candidate.hit == candidates_.front().hit ? kMinGain : kMinGainElsewhere;
      const bool too_many =
          quoted_hits_.size() >= kMaxPassages && !quoted_hits_.contains(candidate.hit);
      // A hit far down counts only for the quantity that is asked for.
      const bool too_far =
          candidate.hit >= kMaxPassages && (!candidate.holds_asked || quoted_asked_);
      if (too_many || too_far || gain < least || length_ + candidate.length > kMaxLength ||
          Repeats(candidate))
        continue;
      const double score = gain * kRankWeight[candidate.hit];
      if (score > best_score) {
        best = i;
        best_score = score;
      }
    }
    if (best == candidates_.size()) return false;
    Take(best);
    return true;
  }

  const std::map<std::string, double>& weights_;
  std::vector<Candidate> candidates_;
  std::vector<bool> taken_;
  std::set<std::string> quoted_;
  std::set<size_t> quoted_hits_;
  bool quoted_asked_ = false;
  double total_ = 0;
  double length_ = 0;
  size_t count_ = 0;
};

}  // namespace

size_t CountNearHits(std::span<const double> scores) {
  size_t near = 0;
  while (near < scores.size() && near < kMaxNearHits &&
         scores[near] >= scores.front() - kNearScore) {
    ++near;
  }
  return near;
}

std::vector<Extract> ChooseExtracts(std::string_view question,
                                    const std::vector<const v1::Passage*>& hits, size_t near) {
  const std::set<std::string> asked = TermsOf(question);
  std::vector<const v1::Passage*> fitting;
  std::vector<size_t> near_fitting;
  for (size_t i = 0; i < hits.size(); ++i) {
    if (AnswersAnotherQuestion(*hits[i], asked)) continue;
    if (!fitting.empty() && IsOfAnotherMatter(*hits[i], *fitting.front(), asked)) continue;
    if (i < near) near_fitting.push_back(fitting.size());
    fitting.push_back(hits[i]);
  }
  if (fitting.empty()) fitting = hits;
  std::vector<Candidate> candidates =
      FindCandidates(fitting, FindAskedQuantity(question), AskedKinds(question));
  if (candidates.empty()) return {};
  const std::map<std::string, double> weights = WeighTerms(question, fitting);
  std::vector<Extract> extracts;
  for (const Candidate& chosen : Chooser(weights, std::move(candidates)).Run(near_fitting)) {
    extracts.push_back({fitting[chosen.hit], chosen.span});
  }
  return extracts;
}

}  // namespace policykb
