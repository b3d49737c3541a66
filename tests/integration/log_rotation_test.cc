// The three servers as programs whose log files are renamed under them, and that are told to hang
// up: no line is lost, none is written twice, and no server ends.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/channel.h"
#include "core/rpc/question_hash.h"
#include "core/rpc/trace_context.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "tests/integration/server_process.h"
#include "tests/testing/http_get.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

constexpr int kThreads = 2;
constexpr int kSearches = 300;  // of each thread
constexpr int kRotations = 10;

// How often `text` has it.
size_t Count(const std::string& text, std::string_view wanted) {
  size_t found = 0;
  for (size_t at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1))
    ++found;
  return found;
}

class LogRotationTest : public testing::Test {
 protected:
  std::string Path(const std::string& name) const { return base_.folder() / name; }
  static void AwaitFile(const std::string& path) {
    while (!PathExists(path)) std::this_thread::yield();
  }
  // A server that logs to stderr, told to hang up, still there and stopped in order.
  // Many at once, most of them while the server is busy with the one before.
  static void ExpectHangUpsEndNothing(ServerProcess& server) {
    ASSERT_NE(server.address(), "") << server.Log();
    for (int i = 0; i < 300; ++i) ASSERT_EQ(::kill(server.pid(), SIGHUP), 0);
    EXPECT_EQ(server.Stop(SIGTERM), 0);
    EXPECT_THAT(server.Log(), HasSubstr("event=stopped"));
  }

  SampleBase base_;
};

TEST_F(LogRotationTest, NoLineIsLostOrWrittenTwiceWhileFilesAreRotatedUnderLoad) {
  ASSERT_TRUE(WriteNewFile(Path("audit.key"), QuestionHasher::MakeKey()).ok());
  ASSERT_EQ(::chmod(Path("audit.key").c_str(), 0600), 0);
  ASSERT_TRUE(MakeFolders(Path("logs")).ok());
  const std::string log = Path("logs/retriever.log");
  const std::string audit = Path("logs/audit.jsonl");
  ServerProcess retriever(
      POLICYKB_RETRIEVER,
      {"--kb", base_.kb(), "--listen", "127.0.0.1:0", "--workers", "2", "--burst-ms", "60000",
       "--queue-ms", "60000", "--log-format", "json", "--log-file", log, "--audit", audit,
       "--audit-key-file", Path("audit.key")},
      Path("stderr"));
  ASSERT_NE(retriever.address(), "") << retriever.Log();
  std::vector<std::vector<std::string>> traces(kThreads);
  std::vector<std::thread> callers;
  std::atomic<int> done = 0;
  for (std::vector<std::string>& sent : traces) {
    callers.emplace_back([&retriever, &sent, &done] {
      const auto channel = RpcChannel::Open({.address = retriever.address()});
      ASSERT_TRUE(channel.ok()) << channel.status();
      const auto stub = v1::RetrieverService::NewStub(channel->channel());
      for (int i = 0; i < kSearches; ++i) {
        grpc::ClientContext context;
        channel->Prepare(context);
        const TraceContext trace = PartOf(std::nullopt);
        ForwardTrace(trace, context);
        v1::SearchRequest request;
        request.set_query("养犬登记");
        v1::SearchResponse response;
        const grpc::Status status = stub->Search(&context, request, &response);
        ASSERT_TRUE(status.ok()) << status.error_message();
        sent.push_back(trace.trace_id);
        ++done;
      }
    });
  }
  for (int rotation = 1; rotation <= kRotations; ++rotation) {
    while (done < kThreads * kSearches * rotation / (kRotations + 2)) std::this_thread::yield();
    AwaitFile(log);
    AwaitFile(audit);
    std::filesystem::rename(log, Cat(log, ".", rotation));
    std::filesystem::rename(audit, Cat(audit, ".", rotation));
    ::kill(retriever.pid(), SIGHUP);
  }
  AwaitFile(log);
  AwaitFile(audit);
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(retriever.Stop(SIGTERM), 0);
  EXPECT_EQ(retriever.Log(), "");

  std::map<std::string, std::string> all;
  for (const auto& [kind, file] : {std::pair("log", log), std::pair("audit", audit)}) {
    all[kind] = *ReadFile(file);
    for (int rotation = 1; rotation <= kRotations; ++rotation)
      all[kind] += *ReadFile(Cat(file, ".", rotation));
  }
  const size_t searches = size_t{kThreads} * kSearches;
  EXPECT_EQ(Count(all["log"], R"("event":"call")"), searches);
  EXPECT_EQ(Count(all["audit"], "\n"), searches);
  for (const std::vector<std::string>& sent : traces) {
    ASSERT_EQ(sent.size(), size_t{kSearches});
    for (const std::string& trace : sent) {
      EXPECT_EQ(Count(all["log"], trace), 1U);
      EXPECT_EQ(Count(all["audit"], trace), 1U);
    }
  }
  EXPECT_THAT(all["log"], HasSubstr(R"("event":"stopped")"));
}

TEST_F(LogRotationTest, NoServerEndsByAHangUp) {
  ServerProcess retriever(POLICYKB_RETRIEVER, {"--kb", base_.kb(), "--listen", "127.0.0.1:0"},
                          Path("retriever.log"));
  ExpectHangUpsEndNothing(retriever);
  ServerProcess generator(POLICYKB_GENERATOR, {"--listen", "127.0.0.1:0"}, Path("generator.log"));
  ExpectHangUpsEndNothing(generator);
  ServerProcess gateway(POLICYKB_GATEWAY, {"--listen", "127.0.0.1:0"}, Path("gateway.log"));
  ExpectHangUpsEndNothing(gateway);
}

TEST_F(LogRotationTest, ALogFileThatCannotBeOpenedIsSaidAtTheStart) {
  ServerProcess gateway(POLICYKB_GATEWAY,
                        {"--listen", "127.0.0.1:0", "--log-file", Path("none/gateway.log")},
                        Path("stderr"));
  EXPECT_EQ(gateway.address(), "");
  EXPECT_NE(gateway.Wait(), 0);
  EXPECT_THAT(gateway.Log(), HasSubstr("none/gateway.log: No such file or directory"));
}

}  // namespace
}  // namespace policykb
