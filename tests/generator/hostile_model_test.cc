// Model servers that misbehave in every way: the answer is there before its deadline, bounded,
// quotes the passages, says so in a notice, and holds no reasoning.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "generator/answerer.h"
#include "generator/openai_chat_model.h"
#include "tests/generator/fake_generator_parts.h"
#include "tests/testing/fake_chat_server.h"
#include "tests/testing/sanitizers.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kQuote = "第九条　个人养犬的，每户不得超过二只。";

struct Misbehaviour {
  std::string name;
  FakeReply reply;
};

std::vector<Misbehaviour> All() {
  const std::string borne = FakeTextEvent("个人养犬的，每户不得超过二只。[1]");
  FakeReply drips = {.pause = absl::Milliseconds(100), .ending = FakeEnding::kHang};
  for (const char c : borne) drips.pieces.push_back(std::string(1, c));
  const std::string cut_in_a_character = borne.substr(0, borne.find("养") + 1);
  return {
      {"repeats a sentence for ever", {.pieces = {borne}, .ending = FakeEnding::kRepeatLast}},
      {"repeats a sentence that nothing bears for ever",
       {.pieces = {FakeTextEvent("每年缴纳管理费一千元。[1]")}, .ending = FakeEnding::kRepeatLast}},
      {"repeats reasoning for ever",
       {.pieces = {FakeFieldEvent("reasoning_content", "SECRET。")},
        .ending = FakeEnding::kRepeatLast}},
      {"repeats a word for ever",
       {.pieces = {FakeTextEvent("养犬")}, .ending = FakeEnding::kRepeatLast}},
      {"repeats marks for ever",
       {.pieces = {FakeTextEvent("<think>SECRET")}, .ending = FakeEnding::kRepeatLast}},
      {"sends 10 MB in one event", {.pieces = {FakeTextEvent(std::string(10 << 20, 'x'))}}},
      {"sends 10 MB without a line end", {.pieces = {std::string(10 << 20, 'x')}}},
      {"sends 10 MB of comments",
       {.pieces = {": " + std::string(1000, 'x') + "\n"}, .ending = FakeEnding::kRepeatLast}},
      {"stops in a sentence", {.pieces = {FakeTextEvent("个人养犬的，每户")}}},
      {"stops in a character", {.pieces = {cut_in_a_character}}},
      {"stops in reasoning", FakeStream({"<think>SECRET，每户不得超过二只"})},
      {"is reset", {.pieces = {FakeTextEvent("个人养犬的")}, .ending = FakeEnding::kReset}},
      {"never sends", {.pieces = {}, .ending = FakeEnding::kHang, .head = false}},
      {"sends a head and nothing else", {.pieces = {}, .ending = FakeEnding::kHang}},
      {"sends HTML",
       {.content_type = "text/html", .pieces = {"<!DOCTYPE html><html>Log in</html>"}}},
      {"drips bytes", drips},
      {"sends nothing", FakeStream({})},
      {"sends white space", FakeStream({" ", "\n\n", "\t"})},
      {"sends JSON of another kind",
       {.content_type = "application/json", .pieces = {"{\"answer\":\"SECRET\"}"}}},
      {"sends a list", {.content_type = "application/json", .pieces = {"[1,2]"}}},
      {"sends content that is no text",
       {.pieces = {"data: {\"choices\":[{\"delta\":{\"content\":{\"a\":1}}}]}\n\n",
                   FakeFinishEvents()}}},
      {"sends bytes that are no text",
       {.pieces = {"data: {\"choices\":[{\"delta\":{\"content\":\"\xFF\xFE\"}}]}\n\n",
                   FakeFinishEvents()}}},
      {"nests without end",
       {.content_type = "application/json", .pieces = {std::string(100000, '[')}}},
      {"breaks off by a filter",
       {.pieces = {FakeTextEvent("个人养犬"), FakeFinishEvents("content_filter")}}},
      {"reaches its length", {.pieces = {FakeTextEvent("个人养犬"), FakeFinishEvents("length")}}},
      {"says nothing that holds", FakeStream({"每年缴纳管理费一千元。[1]"})},
      {"cites what it was not given", FakeStream({"每年缴纳管理费一千元。[7][99][-1]"})},
      {"has no more money", FakeError(402, "{\"error\":{\"message\":\"Insufficient Balance\"}}")},
      {"is busy", FakeError(503, "{\"error\":{\"message\":\"busy\"}}")},
      {"leads elsewhere", FakeError(302, "")},
  };
}

TEST(HostileModelTest, EveryAnswerIsInTimeBoundedQuotedAndNoted) {
  // Long enough for a machine that is busy with other things; sanitizers slow a model that never
  // ends down by ten times.
  const absl::Duration timeout = absl::Seconds(kSanitized ? 12 : 6);
  for (const Misbehaviour& misbehaviour : All()) {
    SCOPED_TRACE(misbehaviour.name);
    FakeChatServer server;
    server.SetDefault(misbehaviour.reply);
    const auto model = OpenAiChatModel::Create(
        {.url = server.url(), .model = "m", .first_pause = absl::Milliseconds(1)});
    ASSERT_TRUE(model.ok()) << model.status();
    FakePassageSource source(MakeResponse({MakePassage("dogs", "养犬条例", 9, kQuote)}));
    const Answerer answerer(&source, model->get(), {.timeout = timeout});
    v1::AnswerSpec spec;
    spec.set_question("个人养犬每户几只？");
    AnswerCall call;
    std::string told;
    call.on_event = [&](const v1::StreamGenerateAnswerResponse& event) {
      told += event.SerializeAsString();
      return true;
    };
    const absl::Time start = absl::Now();
    const auto answer = answerer.Answer(spec, call);
    EXPECT_LT(absl::Now() - start, timeout);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->status(), v1::ANSWER_STATUS_ANSWERED);
    bool noted = false;
    for (const auto& notice : answer->notices())
      noted = noted || notice.code() == v1::Notice::CODE_MODEL_FAILED;
    EXPECT_TRUE(noted);
    // What the model said before it failed may stand, once; the passage is quoted in any case.
    EXPECT_GE(answer->sentences_size(), 1);
    EXPECT_LE(answer->sentences_size(), 2);
    ASSERT_EQ(answer->citations_size(), 1);
    EXPECT_EQ(answer->citations(0).quote(), kQuote);
    EXPECT_THAT(told, Not(HasSubstr("SECRET")));
    EXPECT_LT(told.size(), 10000u);
  }
}

}  // namespace
}  // namespace policykb
