#include "tools/evaluate.h"

#include <cstdint>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "generator/answerer.h"

namespace policykb {

namespace {

// Learning needs the candidates that are ranked low as well.
constexpr int32_t kPassagesForLearning = 1000;

// topic Q0 document rank score run; white space in a name would break the columns.
void AppendRunLine(const Topic& topic, const std::string& name, double score, size_t rank,
                   const std::string& run_name, std::string& run) {
  char digits[32];
  std::snprintf(digits, sizeof(digits), "%.6f", score);
  run += Cat(topic.id, " Q0 ", ReplaceAll(name, " ", "%20"), " ", rank, " ", digits, " ", run_name,
             "\n");
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

std::set<std::string> UnitsOf(const Snapshot& snapshot, const QuestionSet& questions) {
  std::set<std::string> units;
  for (const std::unique_ptr<Segment>& segment : snapshot.segments()) {
    const FilterColumns& columns = segment->columns();
    for (uint32_t document = 0; document < columns.documents(); ++document) {
      const auto [first, last] = columns.passages_of(document);
      std::string source_path;
      if (questions.by_article()) {
        const absl::StatusOr<Document> record =
            snapshot.records().GetDocumentMetadata(std::string(columns.id(document)));
        if (record.ok()) source_path = record->source_path;
      }
      for (uint32_t passage = first; passage < last; ++passage) {
        if (questions.by_article()) {
          units.insert(ArticleUnit(source_path, std::string(columns.address(passage))));
        } else {
          for (std::string& unit : ProvisionUnits(columns.PassageName(passage)))
            units.insert(std::move(unit));
        }
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

absl::Status CheckAnswer(const Topic& topic, const QuestionSet& questions, RetrieverAccess& access,
                         AnswerCounts& counts) {
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
    ASSIGN_OR_RETURN(const auto units, CitedUnits(citation, access, questions));
    gold_cited = gold_cited || AnyOf(units, relevant);
  }
  counts.gold_cited += gold_cited ? 1 : 0;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EvaluateReport> Evaluate(const AccessByLabels& access, const Snapshot* snapshot,
                                        const EvaluateOptions& options) {
  ASSIGN_OR_RETURN(const QuestionSet questions, QuestionSet::Read(options));
  const SearchDepth depth = options.features.empty()
                                ? SearchDepth{}
                                : SearchDepth{.passages = kPassagesForLearning, .explain = true};
  EvaluateReport report;
  std::string run;
  std::string features;
  std::string evidence;
  for (const Topic& topic : questions.topics()) {
    ASSIGN_OR_RETURN(const SearchedTopic searched, SearchTopic(questions, topic, access, depth));
    const std::vector<std::string>& units = searched.units;
    for (size_t i = 0; i < units.size(); ++i) {
      const v1::Hit& hit = searched.response.hits(searched.hits[i]);
      const std::string name =
          questions.by_article() ? ProvisionUnit(hit.passage().name()) : units[i];
      AppendRunLine(topic, name, hit.score(), i + 1, options.run_name, run);
    }
    const std::set<std::string>* relevant = questions.RelevantTo(topic);
    if (relevant != nullptr && !options.features.empty()) {
      for (const v1::Hit& hit : searched.response.hits()) {
        const std::vector<std::string> of_hit = questions.UnitsOf(hit.passage());
        AppendFeatureLine(topic, hit, of_hit.front(), AnyOf(of_hit, relevant), features);
      }
    }
    if (relevant != nullptr) report.mean.Add(units, *relevant);
    AppendEvidenceLine(topic, units, relevant, searched.response.evidence(), evidence);
    if (options.answers) {
      RETURN_IF_ERROR_IN(CheckAnswer(topic, questions, AccessOf(topic, access), report.answers),
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
  if (snapshot != nullptr) {
    const std::set<std::string> existing = UnitsOf(*snapshot, questions);
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
  nlohmann::ordered_json figures = {{"topics", report.mean.topics}};
  for (const NamedMeasure& measure : Measures())
    figures[std::string(measure.name)] = report.mean.*measure.value;
  figures["gold_units"] = report.gold_units;
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
