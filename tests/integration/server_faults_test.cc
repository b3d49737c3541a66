// The two servers as programs on a machine that runs short: of file handles, of disk.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/channel.h"
#include "core/rpc/status_conversion.h"
#include "indexer/pipeline.h"
#include "policykb/v1/admin_service.grpc.pb.h"
#include "policykb/v1/generator_service.grpc.pb.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "tests/integration/server_process.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

RpcChannel Open(const std::string& address) {
  absl::StatusOr<RpcChannel> channel = RpcChannel::Open({.address = address});
  EXPECT_TRUE(channel.ok()) << channel.status();
  return *std::move(channel);
}

// Over a channel of its own or one that is there; waits two seconds at most.
absl::StatusOr<v1::SearchResponse> Search(const RpcChannel& channel, const std::string& text) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(2)));
  channel.Prepare(context);
  v1::SearchRequest request;
  request.set_query(text);
  v1::SearchResponse response;
  const absl::Status status = FromGrpcStatus(
      v1::RetrieverService::NewStub(channel.channel())->Search(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

v1::GetStatusResponse StatusOf(const RpcChannel& channel) {
  grpc::ClientContext context;
  channel.Prepare(context);
  v1::GetStatusResponse response;
  const grpc::Status status =
      v1::AdminService::NewStub(channel.channel())->GetStatus(&context, {}, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

// Asks until `is_so` holds of the status, ten seconds at most.
template <typename Condition>
v1::GetStatusResponse WaitForStatus(const RpcChannel& channel, const Condition& is_so) {
  v1::GetStatusResponse status = StatusOf(channel);
  for (int i = 0; i < 500 && !is_so(status); ++i) {
    absl::SleepFor(absl::Milliseconds(20));
    status = StatusOf(channel);
  }
  return status;
}

// The lowest number that no open file of the process has: the next one would get it.
rlim_t NextHandleOf(pid_t pid) {
  const std::string folder = Cat("/proc/", pid, "/fd/");
  rlim_t next = 0;
  struct stat ignored = {};
  while (::lstat(Cat(folder, next).c_str(), &ignored) == 0) ++next;
  return next;
}

rlimit SetHandles(pid_t pid, const rlimit& limit) {
  rlimit before = {};
  EXPECT_EQ(::prlimit(pid, RLIMIT_NOFILE, &limit, &before), 0) << std::strerror(errno);
  return before;
}

TEST(ServerFaultsTest, WithoutFileHandlesTheOldSnapshotServesUntilThereAreSome) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer asks a pipe whether memory can be read, and gets none";
#endif
  SampleBase base;
  ServerProcess retriever(POLICYKB_RETRIEVER, {"--kb", base.kb(), "--listen", "127.0.0.1:0"},
                          base.folder() / "retriever.log");
  ASSERT_NE(retriever.address(), "") << retriever.Log();
  const RpcChannel channel = Open(retriever.address());
  const auto first = Search(channel, "养犬登记");
  ASSERT_TRUE(first.ok()) << first.status();

  rlimit none = {};
  ASSERT_EQ(::prlimit(retriever.pid(), RLIMIT_NOFILE, nullptr, &none), 0);
  none.rlim_cur = NextHandleOf(retriever.pid());
  const rlimit before = SetHandles(retriever.pid(), none);
  ASSERT_TRUE(WriteNewFile(base.folder() / "corpus/parking.md",
                           "---\nid: parking\ntitle: 甲县停车办法\nkind: rule\n---\n"
                           "# 甲县停车办法\n\n第一条 占道停车每小时收费五元。\n")
                  .ok());
  const auto updated = Update({.corpus = base.Options().corpus, .kb = base.kb()}, nullptr);
  ASSERT_TRUE(updated.ok()) << updated.status();
  const v1::GetStatusResponse ill =
      WaitForStatus(channel, [](const auto& status) { return status.faults_size() > 0; });
  ASSERT_EQ(ill.faults_size(), 1) << retriever.Log();
  EXPECT_EQ(ill.faults(0).subject(), "snapshot");
  EXPECT_THAT(ill.faults(0).message(), HasSubstr("Too many open files"));
  // Who is connected is served from the old snapshot; who is not gets an answer or an error in
  // time.
  for (int i = 0; i < 20; ++i) {
    const auto found = Search(channel, "养犬登记");
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->snapshot(), first->snapshot());
  }
  const absl::Time begun = absl::Now();
  for (int i = 0; i < 3; ++i) {
    const auto stranger = Search(Open(retriever.address()), Cat("养犬登记 ", i));
    EXPECT_TRUE(stranger.ok() || absl::IsUnavailable(stranger.status()) ||
                absl::IsDeadlineExceeded(stranger.status()))
        << stranger.status();
  }
  EXPECT_LT(absl::Now() - begun, absl::Seconds(10));

  SetHandles(retriever.pid(), before);
  const v1::GetStatusResponse well =
      WaitForStatus(channel, [](const auto& status) { return status.faults_size() == 0; });
  EXPECT_EQ(well.faults_size(), 0) << retriever.Log();
  const auto found = Search(Open(retriever.address()), "占道停车");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_NE(found->snapshot(), first->snapshot());
  ASSERT_GT(found->hits_size(), 0);
  EXPECT_EQ(found->hits(0).passage().document(), "documents/parking");
  EXPECT_EQ(retriever.Stop(SIGTERM), 0);
}

// A generator whose feedback lies on a small file system of its own.
class FullFeedbackDiskTest : public testing::Test {
 protected:
  // Mounts are then seen by this process and those it starts only.
  static void SetUpTestSuite() {
    own_mounts_ = ::unshare(CLONE_NEWNS) == 0 &&
                  ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  }
  void SetUp() override {
    ASSERT_TRUE(MakeFolders(disk()).ok());
    if (!own_mounts_ || ::mount("policykb", disk().c_str(), "tmpfs", 0, "size=64m") != 0)
      GTEST_SKIP() << "no right to mount a tmpfs: " << std::strerror(errno);
    mounted_ = true;
  }
  void TearDown() override {
    if (mounted_) {
      EXPECT_EQ(::umount2(disk().c_str(), MNT_DETACH), 0) << std::strerror(errno);
    }
  }

  std::string disk() const { return base_.folder() / "disk"; }
  ServerProcess StartGenerator(const std::string& retriever) const {
    return ServerProcess(POLICYKB_GENERATOR,
                         {"--retriever", retriever, "--listen", "127.0.0.1:0", "--feedback",
                          JoinPath(disk(), "feedback")},
                         base_.folder() / "generator.log");
  }
  // Leaves nothing of the disk.
  void Fill() const {
    struct statvfs left = {};
    ASSERT_EQ(::statvfs(disk().c_str(), &left), 0);
    const std::string zeros(left.f_bavail * left.f_bsize, '\0');
    ASSERT_TRUE(WriteNewFile(JoinPath(disk(), "filler"), zeros).ok());
  }
  static absl::StatusOr<v1::GenerateAnswerResponse> Ask(const RpcChannel& generator) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
    generator.Prepare(context);
    v1::GenerateAnswerRequest request;
    request.mutable_spec()->set_question("养犬登记要多少天内办");
    v1::GenerateAnswerResponse response;
    const absl::Status status = FromGrpcStatus(v1::GeneratorService::NewStub(generator.channel())
                                                   ->GenerateAnswer(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }
  static absl::Status Like(const RpcChannel& generator, const std::string& answer) {
    grpc::ClientContext context;
    generator.Prepare(context);
    v1::SubmitFeedbackRequest request;
    request.set_answer_id(answer);
    request.set_rating(v1::RATING_HELPFUL);
    v1::SubmitFeedbackResponse response;
    return FromGrpcStatus(v1::GeneratorService::NewStub(generator.channel())
                              ->SubmitFeedback(&context, request, &response));
  }

  SampleBase base_;

 private:
  static inline bool own_mounts_ = false;
  bool mounted_ = false;
};

TEST_F(FullFeedbackDiskTest, AnswersGoOnAndFeedbackIsRefusedUntilThereIsRoom) {
  ServerProcess retriever(POLICYKB_RETRIEVER, {"--kb", base_.kb(), "--listen", "127.0.0.1:0"},
                          base_.folder() / "retriever.log");
  ServerProcess generator = StartGenerator(retriever.address());
  ASSERT_NE(generator.address(), "") << generator.Log();
  const RpcChannel channel = Open(generator.address());
  const auto kept = Ask(channel);
  ASSERT_TRUE(kept.ok()) << kept.status();
  ASSERT_NO_FATAL_FAILURE(Fill());
  const absl::Status refused = Like(channel, kept->answer_id());
  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("0 MiB free, at least 32 expected"));
  // Answers cannot be kept either, and the server says so.
  for (int i = 0; i < 20; ++i) {
    const auto answer = Ask(channel);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->answer().status(), kept->answer().status());
  }
  const v1::GetStatusResponse ill =
      WaitForStatus(channel, [](const auto& status) { return status.faults_size() > 0; });
  ASSERT_EQ(ill.faults_size(), 1) << generator.Log();
  EXPECT_EQ(ill.faults(0).subject(), "feedback");

  ASSERT_TRUE(RemoveAll(JoinPath(disk(), "filler")).ok());
  EXPECT_EQ(Like(channel, kept->answer_id()), absl::OkStatus());
  ASSERT_TRUE(Ask(channel).ok());
  const v1::GetStatusResponse well =
      WaitForStatus(channel, [](const auto& status) { return status.faults_size() == 0; });
  EXPECT_EQ(well.faults_size(), 0) << generator.Log();
  EXPECT_EQ(generator.Stop(SIGTERM), 0);
}

TEST_F(FullFeedbackDiskTest, WhatWasKeptBeforeAKillIsKept) {
  ServerProcess retriever(POLICYKB_RETRIEVER, {"--kb", base_.kb(), "--listen", "127.0.0.1:0"},
                          base_.folder() / "retriever.log");
  std::vector<std::string> answers;
  for (int round = 0; round < 5; ++round) {
    ServerProcess generator = StartGenerator(retriever.address());
    ASSERT_NE(generator.address(), "") << generator.Log();
    const RpcChannel channel = Open(generator.address());
    // Every answer of the rounds before is known.
    for (const std::string& id : answers) EXPECT_EQ(Like(channel, id), absl::OkStatus()) << round;
    const auto answer = Ask(channel);
    ASSERT_TRUE(answer.ok()) << answer.status();
    ASSERT_EQ(Like(channel, answer->answer_id()), absl::OkStatus());
    answers.push_back(answer->answer_id());
    generator.Stop(SIGKILL);
  }
}

}  // namespace
}  // namespace policykb
