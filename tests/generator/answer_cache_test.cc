#include "generator/answer_cache.h"

#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "generator/answerer.h"
#include "tests/generator/fake_generator_parts.h"

namespace policykb {
namespace {

v1::AnswerSpec Ask(std::string_view question) {
  v1::AnswerSpec spec;
  spec.set_question(std::string(question));
  return spec;
}

v1::SearchResponse Found() {
  return MakeResponse(
      {MakePassage("dogs", "养犬条例", 9, "第九条　个人养犬的，每户不得超过二只。")});
}

TEST(AnswerCacheKeyTest, DiffersInWhateverAnAnswerDependsOn) {
  const v1::AnswerSpec spec = Ask("养犬");
  const v1::SearchResponse found = Found();
  const std::string key = AnswerCacheKey(spec, found, "m");
  EXPECT_EQ(AnswerCacheKey(spec, found, "m"), key);
  EXPECT_NE(AnswerCacheKey(spec, found, "other model"), key);

  std::vector<v1::AnswerSpec> specs(7, spec);
  specs[0].set_question("养犬?");
  specs[1].set_as_of_date("2020-01-01");
  specs[2].mutable_filter()->add_kinds("law");
  specs[3].set_k(5);
  specs[4].add_history()->set_question("前");
  specs[5].set_language("en");
  specs[6].set_extractive_only(true);
  for (const v1::AnswerSpec& other : specs) EXPECT_NE(AnswerCacheKey(other, found, "m"), key);

  // What other callers may see, other days and other snapshots show in what was found.
  std::vector<v1::SearchResponse> others(5, found);
  others[0].set_snapshot("s2");
  others[1].set_as_of_date("2026-01-02");
  others[2].mutable_hits(0)->mutable_passage()->set_text("第九条　个人养犬的，每户不得超过三只。");
  *others[3].add_hits() = found.hits(0);
  others[4].add_not_in_force()->set_document("documents/old");
  for (const v1::SearchResponse& other : others) EXPECT_NE(AnswerCacheKey(spec, other, "m"), key);
}

TEST(AnswerCacheTest, KeepsTheMostRecentlyUsedWithinItsBound) {
  // 100 bytes of text in a message of 104, a key of 2 and 160 for the places: 266 an entry, so
  // 3,000 bytes hold eleven.
  AnswerCache cache(3000);
  v1::GroundedAnswer answer;
  answer.set_refusal(std::string(100, 'x'));
  for (int i = 10; i < 21; ++i) cache.Put(Cat(i), answer);
  EXPECT_TRUE(cache.Find("10").has_value());
  cache.Put("21", answer);
  EXPECT_TRUE(cache.Find("10").has_value());
  EXPECT_FALSE(cache.Find("11").has_value());
  EXPECT_LE(cache.size_bytes(), 3000u);
  answer.set_refusal(std::string(1000, 'x'));
  cache.Put("22", answer);
  EXPECT_FALSE(cache.Find("22").has_value());
  EXPECT_TRUE(cache.Find("10").has_value());
}

class AnswererCacheTest : public ::testing::Test {
 protected:
  v1::GroundedAnswer Answer(const Answerer& answerer, std::string_view question = "养犬") {
    events_.clear();
    AnswerCall call;
    call.on_event = [this](const v1::StreamGenerateAnswerResponse& event) {
      events_.push_back(event);
      return true;
    };
    auto answer = answerer.Answer(Ask(question), call);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *answer : v1::GroundedAnswer();
  }

  FakePassageSource source_{Found()};
  std::vector<v1::StreamGenerateAnswerResponse> events_;
};

TEST_F(AnswererCacheTest, TellsAKeptAnswerInTheSameEventsWithoutTheModel) {
  FakeChatModel model({"个人养犬的，每户不得超过2只。[1]"});
  model.usage.prompt_tokens = 10000;
  const Answerer answerer(&source_, &model, {.cache_bytes = 1 << 20});
  v1::GroundedAnswer first = Answer(answerer);
  EXPECT_EQ(first.model_usage().prompt_tokens(), 10000);
  const size_t events = events_.size();
  const v1::GroundedAnswer second = Answer(answerer);
  EXPECT_EQ(model.calls, 1);
  EXPECT_EQ(source_.calls, 2);
  EXPECT_TRUE(second.from_cache());
  EXPECT_FALSE(second.has_model_usage());
  EXPECT_EQ(events_.size(), events);
  EXPECT_EQ(events_[1].sentence().citations_size(), 1);
  EXPECT_EQ(events_.back().final().SerializeAsString(), second.SerializeAsString());
  first.clear_model_usage();
  first.set_from_cache(true);
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
}

TEST_F(AnswererCacheTest, KeepsNothingOfAModelThatFailed) {
  FakeChatModel failing({"个人养犬的，每户不得超过2只。[1]养犬"}, absl::UnavailableError("x"));
  FakeChatModel wrong({"养犬需要每年缴纳管理费一千元。[1]"});
  for (FakeChatModel* model : {&failing, &wrong}) {
    const Answerer answerer(&source_, model, {.cache_bytes = 1 << 20});
    Answer(answerer);
    EXPECT_FALSE(Answer(answerer).from_cache());
    EXPECT_EQ(model->calls, 2);
  }
}

}  // namespace
}  // namespace policykb
