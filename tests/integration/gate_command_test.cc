// The gate as a data team uses it: through policykb-indexer, which runs policykb to judge.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/child_process.h"
#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/snapshot/publish.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class GateCommandTest : public testing::Test {
 protected:
  ChildResult Indexer(std::vector<std::string> arguments) {
    ChildCommand command;
    command.program = POLICYKB_INDEXER;
    command.arguments = std::move(arguments);
    command.limits.memory_bytes = UINT64_MAX;
    command.limits.file_bytes = uint64_t{1} << 30;
    command.limits.open_files = 1024;
    const absl::StatusOr<ChildResult> result = RunChild(command);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : ChildResult();
  }
  std::string Rules(const std::string& toml) const {
    const std::string path = base_.folder() / "gate.toml";
    EXPECT_TRUE(WriteFileAtomically(path, toml).ok());
    return path;
  }
  void Add(const std::string& name, const std::string& text) const {
    EXPECT_TRUE(WriteFileAtomically(JoinPath(base_.Options().corpus, name), text).ok());
  }
  std::string Live() const { return ReadCurrent(base_.kb())->snapshot; }

  const SampleBase base_;
};

TEST_F(GateCommandTest, WhatIsRefusedStaysUnpublishedAndWhatPassesGoesLive) {
  const std::string before = Live();
  Add("cats.md", "# 甲县养猫办法\n\n第一条 养猫自愿，不收登记费。\n");
  const std::string rules =
      Rules("[[must_not_find]]\nquery = '养猫登记费'\nunwanted = 'documents/cats'\n");
  const ChildResult refused =
      Indexer({"update", "--kb", base_.kb(), "--corpus", base_.Options().corpus, "--gate", rules});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.output,
              AllOf(HasSubstr("REFUSED: 1 of 1 checks missed"), HasSubstr("documents/cats")));
  EXPECT_THAT(refused.last_error, HasSubstr("is refused; the live one stays"));
  EXPECT_EQ(Live(), before);

  Rules("[[must_find]]\nquery = '养猫登记费'\nexpect = 'documents/cats'\n");
  const ChildResult passed = Indexer({"publish", "--kb", base_.kb(), "--gate", rules});
  EXPECT_EQ(passed.exit_code, 0) << passed.last_error;
  EXPECT_THAT(passed.output, HasSubstr(Cat("published: ", Live())));
  EXPECT_NE(Live(), before);
}

TEST_F(GateCommandTest, AGateThatCannotBeReadPublishesNothing) {
  const std::string before = Live();
  Add("cats.md", "# 甲县养猫办法\n\n第一条 养猫自愿。\n");
  const ChildResult result = Indexer({"update", "--kb", base_.kb(), "--corpus",
                                      base_.Options().corpus, "--gate", Rules("[counts\n")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.last_error, AllOf(HasSubstr("could not be judged"), HasSubstr("line 1")));
  EXPECT_EQ(Live(), before);
}

}  // namespace
}  // namespace policykb
