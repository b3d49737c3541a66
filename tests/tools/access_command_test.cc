#include "tools/access_command.h"

#include <gtest/gtest.h>

#include <string>

#include "core/base/strings.h"
#include "core/rpc/api_key.h"

namespace policykb {
namespace {

std::string Printed(const NewKeyCommand& command) {
  testing::internal::CaptureStdout();
  const absl::Status status = RunNewKey(command);
  EXPECT_TRUE(status.ok()) << status;
  return testing::internal::GetCapturedStdout();
}

TEST(AccessCommandTest, WhatNewKeyPrintsIsAnAccessFileThatKnowsTheKey) {
  const std::string printed =
      Printed({.name = "三号窗口", .roles = {"staff"}, .labels = {"public", "内部"}});
  const size_t begin = printed.find("pkb_");
  const std::string key = printed.substr(begin, printed.find('\n', begin) - begin);
  const auto file = ParseAccessFile(
      Cat("labels = ['public', '内部']\n", printed.substr(printed.find("[[principal]]"))),
      "access.toml");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->principals.size(), 1u);
  EXPECT_EQ(file->principals[0].principal.name, "三号窗口");
  EXPECT_EQ(file->principals[0].principal.roles, RoleSet({Role::kStaff}));
  EXPECT_TRUE(file->principals[0].keys[0].Matches(key));
}

TEST(AccessCommandTest, RolesThatThereAreNotAndQuotesAreRefused) {
  EXPECT_EQ(RunNewKey({.name = "a", .roles = {"boss"}, .labels = {"public"}}).message(),
            "--role boss, expected kiosk, staff, data, operator or service");
  EXPECT_FALSE(RunNewKey({.name = "a\"b", .roles = {"staff"}, .labels = {"public"}}).ok());
}

TEST(AccessCommandTest, ALineForEachPrincipal) {
  const auto file = ParseAccessFile(
      "labels = ['public', 'internal']\n[[principal]]\nname = 'hall'\nroles = ['kiosk']\n"
      "labels = ['public']\ncertificates = ['hall-3.example']\ncalls_per_second = 20\n"
      "concurrent_calls = 8\n[[principal]]\nname = 'generator'\nroles = ['service']\n"
      "labels = ['*']\ncertificates = ['generator.example']\n",
      "access.toml");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(AccessForPeople(*file),
            "labels: public, internal\n"
            "callers who show nothing: refused\n"
            "hall: kiosk; sees public, 20 calls/s, 40 at once, 8 under way; known by certificate "
            "hall-3.example\n"
            "generator: service; sees any that it forwards, no limits; known by certificate "
            "generator.example\n");
}

}  // namespace
}  // namespace policykb
