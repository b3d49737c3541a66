#include "tools/evidence_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

class EvidenceFileTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::vector<TopicEvidence>> Read(const std::string& content) {
    const std::string path = folder_ / "evidence.tsv";
    EXPECT_TRUE(WriteFileAtomically(path, content).ok());
    return ReadEvidenceFile(path);
  }
  static v1::Evidence Evidence() {
    v1::Evidence evidence;
    evidence.set_best_coverage(0.25);
    evidence.set_known_terms(7);
    evidence.set_margin(1.5);
    evidence.set_resolved_reference(true);
    evidence.set_answerability(0.75);
    return evidence;
  }

  TempFolder folder_;
};

TEST_F(EvidenceFileTest, ReadsWhatItWrote) {
  const auto topics =
      Read(EncodeEvidenceHeader() + EncodeEvidenceLine("a", true, 3, 776, Evidence()) +
           EncodeEvidenceLine("b", std::nullopt, 0, 776, v1::Evidence()));
  ASSERT_TRUE(topics.ok()) << topics.status();
  ASSERT_EQ(topics->size(), 2u);
  const TopicEvidence& first = topics->front();
  EXPECT_EQ(first.topic, "a");
  EXPECT_EQ(first.answerable, true);
  EXPECT_EQ(first.rank, 3u);
  EXPECT_EQ(first.evidence.passages, 776);
  EXPECT_DOUBLE_EQ(first.evidence.best_coverage, 0.25);
  EXPECT_EQ(first.evidence.known_terms, 7);
  EXPECT_DOUBLE_EQ(first.evidence.margin, 1.5);
  EXPECT_TRUE(first.evidence.resolved_reference);
  EXPECT_DOUBLE_EQ(first.evidence.answerability, 0.75);
  EXPECT_FALSE(topics->back().answerable.has_value());
}

TEST_F(EvidenceFileTest, RefusesOtherSignals) {
  const auto topics = Read("topic\tanswerable\trank\tbeauty\n");
  EXPECT_EQ(topics.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(topics.status().message(), HasSubstr(":1: expected the signals of this program"));
}

TEST_F(EvidenceFileTest, RefusesEveryLineCutShort) {
  const std::string line = EncodeEvidenceLine("a", true, 3, 776, Evidence());
  size_t refused = 0;
  for (size_t size = 1; size + 1 < line.size(); ++size) {
    const auto topics = Read(EncodeEvidenceHeader() + line.substr(0, size) + "\n");
    if (topics.ok()) {
      // Only digits of the last column are missing, so that it is another number.
      EXPECT_GT(size, line.rfind('\t')) << line.substr(0, size);
    } else {
      EXPECT_THAT(topics.status().message(), HasSubstr(":2: expected"));
      ++refused;
    }
  }
  EXPECT_GT(refused, line.rfind('\t') / 2);
}

TEST_F(EvidenceFileTest, RefusesWhatIsNoNumber) {
  std::string line = EncodeEvidenceLine("a", true, 3, 776, Evidence());
  line.replace(line.find("0.25"), 4, "nan!");
  EXPECT_THAT(Read(EncodeEvidenceHeader() + line).status().message(),
              HasSubstr(":2: expected a number as best_coverage"));
}

}  // namespace
}  // namespace policykb
