#include "tools/gate.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "tools/measures.h"
#include "tools/retriever_access.h"

namespace policykb {

namespace {

// A passage that should have been found is looked for down to here, to say how far off it is.
constexpr uint32_t kLookDown = 100;
constexpr absl::Duration kSearchLimit = absl::Seconds(60);
// A mean of 8 in 10 topics may come out a little below 0.8.
constexpr double kRounding = 1e-9;

// Topics that lost in one of the ruled figures, greatest loss first.
std::vector<WorseTopic> FindWorse(const MeasureRule& rule, std::vector<ScoredTopic>& before,
                                  std::vector<ScoredTopic>& after) {
  std::vector<WorseTopic> worse;
  for (size_t i = 0; i < after.size(); ++i) {
    double loss = 0;
    for (const FigureRule& figure : rule.figures) {
      const NamedMeasure& measure = *FindMeasure(figure.measure);
      loss += std::max(0.0, before[i].figures.*measure.value - after[i].figures.*measure.value);
    }
    if (loss < kRounding) continue;
    worse.push_back({.id = after[i].id,
                     .text = after[i].text,
                     .loss = loss,
                     .rank_before = before[i].first_rank(),
                     .rank_after = after[i].first_rank(),
                     .best_before = std::move(before[i].best),
                     .best_after = std::move(after[i].best)});
  }
  std::stable_sort(worse.begin(), worse.end(), [](const WorseTopic& a, const WorseTopic& b) {
    return a.loss > b.loss + kRounding;
  });
  return worse;
}

absl::StatusOr<MeasureReport> JudgeMeasure(const MeasureRule& rule,
                                           const std::shared_ptr<const LocalSearcher>& snapshot,
                                           const std::shared_ptr<const LocalSearcher>& baseline) {
  ASSIGN_OR_RETURN(const QuestionSet questions, QuestionSet::Read(rule.questions));
  // Both snapshots at once: searching twice is nearly all of the time.
  absl::StatusOr<std::vector<ScoredTopic>> before = std::vector<ScoredTopic>();
  std::thread baseline_thread;
  if (baseline) {
    baseline_thread =
        std::thread([&] { before = ScoreTopics(questions, MakeAccessByLabels(baseline)); });
  }
  absl::StatusOr<std::vector<ScoredTopic>> scored =
      ScoreTopics(questions, MakeAccessByLabels(snapshot));
  if (baseline) baseline_thread.join();
  RETURN_IF_ERROR(before.status());
  ASSIGN_OR_RETURN(std::vector<ScoredTopic> after, std::move(scored));
  if (after.empty()) {
    return absl::InvalidArgumentError(
        Cat(rule.questions.topics, ": none of its topics is in the judgements"));
  }
  MeasureReport report;
  report.name = rule.name;
  report.topics = after.size();
  for (const FigureRule& figure : rule.figures) {
    const NamedMeasure& measure = *FindMeasure(figure.measure);
    FigureCheck check{.measure = figure.measure,
                      .value = MeanOf(after, measure),
                      .live = {},
                      .floor = figure.floor,
                      .may_drop = figure.may_drop,
                      .passed = true};
    if (baseline) check.live = MeanOf(*before, measure);
    if (check.floor && check.value < *check.floor - kRounding) check.passed = false;
    if (check.live && check.may_drop && check.value < *check.live - *check.may_drop - kRounding)
      check.passed = false;
    report.figures.push_back(std::move(check));
  }
  if (baseline) report.worse = FindWorse(rule, *before, after);
  return report;
}

// A passage belongs to its document, to its provision and to itself.
bool IsOf(const v1::Passage& passage, const std::string& name) {
  const std::vector<std::string> units = ProvisionUnits(passage.name());
  return passage.name() == name || passage.document() == name ||
         ProvisionUnit(passage.name()) == name || std::count(units.begin(), units.end(), name) > 0;
}

absl::StatusOr<PairReport> JudgePair(const PairRule& rule,
                                     const std::shared_ptr<const LocalSearcher>& snapshot) {
  const bool must_find = rule.kind == PairKind::kMustFind;
  v1::SearchRequest request;
  request.set_query(rule.query);
  request.set_k(static_cast<int32_t>(must_find ? std::max(rule.k, kLookDown) : rule.k));
  request.set_as_of_date(rule.as_of);
  ASSIGN_OR_RETURN_IN(
      const v1::SearchResponse response,
      MakeLocalAccess(snapshot, rule.labels)->Search(request, absl::Now() + kSearchLimit),
      Cat("query \"", rule.query, "\""));
  PairReport report;
  report.rule = rule;
  for (int i = 0; i < response.hits_size(); ++i) {
    const v1::Hit& hit = response.hits(i);
    if (report.found.size() < kBestShown) report.found.push_back(ToFound(hit.passage()));
    if (report.rank == 0 && IsOf(hit.passage(), rule.name))
      report.rank = static_cast<size_t>(i) + 1;
  }
  const std::string_view id = Split(rule.name, '/')[1];
  report.in_snapshot = snapshot->snapshot().FindDocument(id).ok();
  const bool among_first = report.rank > 0 && report.rank <= rule.k;
  report.passed = among_first == must_find;
  return report;
}

CountCheck JudgeCount(std::string what, uint64_t value, std::optional<uint64_t> live,
                      double may_drop_percent) {
  const double least = static_cast<double>(live.value_or(0)) * (1 - may_drop_percent / 100);
  return {.what = std::move(what),
          .value = value,
          .live = live,
          .may_drop_percent = may_drop_percent,
          .passed = static_cast<double>(value) >= least - kRounding};
}

}  // namespace

absl::StatusOr<GateReport> JudgeSnapshot(const GateRules& rules,
                                         const std::shared_ptr<const LocalSearcher>& snapshot,
                                         const std::shared_ptr<const LocalSearcher>& baseline) {
  const Manifest& manifest = snapshot->snapshot().manifest();
  const Manifest* live = baseline ? &baseline->snapshot().manifest() : nullptr;
  GateReport report;
  report.snapshot = manifest.id;
  if (live) report.baseline = live->id;
  for (const MeasureRule& rule : rules.measures) {
    ASSIGN_OR_RETURN_IN(MeasureReport measure, JudgeMeasure(rule, snapshot, baseline), rule.where);
    report.measures.push_back(std::move(measure));
  }
  for (const PairRule& rule : rules.pairs) {
    ASSIGN_OR_RETURN(PairReport pair, JudgePair(rule, snapshot));
    report.pairs.push_back(std::move(pair));
  }
  const auto count = [&](std::string what, std::optional<double> may_drop_percent,
                         uint64_t Manifest::*member) {
    if (!may_drop_percent) return;
    report.counts.push_back(JudgeCount(std::move(what), manifest.*member,
                                       live ? std::optional<uint64_t>(live->*member) : std::nullopt,
                                       *may_drop_percent));
  };
  count("documents", rules.documents_may_drop_percent, &Manifest::documents);
  count("passages", rules.passages_may_drop_percent, &Manifest::passages);
  return report;
}

size_t GateReport::checks() const {
  size_t checks = pairs.size() + counts.size();
  for (const MeasureReport& measure : measures) checks += measure.figures.size();
  return checks;
}

size_t GateReport::missed() const {
  const auto failed = [](const auto& list) {
    return static_cast<size_t>(
        std::count_if(list.begin(), list.end(), [](const auto& check) { return !check.passed; }));
  };
  size_t missed = failed(pairs) + failed(counts);
  for (const MeasureReport& measure : measures) missed += failed(measure.figures);
  return missed;
}

}  // namespace policykb
