#include "generator/answerer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "generator/openai_chat_model.h"
#include "tests/generator/fake_generator_parts.h"
#include "tests/testing/fake_chat_server.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<v1::Passage> SamplePassages() {
  return {MakePassage("dogs", "养犬条例", 9, "第九条　个人养犬的，每户不得超过二只。"),
          MakePassage("dogs", "养犬条例", 7, "第七条　养犬人应当在三十日内送至免疫点接种疫苗。")};
}

v1::AnswerSpec Ask(std::string_view question) {
  v1::AnswerSpec spec;
  spec.set_question(std::string(question));
  return spec;
}

// An answer with all events that told of it.
struct Told {
  absl::StatusOr<v1::GroundedAnswer> answer = absl::UnknownError("not asked");
  std::vector<v1::StreamGenerateAnswerResponse> events;

  std::vector<std::string> sentences() const {
    std::vector<std::string> texts;
    for (const auto& sentence : answer->sentences()) texts.push_back(sentence.text());
    return texts;
  }
  bool HasNotice(v1::Notice::Code code) const {
    for (const auto& notice : answer->notices()) {
      if (notice.code() == code) return true;
    }
    return false;
  }
};

// The events say the same as the final answer, in the same order; every citation is defined before
// or with its use.
void ExpectConsistent(const Told& told) {
  ASSERT_TRUE(told.answer.ok()) << told.answer.status();
  ASSERT_GE(told.events.size(), 2u);
  EXPECT_TRUE(told.events.front().has_search_done());
  EXPECT_TRUE(told.events.back().has_final());
  EXPECT_EQ(told.events.back().final().SerializeAsString(), told.answer->SerializeAsString());
  v1::GroundedAnswer collected;
  for (size_t i = 1; i + 1 < told.events.size(); ++i) {
    const auto& event = told.events[i];
    if (event.has_sentence()) {
      *collected.add_sentences() = event.sentence().sentence();
      for (const auto& citation : event.sentence().citations()) {
        *collected.add_citations() = citation;
        EXPECT_EQ(citation.number(), collected.citations_size());
      }
      for (const int32_t number : event.sentence().sentence().citations()) {
        EXPECT_GE(number, 1);
        EXPECT_LE(number, collected.citations_size());
      }
    } else if (event.has_notice()) {
      *collected.add_notices() = event.notice();
    } else {
      ADD_FAILURE() << event.DebugString();
    }
  }
  EXPECT_EQ(collected.sentences_size(), told.answer->sentences_size());
  EXPECT_EQ(collected.citations_size(), told.answer->citations_size());
  EXPECT_EQ(collected.notices_size(), told.answer->notices_size());
}

class AnswererTest : public ::testing::Test {
 protected:
  Told Run(ChatModel* model, const v1::AnswerSpec& spec, AnswererOptions options = {}) {
    const Answerer answerer(&source_, model, options);
    Told told;
    AnswerCall call;
    call.on_event = [&](const v1::StreamGenerateAnswerResponse& event) {
      told.events.push_back(event);
      return true;
    };
    told.answer = answerer.Answer(spec, call);
    return told;
  }

  FakePassageSource source_{MakeResponse(SamplePassages())};
};

TEST_F(AnswererTest, QuotesWithoutAModel) {
  const Told told = Run(nullptr, Ask("一户可以养几只狗？个人养犬"));
  ExpectConsistent(told);
  EXPECT_EQ(told.answer->status(), v1::ANSWER_STATUS_ANSWERED);
  EXPECT_EQ(told.answer->mode(), v1::ANSWER_MODE_EXTRACTIVE);
  EXPECT_EQ(told.answer->model(), "");
  EXPECT_EQ(told.answer->snapshot(), "s1");
  EXPECT_EQ(told.answer->as_of_date(), "2026-01-01");
  ASSERT_GE(told.answer->sentences_size(), 1);
  for (const auto& sentence : told.answer->sentences()) {
    ASSERT_EQ(sentence.citations_size(), 1);
    EXPECT_EQ(sentence.text(), told.answer->citations(sentence.citations(0) - 1).quote());
    EXPECT_EQ(sentence.support(), v1::SUPPORT_SUPPORTED);
  }
  EXPECT_EQ(told.sentences()[0], "第九条　个人养犬的，每户不得超过二只。");
}

TEST_F(AnswererTest, SearchesOnceWithWhatTheSpecSays) {
  v1::AnswerSpec spec = Ask("养犬");
  spec.set_as_of_date("2020-02-02");
  spec.set_k(7);
  spec.mutable_filter()->add_kinds("law");
  Run(nullptr, spec);
  EXPECT_EQ(source_.calls, 1);
  EXPECT_EQ(source_.last_request.query(), "养犬");
  EXPECT_EQ(source_.last_request.as_of_date(), "2020-02-02");
  EXPECT_EQ(source_.last_request.k(), 7);
  EXPECT_EQ(source_.last_request.filter().kinds(0), "law");
  EXPECT_LE(source_.last_deadline, absl::Now() + absl::Seconds(30));
  Run(nullptr, Ask("养犬"));
  EXPECT_EQ(source_.last_request.k(), 10);
}

TEST_F(AnswererTest, SendsCheckedSentencesOfTheModel) {
  FakeChatModel model(
      {"个人养犬的，每户不得超过2只。[1]养犬人应当在30日内", "送至免疫点接种疫苗[2]。"});
  const Told told = Run(&model, Ask("养犬"));
  ExpectConsistent(told);
  EXPECT_EQ(told.answer->mode(), v1::ANSWER_MODE_MODEL);
  EXPECT_EQ(told.answer->model(), "fake-model");
  EXPECT_THAT(told.sentences(), ::testing::ElementsAre("个人养犬的，每户不得超过2只。",
                                                       "养犬人应当在30日内送至免疫点接种疫苗。"));
  EXPECT_EQ(told.answer->citations(0).quote(), "第九条　个人养犬的，每户不得超过二只。");
  EXPECT_THAT(told.answer->notices(), IsEmpty());
}

TEST_F(AnswererTest, DropsWhatNoPassageBearsAndSaysSo) {
  FakeChatModel model({"个人养犬的，每户不得超过2只。[1]个人养犬的，每户不得超过5只。[1]",
                       "养犬需要每年缴纳管理费一千元。[2]"});
  const Told told = Run(&model, Ask("养犬"));
  ExpectConsistent(told);
  EXPECT_THAT(told.sentences(), ::testing::ElementsAre("个人养犬的，每户不得超过2只。"));
  EXPECT_TRUE(told.HasNotice(v1::Notice::CODE_SENTENCES_DROPPED));
  EXPECT_FALSE(told.HasNotice(v1::Notice::CODE_MODEL_FAILED));
}

TEST_F(AnswererTest, QuotesWhenTheModelFailsOrSaysNothingThatHolds) {
  FakeChatModel failing({}, absl::UnavailableError("x"));
  FakeChatModel silent({});
  FakeChatModel wrong({"养犬需要每年缴纳管理费一千元。[1]"});
  FakeChatModel late({}, absl::DeadlineExceededError("x"));
  for (FakeChatModel* model : {&failing, &silent, &wrong, &late}) {
    const Told told = Run(model, Ask("个人养犬"));
    ExpectConsistent(told);
    EXPECT_EQ(told.answer->status(), v1::ANSWER_STATUS_ANSWERED);
    EXPECT_EQ(told.answer->mode(), v1::ANSWER_MODE_EXTRACTIVE);
    EXPECT_EQ(told.answer->model(), "");
    EXPECT_TRUE(told.HasNotice(v1::Notice::CODE_MODEL_FAILED));
    EXPECT_EQ(told.sentences()[0], "第九条　个人养犬的，每户不得超过二只。");
  }
}

TEST_F(AnswererTest, SaysThatPassagesWereFoundByWordsAlone) {
  EXPECT_FALSE(Run(nullptr, Ask("个人养犬")).HasNotice(v1::Notice::CODE_FOUND_BY_WORDS_ALONE));
  v1::SearchResponse found = MakeResponse(SamplePassages());
  found.set_dense_failure("embedding server at http://127.0.0.1:1: refused");
  source_ = FakePassageSource(found);
  const Told told = Run(nullptr, Ask("个人养犬"));
  ExpectConsistent(told);
  EXPECT_TRUE(told.HasNotice(v1::Notice::CODE_FOUND_BY_WORDS_ALONE));
}

TEST_F(AnswererTest, KeepsWhatWasSentWhenTheModelBreaksOff) {
  FakeChatModel model(
      {"个人养犬的，每户不得超过2只。[1]养犬人应当在30日内送至免疫点接种疫苗，但是"},
      absl::UnavailableError("x"));
  const Told told = Run(&model, Ask("养犬"));
  ExpectConsistent(told);
  EXPECT_EQ(told.sentences()[0], "个人养犬的，每户不得超过2只。");
  // The sentence that was cut off is not sent, though its beginning holds.
  for (const std::string& sentence : told.sentences())
    EXPECT_THAT(sentence, Not(HasSubstr("但是")));
  EXPECT_TRUE(told.HasNotice(v1::Notice::CODE_MODEL_FAILED));
  EXPECT_EQ(told.answer->mode(), v1::ANSWER_MODE_MODEL);
}

TEST_F(AnswererTest, RefusesWhenTheModelSaysThatNoPassageApplies) {
  FakeChatModel model({"NO_PASSAGE", "_APPLIES"});
  const Told told = Run(&model, Ask("养犬"));
  ExpectConsistent(told);
  // The evidence was good all the same.
  EXPECT_EQ(told.answer->status(), v1::ANSWER_STATUS_MAY_BE_RELATED);
  EXPECT_EQ(told.answer->mode(), v1::ANSWER_MODE_MODEL);
  EXPECT_EQ(told.answer->related_size(), 2);
  EXPECT_THAT(told.sentences(), IsEmpty());
  EXPECT_FALSE(told.HasNotice(v1::Notice::CODE_MODEL_FAILED));
  // Behind sentences it says nothing, and is never shown.
  FakeChatModel both({"个人养犬的，每户不得超过2只。[1]NO_PASSAGE_APPLIES"});
  EXPECT_THAT(Run(&both, Ask("养犬")).sentences(),
              ::testing::ElementsAre("个人养犬的，每户不得超过2只。"));
}

TEST_F(AnswererTest, AQuestionForASumIsNotAnsweredByTextWithoutOne) {
  FakeChatModel model({"个人养犬的，每户不得超过2只。[1]"});
  for (ChatModel* const writer :
       {static_cast<ChatModel*>(nullptr), static_cast<ChatModel*>(&model)}) {
    const Told told = Run(writer, Ask("个人养犬每户要多少钱"));
    ExpectConsistent(told);
    EXPECT_EQ(told.answer->status(), v1::ANSWER_STATUS_MAY_BE_RELATED);
    EXPECT_THAT(told.sentences(), IsEmpty());
    EXPECT_EQ(told.answer->related_size(), 2);
    // There is a period, so that this is answered.
    EXPECT_EQ(Run(writer, Ask("养犬多少天内接种疫苗")).answer->status(),
              v1::ANSWER_STATUS_ANSWERED);
  }
}

// Says what it is told for each kind of prompt, or nothing before its deadline.
class PreparingModel : public ChatModel {
 public:
  const std::string& name() const override { return name_; }
  void StartChat(ChatRequest request, ChatTextSink on_text, ChatDone on_done) override {
    const std::string& system = request.messages.front().content;
    const bool rewrites = system.find("改写") != std::string::npos;
    const bool answers = !rewrites && system.find("<passages>") != std::string::npos;
    ChatOutcome outcome;
    if (late && !answers) {
      outcome.status = absl::DeadlineExceededError("late");
    } else {
      on_text(answers ? "个人养犬的，每户不得超过2只。[1]" : rewrites ? rewritten : expanded);
    }
    on_done(outcome);
  }

  std::string rewritten = " 养犬登记\n要多少钱？ ";
  std::string expanded = "养犬登记应当缴纳费用。";
  bool late = false;

 private:
  std::string name_ = "preparing";
};

TEST_F(AnswererTest, SearchesWithWhatTheModelMadeOfTheQuestionWhereItMay) {
  v1::AnswerSpec spec = Ask("那要怎么办？");
  spec.add_history()->set_question("养犬登记");
  const AnswererOptions both = {.rewrite_within = absl::Seconds(1),
                                .expand_within = absl::Seconds(1)};
  PreparingModel model;
  ExpectConsistent(Run(&model, spec, both));
  EXPECT_EQ(source_.last_request.query(), "养犬登记 要多少钱？\n养犬登记应当缴纳费用。");
  EXPECT_EQ(source_.calls, 1);
  Run(&model, spec, {.rewrite_within = absl::Seconds(1)});
  EXPECT_EQ(source_.last_request.query(), "养犬登记 要多少钱？");
  // Only follow-ups are rewritten.
  Run(&model, Ask("养犬"), {.rewrite_within = absl::Seconds(1)});
  EXPECT_EQ(source_.last_request.query(), "养犬");
  // Without the options, and when it is late or says nothing, the search does without.
  Run(&model, spec);
  EXPECT_EQ(source_.last_request.query(), "养犬登记\n那要怎么办？");
  model.late = true;
  Run(&model, spec, both);
  EXPECT_EQ(source_.last_request.query(), "养犬登记\n那要怎么办？");
}

TEST_F(AnswererTest, DoesNotAskTheModelWhenToldSo) {
  FakeChatModel model({"x"});
  v1::AnswerSpec spec = Ask("养犬");
  spec.set_extractive_only(true);
  EXPECT_EQ(Run(&model, spec).answer->mode(), v1::ANSWER_MODE_EXTRACTIVE);
  EXPECT_EQ(model.calls, 0);
}

TEST_F(AnswererTest, RefusesThinEvidenceInTheLanguageOfTheQuestion) {
  v1::SearchResponse thin = MakeResponse(SamplePassages());
  thin.mutable_evidence()->set_answerability(0.1);
  source_ = FakePassageSource(thin);
  FakeChatModel model({"x"});
  Told told = Run(&model, Ask("火星移民补贴"));
  ExpectConsistent(told);
  EXPECT_EQ(told.answer->status(), v1::ANSWER_STATUS_NO_SUPPORT);
  EXPECT_EQ(told.answer->mode(), v1::ANSWER_MODE_UNSPECIFIED);
  EXPECT_THAT(told.answer->refusal(), HasSubstr("没有找到可以回答这个问题的现行政策文本。最接近"));
  EXPECT_EQ(told.answer->related_size(), 2);
  EXPECT_THAT(told.answer->sentences(), IsEmpty());
  EXPECT_EQ(model.calls, 0);
  EXPECT_THAT(Run(&model, Ask("Mars subsidy?")).answer->refusal(), HasSubstr("No policy text"));
  v1::AnswerSpec spec = Ask("Mars subsidy?");
  spec.set_language("zh");
  EXPECT_THAT(Run(&model, spec).answer->refusal(), HasSubstr("没有找到"));
  EXPECT_EQ(Run(&model, Ask("火星"), {.refuse_below = 0.05}).answer->status(),
            v1::ANSWER_STATUS_ANSWERED);
}

TEST_F(AnswererTest, TellsOfTextThatIsNotInForce) {
  v1::SearchResponse found = MakeResponse(SamplePassages());
  found.add_not_in_force()->set_document_title("旧条例");
  source_ = FakePassageSource(found);
  EXPECT_TRUE(Run(nullptr, Ask("旧条例")).HasNotice(v1::Notice::CODE_NOT_IN_FORCE));
  found.clear_hits();
  source_ = FakePassageSource(found);
  const Told told = Run(nullptr, Ask("旧条例"));
  ExpectConsistent(told);
  EXPECT_EQ(told.answer->status(), v1::ANSWER_STATUS_NO_SUPPORT);
  EXPECT_TRUE(told.HasNotice(v1::Notice::CODE_NOT_IN_FORCE));
}

TEST_F(AnswererTest, RefusesSpecsThatCannotBe) {
  v1::AnswerSpec bad_k = Ask("养犬");
  bad_k.set_k(51);
  v1::AnswerSpec negative_k = Ask("养犬");
  negative_k.set_k(-1);
  v1::AnswerSpec language = Ask("养犬");
  language.set_language("fr");
  v1::AnswerSpec history = Ask("养犬");
  for (int i = 0; i < 21; ++i) history.add_history();
  for (const v1::AnswerSpec& spec :
       {Ask(""), Ask(" \n"), Ask(std::string(8193, 'x')), bad_k, negative_k, language, history}) {
    const Told told = Run(nullptr, spec);
    EXPECT_EQ(told.answer.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(told.events, IsEmpty());
  }
  EXPECT_EQ(source_.calls, 0);
  EXPECT_TRUE(Run(nullptr, Ask(std::string(8192, 'x'))).answer.ok());
}

TEST_F(AnswererTest, RefusesAQuestionThatIsNoUtf8) {
  EXPECT_EQ(ValidateAnswerSpec(Ask("养\xFF")).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(AnswererTest, PassesErrorsOfTheSearchOn) {
  source_ = FakePassageSource(absl::InvalidArgumentError("as_of_date: \"x\" is no date"));
  EXPECT_EQ(Run(nullptr, Ask("养犬")).answer.status().code(), absl::StatusCode::kInvalidArgument);
  source_ = FakePassageSource(absl::UnavailableError("retriever at 127.0.0.1:1: refused"));
  EXPECT_EQ(Run(nullptr, Ask("养犬")).answer.status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(AnswererTest, EndsWhenTheCallerGoes) {
  FakeChatModel model({"个人养犬的，每户不得超过2只。[1]养", "犬。"});
  const Answerer answerer(&source_, &model);
  int events = 0;
  AnswerCall call;
  call.on_event = [&](const auto&) { return ++events < 2; };
  EXPECT_EQ(answerer.Answer(Ask("养犬"), call).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(events, 2);
  AnswerCall cancelled;
  cancelled.cancelled = [] { return true; };
  EXPECT_EQ(answerer.Answer(Ask("养犬"), cancelled).status().code(), absl::StatusCode::kCancelled);
  AnswerCall late;
  late.deadline = absl::Now() - absl::Seconds(1);
  EXPECT_EQ(answerer.Answer(Ask("养犬"), late).status().code(),
            absl::StatusCode::kDeadlineExceeded);
}

TEST_F(AnswererTest, AnswersFromThePassagesBeforeTheDeadlineWhenTheModelStalls) {
  FakeChatServer server;
  server.SetDefault({.pieces = {}, .ending = FakeEnding::kHang});
  const auto model = OpenAiChatModel::Create({.url = server.url(), .model = "m"});
  ASSERT_TRUE(model.ok());
  const absl::Time start = absl::Now();
  const Told told = Run(model->get(), Ask("个人养犬"), {.timeout = absl::Seconds(5)});
  ExpectConsistent(told);
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_EQ(told.answer->mode(), v1::ANSWER_MODE_EXTRACTIVE);
  EXPECT_TRUE(told.HasNotice(v1::Notice::CODE_MODEL_FAILED));
}

TEST_F(AnswererTest, LetsNoReasoningOut) {
  // The reasoning repeats the passage, so that grounding alone would let it pass.
  const std::string secret = "个人养犬的，每户不得超过二只。[1]SECRET。";
  const std::string answer = "养犬人应当在三十日内送至免疫点接种疫苗。[2]";
  FakeChatServer server;
  const auto model = OpenAiChatModel::Create(
      {.url = server.url(), .model = "m", .first_pause = absl::Milliseconds(1)});
  ASSERT_TRUE(model.ok());
  const FakeReply replies[] = {
      {.pieces = {FakeFieldEvent("reasoning_content", secret), FakeTextEvent(answer),
                  FakeFinishEvents()}},
      FakeStream({"<think>" + secret, "</think>" + answer}),
      FakeStream({secret, "</think>", answer}),
      FakeStream({secret + "</th", "ink>" + answer}),
      FakeStream({answer, "<think>" + secret}),
  };
  for (const FakeReply& reply : replies) {
    server.Enqueue(reply);
    const Told told = Run(model->get(), Ask("接种疫苗"));
    ExpectConsistent(told);
    EXPECT_THAT(told.sentences(),
                ::testing::ElementsAre("养犬人应当在三十日内送至免疫点接种疫苗。"));
    for (const auto& event : told.events) {
      EXPECT_THAT(event.DebugString(), Not(HasSubstr("SECRET")));
    }
  }
}

}  // namespace
}  // namespace policykb
