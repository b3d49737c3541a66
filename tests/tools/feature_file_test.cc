#include "tools/feature_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/files.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

JudgedCandidate MakeCandidate(const std::string& unit, bool relevant, double cosine) {
  JudgedCandidate candidate = {.unit = unit, .relevant = relevant, .features = {}};
  candidate.features[static_cast<size_t>(Feature::kCosine)] = cosine;
  return candidate;
}

TEST(FeatureFileTest, IsReadAsItWasWritten) {
  const std::string path = JoinPath(testing::TempDir(), "features.tsv");
  const JudgedCandidate first = MakeCandidate("a.md#art1", true, 0.5);
  const JudgedCandidate second = MakeCandidate("b", false, -1);
  ASSERT_TRUE(WriteFileAtomically(path, EncodeFeatureHeader() + EncodeFeatureLine("q1", 3, first) +
                                            EncodeFeatureLine("q1", 3, second) +
                                            EncodeFeatureLine("q2", 0, second))
                  .ok());
  const auto topics = ReadFeatures(path);
  ASSERT_TRUE(topics.ok()) << topics.status();
  ASSERT_EQ(topics->size(), 2U);
  EXPECT_EQ((*topics)[0].relevant_units, 3U);
  ASSERT_EQ((*topics)[0].candidates.size(), 2U);
  EXPECT_EQ((*topics)[0].candidates[0].unit, "a.md#art1");
  EXPECT_TRUE((*topics)[0].candidates[0].relevant);
  EXPECT_EQ((*topics)[0].candidates[0].features, first.features);
  EXPECT_FALSE((*topics)[1].candidates[0].relevant);

  const std::string wrong[] = {"", "#topic\tunit\n", EncodeFeatureHeader() + "q1\ta\t2\t1\n",
                               EncodeFeatureHeader() + EncodeFeatureLine("q1", 3, first) + "q1\n"};
  for (const std::string& content : wrong) {
    ASSERT_TRUE(WriteFileAtomically(path, content).ok());
    const absl::Status status = ReadFeatures(path).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << content;
    EXPECT_THAT(std::string(status.message()), HasSubstr(path));
  }
}

}  // namespace
}  // namespace policykb
