// policykb-retriever: serves RetrieverService over a knowledge base.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/access_watch.h"
#include "core/rpc/admin_service.h"
#include "core/rpc/faults.h"
#include "core/rpc/flags.h"
#include "core/rpc/server.h"
#include "core/rpc/server_program.h"
#include "core/rpc/work_queue.h"
#include "retriever/cross_encoder_reranker.h"
#include "retriever/live_snapshot.h"
#include "retriever/outage_watch.h"
#include "retriever/ranking_file.h"
#include "retriever/retriever_calls.h"
#include "retriever/retriever_metrics.h"
#include "retriever/retriever_service.h"

namespace policykb {
namespace {

// Searches that wait for an embedding server at once: 16 that take 20 ms each are 800 a second.
constexpr int kWaitingWorkers = 16;

struct Flags {
  std::string kb;
  ServerFlags serving{.server = {.listen = "127.0.0.1:50051"}};
  std::string zone{kDefaultZone};
  std::string ranking;
  std::string reranker;
  std::string reranker_precision;
  RerankOptions rerank;
  double rerank_ms = 200;
  bool everyday_words = true;
  bool allow_roll_back = false;
  double refresh_seconds = 0.2;
  int workers = 0;  // 0: as many as there are cores
  double queue_ms = 2;
  double burst_ms = 20;
};

void LogCall(const CallRecord& record) { Log(SeverityOf(record.status), CallLine("call", record)); }

SearchAudit AuditTo(AuditLog& audit) {
  return [&audit](const CallRecord& record, std::string_view question,
                  const v1::SearchResponse* response) {
    AuditEvent event{.event = "search"};
    if (response != nullptr) {
      for (const v1::Hit& hit : response->hits()) AddShown(hit.passage().name(), event.documents);
    }
    audit.Write(event, record, question, absl::Now());
  };
}

void LogLive(const LiveSnapshot& live, const RetrieverMetrics& metrics) {
  const SnapshotInfo snapshot = live.Get()->Info({});
  Log(LogSeverity::kInfo, LogLine("snapshot_live").Add("snapshot", snapshot.id));
  metrics.SnapshotLive(snapshot, absl::Now());
}

// Looks for a new snapshot until told to stop.
void RefreshUntil(LiveSnapshot& live, const RetrieverMetrics& metrics, Faults& faults,
                  absl::Duration interval, absl::Notification& stop) {
  while (!stop.WaitForNotificationWithTimeout(interval)) {
    const absl::StatusOr<bool> changed = live.Refresh();
    const bool is_news = faults.Note("snapshot", changed.status(), absl::Now());
    if (!changed.ok()) {
      metrics.SnapshotRefused(changed.status());
      if (!is_news) continue;
      LogReread("snapshot", changed.status());
    } else if (*changed || is_news) {
      LogLive(live, metrics);
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

// One line at each end of an outage of the embedder.
void NoteEmbedding(OutageWatch& watch, Faults& faults, const absl::Status& status) {
  const OutageWatch::Change change = watch.Note(status.ok());
  if (change != OutageWatch::Change::kNone) faults.Note("embedder", status, absl::Now());
  switch (change) {
    case OutageWatch::Change::kBegan:
      Log(LogSeverity::kError, LogLine("embedder_fails")
                                   .Add("searches", "by words alone")
                                   .Add("code", absl::StatusCodeToString(status.code()))
                                   .AddMessage("reason", std::string(status.message())));
      break;
    case OutageWatch::Change::kEnded:
      Log(LogSeverity::kInfo, LogLine("embedder_works"));
      break;
    case OutageWatch::Change::kNone:
      break;
  }
}

// Stays a fault until the server is started anew: somebody must look.
void NoteRefusedHit(Faults& faults, const std::string& passage) {
  const absl::Status mistake = absl::InternalError(
      Cat(passage, ": was found by a caller who may not see it, and not shown"));
  if (faults.Note("visibility", mistake, absl::Now())) {
    Log(LogSeverity::kError, LogLine("hit_refused").Add("passage", passage));
  }
}

WorkQueueOptions QueueOptions(const Flags& flags) {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  return {.workers = flags.workers > 0 ? flags.workers : cores,
          .limits = {.burst = absl::Milliseconds(flags.burst_ms),
                     .standing = absl::Milliseconds(flags.queue_ms)}};
}

int Serve(const ServerProgram& program, const Flags& flags) {
  const absl::StatusOr<TodaySource> today = TodayIn(flags.zone);
  if (!today.ok()) return program.Fail(today.status());
  const absl::StatusOr<RankingModel> ranking = ReadRanking(flags.ranking);
  if (!ranking.ok()) return program.Fail(ranking.status());
  const absl::StatusOr<std::shared_ptr<const Reranker>> reranker = OpenReranker(flags);
  if (!reranker.ok()) return program.Fail(reranker.status());
  RerankOptions rerank = flags.rerank;
  rerank.time_limit = absl::Milliseconds(flags.rerank_ms);
  WorkQueueOptions queue_options = QueueOptions(flags);
  WorkQueue computing(queue_options);
  queue_options.workers = kWaitingWorkers;
  WorkQueue waiting(queue_options);
  const absl::StatusOr<RetrieverMetrics> metrics = RetrieverMetrics::Serve(flags.serving.metrics);
  if (!metrics.ok()) return program.Fail(metrics.status());
  metrics->WatchQueue("computing", computing);
  metrics->WatchQueue("embedding", waiting);
  Faults faults;
  OutageWatch embedder_watch;
  const absl::StatusOr<std::unique_ptr<LiveSnapshot>> live = LiveSnapshot::Open(
      flags.kb,
      {.ranking = *ranking,
       .everyday_words = flags.everyday_words ? EverydayWordUse::kUse : EverydayWordUse::kIgnore,
       .reranker = *reranker,
       .rerank = rerank,
       .told_of_embedding =
           [&](const absl::Status& status) {
             NoteEmbedding(embedder_watch, faults, status);
             metrics->Embedded(status);
           },
       .told_of_stages = [&](const StageTimes& times) { metrics->SearchEnded(times); },
       .told_of_refused =
           [&](const std::string& passage) {
             metrics->HitRefused();
             NoteRefusedHit(faults, passage);
           }});
  if (!live.ok()) return program.Fail(live.status());
  const absl::StatusOr<std::unique_ptr<Access>> access = flags.serving.OpenAccess();
  if (!access.ok()) return program.Fail(access.status());
  const absl::StatusOr<std::unique_ptr<AuditLog>> audit =
      flags.serving.OpenAudit([&](const absl::Status& status, int64_t lost) {
        metrics->AuditLost(lost);
        LogAudit(status, lost, faults);
      });
  if (!audit.ok()) return program.Fail(audit.status());
  RetrieverServiceImpl service(
      RetrieverCalls([&live] { return (*live)->Get(); }, *today),
      SnapshotCalls(flags.kb, flags.allow_roll_back ? RollBackRule::kAllow : RollBackRule::kRefuse),
      access->get(),
      [&](const CallRecord& record) {
        LogCall(record);
        metrics->CallEnded(record);
      },
      {.computing = &computing, .waiting = &waiting},
      audit->get() == nullptr ? SearchAudit() : AuditTo(**audit));
  AdminServiceImpl admin(
      access->get(),
      {.program = "policykb-retriever",
       .faults = &faults,
       .metrics = &metrics->all(),
       .describe =
           [&live](const std::vector<std::string>& labels, v1::GetStatusResponse& response) {
             const SnapshotInfo snapshot = (*live)->Get()->Info(labels);
             v1::SearchedSnapshot& searched = *response.mutable_searched();
             searched.set_snapshot(snapshot.id);
             searched.set_published_at(snapshot.published_at);
             searched.set_documents(static_cast<int64_t>(snapshot.documents));
             searched.set_passages(static_cast<int64_t>(snapshot.passages));
           },
       .log =
           [&](const CallRecord& record) {
             LogCall(record);
             metrics->CallEnded(record);
           }});
  grpc::Service* const services[] = {&service, &admin};
  const absl::StatusOr<std::unique_ptr<RpcServer>> server =
      RpcServer::Start(flags.serving.Options(), services);
  if (!server.ok()) return program.Fail(server.status());
  (*server)->SetServing(true);
  LogLive(**live, *metrics);
  program.Listens((*server)->address(), metrics->address());
  const AccessWatch watch(access->get(), [&](const absl::Status& status) {
    LogReread("access_file", status);
    metrics->AccessRead(status);
    faults.Note("access_file", status, absl::Now());
  });
  absl::Notification stop;
  std::thread refresher(
      [&] { RefreshUntil(**live, *metrics, faults, absl::Seconds(flags.refresh_seconds), stop); });
  return program.ServeUntilStopped(audit->get(), [&] {
    (*server)->Shutdown();
    stop.Notify();
    refresher.join();
  });
}

void AddOptions(CLI::App& app, Flags& flags) {
  app.add_option("--kb", flags.kb, "folder of the knowledge base")->required();
  AddServerOptions(app, flags.serving);
  AddLabelsOption(app, flags.serving);
  app.add_option("--time-zone", flags.zone, "zone in which today is taken, IANA name")
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
  app.add_flag(
      "--allow-roll-back", flags.allow_roll_back,
      "let operators make an earlier snapshot live by a call; the server must then be able "
      "to write the folder of the knowledge base");
  app.add_option("--refresh-seconds", flags.refresh_seconds,
                 "how often CURRENT is looked at, seconds")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
  app.add_option("--workers", flags.workers,
                 "searches computed at once, 1 to 256; 0: as many as the machine has cores")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  app.add_option("--burst-ms", flags.burst_ms,
                 "how long a call may wait for a worker in a burst, milliseconds; one that would "
                 "wait longer is refused at once")
      ->check(CLI::Range(0.0, 60000.0))
      ->capture_default_str();
  app.add_option("--queue-ms", flags.queue_ms,
                 "the same from the first refusal until an overload is over: less, so that what is "
                 "taken is answered soon")
      ->check(CLI::Range(0.0, 60000.0))
      ->capture_default_str();
}

int Main(int argc, char** argv) {
  ServerProgram program("policykb-retriever", "Finds passages of a knowledge base over gRPC.");
  Flags flags;
  AddOptions(program.app(), flags);
  if (const std::optional<int> exit = program.Begin(argc, argv, flags.serving)) return *exit;
  return Serve(program, flags);
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc, argv); }
