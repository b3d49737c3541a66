#include "tools/grounding_calibration.h"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/sentences.h"
#include "core/text/utf8.h"
#include "generator/grounding/grounder.h"
#include "generator/grounding/support.h"
#include "generator/text_blocks.h"
#include "tools/claim_changes.h"
#include "tools/numbers.h"
#include "tools/passage_catalog.h"
#include "tools/wording.h"

namespace policykb {

namespace {

constexpr size_t kPassagesAtOnce = 10;
constexpr size_t kNumbersPerClaim = 4;
constexpr size_t kFlipsPerClaim = 3;
constexpr size_t kMinSentenceChars = 12;
constexpr double kFirstThreshold = 0.2;
constexpr double kThresholdStep = 0.05;

double Threshold(size_t i) { return kFirstThreshold + kThresholdStep * static_cast<double>(i); }

using Evidences = std::vector<const PassageEvidence*>;

// A claim that is true, with the passages that bear it and others that do not.
struct TrueClaim {
  std::string text;
  std::string kind;
  Evidences bearing;
  Evidences other_article;  // of the same law; empty when there is none
  Evidences other_law;
  Evidences found;  // ten passages, those that bear it among them
};

class Calibrator {
 public:
  Calibrator(const LocalSearcher& searcher, const AccessByLabels& access,
             const GroundingCalibrationOptions& options)
      : access_(access), options_(options), searcher_(searcher), random_(options.seed) {}

  absl::StatusOr<GroundingCalibration> Run() {
    ASSIGN_OR_RETURN(const QuestionSet questions, QuestionSet::Read(options_));
    std::map<std::string, std::string> answers;
    if (!options_.answers.empty()) {
      ASSIGN_OR_RETURN(answers, ReadAnswers(options_.answers));
    }
    catalog_ = std::make_unique<PassageCatalog>(searcher_.snapshot(), questions);
    std::vector<std::pair<const Topic*, std::vector<size_t>>> judged;
    for (const Topic& topic : questions.topics()) {
      const std::set<std::string>* relevant = questions.RelevantTo(topic);
      if (relevant == nullptr) continue;
      std::vector<size_t> gold;
      for (const std::string& unit : *relevant) {
        const std::vector<size_t>& of_unit = catalog_->OfUnit(unit);
        gold.insert(gold.end(), of_unit.begin(), of_unit.end());
      }
      if (!gold.empty()) judged.emplace_back(&topic, std::move(gold));
    }
    std::set<size_t> quoted;  // passages whose sentences were taken
    for (size_t i = 0; i < judged.size(); ++i) {
      const auto& [topic, gold] = judged[i];
      ++report_.topics;
      TrueClaim claim;
      ASSIGN_OR_RETURN(claim.bearing, Load(*topic, gold));
      if (claim.bearing.empty()) continue;
      ASSIGN_OR_RETURN(claim.found, Found(questions, *topic, claim.bearing));
      // The next topic whose first article is of another law.
      for (size_t step = 1; step < judged.size(); ++step) {
        const size_t other = judged[(i + step) % judged.size()].second.front();
        ASSIGN_OR_RETURN(claim.other_law, Load(*topic, {other}));
        if (!claim.other_law.empty() && IsOfAnotherLaw(claim)) break;
        claim.other_law.clear();
      }
      if (const auto answer = answers.find(topic->id); answer != answers.end()) {
        RETURN_IF_ERROR(CheckAnswer(*topic, gold.front(), answer->second, claim));
      }
      for (const size_t passage : gold) {
        if (!quoted.insert(passage).second) continue;
        RETURN_IF_ERROR(CheckArticle(*topic, passage, claim));
      }
    }
    std::sort(times_ms_.begin(), times_ms_.end());
    report_.timed = times_ms_.size();
    if (!times_ms_.empty()) {
      report_.p50_ms = times_ms_[times_ms_.size() / 2];
      report_.p99_ms = times_ms_[times_ms_.size() * 99 / 100];
    }
    if (!options_.failures.empty()) {
      RETURN_IF_ERROR(WriteFileAtomically(options_.failures, failures_));
    }
    return std::move(report_);
  }

 private:
  // The passages at those places that the topic's asker may see.
  absl::StatusOr<Evidences> Load(const Topic& topic, const std::vector<size_t>& places) {
    Evidences evidences;
    for (const size_t place : places) {
      auto [known, added] = evidence_.try_emplace(catalog_->entry(place).name);
      if (added) {
        v1::BatchGetPassagesRequest request;
        request.add_names(catalog_->entry(place).name);
        const absl::StatusOr<v1::BatchGetPassagesResponse> response =
            AccessOf(topic, access_).BatchGetPassages(request);
        if (absl::IsNotFound(response.status())) continue;
        RETURN_IF_ERROR(response.status());
        passages_.push_back(std::make_unique<v1::Passage>(response->passages(0)));
        known->second = std::make_unique<PassageEvidence>(*passages_.back());
      }
      if (known->second != nullptr) evidences.push_back(known->second.get());
    }
    return evidences;
  }

  // What is found for the topic, with `bearing` in the places of the last where it was not found.
  absl::StatusOr<Evidences> Found(const QuestionSet& questions, const Topic& topic,
                                  const Evidences& bearing) {
    ASSIGN_OR_RETURN(const SearchedTopic searched,
                     SearchTopic(questions, topic, access_, {.passages = kPassagesAtOnce}));
    std::set<std::string> names;
    for (const PassageEvidence* evidence : bearing) names.insert(evidence->passage().name());
    Evidences found;
    for (const v1::Hit& hit : searched.response.hits()) {
      if (found.size() + bearing.size() >= kPassagesAtOnce) break;
      if (names.contains(hit.passage().name())) continue;
      auto [known, added] = evidence_.try_emplace(hit.passage().name());
      if (known->second == nullptr) {
        passages_.push_back(std::make_unique<v1::Passage>(hit.passage()));
        known->second = std::make_unique<PassageEvidence>(*passages_.back());
      }
      found.push_back(known->second.get());
    }
    for (const PassageEvidence* evidence : bearing) {
      if (found.size() < kPassagesAtOnce) found.push_back(evidence);
    }
    return found;
  }

  // Several documents may be parts of one law: their titles differ, and none is in the other.
  static bool IsOfAnotherLaw(const TrueClaim& claim) {
    const std::string& other = claim.other_law.front()->title();
    return std::all_of(claim.bearing.begin(), claim.bearing.end(), [&](const auto* evidence) {
      return evidence->title().find(other) == std::string::npos &&
             other.find(evidence->title()) == std::string::npos;
    });
  }

  // True when the sentence says what the articles cannot bear: names an article or a law, in book
  // marks, that they neither are nor name, or a number that none of them has.
  static bool SaysMore(const std::string& sentence, const Evidences& bearing) {
    std::set<int64_t> articles, numbers;
    std::string known;
    for (const PassageEvidence* evidence : bearing) {
      const std::string text =
          Cat(evidence->passage().provision_label(), "\n", evidence->passage().text());
      for (const WrittenNumber& number : FindWrittenNumbers(text)) {
        (number.use == NumberUse::kProvision ? articles : numbers).insert(number.value);
      }
      known += Cat(PlainName(evidence->passage().document_title()), "\n", PlainName(text), "\n");
    }
    const std::string plain = ReplaceAll(sentence, " ", "");
    for (const WrittenNumber& number : FindWrittenNumbers(plain)) {
      const bool article = std::string_view(plain).substr(number.span.end).starts_with("条");
      if (number.use != NumberUse::kProvision) {
        if (!numbers.contains(number.value)) return true;
      } else if (article && !articles.contains(number.value)) {
        return true;
      }
    }
    constexpr std::string_view kOpen = "《";
    for (size_t at = plain.find(kOpen); at != std::string::npos; at = plain.find(kOpen, at + 1)) {
      const size_t end = plain.find("》", at);
      if (end == std::string::npos) break;
      if (known.find(PlainName(plain.substr(at, end - at))) == std::string::npos) return true;
    }
    return false;
  }

  // Without the names of laws and their articles, so that a sentence of names alone is no claim.
  static std::string WithoutNames(std::string_view sentence) {
    std::string plain;
    size_t depth = 0;
    for (size_t at = 0; at < sentence.size();) {
      const size_t size = DecodeChar(sentence, at).size;
      const std::string_view c = sentence.substr(at, size);
      if (c == "《") ++depth;
      if (depth == 0) plain += c;
      if (c == "》" && depth > 0) --depth;
      at += size;
    }
    for (;;) {
      const std::vector<WrittenNumber> numbers = FindWrittenNumbers(plain);
      const auto article = std::find_if(numbers.begin(), numbers.end(), [](const auto& number) {
        return number.use == NumberUse::kProvision;
      });
      if (article == numbers.end()) return plain;
      // From di to the word behind the number, three bytes each.
      plain.erase(article->span.start - 3, article->span.size() + 6);
    }
  }

  // Without the state's name, brackets and marks.
  static std::string PlainName(std::string name) {
    for (const std::string_view mark : {"《", "》", "〈", "〉", "<", ">", "中华人民共和国"})
      name = ReplaceAll(name, mark, "");
    return name;
  }

  absl::Status CheckAnswer(const Topic& topic, size_t gold, const std::string& answer,
                           TrueClaim& claim) {
    std::u32string source;
    for (const PassageEvidence* evidence : claim.bearing) {
      source += WordingChars(evidence->normalized()) + U"\n";
    }
    ASSIGN_OR_RETURN(claim.other_article, Load(topic, catalog_->Beside(gold)));
    for (const Span span : SplitSentences(answer)) {
      ++report_.sentences;
      claim.text = std::string(Slice(answer, span));
      if (SaysMore(claim.text, claim.bearing)) {
        ++report_.naming_sentences;
        continue;
      }
      switch (JudgeWording(WithoutNames(claim.text), source)) {
        case Wording::kQuoted:
          claim.kind = "answer, quoted";
          CheckWithChanges(claim);
          break;
        case Wording::kReworded:
          claim.kind = "answer, lightly reworded";
          CheckWithChanges(claim);
          break;
        case Wording::kParaphrased:
          Judge("true: answer, free paraphrase", true, claim.text, claim.bearing);
          break;
        case Wording::kOther:
          ++report_.other_sentences;
      }
    }
    return absl::OkStatus();
  }

  absl::Status CheckArticle(const Topic& topic, size_t place, TrueClaim claim) {
    ASSIGN_OR_RETURN(claim.bearing, Load(topic, {place}));
    if (claim.bearing.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(claim.other_article, Load(topic, catalog_->Beside(place)));
    const std::string& text = claim.bearing.front()->passage().text();
    claim.kind = "article, verbatim";
    for (const RoleSentence& sentence : FindSentenceRoles(text)) {
      if (sentence.role == SentenceRole::kHeading || sentence.role == SentenceRole::kTableRow) {
        continue;
      }
      claim.text = std::string(Slice(text, sentence.span));
      if (WordingChars(claim.text).size() >= kMinSentenceChars) CheckWithChanges(claim);
    }
    return absl::OkStatus();
  }

  void CheckWithChanges(const TrueClaim& claim) {
    Judge(Cat("true: ", claim.kind), true, claim.text, claim.bearing);
    JudgeAmong("true", true, claim.text, claim);
    CheckNumbers(claim);
    CheckForces(claim);
    CheckSwaps(claim);
  }

  void CheckNumbers(const TrueClaim& claim) {
    const std::vector<WrittenNumber> numbers = FindWrittenNumbers(claim.text);
    for (size_t i = 0; i < numbers.size() && i < kNumbersPerClaim; ++i) {
      const WrittenNumber& number = numbers[i];
      const int64_t altered = AlteredValue(number, random_() >> 32);
      const std::string text = WithNumber(claim.text, number, altered, number.form);
      Judge("false: altered number", false, text, claim.bearing);
      Judge(Cat("false: altered ", NameOf(number.use)), false, text, claim.bearing);
      JudgeAmong("altered number", false, text, claim);
      // The other forms of the same number, true and altered.
      for (const NumberForm form :
           {NumberForm::kChinese, NumberForm::kDigits, NumberForm::kCapitals}) {
        const bool fits = form != NumberForm::kCapitals || number.use == NumberUse::kMoney;
        if (!fits || form == number.form || number.value >= 10'000'000) continue;
        Judge(Cat("true: number as ", NameOf(form)), true,
              WithNumber(claim.text, number, number.value, form), claim.bearing);
        Judge(Cat("false: altered, as ", NameOf(form)), false,
              WithNumber(claim.text, number, altered, form), claim.bearing);
      }
      // One that stands elsewhere in the same passage is the hardest to see.
      for (const WrittenNumber& other :
           FindWrittenNumbers(claim.bearing.front()->passage().text())) {
        if (other.use != number.use || other.value == number.value) continue;
        Judge("false: number of another place of the passage", false,
              WithNumber(claim.text, number, other.value, number.form), claim.bearing);
        break;
      }
    }
  }

  void CheckForces(const TrueClaim& claim) {
    const std::vector<ForceFlip> flips = FlipForces(claim.text);
    for (size_t i = 0; i < flips.size() && i < kFlipsPerClaim; ++i) {
      Judge(flips[i].change == ForceChange::kModal ? "false: flipped modal word"
                                                   : "false: flipped negation or bound",
            false, flips[i].text, claim.bearing);
      Judge("false: flipped polarity", false, flips[i].text, claim.bearing);
      JudgeAmong("flipped polarity", false, flips[i].text, claim);
    }
  }

  void CheckSwaps(const TrueClaim& claim) {
    if (!claim.other_article.empty()) {
      Judge("false: cited from the article beside it", false, claim.text, claim.other_article);
    }
    if (!claim.other_law.empty()) {
      Judge("false: cited from another law", false, claim.text, claim.other_law);
    }
    const v1::Passage& passage = claim.bearing.front()->passage();
    const std::string& label = passage.provision_label();
    const std::vector<WrittenNumber> numbers = FindWrittenNumbers(label);
    if (claim.kind != "article, verbatim" || numbers.empty() ||
        numbers[0].use != NumberUse::kProvision) {
      return;
    }
    const auto named = [&](std::string_view title, std::string_view article) {
      std::string_view text = claim.text;
      if (text.starts_with(label)) text.remove_prefix(label.size());
      while (text.starts_with("　") || text.starts_with(" "))
        text.remove_prefix(text.starts_with(" ") ? 1 : std::string_view("　").size());
      return Cat("根据《", title, "》", article, "规定，", text);
    };
    Judge("true: names its article", true, named(passage.document_title(), label), claim.bearing);
    Judge("false: names another article", false,
          named(passage.document_title(),
                WithNumber(label, numbers[0], AlteredValue(numbers[0], random_() >> 32),
                           NumberForm::kChinese)),
          claim.bearing);
    if (!claim.other_law.empty()) {
      Judge("false: names another law", false,
            named(claim.other_law.front()->passage().document_title(), label), claim.bearing);
    }
  }

  ClaimKindCounts& Counts(const std::string& name, bool is_true) {
    const auto [known, added] = kinds_.try_emplace(name, report_.kinds.size());
    if (added) report_.kinds.push_back({.name = name, .is_true = is_true});
    return report_.kinds[known->second];
  }

  void Judge(const std::string& name, bool is_true, const std::string& text,
             const Evidences& cited) {
    ClaimKindCounts& counts = Counts(name, is_true);
    const SupportVerdict verdict = CheckSupport(text, cited);
    // The score and the objection whatever the score.
    const SupportVerdict open = CheckSupport(text, cited, {.partly = 0});
    const bool dropped = verdict.support == v1::SUPPORT_UNSUPPORTED;
    ++counts.claims;
    counts.dropped += dropped ? 1 : 0;
    counts.partly += verdict.support == v1::SUPPORT_PARTLY_SUPPORTED ? 1 : 0;
    for (size_t i = 0; i < kCalibrationThresholds; ++i) {
      if (open.support == v1::SUPPORT_UNSUPPORTED || open.score < Threshold(i)) {
        ++counts.dropped_at[i];
      }
    }
    if (dropped == is_true) AddFailure(name, text, open, cited);
  }

  // The whole way that a model's sentence goes, marked with nothing, among ten passages.
  void JudgeAmong(const std::string& what, bool is_true, const std::string& text,
                  const TrueClaim& claim) {
    ClaimKindCounts& counts = Counts(
        Cat(is_true ? "true" : "false", ": ", what, ", uncited, among ten passages"), is_true);
    std::vector<const v1::Passage*> hits;
    for (const PassageEvidence* evidence : claim.found) hits.push_back(&evidence->passage());
    CitationList citations;
    Grounder grounder(GroundingPolicy::kStrict, hits, citations);
    const absl::Time start = absl::Now();
    const bool dropped = !grounder.Check({.text = text}).has_value();
    if (hits.size() == kPassagesAtOnce) {
      times_ms_.push_back(absl::ToDoubleMilliseconds(absl::Now() - start));
    }
    ++counts.claims;
    counts.dropped += dropped ? 1 : 0;
  }

  void AddFailure(const std::string& name, const std::string& text, const SupportVerdict& verdict,
                  const Evidences& cited) {
    if (options_.failures.empty()) return;
    constexpr std::string_view kObjections[] = {"none", "wording", "quantity", "title", "polarity"};
    std::string labels;
    for (const PassageEvidence* evidence : cited) labels += evidence->passage().label() + " ";
    failures_ += Cat(name, "\t", kObjections[static_cast<size_t>(verdict.objection)], "\t",
                     Decimals(verdict.score, 2), "\t", ReplaceAll(text, "\n", " "), "\t", labels,
                     "\t", ReplaceAll(cited.front()->passage().text(), "\n", " "), "\n");
  }

  const AccessByLabels& access_;
  const GroundingCalibrationOptions& options_;
  const LocalSearcher& searcher_;
  std::mt19937_64 random_;
  std::unique_ptr<PassageCatalog> catalog_;
  std::vector<std::unique_ptr<v1::Passage>> passages_;
  std::map<std::string, std::unique_ptr<PassageEvidence>> evidence_;  // by passage name
  std::map<std::string, size_t> kinds_;
  std::vector<double> times_ms_;
  std::string failures_;
  GroundingCalibration report_;
};

std::string Padded(std::string text, size_t width) {
  text.insert(0, width - std::min(width, text.size()), ' ');
  return text;
}

std::string Percent(size_t part, size_t all) {
  return all == 0 ? "-" : Decimals(100 * static_cast<double>(part) / static_cast<double>(all), 2);
}

}  // namespace

absl::StatusOr<GroundingCalibration> CalibrateGrounding(
    const LocalSearcher& searcher, const AccessByLabels& access,
    const GroundingCalibrationOptions& options) {
  return Calibrator(searcher, access, options).Run();
}

std::string GroundingCalibrationText(const GroundingCalibration& calibration) {
  std::vector<const ClaimKindCounts*> kinds;
  for (const ClaimKindCounts& kind : calibration.kinds) kinds.push_back(&kind);
  std::stable_sort(kinds.begin(), kinds.end(), [](const auto* a, const auto* b) {
    return std::pair(!a->is_true, a->name) < std::pair(!b->is_true, b->name);
  });
  std::string text =
      Cat("topics ", calibration.topics, ", sentences of answers ", calibration.sentences,
          ", of them about something else than the articles ", calibration.other_sentences,
          "\n\n claims  dropped, %  in part, %  kind\n");
  for (const ClaimKindCounts* kind : kinds) {
    text += Cat(Padded(Cat(kind->claims), 7), Padded(Percent(kind->dropped, kind->claims), 12),
                Padded(Percent(kind->partly, kind->claims), 12), "  ", kind->name, "\n");
  }
  text += "\ndropped, %, by the least score\n ";
  for (size_t i = 0; i < kCalibrationThresholds; ++i) text += Padded(Decimals(Threshold(i), 2), 7);
  text += "  kind\n";
  for (const ClaimKindCounts* kind : kinds) {
    if (kind->dropped_at.back() == 0) continue;
    text += " ";
    for (const size_t dropped : kind->dropped_at) text += Padded(Percent(dropped, kind->claims), 7);
    text += Cat("  ", kind->name, "\n");
  }
  text +=
      Cat("\none claim among ten passages, ", calibration.timed, " times: p50 ",
          Decimals(calibration.p50_ms, 3), " ms, p99 ", Decimals(calibration.p99_ms, 3), " ms\n");
  return text;
}

}  // namespace policykb
