#include "tools/evaluate.h"

#include <cstdint>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "generator/answerer.h"

namespace policykb {

namespace {

// Units are measured down to rank 100; a long article may take several passages, so more are asked
// for.
constexpr int32_t kPassagesAskedFor = 300;
constexpr size_t kDepth = 100;
// Learning needs the candidates that are ranked low as well.
constexpr int32_t kPassagesForLearning = 1000;
constexpr absl::Duration kSearchLimit = absl::Seconds(60);

using UnitOf = std::function<std::string(const v1::Passage&)>;

// Units of the hits in order, each once, with the hit that stands for it.
std::vector<std::pair<std::string, const v1::Hit*>> RankUnits(const v1::SearchResponse& response,
                                                              const UnitOf& unit_of) {
  std::vector<std::pair<std::string, const v1::Hit*>> ranking;
  std::set<std::string> seen;
  for (const v1::Hit& hit : response.hits()) {
    std::string unit = unit_of(hit.passage());
    if (ranking.size() < kDepth && seen.insert(unit).second)
      ranking.emplace_back(std::move(unit), &hit);
  }
  return ranking;
}

// topic Q0 document rank score run; white space in a name would break the columns.
void AppendRunLine(const Topic& topic, const v1::Hit& hit, size_t rank, const std::string& run_name,
                   std::string& run) {
  char score[32];
  std::snprintf(score, sizeof(score), "%.6f", hit.score());
  run += Cat(topic.id, " Q0 ", ReplaceAll(ProvisionUnit(hit.passage().name()), " ", "%20"), " ",
             rank, " ", score, " ", run_name, "\n");
}

// topic, unit, relevant (0 or 1), then the values of the features: for learning weights.
void AppendFeatureLine(const Topic& topic, const v1::Hit& hit, const std::string& unit,
                       bool relevant, std::string& lines) {
  lines += Cat(topic.id, "\t", unit, "\t", relevant ? 1 : 0);
  for (const v1::Explanation::Feature& feature : hit.explanation().features())
    lines += Cat("\t", feature.value());
  lines += "\n";
}

// topic, answerable (1, 0, or - where the topic does not say), rank of the first relevant unit (0
// for none), signals: for calibrating refusal.
void AppendEvidenceLine(const Topic& topic, const std::vector<std::string>& units,
                        const std::set<std::string>* relevant, const v1::Evidence& evidence,
                        std::string& lines) {
  size_t rank = 0;
  for (size_t i = 0; i < units.size() && rank == 0 && relevant != nullptr; ++i) {
    if (relevant->contains(units[i])) rank = i + 1;
  }
  lines += Cat(topic.id, "\t", topic.answerable ? (*topic.answerable ? "1" : "0") : "-", "\t", rank,
               "\t", evidence.best_coverage(), "\t", evidence.union_coverage(), "\t",
               evidence.unknown_share(), "\t", evidence.best_cosine(), "\t",
               evidence.best_lexical(), "\t", evidence.best_character_coverage(), "\t",
               evidence.unknown_character_share(), "\t", evidence.best_lexical_score(), "\t",
               evidence.known_terms(), "\t", evidence.answerability(), "\n");
}

std::set<std::string> UnitsOf(const Snapshot& snapshot, const EvaluateOptions& options) {
  std::set<std::string> units;
  for (const std::unique_ptr<Segment>& segment : snapshot.segments()) {
    const FilterColumns& columns = segment->columns();
    for (uint32_t document = 0; document < columns.documents(); ++document) {
      const auto [first, last] = columns.passages_of(document);
      std::string source_path;
      if (!options.gold_articles.empty()) {
        const absl::StatusOr<Document> record =
            snapshot.records().GetDocumentMetadata(std::string(columns.id(document)));
        if (record.ok()) source_path = record->source_path;
      }
      for (uint32_t passage = first; passage < last; ++passage) {
        units.insert(options.gold_articles.empty()
                         ? ProvisionUnit(columns.PassageName(passage))
                         : ArticleUnit(source_path, std::string(columns.address(passage))));
      }
    }
  }
  return units;
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

// The unit that a citation points to.
absl::StatusOr<std::string> CitedUnit(const v1::Citation& citation, RetrieverAccess& access,
                                      const UnitOf& unit_of) {
  v1::BatchGetPassagesRequest request;
  request.add_names(citation.passage());
  ASSIGN_OR_RETURN(const v1::BatchGetPassagesResponse response, access.BatchGetPassages(request));
  return unit_of(response.passages(0));
}

absl::Status CheckAnswer(const Topic& topic, const std::set<std::string>* relevant,
                         const UnitOf& unit_of, RetrieverAccess& access, AnswerCounts& counts) {
  v1::AnswerSpec spec;
  spec.set_question(topic.text);
  spec.set_as_of_date(topic.as_of);
  ASSIGN_OR_RETURN(const v1::GroundedAnswer answer, Answerer(&access, nullptr).Answer(spec, {}));
  ++counts.asked;
  const bool refused = answer.status() == v1::ANSWER_STATUS_NO_SUPPORT;
  ++(refused ? counts.refused : counts.answered);
  const bool unanswerable = topic.answerable == false;
  if (unanswerable) ++counts.unanswerable;
  if (refused) ++(unanswerable ? counts.unanswerable_refused : counts.answerable_refused);
  std::map<std::string, std::string> texts;
  bool gold_cited = false;
  for (const auto* citations : {&answer.citations(), &answer.related()}) {
    for (const v1::Citation& citation : *citations) {
      ++counts.quotes;
      ASSIGN_OR_RETURN(const bool exact, IsExact(citation, access, texts));
      counts.quotes_exact += exact ? 1 : 0;
    }
  }
  for (const v1::Citation& citation : answer.citations()) {
    ASSIGN_OR_RETURN(const std::string unit, CitedUnit(citation, access, unit_of));
    gold_cited = gold_cited || (relevant != nullptr && relevant->contains(unit));
  }
  counts.gold_cited += gold_cited ? 1 : 0;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EvaluateReport> Evaluate(const AccessByLabels& access, const Snapshot* snapshot,
                                        const EvaluateOptions& options) {
  if (options.qrels.empty() == options.gold_articles.empty()) {
    return absl::InvalidArgumentError(
        "judgements: expected exactly one of --qrels and --gold-articles");
  }
  ASSIGN_OR_RETURN(const std::vector<Topic> topics, ReadTopics(options.topics));
  const bool by_article = options.qrels.empty();
  ASSIGN_OR_RETURN(const Judgements judgements,
                   by_article ? ReadGoldArticles(options.gold_articles, options.strip_prefix)
                              : ReadQrels(options.qrels));
  const UnitOf unit_of = [by_article](const v1::Passage& passage) {
    return by_article ? ArticleUnit(passage.source_path(), passage.address())
                      : ProvisionUnit(passage.name());
  };
  EvaluateReport report;
  std::string run;
  std::string features;
  std::string evidence;
  for (const Topic& topic : topics) {
    RetrieverAccess& retriever =
        access(topic.labels.empty() ? CallerLabels{kPublicLabel} : topic.labels);
    const auto judged = judgements.find(topic.id);
    const std::set<std::string>* relevant = judged == judgements.end() ? nullptr : &judged->second;
    v1::SearchRequest request;
    request.set_query(topic.text);
    request.set_k(options.features.empty() ? kPassagesAskedFor : kPassagesForLearning);
    request.set_as_of_date(topic.as_of);
    request.set_explain(!options.features.empty());
    ASSIGN_OR_RETURN_IN(const v1::SearchResponse response,
                        retriever.Search(request, absl::Now() + kSearchLimit),
                        Cat("topic ", topic.id));
    const auto ranking = RankUnits(response, unit_of);
    std::vector<std::string> units;
    for (const auto& [unit, hit] : ranking) {
      units.push_back(unit);
      AppendRunLine(topic, *hit, units.size(), options.run_name, run);
    }
    if (relevant != nullptr && !options.features.empty()) {
      for (const v1::Hit& hit : response.hits()) {
        const std::string unit = unit_of(hit.passage());
        AppendFeatureLine(topic, hit, unit, relevant->contains(unit), features);
      }
    }
    if (relevant != nullptr) report.mean.Add(units, *relevant);
    AppendEvidenceLine(topic, units, relevant, response.evidence(), evidence);
    if (options.answers) {
      RETURN_IF_ERROR_IN(CheckAnswer(topic, relevant, unit_of, retriever, report.answers),
                         Cat("topic ", topic.id));
    }
  }
  if (report.mean.topics > 0) {
    report.mean = report.mean.Mean();
  } else if (!options.answers && options.evidence.empty()) {
    return absl::InvalidArgumentError(
        Cat(options.topics, ": none of its topics is in the judgements"));
  }
  std::set<std::string> gold;
  for (const auto& [topic, units] : judgements) gold.insert(units.begin(), units.end());
  report.gold_units = gold.size();
  if (snapshot != nullptr) {
    const std::set<std::string> existing = UnitsOf(*snapshot, options);
    for (const std::string& unit : gold) report.gold_units_found += existing.contains(unit) ? 1 : 0;
  }
  if (!options.run.empty()) RETURN_IF_ERROR(WriteFileAtomically(options.run, run));
  if (!options.evidence.empty()) RETURN_IF_ERROR(WriteFileAtomically(options.evidence, evidence));
  if (!options.features.empty()) RETURN_IF_ERROR(WriteFileAtomically(options.features, features));
  return report;
}

namespace {

// The figures under their names, in the order they are printed.
nlohmann::ordered_json Figures(const EvaluateReport& report, const EvaluateOptions& options) {
  const MeanMeasures& mean = report.mean;
  nlohmann::ordered_json figures = {{"topics", mean.topics},          {"recall@5", mean.recall_5},
                                    {"recall@10", mean.recall_10},    {"recall@30", mean.recall_30},
                                    {"recall@100", mean.recall_100},  {"hit@1", mean.hit_1},
                                    {"mrr@10", mean.mrr_10},          {"ndcg@10", mean.ndcg_10},
                                    {"gold_units", report.gold_units}};
  if (report.gold_units_found > 0) figures["gold_units_found"] = report.gold_units_found;
  if (options.answers) {
    const AnswerCounts& answers = report.answers;
    figures["answers"] = {{"asked", answers.asked},
                          {"answered", answers.answered},
                          {"refused", answers.refused},
                          {"unanswerable", answers.unanswerable},
                          {"unanswerable_refused", answers.unanswerable_refused},
                          {"answerable_refused", answers.answerable_refused},
                          {"gold_cited", answers.gold_cited},
                          {"quotes", answers.quotes},
                          {"quotes_exact", answers.quotes_exact}};
  }
  return figures;
}

}  // namespace

std::string EvaluateReportText(const EvaluateReport& report, const EvaluateOptions& options) {
  std::string text;
  const nlohmann::ordered_json figures = Figures(report, options);
  for (const auto& [name, value] : figures.items()) {
    if (value.is_object()) {
      text += Cat(name, "\n");
      for (const auto& [inner, count] : value.items())
        text += Cat("  ", inner, " ", count.dump(), "\n");
    } else if (value.is_number_float()) {
      char buffer[64];
      std::snprintf(buffer, sizeof(buffer), "%s %.4f\n", name.c_str(), value.get<double>());
      text += buffer;
    } else {
      text += Cat(name, " ", value.dump(), "\n");
    }
  }
  return text;
}

std::string EvaluateReportJson(const EvaluateReport& report, const EvaluateOptions& options) {
  return Figures(report, options).dump(2) + "\n";
}

}  // namespace policykb
