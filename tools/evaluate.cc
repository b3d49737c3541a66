#include "tools/evaluate.h"

#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

// Units are measured down to rank 100; a long article may take several passages, so more are asked for.
constexpr int32_t kPassagesAskedFor = 300;
constexpr size_t kDepth = 100;
// Learning needs the candidates that are ranked low as well.
constexpr int32_t kPassagesForLearning = 1000;
constexpr absl::Duration kSearchLimit = absl::Seconds(60);

using UnitOf = std::function<std::string(const v1::Passage&)>;

// Units of the hits in order, each once, with the hit that stands for it.
std::vector<std::pair<std::string, const v1::Hit*>> RankUnits(const v1::SearchResponse& response, const UnitOf& unit_of) {
  std::vector<std::pair<std::string, const v1::Hit*>> ranking;
  std::set<std::string> seen;
  for (const v1::Hit& hit : response.hits()) {
    std::string unit = unit_of(hit.passage());
    if (ranking.size() < kDepth && seen.insert(unit).second) ranking.emplace_back(std::move(unit), &hit);
  }
  return ranking;
}

// topic Q0 document rank score run; white space in a name would break the columns.
void AppendRunLine(const Topic& topic, const v1::Hit& hit, size_t rank, const std::string& run_name, std::string& run) {
  char score[32];
  std::snprintf(score, sizeof(score), "%.6f", hit.score());
  run += Cat(topic.id, " Q0 ", ReplaceAll(ProvisionUnit(hit.passage().name()), " ", "%20"), " ", rank, " ", score, " ",
             run_name, "\n");
}

// topic, unit, relevant (0 or 1), then the values of the features: for learning weights.
void AppendFeatureLine(const Topic& topic, const v1::Hit& hit, const std::string& unit, bool relevant,
                       std::string& lines) {
  lines += Cat(topic.id, "\t", unit, "\t", relevant ? 1 : 0);
  for (const v1::Explanation::Feature& feature : hit.explanation().features()) lines += Cat("\t", feature.value());
  lines += "\n";
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
        units.insert(options.gold_articles.empty() ? ProvisionUnit(columns.PassageName(passage))
                                                   : ArticleUnit(source_path, std::string(columns.address(passage))));
      }
    }
  }
  return units;
}

}  // namespace

absl::StatusOr<EvaluateReport> Evaluate(const AccessByLabels& access, const Snapshot* snapshot,
                                        const EvaluateOptions& options) {
  if (options.qrels.empty() == options.gold_articles.empty()) {
    return absl::InvalidArgumentError("judgements: expected exactly one of --qrels and --gold-articles");
  }
  ASSIGN_OR_RETURN(const std::vector<Topic> topics, ReadTopics(options.topics));
  const bool by_article = options.qrels.empty();
  ASSIGN_OR_RETURN(const Judgements judgements, by_article
                                                    ? ReadGoldArticles(options.gold_articles, options.strip_prefix)
                                                    : ReadQrels(options.qrels));
  const UnitOf unit_of = [by_article](const v1::Passage& passage) {
    return by_article ? ArticleUnit(passage.source_path(), passage.address()) : ProvisionUnit(passage.name());
  };
  EvaluateReport report;
  std::string run;
  std::string features;
  for (const Topic& topic : topics) {
    RetrieverAccess& retriever = access(topic.labels.empty() ? CallerLabels{kPublicLabel} : topic.labels);
    const auto judged = judgements.find(topic.id);
    const std::set<std::string>* relevant = judged == judgements.end() ? nullptr : &judged->second;
    v1::SearchRequest request;
    request.set_query(topic.text);
    request.set_k(options.features.empty() ? kPassagesAskedFor : kPassagesForLearning);
    request.set_as_of_date(topic.as_of);
    request.set_explain(!options.features.empty());
    ASSIGN_OR_RETURN_IN(const v1::SearchResponse response, retriever.Search(request, absl::Now() + kSearchLimit),
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
  }
  if (report.mean.topics == 0) {
    return absl::InvalidArgumentError(Cat(options.topics, ": none of its topics is in the judgements"));
  }
  report.mean = report.mean.Mean();
  std::set<std::string> gold;
  for (const auto& [topic, units] : judgements) gold.insert(units.begin(), units.end());
  report.gold_units = gold.size();
  if (snapshot != nullptr) {
    const std::set<std::string> existing = UnitsOf(*snapshot, options);
    for (const std::string& unit : gold) report.gold_units_found += existing.contains(unit) ? 1 : 0;
  }
  if (!options.run.empty()) RETURN_IF_ERROR(WriteFileAtomically(options.run, run));
  if (!options.features.empty()) RETURN_IF_ERROR(WriteFileAtomically(options.features, features));
  return report;
}

namespace {

// The figures under their names, in the order they are printed.
nlohmann::ordered_json Figures(const EvaluateReport& report, const EvaluateOptions& options) {
  const MeanMeasures& mean = report.mean;
  nlohmann::ordered_json figures = {
      {"topics", mean.topics},         {"recall@5", mean.recall_5}, {"recall@10", mean.recall_10},
      {"recall@30", mean.recall_30},   {"recall@100", mean.recall_100}, {"hit@1", mean.hit_1},
      {"mrr@10", mean.mrr_10},         {"ndcg@10", mean.ndcg_10},   {"gold_units", report.gold_units}};
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
      for (const auto& [inner, count] : value.items()) text += Cat("  ", inner, " ", count.dump(), "\n");
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
