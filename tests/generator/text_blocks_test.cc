#include "generator/text_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace policykb {
namespace {

// One letter for each sentence: p plain, h heading, l lead-in, e enumerated, t table row; and what
// it hangs on.
std::string Roles(std::string_view text) {
  std::string roles;
  for (const RoleSentence& sentence : FindSentenceRoles(text)) {
    roles += "phlet"[static_cast<int>(sentence.role)];
    roles += std::to_string(sentence.hangs_on);
  }
  return roles;
}

TEST(TextBlocksTest, FindsLeadInsAndTheirLines) {
  EXPECT_EQ(Roles("第八条　应当具备下列条件：\n（一）甲；\n（二）乙。丙。\n第九条　丁。"),
            "l0e0e0e0p4");
  EXPECT_EQ(Roles("## 材料\n1. 甲；\n2. 乙。"), "h0e1e2");
  EXPECT_EQ(Roles("材料：\n- 甲\n- 乙"), "l0e0e0");
  EXPECT_EQ(Roles("　　下列情形之一：\n　　一、甲；\n　　①乙。"), "l0e0e0");
  EXPECT_EQ(Roles("甲：乙。\n丙。"), "p0p1");
  EXPECT_EQ(Roles("甲：\n丙。"), "p0p1");
  EXPECT_EQ(Roles("Documents:\n(a) passport;\n(b) photo."), "l0e0e0");
}

TEST(TextBlocksTest, HangsTableRowsOnTheirHeader) {
  EXPECT_EQ(Roles("| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n说明。"), "t0t0t0p3");
  EXPECT_EQ(Roles("类型 | 时限\n新办 | 10个工作日\n说明。"), "t0t0p2");
}

TEST(TextBlocksTest, TakesNoOrdinaryLineForAnEnumeration) {
  EXPECT_EQ(Roles("一般情况。\n三十日内。\n10.5元。\n2024年。"), "p0p1p2p3");
}

}  // namespace
}  // namespace policykb
