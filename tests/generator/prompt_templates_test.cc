#include "generator/prompt_templates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kGood =
    "# remark\n[system]\n只答 {{nothing}}。\n[user]\n{{boundary}} {{passages}} 问：{{question}}\n";

class PromptTemplatesTest : public ::testing::Test {
 protected:
  // Loads a folder with this file, and the error's message without the folder.
  std::string ErrorOf(std::string_view text, const std::string& name = "answer.zh.txt") {
    const TempFolder folder;
    EXPECT_TRUE(WriteNewFile(folder / name, std::string(text)).ok());
    const auto loaded = PromptTemplates::Load(folder / "");
    if (loaded.ok()) return "none";
    return std::string(loaded.status().message());
  }
};

TEST_F(PromptTemplatesTest, EveryShippedFileIsInOrder) {
  const TempFolder folder;
  ASSERT_EQ(ShippedPrompts().size(), 6u);
  for (const ShippedPrompt& prompt : ShippedPrompts())
    ASSERT_TRUE(WriteNewFile(folder / std::string(prompt.file), std::string(prompt.text)).ok());
  const auto loaded = PromptTemplates::Load(folder / "");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->digest(), PromptTemplates().digest());
  for (const PromptKind kind : {PromptKind::kAnswer, PromptKind::kRewrite, PromptKind::kPassage}) {
    for (const Language language : {Language::kChinese, Language::kEnglish}) {
      EXPECT_NE(loaded->Get(kind, language).system, "");
      EXPECT_THAT(loaded->Get(kind, language).system, Not(HasSubstr("{{")));
      EXPECT_THAT(loaded->Get(kind, language).user, HasSubstr("{{question}}"));
    }
  }
}

TEST_F(PromptTemplatesTest, AFolderReplacesTheFilesItHasAndChangesTheDigest) {
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "answer.zh.txt", std::string(kGood)).ok());
  ASSERT_TRUE(WriteNewFile(folder / "notes.md", "not read").ok());
  const auto loaded = PromptTemplates::Load(folder / "");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->Get(PromptKind::kAnswer, Language::kChinese).system,
            "只答 NO_PASSAGE_APPLIES。");
  const PromptTemplates shipped;
  EXPECT_EQ(loaded->Get(PromptKind::kAnswer, Language::kEnglish).system,
            shipped.Get(PromptKind::kAnswer, Language::kEnglish).system);
  EXPECT_NE(loaded->digest(), shipped.digest());
}

TEST_F(PromptTemplatesTest, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(ErrorOf(kGood), "none");
  EXPECT_THAT(ErrorOf(ReplaceAll(kGood, "{{question}}", "{{quesiton}}")),
              HasSubstr("answer.zh.txt: line 5: {{quesiton}} is no place of [user]; places: "
                        "{{boundary}}, {{passages}}, {{question}}"));
  EXPECT_THAT(ErrorOf(ReplaceAll(kGood, "{{question}}", "")),
              HasSubstr("[user]: {{question}} stands 0 times, expected 1"));
  EXPECT_THAT(ErrorOf(ReplaceAll(kGood, "{{passages}}", "{{passages}}{{passages}}")),
              HasSubstr("{{passages}} stands 2 times"));
  EXPECT_THAT(ErrorOf(ReplaceAll(kGood, "{{nothing}}", "{{question}}")),
              HasSubstr("line 3: {{question}} is no place of [system]; places: {{nothing}}"));
  EXPECT_THAT(ErrorOf(ReplaceAll(kGood, "{{nothing}}", "")),
              HasSubstr("[system]: {{nothing}} stands 0 times, expected 1 or more"));
  EXPECT_THAT(ErrorOf("[system]\n{{nothing}}\n[user]\n{{boundary}}{{question}}{{passages}}"),
              HasSubstr("{{question}} stands before {{passages}}"));
  EXPECT_THAT(ErrorOf(ReplaceAll(kGood, "[user]", "[usr]")),
              HasSubstr("expected a section [system] and a section [user]"));
  EXPECT_THAT(ErrorOf(Cat(kGood, "[user]\n")), HasSubstr("line 6: [user] stands twice"));
  EXPECT_THAT(ErrorOf(Cat("Hello\n", kGood)), HasSubstr("line 1: text before [system]"));
  EXPECT_THAT(ErrorOf(kGood, "answer.fr.txt"), HasSubstr("answer.fr.txt: is no template's name"));
  EXPECT_THAT(ErrorOf(Cat(kGood, "\xFF")), HasSubstr("is no UTF-8 text"));
  EXPECT_EQ(PromptTemplates::Load("/no/such/folder").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(PromptTemplatesTest, FillsOnceAndLeavesOtherBraces) {
  EXPECT_EQ(FillTemplate("a{{x}}b{{y}}{{z}}{", {{"x", "{{y}}"}, {"y", "1"}}), "a{{y}}b1{{z}}{");
  EXPECT_EQ(FillTemplate("{{x", {{"x", "1"}}), "{{x");
}

}  // namespace
}  // namespace policykb
