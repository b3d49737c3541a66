// The two servers as programs: access file, metrics, and a retriever that dies under a generator.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/child_process.h"
#include "core/base/strings.h"
#include "core/base/version.h"
#include "core/rpc/api_key.h"
#include "core/rpc/channel.h"
#include "core/rpc/question_hash.h"
#include "core/rpc/status_conversion.h"
#include "core/rpc/trace_context.h"
#include "policykb/v1/admin_service.grpc.pb.h"
#include "policykb/v1/generator_service.grpc.pb.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "tests/integration/server_process.h"
#include "tests/testing/fake_chat_server.h"
#include "tests/testing/http_get.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ServingCommandTest : public testing::Test {
 protected:
  ServingCommandTest() {
    std::string access = "labels = ['public', 'staff']\n";
    access += Principal("hall", "kiosk", "'public'");
    access += Principal("generator", "service", "'*'");
    Write("access.toml", access);
    Write("audit.key", QuestionHasher::MakeKey());
    EXPECT_EQ(::chmod(Path("audit.key").c_str(), 0600), 0);
  }

  std::string Path(const std::string& name) const { return base_.folder() / name; }
  void Write(const std::string& name, const std::string& content) const {
    EXPECT_TRUE(WriteNewFile(Path(name), content).ok());
  }
  std::string Principal(const std::string& name, const std::string& role,
                        const std::string& labels) const {
    const std::string key = MakeApiKey();
    Write(name + ".key", key);
    return Cat("[[principal]]\nname = '", name, "'\nroles = ['", role, "']\nlabels = [", labels,
               "]\nkeys = ['", ApiKeyHash::Of(key)->ToString(), "']\n");
  }
  ServerProcess StartRetriever(const std::string& listen) const {
    return ServerProcess(POLICYKB_RETRIEVER,
                         {"--kb", base_.kb(), "--listen", listen, "--access", Path("access.toml"),
                          "--metrics", "127.0.0.1:0"},
                         Path("retriever.log"));
  }
  ServerProcess StartGenerator(const std::string& retriever,
                               const std::string& model_url = "") const {
    std::vector<std::string> words = {"--retriever", retriever, "--listen", "127.0.0.1:0"};
    words.insert(words.end(), {"--retriever-api-key-file", Path("generator.key")});
    words.insert(words.end(), {"--access", Path("access.toml"), "--metrics", "127.0.0.1:0"});
    words.insert(words.end(), {"--audit", Path("audit.jsonl"), "--audit-key-file"});
    words.insert(words.end(), {Path("audit.key"), "--log-format", "json"});
    if (!model_url.empty()) words.insert(words.end(), {"--model-url", model_url, "--model", "m"});
    return ServerProcess(POLICYKB_GENERATOR, std::move(words), Path("generator.log"));
  }
  absl::StatusOr<v1::GroundedAnswer> Ask(const std::string& generator,
                                         const TraceContext& trace = {}) const {
    const auto channel = RpcChannel::Open({.address = generator, .api_key_file = Path("hall.key")});
    EXPECT_TRUE(channel.ok()) << channel.status();
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
    channel->Prepare(context);
    ForwardTrace(trace, context);
    v1::GenerateAnswerRequest request;
    request.mutable_spec()->set_question("养犬登记要多少天内办");
    v1::GenerateAnswerResponse response;
    const absl::Status status = FromGrpcStatus(v1::GeneratorService::NewStub(channel->channel())
                                                   ->GenerateAnswer(&context, request, &response));
    if (!status.ok()) return status;
    return response.answer();
  }

  static v1::GetStatusResponse Status(const std::string& address) {
    const auto channel = RpcChannel::Open({.address = address});
    EXPECT_TRUE(channel.ok()) << channel.status();
    grpc::ClientContext context;
    channel->Prepare(context);
    v1::GetStatusResponse response;
    const grpc::Status status =
        v1::AdminService::NewStub(channel->channel())->GetStatus(&context, {}, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  SampleBase base_;
};

TEST_F(ServingCommandTest, CallersAreLetInCountedAndLoggedAndStopsAreOrderly) {
  ServerProcess retriever = StartRetriever("127.0.0.1:0");
  ASSERT_NE(retriever.address(), "") << retriever.Log();
  ServerProcess generator = StartGenerator(retriever.address());
  ASSERT_NE(generator.address(), "") << generator.Log();
  const auto answer = Ask(generator.address());
  ASSERT_TRUE(answer.ok()) << answer.status();
  const std::string of_retriever = HttpGet(retriever.MetricsAddress(), "/metrics");
  EXPECT_THAT(of_retriever,
              HasSubstr("policykb_calls_total{code=\"OK\",method=\"Search\",role=\"service\"}"));
  EXPECT_THAT(of_retriever, HasSubstr("policykb_snapshot_info{id="));
  const std::string of_generator = HttpGet(generator.MetricsAddress(), "/metrics");
  EXPECT_THAT(
      of_generator,
      HasSubstr("policykb_calls_total{code=\"OK\",method=\"GenerateAnswer\",role=\"kiosk\"} 1\n"));
  EXPECT_THAT(of_generator, HasSubstr("policykb_answers_running 0\n"));
  EXPECT_THAT(retriever.Log(),
              HasSubstr("code=OK caller=generator role=service on_behalf_of=hall"));
  // A kiosk may not ask for the snapshot, and the log says who tried.
  const auto channel =
      RpcChannel::Open({.address = retriever.address(), .api_key_file = Path("hall.key")});
  ASSERT_TRUE(channel.ok()) << channel.status();
  grpc::ClientContext context;
  channel->Prepare(context);
  v1::GetSnapshotResponse snapshot;
  EXPECT_EQ(v1::RetrieverService::NewStub(channel->channel())
                ->GetSnapshot(&context, {}, &snapshot)
                .error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_THAT(HttpGet(retriever.MetricsAddress(), "/metrics"),
              HasSubstr("policykb_calls_refused_total{method=\"GetSnapshot\",reason=\"PERMISSION_"
                        "DENIED\"} 1\n"));
  EXPECT_EQ(generator.Stop(SIGTERM), 0);
  EXPECT_EQ(retriever.Stop(SIGTERM), 0);
  EXPECT_THAT(retriever.Log(), HasSubstr("principal hall has kiosk"));
}

TEST_F(ServingCommandTest, OneTraceIsToldToRetrieverAndModelAndLoggedByBothServers) {
  FakeChatServer model;
  model.SetDefault(FakeStream({"养犬登记在二十日内办理。[1]"}));
  ServerProcess retriever = StartRetriever("127.0.0.1:0");
  ServerProcess generator = StartGenerator(retriever.address(), model.url());
  ASSERT_NE(generator.address(), "") << generator.Log();
  const TraceContext trace = PartOf(std::nullopt);
  const auto answer = Ask(generator.address(), trace);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(model.requests().size(), 1U);
  EXPECT_THAT(model.requests().front(), HasSubstr(Cat("traceparent: 00-", trace.trace_id, "-")));
  EXPECT_EQ(generator.Stop(SIGTERM), 0);
  EXPECT_EQ(retriever.Stop(SIGTERM), 0);
  EXPECT_THAT(generator.Log(), HasSubstr(Cat(R"("trace":")", trace.trace_id, "\"")));
  EXPECT_THAT(retriever.Log(), HasSubstr(Cat(" trace=", trace.trace_id, " ")));
  const std::string audit = *ReadFile(Path("audit.jsonl"));
  EXPECT_THAT(audit, HasSubstr(Cat(R"("caller":"hall","role":"kiosk","on_behalf_of":"","trace":")",
                                   trace.trace_id, "\"")));
  EXPECT_THAT(audit,
              HasSubstr(QuestionHasher::Open(Path("audit.key"))->Hash("养犬登记要多少天内办")));
  EXPECT_THAT(audit, HasSubstr(R"("outcome":"ANSWER_STATUS_ANSWERED","documents":["dogs-2023")"));
  // None of them has the question.
  EXPECT_THAT(generator.Log() + retriever.Log() + audit, Not(HasSubstr("养犬")));
}

TEST_F(ServingCommandTest, AKilledRetrieverIsSaidAndFoundAgain) {
  ServerProcess retriever = StartRetriever("127.0.0.1:0");
  ASSERT_NE(retriever.address(), "") << retriever.Log();
  const std::string address = retriever.address();
  ServerProcess generator = StartGenerator(address);
  ASSERT_TRUE(Ask(generator.address()).ok());
  retriever.Stop(SIGKILL);
  const absl::Time begun = absl::Now();
  const absl::Status away = Ask(generator.address()).status();
  EXPECT_EQ(away.code(), absl::StatusCode::kUnavailable) << away;
  EXPECT_LT(absl::Now() - begun, absl::Seconds(20));
  ServerProcess again = StartRetriever(address);
  ASSERT_EQ(again.address(), address) << again.Log();
  absl::Status found = absl::UnavailableError("not asked");
  for (int i = 0; i < 100 && !found.ok(); ++i) found = Ask(generator.address()).status();
  EXPECT_TRUE(found.ok()) << found;
}

TEST_F(ServingCommandTest, ADamagedSnapshotIsNotServedAndStatusAndMetricsSayWhy) {
  ServerProcess retriever(
      POLICYKB_RETRIEVER,
      {"--kb", base_.kb(), "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0"},
      Path("retriever.log"));
  ASSERT_NE(retriever.address(), "") << retriever.Log();
  const v1::GetStatusResponse well = Status(retriever.address());
  EXPECT_EQ(well.faults_size(), 0);
  const std::string current = *ReadFile(JoinPath(base_.kb(), "CURRENT"));
  // Its last digit is of the manifest's checksum.
  std::string other = current;
  const size_t digit = other.find_last_of("0123456789abcdef");
  other[digit] = other[digit] == '2' ? '3' : '2';
  ASSERT_TRUE(WriteFileAtomically(JoinPath(base_.kb(), "CURRENT"), other).ok());
  v1::GetStatusResponse ill;
  for (int i = 0; i < 300 && ill.faults_size() == 0; ++i) {
    absl::SleepFor(absl::Milliseconds(20));
    ill = Status(retriever.address());
  }
  ASSERT_EQ(ill.faults_size(), 1) << retriever.Log();
  EXPECT_EQ(ill.faults(0).subject(), "snapshot");
  EXPECT_THAT(ill.faults(0).message(), HasSubstr("MANIFEST.json"));
  EXPECT_EQ(ill.searched().snapshot(), well.searched().snapshot());
  EXPECT_GT(ill.searched().passages(), 0);
  const std::string metrics = HttpGet(retriever.MetricsAddress(), "/metrics");
  EXPECT_THAT(metrics, HasSubstr("policykb_snapshot_refused 1\n"));
  EXPECT_THAT(metrics, HasSubstr("policykb_snapshot_reload_failures_total{code=\"DATA_LOSS\"} "));
  ASSERT_TRUE(WriteFileAtomically(JoinPath(base_.kb(), "CURRENT"), current).ok());
  for (int i = 0; i < 300 && ill.faults_size() > 0; ++i) {
    absl::SleepFor(absl::Milliseconds(20));
    ill = Status(retriever.address());
  }
  EXPECT_EQ(ill.faults_size(), 0);
  EXPECT_EQ(retriever.Stop(SIGTERM), 0);
  // Told once, however often it was looked at.
  const std::string log = retriever.Log();
  const size_t first = log.find("event=snapshot_refused");
  EXPECT_NE(first, std::string::npos) << log;
  EXPECT_EQ(log.find("event=snapshot_refused", first + 1), std::string::npos) << log;
}

TEST_F(ServingCommandTest, AWrongAccessFileIsOneLineAtStart) {
  Write("wrong.toml", "labels = ['public']\n");
  ServerProcess retriever(
      POLICYKB_RETRIEVER,
      {"--kb", base_.kb(), "--listen", "127.0.0.1:0", "--access", Path("wrong.toml")},
      Path("retriever.log"));
  EXPECT_EQ(retriever.address(), "");
  const int status = retriever.Wait();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << status;
  EXPECT_THAT(retriever.Log(), HasSubstr("wrong.toml:1: access: expected [anonymous]"));
}

TEST_F(ServingCommandTest, WhatThePackagesOptionFilesProposeAreOptions) {
  for (const std::string program : {POLICYKB_RETRIEVER, POLICYKB_GENERATOR, POLICYKB_GATEWAY}) {
    const std::string name = program.substr(program.rfind('-') + 1);
    std::string proposed = *ReadFile(Cat(POLICYKB_SOURCE_DIR, "/tools/packaging/", name, ".toml"));
    // All but the first line, which is for people; its files are nowhere.
    proposed = ReplaceAll(proposed.substr(proposed.find('\n')), "\n# ", "\n");
    proposed = ReplaceAll(ReplaceAll(proposed, "/etc/", "/nowhere/"), "/var/", "/nowhere/");
    Write(name + ".toml", proposed);
    ServerProcess server(program, {"--config", Path(name + ".toml")}, Path(name + ".log"));
    const int status = server.Wait();
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << status << server.Log();
    EXPECT_THAT(server.Log(), HasSubstr("/nowhere/"));
  }
}

TEST(ProgramVersionTest, EveryProgramSaysItAndNeedsNoOtherOption) {
  for (const std::string program :
       {POLICYKB_RETRIEVER, POLICYKB_GENERATOR, POLICYKB_GATEWAY, POLICYKB_INDEXER, POLICYKB}) {
    // Sanitizers take terabytes of addresses, and files.
    const auto said = RunChild({.program = program,
                                .arguments = {"--version"},
                                .input = {},
                                .debian_package = "",
                                .limits = {.memory_bytes = UINT64_MAX, .file_bytes = UINT64_MAX}});
    ASSERT_TRUE(said.ok()) << said.status();
    EXPECT_EQ(said->exit_code, 0) << program << said->last_error;
    EXPECT_EQ(said->output, VersionLine(program.substr(program.rfind('/') + 1)) + "\n");
  }
}

TEST_F(ServingCommandTest, AMisspeltOptionIsOneLineAtStartOfEveryServer) {
  Write("misspelt.toml", "lissten = \"127.0.0.1:0\"\n");
  for (const std::string program : {POLICYKB_RETRIEVER, POLICYKB_GENERATOR, POLICYKB_GATEWAY}) {
    std::vector<std::string> words = {"--config", Path("misspelt.toml"), "--listen", "127.0.0.1:0"};
    if (program == POLICYKB_RETRIEVER) words.insert(words.end(), {"--kb", base_.kb()});
    ServerProcess server(program, words, Path("misspelt.log"));
    EXPECT_EQ(server.address(), "");
    const int status = server.Wait();
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 2) << status;
    const std::string name = program.substr(program.rfind('/') + 1);
    EXPECT_THAT(server.Log(), ::testing::StartsWith(name + ": ")) << server.Log();
    EXPECT_THAT(server.Log(), HasSubstr("lissten"));
    EXPECT_EQ(server.Log().find('\n'), server.Log().size() - 1) << server.Log();
  }
}

}  // namespace
}  // namespace policykb
