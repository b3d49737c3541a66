#include "core/rpc/faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1700000000);

TEST(FaultsTest, AFaultLastsUntilItsSubjectIsWell) {
  Faults faults;
  EXPECT_FALSE(faults.Note("snapshot", absl::OkStatus(), kNow));
  EXPECT_TRUE(faults.Note("snapshot", absl::DataLossError("checksum"), kNow));
  EXPECT_FALSE(faults.Note("snapshot", absl::DataLossError("checksum"), kNow + absl::Seconds(1)));
  EXPECT_TRUE(faults.Note("access_file", absl::NotFoundError("gone"), kNow + absl::Seconds(2)));
  const std::vector<Fault> all = faults.All();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].subject, "snapshot");
  EXPECT_EQ(all[1].message, "checksum");
  EXPECT_EQ(all[1].since, kNow);
  EXPECT_EQ(all[1].times, 2);
  EXPECT_TRUE(faults.Note("snapshot", absl::OkStatus(), kNow));
  EXPECT_TRUE(faults.Note("access_file", absl::OkStatus(), kNow));
  EXPECT_THAT(faults.All(), IsEmpty());
}

TEST(FaultsTest, AnotherMessageIsNewsOfTheSameFault) {
  Faults faults;
  EXPECT_TRUE(faults.Note("model", absl::UnavailableError("503"), kNow));
  EXPECT_TRUE(faults.Note("model", absl::UnavailableError("refused"), kNow + absl::Seconds(1)));
  ASSERT_EQ(faults.All().size(), 1U);
  EXPECT_EQ(faults.All()[0].since, kNow);
  EXPECT_EQ(faults.All()[0].message, "refused");
}

TEST(FaultsTest, MessagesAreOneLineWithoutNumbersOfPersons) {
  Faults faults;
  faults.Note("model", absl::UnavailableError("call 13800138000\nnow"), kNow);
  ASSERT_EQ(faults.All().size(), 1U);
  EXPECT_EQ(faults.All()[0].message, "call [phone]\\nnow");
}

}  // namespace
}  // namespace policykb
