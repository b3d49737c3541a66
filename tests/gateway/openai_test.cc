// OpenAI's protocol, by its messages and over real connections.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "core/rpc/api_key.h"
#include "generator/gateway/answer_text.h"
#include "generator/gateway/openai_messages.h"
#include "tests/gateway/fake_upstream.h"
#include "tests/gateway/raw_http.h"

namespace policykb {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

v1::GroundedAnswer TwoSentences() {
  v1::GroundedAnswer answer;
  v1::AnswerSentence& first = *answer.add_sentences();
  first.set_text("养犬须登记。");
  first.add_citations(1);
  v1::AnswerSentence& second = *answer.add_sentences();
  second.set_text("免费。");
  second.add_citations(1);
  second.add_citations(2);
  for (int number = 1; number <= 2; ++number) {
    v1::Citation& citation = *answer.add_citations();
    citation.set_number(number);
    citation.set_label(Cat("《条例》第", number, "条"));
    citation.set_document("documents/a b");
    citation.mutable_span()->set_start(3);
    citation.mutable_span()->set_end(9);
  }
  return answer;
}

TEST(AnswerTextTest, MarksAreCountedInCharacters) {
  AnswerText text(CitationForm::kAnnotations, "https://kb.example");
  // Six characters, then "[1]", two line ends, three characters, "[1]" and "[2]".
  EXPECT_EQ(text.Finish(TwoSentences()), "养犬须登记。[1]\n\n免费。[1][2]");
  EXPECT_THAT(text.marks(),
              ElementsAre(AllOf(Field(&TextCitation::start, 6), Field(&TextCitation::end, 9)),
                          AllOf(Field(&TextCitation::start, 14), Field(&TextCitation::end, 17)),
                          AllOf(Field(&TextCitation::start, 17), Field(&TextCitation::end, 20))));
  EXPECT_EQ(text.marks()[2].url, "https://kb.example/#/documents/a%20b?span=3-9");
  EXPECT_EQ(text.marks()[2].title, "《条例》第2条");
}

TEST(AnswerTextTest, SentencesThatCameBeforeAreNotRepeatedAndTheListStandsBelow) {
  const v1::GroundedAnswer answer = TwoSentences();
  AnswerText text(CitationForm::kList, "");
  v1::SentenceReady ready;
  *ready.mutable_sentence() = answer.sentences(0);
  *ready.add_citations() = answer.citations(0);
  EXPECT_EQ(text.Add(ready), "养犬须登记。[1]");
  EXPECT_EQ(text.Finish(answer), "\n\n免费。[1][2]\n\n[1] 《条例》第1条\n[2] 《条例》第2条");
}

TEST(AnswerTextTest, ARefusalNamesWhatMayBeRelated) {
  v1::GroundedAnswer answer;
  answer.set_refusal("没有依据。");
  answer.add_notices()->set_message("模型失败");
  answer.add_related()->set_document_title("条例");
  AnswerText text(CitationForm::kBoth, "");
  EXPECT_EQ(text.Finish(answer), "没有依据。\n\n> 模型失败\n\n[1] 条例");
  EXPECT_TRUE(text.marks().empty());
}

TEST(AnswerTextTest, EarlierAnswersLoseTheirListOfCitations) {
  EXPECT_EQ(WithoutCitationList("养犬须登记。[1]\n\n> 注意\n\n[1] 条例\n[12] 法 http://a"),
            "养犬须登记。[1]");
  EXPECT_EQ(WithoutCitationList("[1] 条例"), "");
  EXPECT_EQ(WithoutCitationList("第[1]条\n[x] y"), "第[1]条\n[x] y");
}

TEST(OpenAiMessagesTest, EarlierTurnsBecomeHistoryAndSystemsWordsDoNot) {
  const auto request = ReadChatRequest(R"({"model":"policykb","temperature":2,"messages":[
      {"role":"system","content":"You are a pirate."},
      {"role":"user","content":"养犬要登记吗"},
      {"role":"assistant","content":"要。[1]\n\n[1] 条例"},
      {"role":"tool","content":"x","tool_call_id":"y"},
      {"role":"user","content":"等等"},
      {"role":"user","content":[{"type":"text","text":"收费"},{"type":"text","text":"吗"}]}]})");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->spec.question(), "收费\n吗");
  ASSERT_EQ(request->spec.history_size(), 2);
  EXPECT_EQ(request->spec.history(0).question(), "养犬要登记吗");
  EXPECT_EQ(request->spec.history(0).answer(), "要。[1]");
  EXPECT_EQ(request->spec.history(1).answer(), "");
  EXPECT_THAT(request->spec.DebugString(), Not(HasSubstr("pirate")));
}

TEST(OpenAiMessagesTest, OnlyTheLastTwentyTurnsAreKept) {
  std::string messages;
  for (int i = 0; i < 25; ++i)
    messages +=
        Cat(R"({"role":"user","content":"q)", i, R"("},{"role":"assistant","content":"a"},)");
  const auto request = ReadChatRequest(Cat(R"({"model":"policykb","messages":[)", messages,
                                           R"({"role":"user","content":"last"}]})"));
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->spec.history_size(), 20);
  EXPECT_EQ(request->spec.history(0).question(), "q5");
}

TEST(OpenAiMessagesTest, WhatCannotBeAnsweredIsRefused) {
  for (
      const char* json :
      {"{", "[]", "{}", R"({"model":"policykb"})", R"({"model":1,"messages":[]})",
       R"({"model":"policykb","messages":[]})", R"({"model":"policykb","messages":{}})",
       R"({"model":"policykb","messages":[1]})",
       R"({"model":"policykb","messages":[{"role":"assistant","content":"a"}]})",
       R"({"model":"policykb","messages":[{"role":"user","content":1}]})",
       R"({"model":"policykb","messages":[{"role":"user","content":[{"type":"image_url"}]}]})",
       R"({"model":"policykb","n":2,"messages":[{"role":"user","content":"a"}]})",
       R"({"model":"policykb","stream":"yes","messages":[{"role":"user","content":"a"}]})",
       R"({"model":"policykb","tool_choice":"required","messages":[{"role":"user","content":"a"}]})"}) {
    EXPECT_EQ(ReadChatRequest(json).status().code(), absl::StatusCode::kInvalidArgument) << json;
  }
  EXPECT_TRUE(absl::IsNotFound(
      ReadChatRequest(R"({"model":"other","messages":[{"role":"user","content":"a"}]})").status()));
  EXPECT_FALSE(
      ReadChatRequest(Cat(R"({"model":"policykb","messages":)", std::string(100000, '['))).ok());
}

class OpenAiRouteTest : public testing::Test {
 protected:
  RawResponse Chat(std::string_view question, std::string_view more = "") {
    return Fetch(upstream_.address(), "POST", "/v1/chat/completions", "",
                 Cat(R"({"model":"policykb",)", more, R"("messages":[{"role":"user","content":")",
                     question, "\"}]}"));
  }
  FakeUpstream upstream_;
};

TEST_F(OpenAiRouteTest, AWholeCompletionHasTextAnnotationsAndUsage) {
  const RawResponse response = Chat("收费吗");
  EXPECT_EQ(response.code, 200);
  EXPECT_THAT(response.body,
              HasSubstr(R"("content":"养犬须登记。[1]\n\n登记不收费<b>。[1]\n\n[1] )"));
  EXPECT_THAT(response.body, HasSubstr(R"("type":"url_citation")"));
  EXPECT_THAT(response.body, HasSubstr(R"("finish_reason":"stop")"));
  EXPECT_THAT(response.body, HasSubstr(R"("total_tokens":120)"));
}

TEST_F(OpenAiRouteTest, AStreamEndsWithDone) {
  const RawResponse response =
      Chat("收费吗", R"("stream":true,"stream_options":{"include_usage":true},)");
  EXPECT_EQ(response.code, 200);
  EXPECT_THAT(response.body, StartsWith("data: {"));
  EXPECT_THAT(response.body, HasSubstr(R"("delta":{"content":"养犬须登记。[1]"})"));
  EXPECT_THAT(response.body, HasSubstr(R"("delta":{"annotations":[)"));
  EXPECT_THAT(response.body, HasSubstr(R"("choices":[],)"));
  EXPECT_THAT(response.body, EndsWith("data: [DONE]\n\n"));
}

TEST_F(OpenAiRouteTest, ARefusalIsAnAnswerOfItsOwn) {
  EXPECT_THAT(Chat("refused").body, HasSubstr(R"("content":"没有找到依据。")"));
}

TEST_F(OpenAiRouteTest, ErrorsHaveOpenAisForm) {
  EXPECT_THAT(Fetch(upstream_.address(), "POST", "/v1/chat/completions", "", "{").body,
              StartsWith(R"({"error":{"code":null,"message":"body: )"));
  const RawResponse away = Chat("away");
  EXPECT_EQ(away.code, 503);
  EXPECT_THAT(away.body, HasSubstr(R"("type":"server_error")"));
  EXPECT_THAT(Chat("broken", R"("stream":true,)").body, HasSubstr("data: {\"error\":{"));
  EXPECT_THAT(Chat("broken", R"("stream":true,)").body, Not(HasSubstr("[DONE]")));
  // What is half an answer is none.
  EXPECT_EQ(Chat("broken").code, 500);
  FakeUpstream closed({.access_toml = Cat("labels = ['public']\n[[principal]]\nname = 'a'\nroles = "
                                          "['staff']\nlabels = ['public']\nkeys = ['",
                                          ApiKeyHash::Of(MakeApiKey())->ToString(), "']\n")});
  const RawResponse stranger = Fetch(closed.address(), "GET", "/v1/models");
  EXPECT_EQ(stranger.code, 401);
  EXPECT_THAT(stranger.body, HasSubstr(R"("code":"invalid_api_key")"));
}

}  // namespace
}  // namespace policykb
