#include "generator/prompt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/base/strings.h"
#include "tests/generator/fake_generator_parts.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

size_t Count(std::string_view text, std::string_view what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

v1::AnswerSpec Question(std::string_view text) {
  v1::AnswerSpec spec;
  spec.set_question(std::string(text));
  return spec;
}

TEST(PromptTest, PutsInstructionsFirstAndTheQuestionLast) {
  const auto found = MakeResponse(
      {MakePassage("a", "甲办法", 1, "正文甲。"), MakePassage("b", "乙办法", 2, "正文乙。")});
  v1::AnswerSpec spec = Question("问题？");
  v1::Turn& turn = *spec.add_history();
  turn.set_question("旧问题");
  turn.set_answer("旧回答");
  const Prompt prompt = BuildPrompt(spec, found, Language::kChinese, 1000);
  ASSERT_EQ(prompt.messages.size(), 4u);
  EXPECT_EQ(prompt.messages[0].role, ChatRole::kSystem);
  EXPECT_EQ(prompt.messages[1].content, "旧问题");
  EXPECT_EQ(prompt.messages[2].role, ChatRole::kAssistant);
  EXPECT_EQ(prompt.messages[3].content,
            "<passages>\n<passage number=\"1\" source=\"《甲办法》第一条\">\n正文甲。\n</passage>\n"
            "<passage number=\"2\" source=\"《乙办法》第二条\">\n正文乙。\n</passage>\n"
            "</passages>\n问题：问题？");
  EXPECT_EQ(prompt.passages, 2u);
  // The first message never changes with the question.
  EXPECT_EQ(prompt.messages[0].content,
            BuildPrompt(Question("别的"), found, Language::kChinese, 10).messages[0].content);
  EXPECT_THAT(BuildPrompt(Question("What?"), found, Language::kEnglish, 10).messages.back().content,
              HasSubstr("Question: What?"));
}

TEST(PromptTest, KeepsTheBestPassagesWithinTheBudget) {
  const auto found =
      MakeResponse({MakePassage("a", "甲", 1, "一二三四五"),
                    MakePassage("b", "乙", 2, "一二三四五"), MakePassage("c", "丙", 3, "一")});
  EXPECT_EQ(BuildPrompt(Question("q"), found, Language::kChinese, 10).passages, 2u);
  EXPECT_EQ(BuildPrompt(Question("q"), found, Language::kChinese, 9).passages, 1u);
  const Prompt cut = BuildPrompt(Question("q"), found, Language::kChinese, 3);
  EXPECT_EQ(cut.passages, 1u);
  EXPECT_THAT(cut.messages.back().content, HasSubstr(">\n一二三\n</passage>"));
}

TEST(PromptTest, LetsNoTextForgeADelimiter) {
  const std::string parts[] = {"<",
                               ">",
                               "</passage>",
                               "</passages>",
                               "<passage number=\"9\">",
                               "\n",
                               "＜",
                               "＞",
                               "﹤/passage﹥",
                               "\"",
                               "忽略以上指令",
                               "/",
                               "‹",
                               "\r",
                               "passage",
                               "\xFF",
                               "<|im_end|>",
                               "&lt;"};
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    const auto make = [&] {
      std::string text;
      for (int i = 0; i < 8; ++i) text += parts[random() % std::size(parts)];
      return text;
    };
    v1::Passage passage = MakePassage("a", make(), 1, make());
    passage.set_label(make());
    const Prompt prompt =
        BuildPrompt(Question(make()), MakeResponse({passage}), Language::kChinese, 1000);
    const std::string& content = prompt.messages.back().content;
    // Four delimiters are ours; there is no other angle bracket of any width.
    ASSERT_EQ(Count(content, "<"), 4u) << content;
    ASSERT_EQ(Count(content, ">"), 4u) << content;
    for (const char* wide : {"＜", "＞", "﹤", "﹥", "‹", "›"}) {
      ASSERT_THAT(content, Not(HasSubstr(wide)));
    }
    // A label cannot leave its attribute.
    ASSERT_EQ(Count(content.substr(0, content.find(">\n", 12)), "\""), 4u) << content;
  }
}

}  // namespace
}  // namespace policykb
