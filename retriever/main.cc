// policykb-retriever: serves RetrieverService over a knowledge base.

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/base/memory.h"
#include "core/base/strings.h"
#include "core/rpc/server.h"
#include "retriever/cross_encoder_reranker.h"
#include "retriever/live_snapshot.h"
#include "retriever/ranking_file.h"
#include "retriever/retriever_calls.h"
#include "retriever/retriever_service.h"

namespace policykb {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

struct Flags {
  std::string kb;
  RpcServerOptions server{.listen = "127.0.0.1:50051"};
  std::string zone{kDefaultZone};
  CallerLabels labels = {kPublicLabel};
  std::string ranking;
  std::string reranker;
  std::string reranker_precision;
  RerankOptions rerank;
  double rerank_ms = 200;
  bool everyday_words = true;
  double refresh_seconds = 0.2;
  double drain_seconds = 10;
};

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "policykb-retriever: %s: %s\n",
               absl::StatusCodeToString(status.code()).c_str(),
               std::string(status.message()).c_str());
  return kExitFailed;
}

void LogCall(std::string_view method, const absl::Status& status, absl::Duration took) {
  spdlog::info("event=call method={} code={} ms={:.3f}", method,
               absl::StatusCodeToString(status.code()), absl::ToDoubleMilliseconds(took));
}

// Looks for a new snapshot until told to stop.
void RefreshUntil(LiveSnapshot& live, absl::Duration interval, absl::Notification& stop) {
  while (!stop.WaitForNotificationWithTimeout(interval)) {
    const absl::StatusOr<bool> changed = live.Refresh();
    if (!changed.ok()) {
      spdlog::error("event=refresh_failed reason=\"{}\"", std::string(changed.status().message()));
    } else if (*changed) {
      spdlog::info("event=snapshot_live id={}", live.Get()->Info({}).id);
    }
  }
}

// Null where none is named.
absl::StatusOr<std::shared_ptr<const Reranker>> OpenReranker(const Flags& flags) {
  if (flags.reranker.empty()) return nullptr;
  TransformerOptions options;
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    if (NameOf(precision) == flags.reranker_precision) options.precision = precision;
  }
  return CrossEncoderReranker::Open(flags.reranker, options);
}

int Run(const Flags& flags) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("policykb-retriever"));
  RpcServer::BlockStopSignals();
  const absl::StatusOr<TodaySource> today = TodayIn(flags.zone);
  if (!today.ok()) return Fail(today.status());
  const absl::StatusOr<RankingModel> ranking = ReadRanking(flags.ranking);
  if (!ranking.ok()) return Fail(ranking.status());
  const absl::StatusOr<std::shared_ptr<const Reranker>> reranker = OpenReranker(flags);
  if (!reranker.ok()) return Fail(reranker.status());
  RerankOptions rerank = flags.rerank;
  rerank.time_limit = absl::Milliseconds(flags.rerank_ms);
  const absl::StatusOr<std::unique_ptr<LiveSnapshot>> live = LiveSnapshot::Open(
      flags.kb,
      {.ranking = *ranking,
       .everyday_words = flags.everyday_words ? EverydayWordUse::kUse : EverydayWordUse::kIgnore,
       .reranker = *reranker,
       .rerank = rerank});
  if (!live.ok()) return Fail(live.status());
  RetrieverServiceImpl service(
      RetrieverCalls([&live] { return (*live)->Get(); }, *today, flags.labels), LogCall);
  grpc::Service* const services[] = {&service};
  RpcServerOptions options = flags.server;
  options.drain_limit = absl::Seconds(flags.drain_seconds);
  const absl::StatusOr<std::unique_ptr<RpcServer>> server = RpcServer::Start(options, services);
  if (!server.ok()) return Fail(server.status());
  (*server)->SetServing(true);
  const SnapshotInfo info = (*live)->Get()->Info(flags.labels);
  spdlog::info("event=snapshot_live id={} documents={} passages={}", info.id, info.documents,
               info.passages);
  std::printf("policykb-retriever listening on %s\n", (*server)->address().c_str());
  std::fflush(stdout);

  absl::Notification stop;
  std::thread refresher([&] { RefreshUntil(**live, absl::Seconds(flags.refresh_seconds), stop); });
  RpcServer::WaitForStopSignal();
  spdlog::info("event=draining");
  (*server)->Shutdown();
  stop.Notify();
  refresher.join();
  spdlog::info("event=stopped");
  return 0;
}

int Main(int argc, char** argv) {
  KeepFreedMemory();
  CLI::App app("policykb-retriever: finds passages of a knowledge base over gRPC");
  Flags flags;
  app.set_config("--config", "", "INI or TOML file with the options below");
  app.add_option("--kb", flags.kb, "folder of the knowledge base")->required();
  app.add_option("--listen", flags.server.listen,
                 "loopback address host:port; port 0 takes a free one")
      ->capture_default_str();
  app.add_option("--time-zone", flags.zone, "zone in which today is taken, IANA name")
      ->capture_default_str();
  app.add_option("--labels", flags.labels, "visibility labels that callers hold")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--ranking", flags.ranking,
                 "file with weights and trees of the ranking stage, as policykb fit writes it");
  app.add_option(
      "--reranker", flags.reranker,
      "folder of a cross-encoder (config.json, model.safetensors, tokenizer) that orders "
      "the first hits; default: none");
  app.add_option("--reranker-precision", flags.reranker_precision,
                 "f32, bf16, int8; default: bf16 where the CPU has it, else f32")
      ->check(CLI::IsMember({"f32", "bf16", "int8"}));
  app.add_option("--rerank-passages", flags.rerank.passages,
                 "how many of the first hits the reranker reads")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option(
         "--rerank-ms", flags.rerank_ms,
         "time for the reranker, milliseconds; a search whose reranker is late keeps its own "
         "order and says so")
      ->check(CLI::Range(1.0, 60000.0))
      ->capture_default_str();
  app.add_flag("!--no-everyday-words", flags.everyday_words,
               "take everyday words for themselves only, not for the words of the law as well");
  app.add_option("--refresh-seconds", flags.refresh_seconds,
                 "how often CURRENT is looked at, seconds")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
  app.add_option("--drain-seconds", flags.drain_seconds,
                 "how long requests in flight may take at a stop, seconds")
      ->check(CLI::Range(0.0, 600.0))
      ->capture_default_str();
  app.add_flag("!--no-reflection", flags.server.reflection, "do not serve gRPC reflection");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fprintf(stderr, "policykb-retriever: %s (--help lists the options)\n", error.what());
    return kExitUsage;
  }
  return Run(flags);
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc, argv); }
