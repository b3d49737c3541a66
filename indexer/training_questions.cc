#include "indexer/training_questions.h"

#include <string>

namespace policykb {

namespace {

constexpr std::string_view kDocuments = "documents/";
constexpr std::string_view kProvisions = "/provisions/";

}  // namespace

TrainingQuestions::TrainingQuestions(const std::vector<KnownQuestion>& questions) {
  for (const KnownQuestion& question : questions) {
    for (const std::string_view name : question.passages) {
      const size_t at = name.find(kProvisions);
      if (!name.starts_with(kDocuments) || at == std::string_view::npos) continue;
      questions_[name.substr(kDocuments.size(), at - kDocuments.size())].emplace_back(
          name.substr(at + kProvisions.size()), question.text);
    }
  }
}

std::vector<std::string_view> TrainingQuestions::Of(const Passage& passage) const {
  std::vector<std::string_view> found;
  const auto of_document = questions_.find(passage.document_id);
  if (of_document == questions_.end()) return found;
  for (const auto& [address, text] : of_document->second) {
    if (StandsFor(passage.address, address)) found.push_back(text);
  }
  return found;
}

}  // namespace policykb
