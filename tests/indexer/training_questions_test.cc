#include "indexer/training_questions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Passage At(const std::string& document, const std::string& address) {
  Passage passage;
  passage.document_id = document;
  passage.address = address;
  return passage;
}

TEST(TrainingQuestionsTest, APassageHasTheQuestionsOfTheProvisionsItStandsFor) {
  const std::vector<KnownQuestion> bank = {
      {.id = "", .text = "多少钱", .passages = {"documents/guide/provisions/s4"}},
      {.id = "",
       .text = "多久",
       .passages = {"documents/guide/provisions/s5", "documents/law/provisions/art2"}},
      {.id = "", .text = "怎么办", .passages = {"documents/guide", "s4"}}};
  const TrainingQuestions questions(bank);
  EXPECT_THAT(questions.Of(At("guide", "s4")), ElementsAre("多少钱"));
  EXPECT_THAT(questions.Of(At("guide", "s4+s5")), ElementsAre("多少钱", "多久"));
  EXPECT_THAT(questions.Of(At("law", "art2")), ElementsAre("多久"));
  EXPECT_THAT(questions.Of(At("law", "art20")), IsEmpty());
  EXPECT_THAT(questions.Of(At("other", "s4")), IsEmpty());
}

}  // namespace
}  // namespace policykb
