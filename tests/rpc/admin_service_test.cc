#include "core/rpc/admin_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/base/version.h"
#include "core/rpc/api_key.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/channel.h"
#include "core/rpc/server.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

constexpr MetricSpec kSpecs[] = {{"test_calls_total", MetricKind::kCounter, "Calls."},
                                 {"test_seconds", MetricKind::kSeconds, "Durations."}};

class AdminServiceTest : public testing::Test {
 protected:
  void Serve(const Access* access) {
    admin_.emplace(
        access,
        AdminOptions{
            .program = "policykb-test",
            .faults = &faults_,
            .metrics = &metrics_,
            .describe = [](const std::vector<std::string>& labels,
                           v1::GetStatusResponse& response) { response.set_model(labels.front()); },
            .log = [this](const CallRecord& record) { calls_.push_back(record); }});
    grpc::Service* const services[] = {&*admin_};
    auto server = RpcServer::Start({}, services);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  grpc::Status Ask(v1::GetStatusResponse& response, const std::string& key = "") {
    const auto channel = RpcChannel::Open({.address = server_->address()});
    EXPECT_TRUE(channel.ok()) << channel.status();
    grpc::ClientContext context;
    ShowKey(key, context);
    return v1::AdminService::NewStub(channel->channel())->GetStatus(&context, {}, &response);
  }

  Faults faults_;
  Metrics metrics_{kSpecs};
  std::vector<CallRecord> calls_;
  std::optional<AdminServiceImpl> admin_;
  std::unique_ptr<RpcServer> server_;
};

TEST_F(AdminServiceTest, SaysWhatIsWrongAndAllFigures) {
  const auto everybody = Access::ForEverybody({"public"});
  Serve(everybody.get());
  faults_.Note("snapshot", absl::DataLossError("MANIFEST.json: checksum"),
               absl::FromUnixSeconds(1700000000));
  metrics_.Add("test_calls_total", {{"code", "OK"}}, 3);
  metrics_.Observe("test_seconds", {}, absl::Milliseconds(3));
  v1::GetStatusResponse response;
  ASSERT_TRUE(Ask(response).ok());
  EXPECT_EQ(response.program(), "policykb-test");
  EXPECT_EQ(response.version(), std::string(ProgramVersion()));
  EXPECT_GE(response.uptime_seconds(), 0);
  EXPECT_EQ(response.model(), "public");
  ASSERT_EQ(response.faults_size(), 1);
  EXPECT_EQ(response.faults(0).message(), "MANIFEST.json: checksum");
  EXPECT_EQ(response.faults(0).since(), "2023-11-14T22:13:20Z");
  ASSERT_EQ(response.metrics_size(), 2);
  EXPECT_EQ(response.metrics(0).value(), 3);
  EXPECT_EQ(response.metrics(0).labels().at("code"), "OK");
  EXPECT_TRUE(response.metrics(1).has_durations());
  EXPECT_EQ(response.metrics(1).durations().counts_size(),
            response.metrics(1).durations().bounds_size() + 1);
}

TEST(IsOfThisMachineTest, LoopbackAndSocketsOfTheMachineOnly) {
  for (const char* peer : {"ipv4:127.0.0.1:5000", "ipv4:127.9.9.9:1", "ipv6:[::1]:5000",
                           "ipv6:%5B::1%5D:5000", "unix:/run/x"}) {
    EXPECT_TRUE(IsOfThisMachine(peer)) << peer;
  }
  for (const char* peer : {"ipv4:10.0.0.1:5000", "ipv4:1.127.0.0:1", "ipv6:[2001:db8::1]:5000",
                           "ipv6:[::1:2]:5000", "", "ipv6:%5B::12%5D:1"}) {
    EXPECT_FALSE(IsOfThisMachine(peer)) << peer;
  }
}

TEST_F(AdminServiceTest, OperatorsOnlyWhereCallersAreKnown) {
  const TempFolder folder;
  const std::string path = folder / "admin_access.toml";
  const std::string boss = MakeApiKey(), clerk = MakeApiKey();
  ASSERT_TRUE(
      WriteFileAtomically(path, Cat("labels = ['public']\n[[principal]]\nname = 'boss'\nroles = "
                                    "['operator']\nlabels = ['public']\nkeys = ['",
                                    ApiKeyHash::Of(boss)->ToString(),
                                    "']\n[[principal]]\nname = 'clerk'\nroles = ['staff', 'data', "
                                    "'kiosk']\nlabels = ['public']\nkeys = ['",
                                    ApiKeyHash::Of(clerk)->ToString(), "']\n"))
          .ok());
  const auto access = Access::Open(path);
  ASSERT_TRUE(access.ok()) << access.status();
  Serve(access->get());
  v1::GetStatusResponse response;
  EXPECT_TRUE(Ask(response, boss).ok());
  response.Clear();
  EXPECT_EQ(Ask(response, clerk).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Ask(response).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(response.ByteSizeLong(), 0U);
  ASSERT_EQ(calls_.size(), 3U);
  EXPECT_EQ(calls_[0].caller, "boss");
  EXPECT_EQ(calls_[1].status.code(), absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace policykb
