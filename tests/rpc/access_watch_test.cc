#include "core/rpc/access_watch.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>

#include "absl/synchronization/notification.h"
#include "core/base/files.h"

namespace policykb {
namespace {

TEST(AccessWatchTest, TellsOfAChangedFileAndOfABrokenOne) {
  std::string folder = testing::TempDir() + "watch_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string path = JoinPath(folder, "access.toml");
  const std::string anyone = "labels = ['public']\n[anonymous]\nlabels = ['public']\n";
  ASSERT_TRUE(WriteFileAtomically(path, anyone + "roles = ['kiosk']\n").ok());
  auto access = Access::Open(path);
  ASSERT_TRUE(access.ok()) << access.status();
  absl::Notification changed;
  absl::Notification refused;
  {
    const AccessWatch watch(access->get(), [&](const absl::Status& status) {
      (status.ok() ? changed : refused).Notify();
    });
    ASSERT_TRUE(WriteFileAtomically(path, anyone + "roles = ['staff']\n").ok());
    EXPECT_TRUE(changed.WaitForNotificationWithTimeout(absl::Seconds(60)));
    ASSERT_TRUE(WriteFileAtomically(path, "[").ok());
    EXPECT_TRUE(refused.WaitForNotificationWithTimeout(absl::Seconds(60)));
  }
  EXPECT_TRUE(RemoveAll(folder).ok());
}

}  // namespace
}  // namespace policykb
