#include "tools/evaluate.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "generator/answerer.h"
#include "tools/evidence_file.h"
#include "tools/feature_file.h"
#include "tools/passage_catalog.h"
#include "tools/run_file.h"
#include "tools/snapshot_units.h"

namespace policykb {

namespace {

// Learning needs the candidates that are ranked low as well.
constexpr int32_t kPassagesForLearning = 1000;

// The explained features by their names, so that a server's order does not matter.
FeatureVector FeaturesOf(const v1::Hit& hit) {
  FeatureVector values = {};
  for (const v1::Explanation::Feature& feature : hit.explanation().features()) {
    const auto found = std::find(kFeatureNames.begin(), kFeatureNames.end(), feature.name());
    if (found != kFeatureNames.end())
      values[static_cast<size_t>(found - kFeatureNames.begin())] = feature.value();
  }
  return values;
}

// Rank of the first relevant unit from 1; 0 for none.
size_t FirstRank(const std::vector<std::string>& units, const std::set<std::string>* relevant) {
  for (size_t i = 0; i < units.size() && relevant != nullptr; ++i) {
    if (relevant->contains(units[i])) return i + 1;
  }
  return 0;
}

// The documents that hold a relevant unit, as names; all of a unit's in the snapshot.
std::vector<std::string> DocumentsOf(const std::set<std::string>& units,
                                     const PassageCatalog& catalog) {
  std::set<std::string> documents;
  for (const std::string& unit : units) {
    for (const size_t place : catalog.OfUnit(unit))
      documents.insert(Cat("documents/", catalog.entry(place).document));
  }
  return {documents.begin(), documents.end()};
}

// How many of the units the snapshot has.
size_t CountExisting(const std::set<std::string>& units, const Snapshot& snapshot,
                     const QuestionSet& questions) {
  std::set<std::string> existing;
  for (const auto& [name, of_name] : UnitsByProvision(snapshot, questions))
    existing.insert(of_name.begin(), of_name.end());
  return static_cast<size_t>(std::count_if(
      units.begin(), units.end(), [&](const auto& unit) { return existing.contains(unit); }));
}

// Byte-exact: the quote is what its document has at its span.
absl::StatusOr<bool> IsExact(const v1::Citation& citation, RetrieverAccess& access,
                             std::map<std::string, std::string>& texts) {
  const auto [known, added] = texts.try_emplace(citation.document());
  if (added) {
    v1::GetDocumentRequest request;
    request.set_name(citation.document());
    ASSIGN_OR_RETURN(v1::GetDocumentResponse response, access.GetDocument(request));
    known->second = std::move(*response.mutable_document()->mutable_text());
  }
  const std::string& text = known->second;
  const auto start = static_cast<size_t>(citation.span().start());
  const auto end = static_cast<size_t>(citation.span().end());
  return start < end && end <= text.size() &&
         text.compare(start, end - start, citation.quote()) == 0;
}

bool AnyOf(const std::vector<std::string>& units, const std::set<std::string>* relevant) {
  return relevant != nullptr && std::any_of(units.begin(), units.end(), [&](const auto& unit) {
           return relevant->contains(unit);
         });
}

// The units that a citation points to.
absl::StatusOr<std::vector<std::string>> CitedUnits(const v1::Citation& citation,
                                                    RetrieverAccess& access,
                                                    const QuestionSet& questions) {
  v1::BatchGetPassagesRequest request;
  request.add_names(citation.passage());
  ASSIGN_OR_RETURN(const v1::BatchGetPassagesResponse response, access.BatchGetPassages(request));
  return questions.UnitsOf(response.passages(0));
}

// `units`: the topic's ranking.
absl::Status CheckAnswer(const Topic& topic, const QuestionSet& questions,
                         const std::vector<std::string>& units, RetrieverAccess& access,
                         AnswerCounts& counts) {
  v1::AnswerSpec spec;
  spec.set_question(topic.text);
  spec.set_as_of_date(topic.as_of);
  ASSIGN_OR_RETURN(const v1::GroundedAnswer answer, Answerer(&access, nullptr).Answer(spec, {}));
  ++counts.asked;
  const bool refused = answer.status() != v1::ANSWER_STATUS_ANSWERED;
  ++(refused ? counts.refused : counts.answered);
  const bool unanswerable = topic.answerable == false;
  if (unanswerable) ++counts.unanswerable;
  if (refused) ++(unanswerable ? counts.unanswerable_refused : counts.answerable_refused);
  std::map<std::string, std::string> texts;
  const std::set<std::string>* relevant = questions.RelevantTo(topic);
  bool gold_cited = false;
  for (const auto* citations : {&answer.citations(), &answer.related()}) {
    for (const v1::Citation& citation : *citations) {
      ++counts.quotes;
      ASSIGN_OR_RETURN(const bool exact, IsExact(citation, access, texts));
      counts.quotes_exact += exact ? 1 : 0;
    }
  }
  for (const v1::Citation& citation : answer.citations()) {
    ASSIGN_OR_RETURN(const auto cited_units, CitedUnits(citation, access, questions));
    gold_cited = gold_cited || AnyOf(cited_units, relevant);
  }
  counts.gold_cited += gold_cited ? 1 : 0;
  counts.citations += static_cast<size_t>(answer.citations_size());
  const size_t rank = FirstRank(units, relevant);
  if (rank >= 1 && rank <= 3) {
    ++counts.gold_in_top_3;
    if (!refused) ++counts.answered_gold_in_top_3;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EvaluateReport> Evaluate(const AccessByLabels& access, const Snapshot* snapshot,
                                        const EvaluateOptions& options) {
  ASSIGN_OR_RETURN(const QuestionSet questions, QuestionSet::Read(options));
  SearchDepth depth = options.features.empty()
                          ? SearchDepth{}
                          : SearchDepth{.passages = kPassagesForLearning, .explain = true};
  EvaluateReport report;
  std::string run;
  std::string features = EncodeFeatureHeader();
  std::string evidence = EncodeEvidenceHeader();
  ASSIGN_OR_RETURN(const v1::GetSnapshotResponse live, access({kPublicLabel}).GetSnapshot());
  const uint64_t passages = static_cast<uint64_t>(live.passages());
  std::optional<PassageCatalog> catalog;
  if (options.without_gold) {
    if (snapshot == nullptr) return absl::InvalidArgumentError("without gold: expected a folder");
    catalog.emplace(*snapshot, questions);
  }
  for (const Topic& topic : questions.topics()) {
    if (catalog && questions.RelevantTo(topic) == nullptr) continue;
    if (catalog) depth.excluded_documents = DocumentsOf(*questions.RelevantTo(topic), *catalog);
    ASSIGN_OR_RETURN(const SearchedTopic searched, SearchTopic(questions, topic, access, depth));
    const std::vector<std::string>& units = searched.units;
    for (size_t i = 0; i < units.size(); ++i) {
      const v1::Hit& hit = searched.response.hits(searched.hits[i]);
      const std::string name =
          questions.by_article() ? ProvisionUnit(hit.passage().name()) : units[i];
      run += EncodeRunLine({.topic = topic.id, .name = name, .rank = i + 1, .score = hit.score()},
                           options.run_name);
    }
    const std::set<std::string>* relevant = questions.RelevantTo(topic);
    if (relevant != nullptr && !options.features.empty()) {
      for (const v1::Hit& hit : searched.response.hits()) {
        const std::vector<std::string> of_hit = questions.UnitsOf(hit.passage());
        features += EncodeFeatureLine(topic.id, relevant->size(),
                                      {.unit = of_hit.front(),
                                       .relevant = AnyOf(of_hit, relevant),
                                       .features = FeaturesOf(hit)});
      }
    }
    if (relevant != nullptr) {
      report.mean.Add(units, *relevant);
      report.topics.push_back(ScoreSearched(topic, *relevant, searched));
    }
    evidence +=
        EncodeEvidenceLine(topic.id, catalog ? false : topic.answerable, FirstRank(units, relevant),
                           passages, searched.response.evidence());
    if (options.answers) {
      RETURN_IF_ERROR_IN(
          CheckAnswer(topic, questions, units, AccessOf(topic, access), report.answers),
          Cat("topic ", topic.id));
    }
  }
  if (report.mean.topics > 0) {
    report.mean = report.mean.Mean();
  } else if (!options.answers && options.evidence.empty()) {
    return absl::InvalidArgumentError(
        Cat(options.topics, ": none of its topics is in the judgements"));
  }
  const std::set<std::string> gold = questions.GoldUnits();
  report.gold_units = gold.size();
  if (snapshot != nullptr) report.gold_units_found = CountExisting(gold, *snapshot, questions);
  if (!options.baseline.baseline.empty() && !report.topics.empty()) {
    ASSIGN_OR_RETURN(std::vector<ScoredTopic> baseline,
                     ScoreBaseline(options.baseline, questions, snapshot));
    report.comparison = CompareRuns(std::move(baseline), report.topics);
  }
  if (!options.run.empty()) RETURN_IF_ERROR(WriteFileAtomically(options.run, run));
  if (!options.evidence.empty()) RETURN_IF_ERROR(WriteFileAtomically(options.evidence, evidence));
  if (!options.features.empty()) RETURN_IF_ERROR(WriteFileAtomically(options.features, features));
  return report;
}

}  // namespace policykb
