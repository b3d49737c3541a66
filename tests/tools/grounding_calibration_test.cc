#include "tools/grounding_calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/base/files.h"
#include "tests/testing/sample_base.h"
#include "tools/retriever_access.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

class GroundingCalibrationTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& content) {
    const std::string path = folder_ / name;
    EXPECT_TRUE(WriteFileAtomically(path, content).ok());
    return path;
  }
  absl::StatusOr<GroundingCalibration> Run(const std::string& answer) {
    GroundingCalibrationOptions options;
    options.topics = Write("topics.jsonl", "{\"_id\":\"q1\",\"text\":\"养犬登记\"}\n");
    options.qrels = Write("qrels.tsv",
                          "q1\tdocuments/dogs-2023/provisions/art2\t1\n"
                          "q1\tdocuments/dogs-2023/provisions/art3\t1\n");
    options.answers = Write("answers.jsonl", "{\"_id\":\"q1\",\"answer\":\"" + answer + "\"}\n");
    options.failures = folder_ / "failures.tsv";
    const auto searcher = OpenSearcher(base_.kb());
    EXPECT_TRUE(searcher.ok()) << searcher.status();
    return CalibrateGrounding(**searcher, MakeAccessByLabels(*searcher), options);
  }
  static ClaimKindCounts Kind(const GroundingCalibration& calibration, const std::string& name) {
    const auto found = std::find_if(calibration.kinds.begin(), calibration.kinds.end(),
                                    [&](const auto& kind) { return kind.name == name; });
    return found == calibration.kinds.end() ? ClaimKindCounts() : *found;
  }

  SampleBase base_;
  TempFolder folder_;
};

TEST_F(GroundingCalibrationTest, CountsTrueAndFalseClaimsByKind) {
  const auto calibration =
      Run("养犬人应当自取得犬只之日起三十日内办理养犬登记。公司由股东组成并设立董事会。"
          "养犬人应当自取得犬只之日起九十日内办理养犬登记。");
  ASSERT_TRUE(calibration.ok()) << calibration.status();
  EXPECT_EQ(calibration->topics, 1u);
  EXPECT_EQ(calibration->sentences, 3u);
  // The second is about something else; the third has a number that no article has.
  EXPECT_EQ(calibration->other_sentences, 1u);
  EXPECT_EQ(calibration->naming_sentences, 1u);
  EXPECT_EQ(Kind(*calibration, "true: answer, quoted").claims, 1u);
  EXPECT_EQ(Kind(*calibration, "true: answer, quoted").dropped, 0u);
  // Each article is one sentence.
  EXPECT_EQ(Kind(*calibration, "true: article, verbatim").claims, 2u);
  EXPECT_EQ(Kind(*calibration, "true: article, verbatim").dropped, 0u);
  // Thirty days in the answer and the second article, 500 yuan in the third; the articles' own
  // numbers.
  const ClaimKindCounts altered = Kind(*calibration, "false: altered number");
  EXPECT_GE(altered.claims, 3u);
  EXPECT_EQ(altered.dropped, altered.claims);
  EXPECT_THAT(GroundingCalibrationText(*calibration), HasSubstr("false: altered money"));
}

TEST_F(GroundingCalibrationTest, NamesTheLineOfAnAnswerThatIsNone) {
  EXPECT_THAT(Run("\",\"answer\":1,\"x\":\"").status().message(),
              HasSubstr("answers.jsonl:1: expected a JSON object"));
}

}  // namespace
}  // namespace policykb
