// QuestionSet: topics with their relevance judgements, and the one way in which a topic is searched
// and its hits become a ranking.
//
// Shared by eval and gate, so that a floor means what eval prints. Not for scoring (measures.h).
// Const after Read; searching is as safe as the access it goes through.

#ifndef POLICYKB_TOOLS_QUESTION_SET_H_
#define POLICYKB_TOOLS_QUESTION_SET_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "policykb/v1/retriever_service.pb.h"
#include "tools/retriever_access.h"
#include "tools/topics.h"

namespace policykb {

struct QuestionFiles {
  std::string topics;         // file
  std::string qrels;          // file, or empty
  std::string gold_articles;  // file, or empty; exactly one of the two is given
  std::string strip_prefix;   // of the document paths in gold_articles
};

class QuestionSet {
 public:
  // Errors: InvalidArgument (none or both judgements given, a line that is wrong), NotFound.
  static absl::StatusOr<QuestionSet> Read(const QuestionFiles& files);

  const std::vector<Topic>& topics() const { return topics_; }
  // True when the units are articles of files, false when they are provisions.
  bool by_article() const { return by_article_; }
  // Null when the topic was not judged.
  const std::set<std::string>* RelevantTo(const Topic& topic) const;
  // What of a passage counts in a ranking, each once.
  std::vector<std::string> UnitsOf(const v1::Passage& passage) const;
  // Distinct relevant units of all topics.
  std::set<std::string> GoldUnits() const;

 private:
  std::vector<Topic> topics_;
  Judgements judgements_;
  bool by_article_ = false;
};

// Units are measured down to this rank.
inline constexpr size_t kRankingDepth = 100;

struct SearchDepth {
  // Enough for kRankingDepth units: a long article may take several passages.
  int32_t passages = 300;
  bool explain = false;
  std::vector<std::string> excluded_documents = {};  // documents/{document}
};

struct SearchedTopic {
  v1::SearchResponse response;
  // Units in order, each once, the first hundred.
  std::vector<std::string> units;
  // The hit that stands for each, as index in the response.
  std::vector<int> hits;
};

// The access for who asks the topic: with its labels, with the public one where it names none.
RetrieverAccess& AccessOf(const Topic& topic, const AccessByLabels& access);

// Searches with the topic's labels and day. Errors: as RetrieverService.Search, naming the topic.
absl::StatusOr<SearchedTopic> SearchTopic(const QuestionSet& questions, const Topic& topic,
                                          const AccessByLabels& access, const SearchDepth& depth);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_QUESTION_SET_H_
