#include "tools/run_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class RunFileTest : public testing::Test {
 protected:
  absl::StatusOr<std::map<std::string, std::vector<std::string>>> Read(const std::string& text) {
    EXPECT_TRUE(WriteFileAtomically(folder_ / "run", text).ok());
    return ReadRun(folder_ / "run");
  }
  std::string ErrorOf(const std::string& text) {
    const absl::Status status = Read(text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    return std::string(status.message());
  }

  const TempFolder folder_;
};

TEST_F(RunFileTest, WhatIsWrittenIsReadAgain) {
  const std::string text =
      EncodeRunLine({.topic = "t1", .name = "documents/a/provisions/s 1", .rank = 1, .score = 0.5},
                    "r") +
      EncodeRunLine({.topic = "t1", .name = "documents/b/provisions/art2", .rank = 2, .score = 3},
                    "r") +
      EncodeRunLine({.topic = "t2", .name = "x", .rank = 1, .score = -1}, "r");
  EXPECT_THAT(text, HasSubstr("t1 Q0 documents/a/provisions/s%201 1 0.500000 r\n"));
  const auto run = Read(text);
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_THAT(*run, ElementsAre(Pair("t1", ElementsAre("documents/a/provisions/s 1",
                                                       "documents/b/provisions/art2")),
                                Pair("t2", ElementsAre("x"))));
}

TEST_F(RunFileTest, RanksSayTheOrderWhateverTheLinesAndScores) {
  const auto run = Read("t Q0 third 30 9.0 r\r\n\nt\tQ0\tfirst\t1\t1.0\tr\nt Q0  second 2 2.0 r");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_THAT(run->at("t"), ElementsAre("first", "second", "third"));
}

TEST_F(RunFileTest, WhatIsNoRunIsRefusedWithItsLine) {
  EXPECT_THAT(ErrorOf("t Q0 a 1 1.0 r\nt Q0 b 2 1.0\n"), HasSubstr("run:2: expected topic, Q0"));
  for (const std::string rank : {"0", "-1", "x", "1.5", "99999999999999999999"})
    EXPECT_THAT(ErrorOf("t Q0 a " + rank + " 1.0 r\n"), HasSubstr("run:1: expected a rank"));
  EXPECT_THAT(ErrorOf("t Q0 a 1 1.0 r\nt Q0 a 2 1.0 r\n"),
              HasSubstr("run:2: expected a name once"));
  EXPECT_THAT(ErrorOf("t Q0 a 1 1.0 r\nt Q0 b 1 1.0 r\n"),
              HasSubstr("run:2: expected a rank once"));
  EXPECT_THAT(ErrorOf("\n \n"), HasSubstr("no line of a run"));
  EXPECT_TRUE(absl::IsNotFound(ReadRun(folder_ / "none").status()));
}

}  // namespace
}  // namespace policykb
