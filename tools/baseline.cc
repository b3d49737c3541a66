#include "tools/baseline.h"

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "tools/run_file.h"
#include "tools/snapshot_units.h"

namespace policykb {

namespace {

absl::StatusOr<std::vector<ScoredTopic>> ScoreSearcher(const std::string& kb, const std::string& id,
                                                       const QuestionSet& questions) {
  ASSIGN_OR_RETURN(std::shared_ptr<const LocalSearcher> searcher, OpenSearcher(kb, id));
  return ScoreTopics(questions, MakeAccessByLabels(std::move(searcher)));
}

absl::StatusOr<std::vector<ScoredTopic>> ScoreRun(const std::string& path,
                                                  const QuestionSet& questions,
                                                  const Snapshot* snapshot) {
  ASSIGN_OR_RETURN(const auto run, ReadRun(path));
  std::map<std::string, std::vector<std::string>> articles;
  if (questions.by_article()) {
    if (snapshot == nullptr) {
      return absl::InvalidArgumentError(
          Cat(path, ": a run file with --gold-articles, expected --kb DIR, which says what files ",
              "its names are of"));
    }
    articles = UnitsByProvision(*snapshot, questions);
  }
  std::vector<ScoredTopic> scored;
  for (const Topic& topic : questions.topics()) {
    const std::set<std::string>* relevant = questions.RelevantTo(topic);
    if (relevant == nullptr) continue;
    std::vector<std::string> units;
    std::set<std::string> seen;
    const auto names = run.find(topic.id);
    for (size_t i = 0; names != run.end() && i < names->second.size(); ++i) {
      const std::string& name = names->second[i];
      // A name that the snapshot does not have still takes its rank.
      const auto known = articles.find(name);
      const std::string& unit = known == articles.end() ? name : known->second.front();
      if (units.size() < kRankingDepth && seen.insert(unit).second) units.push_back(unit);
    }
    scored.push_back(ScoreRanking(topic, *relevant, units));
  }
  return scored;
}

}  // namespace

absl::StatusOr<std::vector<ScoredTopic>> ScoreBaseline(const BaselineOptions& options,
                                                       const QuestionSet& questions,
                                                       const Snapshot* snapshot) {
  const std::string& baseline = options.baseline;
  std::error_code unknown;
  if (std::filesystem::is_directory(baseline, unknown))
    return ScoreSearcher(baseline, "", questions);
  if (PathExists(baseline)) return ScoreRun(baseline, questions, snapshot);
  if (options.kb.empty()) {
    return absl::NotFoundError(
        Cat("--baseline ", baseline, ": no such file; expected a run file or a folder"));
  }
  ASSIGN_OR_RETURN_IN(std::vector<ScoredTopic> scored,
                      ScoreSearcher(options.kb, baseline, questions),
                      Cat("--baseline ", baseline, ", neither a file nor a folder"));
  return scored;
}

}  // namespace policykb
