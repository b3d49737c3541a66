// kill -9 while a build embeds: the next run asks for no vector that it has, and what is live
// serves all the while.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <map>
#include <random>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/snapshot/snapshot.h"
#include "tests/integration/indexer_process.h"
#include "tests/testing/fake_chat_server.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

constexpr int kDocuments = 600;  // of one passage each
constexpr int kKills = 6;
// Passages that are embedded, and kept, together (indexer/embed_documents.h): what a kill may cost.
constexpr size_t kTogether = 128;

std::map<std::string, std::string> ManyFiles() {
  std::map<std::string, std::string> files;
  for (int i = 0; i < kDocuments; ++i)
    files[Cat("d", i, ".md")] = Cat("# 文件", i, "\n\n第一条 第", i, "号内容。\n");
  return files;
}

// An embedding server that counts how often it was asked for each text.
class CountingServer {
 public:
  CountingServer() {
    server_.SetResponder([this](const std::string& request) { return Answer(request); });
  }
  std::string url() const { return server_.url(); }

  size_t different() const {
    absl::MutexLock lock(&mutex_);
    return asked_.size();
  }
  // Times that a text was asked for which had been asked for before.
  size_t repeats() const {
    absl::MutexLock lock(&mutex_);
    size_t repeats = 0;
    for (const auto& [text, times] : asked_) repeats += times - 1;
    return repeats;
  }

 private:
  FakeReply Answer(const std::string& request) {
    // The texts hold no quote, so this is between any two of them.
    constexpr std::string_view kBegin = "\"input\":[\"";
    constexpr std::string_view kBetween = "\",\"";
    const size_t begin = request.find(kBegin) + kBegin.size();
    const std::string texts = request.substr(begin, request.find("\"]", begin) - begin);
    size_t count = 0;
    {
      absl::MutexLock lock(&mutex_);
      for (size_t at = 0; at <= texts.size(); ++count) {
        const size_t end = std::min(texts.find(kBetween, at), texts.size());
        const std::string text = texts.substr(at, end - at);
        // Asked of every server first, to know the dimension.
        if (text != "dimension") ++asked_[text];
        at = end + kBetween.size();
      }
    }
    std::string body = R"({"data":[)";
    for (size_t i = 0; i < count; ++i) {
      body += Cat(i > 0 ? "," : "", R"({"index":)", i, R"(,"embedding":[1)");
      for (int c = 1; c < 64; ++c) body += ",0.5";
      body += "]}";
    }
    // Long enough that kills fall between the replies.
    return {.content_type = "application/json",
            .pieces = {body + "]}"},
            .pause = absl::Milliseconds(20)};
  }

  mutable absl::Mutex mutex_;
  std::map<std::string, size_t> asked_ ABSL_GUARDED_BY(mutex_);
  FakeChatServer server_;  // last: its threads use the others
};

std::string ReadOutput(const std::string& path) {
  const absl::StatusOr<std::string> output = ReadFile(path);
  return output.ok() ? *output : "";
}

TEST(EmbeddingCrashTest, AKilledBuildGoesOnWhereItWasAndTheLiveSnapshotServes) {
  const SampleBase base(ManyFiles());
  const std::shared_ptr<const LocalSearcher> live = base.Open();
  ASSERT_NE(live, nullptr);
  CountingServer server;
  const std::string output = base.folder() / "output";
  const Words build = {"build",      "--corpus", base.Options().corpus, "--kb",       base.kb(),
                       "--embedder", "http",     "--embedding-url",     server.url(), "--model",
                       "m"};
  std::mt19937 random(7);
  int killed_while_embedding = 0;
  // Kills that fall before the first vector cost nothing and do not count.
  for (int round = 0; round < 10 * kKills && killed_while_embedding < kKills; ++round) {
    const size_t before = server.different() + server.repeats();
    const pid_t child = StartIndexer(build, output);
    // The moment of the kill is the point of the test: spread over the time of a few requests.
    const absl::Time begun = absl::Now();
    while (server.different() + server.repeats() == before && absl::Now() - begun < absl::Seconds(30))
      absl::SleepFor(absl::Milliseconds(1));
    absl::SleepFor(absl::Milliseconds(std::uniform_int_distribution<int>(0, 60)(random)));
    ::kill(child, SIGKILL);
    const int status = WaitFor(child);
    if (WIFSIGNALED(status)) ++killed_while_embedding;
    // What was live answers, from what was open and from the disk.
    for (const auto& searcher : {live, base.Open()}) {
      ASSERT_NE(searcher, nullptr);
      const auto result = searcher->Search(
          {.text = "文件7", .k = 3, .as_of = *CivilDate::Parse("2026-01-01"), .filter = {}});
      ASSERT_TRUE(result.ok()) << result.status();
      EXPECT_FALSE(result->hits.empty());
    }
    if (WIFEXITED(status)) break;  // it was done
  }
  EXPECT_GT(killed_while_embedding, 0);
  EXPECT_EQ(live->snapshot().manifest().id, base.report().snapshot);

  ASSERT_EQ(WaitFor(StartIndexer(build, output)), 0) << ReadOutput(output);
  // Every text was asked for, and again only what a kill lost on its way.
  EXPECT_EQ(server.different(), size_t{kDocuments});
  EXPECT_LE(server.repeats(), static_cast<size_t>(killed_while_embedding) * kTogether);
  const auto snapshot = Snapshot::OpenCurrent(base.kb());
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_TRUE((*snapshot)->Verify().ok());
  // A run over the same files asks for nothing.
  const size_t repeats = server.repeats();
  ASSERT_EQ(WaitFor(StartIndexer(build, output)), 0) << ReadOutput(output);
  EXPECT_EQ(server.repeats(), repeats);
  EXPECT_THAT(ReadOutput(output), HasSubstr(Cat("embedded: 0, known already: ", kDocuments)));
}

}  // namespace
}  // namespace policykb
