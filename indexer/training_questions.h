// TrainingQuestions: the known questions of each passage, which teach an embedder how people ask.
//
// Knows no snapshot: names of passages are compared as they stand in the question bank. Const after
// construction, any thread; refers to the questions.

#ifndef POLICYKB_INDEXER_TRAINING_QUESTIONS_H_
#define POLICYKB_INDEXER_TRAINING_QUESTIONS_H_

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "core/snapshot/editorial.h"
#include "core/snapshot/records.h"

namespace policykb {

class TrainingQuestions {
 public:
  explicit TrainingQuestions(const std::vector<KnownQuestion>& questions);

  // Texts of the questions that the passage answers, as a piece of a provision or a join of several
  // as well; in the order of the bank.
  std::vector<std::string_view> Of(const Passage& passage) const;

 private:
  // By id of the document: address of the provision, text of the question.
  std::map<std::string_view, std::vector<std::pair<std::string_view, std::string_view>>> questions_;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_TRAINING_QUESTIONS_H_
