#include "generator/feedback/feedback_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "generator/feedback/report.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

feedback::v1::StoredAnswer Answer(absl::Time when, std::string_view question,
                                  v1::AnswerStatus status = v1::ANSWER_STATUS_ANSWERED) {
  feedback::v1::StoredAnswer answer;
  answer.set_id(FeedbackStore::MakeId(when));
  answer.set_answered_at_ms(absl::ToUnixMillis(when));
  answer.set_question(std::string(question));
  answer.set_status(status);
  answer.add_passages("documents/dogs/provisions/art9");
  return answer;
}

feedback::v1::StoredFeedback Disliked(std::string_view comment) {
  feedback::v1::StoredFeedback feedback;
  feedback.set_rating(v1::RATING_NOT_HELPFUL);
  feedback.set_comment(std::string(comment));
  return feedback;
}

class FeedbackStoreTest : public ::testing::Test {
 protected:
  FeedbackStoreTest() { Open(kNow); }

  void Open(absl::Time now) {
    store_.reset();
    auto store = FeedbackStore::Open(folder_ / "f", absl::Hours(24 * 10), now);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  std::string Add(feedback::v1::StoredAnswer answer) {
    EXPECT_TRUE(store_->AddAnswer(answer).ok());
    return answer.id();
  }
  std::vector<std::string> Questions(absl::Time since = absl::UnixEpoch()) {
    std::vector<std::string> questions;
    EXPECT_TRUE(store_
                    ->ForEach(since,
                              [&](const feedback::v1::StoredAnswer& answer) {
                                questions.push_back(answer.question());
                                return absl::OkStatus();
                              })
                    .ok());
    return questions;
  }

  const TempFolder folder_;
  std::unique_ptr<FeedbackStore> store_;
};

TEST_F(FeedbackStoreTest, KeepsAnswersInTheOrderOfTheirTimes) {
  Add(Answer(kNow + absl::Seconds(1), "乙"));
  Add(Answer(kNow, "甲"));
  EXPECT_THAT(Questions(), ElementsAre("甲", "乙"));
  EXPECT_THAT(Questions(kNow + absl::Seconds(1)), ElementsAre("乙"));
  Open(kNow);
  EXPECT_THAT(Questions(), ElementsAre("甲", "乙"));
}

TEST_F(FeedbackStoreTest, IdsCannotBeGuessed) {
  const std::string a = FeedbackStore::MakeId(kNow), b = FeedbackStore::MakeId(kNow);
  EXPECT_EQ(a.size(), 32u);
  EXPECT_EQ(a.substr(0, 12), b.substr(0, 12));
  EXPECT_NE(a.substr(12), b.substr(12));
}

TEST_F(FeedbackStoreTest, KeepsNoPersonalNumberAnywhereOnTheDisk) {
  const std::string id = Add(Answer(kNow, "我叫13800138000，证号11010519491231002X，丢证怎么办"));
  ASSERT_TRUE(store_->AddFeedback(id, Disliked("回我电话13900139000")).ok());
  EXPECT_THAT(Questions(), ElementsAre("我叫[phone]，证号[id]，丢证怎么办"));
  store_.reset();
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder_ / "f")) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    for (const char* number : {"13800138000", "11010519491231002", "13900139000"})
      EXPECT_EQ(bytes.find(number), std::string::npos) << file.path();
  }
}

TEST_F(FeedbackStoreTest, TakesFeedbackOnAnswersThatItKnows) {
  const std::string id = Add(Answer(kNow, "甲"));
  EXPECT_TRUE(store_->AddFeedback(id, Disliked("一")).ok());
  EXPECT_TRUE(store_->AddFeedback(id, Disliked("二")).ok());
  EXPECT_EQ(MakeFeedbackReport(*store_, absl::UnixEpoch(), 9)->disliked_questions(0).comments(0),
            "二");
  for (const std::string& unknown :
       {std::string(), std::string("x"), FeedbackStore::MakeId(kNow), std::string(32, 'g')}) {
    EXPECT_EQ(store_->AddFeedback(unknown, Disliked("")).code(), absl::StatusCode::kNotFound);
  }
}

TEST_F(FeedbackStoreTest, RemovesWhatIsTooOld) {
  Add(Answer(kNow - absl::Hours(24 * 10) - absl::Seconds(1), "老"));
  Add(Answer(kNow - absl::Hours(24 * 10) + absl::Seconds(1), "新"));
  Open(kNow);
  EXPECT_THAT(Questions(), ElementsAre("新"));
  // While it runs as well, once an hour.
  Add(Answer(kNow + absl::Hours(2), "更新"));
  EXPECT_THAT(Questions(), ElementsAre("更新"));
}

TEST_F(FeedbackStoreTest, IsReadWhileAnotherWritesAndWrittenByOneOnly) {
  Add(Answer(kNow, "甲"));
  EXPECT_EQ(FeedbackStore::Open(folder_ / "f", absl::Hours(1), kNow).status().code(),
            absl::StatusCode::kFailedPrecondition);
  const auto reader = FeedbackStore::OpenForReading(folder_ / "f");
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(MakeFeedbackReport(**reader, absl::UnixEpoch(), 9)->answers(), 1);
  EXPECT_EQ(FeedbackStore::OpenForReading(folder_ / "none").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none"));
}

TEST_F(FeedbackStoreTest, ADamagedFileIsAnErrorOrTellsNothingThatWasNotAsked) {
  const std::set<std::string> asked = {"养犬登记", "火星补贴"};
  for (const std::string& question : asked) Add(Answer(kNow, question));
  // Opening again writes the answers into a table file.
  Open(kNow);
  store_.reset();
  // Every byte of a small file, and every 97th of a large one, which holds settings by the dozen.
  constexpr uintmax_t kSmall = 2048;
  int refused = 0;
  int tables = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_ / "f")) {
    const uintmax_t size = std::filesystem::file_size(file.path());
    tables += file.path().extension() == ".sst" && size <= kSmall ? 1 : 0;
    for (uintmax_t at = 0; at < size; at += size <= kSmall ? 1 : 97) {
      std::fstream bytes(file.path(), std::ios::binary | std::ios::in | std::ios::out);
      bytes.seekg(static_cast<std::streamoff>(at));
      const char byte = static_cast<char>(bytes.get());
      bytes.seekp(static_cast<std::streamoff>(at));
      bytes.put(static_cast<char>(byte ^ 0x55));
      bytes.flush();
      store_.reset();
      auto reader = FeedbackStore::OpenForReading(folder_ / "f");
      bool whole = reader.ok();
      if (whole) {
        store_ = *std::move(reader);
        const absl::Status read =
            store_->ForEach(absl::UnixEpoch(), [&](const feedback::v1::StoredAnswer& answer) {
              EXPECT_TRUE(asked.contains(answer.question())) << file.path() << " at " << at;
              return absl::OkStatus();
            });
        whole = read.ok();
      }
      refused += whole ? 0 : 1;
      bytes.seekp(static_cast<std::streamoff>(at));
      bytes.put(byte);
    }
  }
  EXPECT_EQ(tables, 1);
  EXPECT_GT(refused, 0);
  store_.reset();
  Open(kNow);
  EXPECT_EQ(Questions().size(), asked.size());
}

TEST_F(FeedbackStoreTest, ReportsWhatWasUnansweredAndDislikedMostFrequentFirst) {
  const auto at = [](int seconds) { return kNow + absl::Seconds(seconds); };
  Add(Answer(at(0), "火星 补贴", v1::ANSWER_STATUS_NO_SUPPORT));
  Add(Answer(at(1), "火星补贴", v1::ANSWER_STATUS_NO_SUPPORT));
  Add(Answer(at(2), "月球补贴", v1::ANSWER_STATUS_NO_SUPPORT));
  const std::string good = Add(Answer(at(3), "养犬"));
  const std::string bad = Add(Answer(at(4), "养猫"));
  auto failed = Answer(at(5), "养鱼");
  failed.set_model_failed(true);
  Add(failed);
  feedback::v1::StoredFeedback helpful;
  helpful.set_rating(v1::RATING_HELPFUL);
  ASSERT_TRUE(store_->AddFeedback(good, helpful).ok());
  ASSERT_TRUE(store_->AddFeedback(bad, Disliked("不对")).ok());
  const auto report = MakeFeedbackReport(*store_, absl::UnixEpoch(), 9);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->answers(), 6);
  EXPECT_EQ(report->unanswered(), 3);
  EXPECT_EQ(report->model_failed(), 1);
  EXPECT_EQ(report->helpful(), 1);
  EXPECT_EQ(report->not_helpful(), 1);
  ASSERT_EQ(report->unanswered_questions_size(), 2);
  EXPECT_EQ(report->unanswered_questions(0).question(), "火星补贴");
  EXPECT_EQ(report->unanswered_questions(0).answers(), 2);
  ASSERT_EQ(report->disliked_questions_size(), 1);
  EXPECT_EQ(report->disliked_questions(0).question(), "养猫");
  EXPECT_THAT(report->disliked_questions(0).comments(), ElementsAre("不对"));
  EXPECT_EQ(MakeFeedbackReport(*store_, absl::UnixEpoch(), 1)->unanswered_questions_size(), 1);
}

}  // namespace
}  // namespace policykb
