#include "tools/refusal_calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"
#include "tools/evidence_file.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

class RefusalCalibrationTest : public ::testing::Test {
 protected:
  // Forty topics whose cosine is about `cosine`.
  std::string Write(const std::string& name, bool answerable, double cosine) {
    std::string lines = EncodeEvidenceHeader();
    for (int i = 0; i < 40; ++i) {
      v1::Evidence evidence;
      evidence.set_best_cosine(cosine + 0.01 * (i % 7));
      evidence.set_mean_cosine(cosine + 0.01 * (i % 5));
      lines += EncodeEvidenceLine("t" + std::to_string(i), answerable, answerable ? 1 : 0, 1000,
                                  evidence);
    }
    const std::string path = folder_ / name;
    EXPECT_TRUE(WriteFileAtomically(path, lines).ok());
    return path;
  }

  TempFolder folder_;
};

TEST_F(RefusalCalibrationTest, TellsApartWhatItsSignalsTellApart) {
  RefusalCalibrationOptions options;
  options.answerable = {"good=" + Write("good.tsv", true, 0.7)};
  options.other_matters = {"other=" + Write("other.tsv", false, 0.2)};
  options.without_gold = {"gone=" + Write("gone.tsv", false, 0.4)};
  const auto calibration = CalibrateRefusal(options);
  ASSERT_TRUE(calibration.ok()) << calibration.status();
  ASSERT_EQ(calibration->sets.size(), 3u);
  for (const RefusalSet& set : calibration->sets) {
    EXPECT_EQ(set.held_out.size(), 40u);
    for (const double probability : set.held_out) {
      if (set.answerable) {
        EXPECT_GT(probability, 0.5) << set.name;
      } else {
        EXPECT_LT(probability, 0.5) << set.name;
      }
    }
  }
  // The same files give the same bytes.
  EXPECT_EQ(RefusalCalibrationText(*calibration),
            RefusalCalibrationText(*CalibrateRefusal(options)));
  EXPECT_THAT(RefusalCalibrationText(*calibration), HasSubstr("gone"));
}

TEST_F(RefusalCalibrationTest, NeedsASetOfEachKind) {
  RefusalCalibrationOptions options;
  options.answerable = {"good=" + Write("good.tsv", true, 0.7)};
  EXPECT_THAT(CalibrateRefusal(options).status().message(), HasSubstr("at least one set of each"));
  options.other_matters = {"other.tsv"};
  options.without_gold = options.other_matters;
  EXPECT_THAT(CalibrateRefusal(options).status().message(), HasSubstr("expected NAME=FILE"));
  // A file of answerable topics has none that counts.
  options.other_matters = {"other=" + Write("good.tsv", true, 0.7)};
  EXPECT_THAT(CalibrateRefusal(options).status().message(), HasSubstr("at least one topic"));
}

}  // namespace
}  // namespace policykb
