#include "tools/question_set.h"

#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr absl::Duration kSearchLimit = absl::Seconds(60);

}  // namespace

absl::StatusOr<QuestionSet> QuestionSet::Read(const QuestionFiles& files) {
  if (files.qrels.empty() == files.gold_articles.empty()) {
    return absl::InvalidArgumentError(
        "judgements: expected exactly one of qrels and gold articles");
  }
  QuestionSet set;
  set.by_article_ = files.qrels.empty();
  ASSIGN_OR_RETURN(set.topics_, ReadTopics(files.topics));
  ASSIGN_OR_RETURN(set.judgements_, set.by_article_
                                        ? ReadGoldArticles(files.gold_articles, files.strip_prefix)
                                        : ReadQrels(files.qrels));
  return set;
}

const std::set<std::string>* QuestionSet::RelevantTo(const Topic& topic) const {
  const auto judged = judgements_.find(topic.id);
  return judged == judgements_.end() ? nullptr : &judged->second;
}

std::vector<std::string> QuestionSet::UnitsOf(const v1::Passage& passage) const {
  if (by_article_) return {ArticleUnit(passage.source_path(), passage.address())};
  return ProvisionUnits(passage.name());
}

std::set<std::string> QuestionSet::GoldUnits() const {
  std::set<std::string> gold;
  for (const auto& [topic, units] : judgements_) gold.insert(units.begin(), units.end());
  return gold;
}

RetrieverAccess& AccessOf(const Topic& topic, const AccessByLabels& access) {
  return access(topic.labels.empty() ? CallerLabels{kPublicLabel} : topic.labels);
}

absl::StatusOr<SearchedTopic> SearchTopic(const QuestionSet& questions, const Topic& topic,
                                          const AccessByLabels& access, const SearchDepth& depth) {
  v1::SearchRequest request;
  request.set_query(topic.text);
  request.set_k(depth.passages);
  request.set_as_of_date(topic.as_of);
  request.set_explain(depth.explain);
  request.mutable_filter()->mutable_excluded_documents()->Add(depth.excluded_documents.begin(),
                                                              depth.excluded_documents.end());
  SearchedTopic searched;
  ASSIGN_OR_RETURN_IN(searched.response,
                      AccessOf(topic, access).Search(request, absl::Now() + kSearchLimit),
                      Cat("topic ", topic.id));
  std::set<std::string> seen;
  for (int i = 0; i < searched.response.hits_size() && searched.units.size() < kRankingDepth; ++i) {
    for (std::string& unit : questions.UnitsOf(searched.response.hits(i).passage())) {
      if (searched.units.size() == kRankingDepth || !seen.insert(unit).second) continue;
      searched.units.push_back(std::move(unit));
      searched.hits.push_back(i);
    }
  }
  return searched;
}

}  // namespace policykb
