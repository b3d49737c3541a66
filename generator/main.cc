// policykb-generator: serves grounded answers over gRPC.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/access_watch.h"
#include "core/rpc/admin_service.h"
#include "core/rpc/faults.h"
#include "core/rpc/flags.h"
#include "core/rpc/server.h"
#include "core/rpc/server_program.h"
#include "generator/answer_flags.h"
#include "generator/answer_line.h"
#include "generator/answer_service.h"
#include "generator/answer_settings.h"
#include "generator/answerer.h"
#include "generator/generator_metrics.h"
#include "generator/grpc_passage_source.h"

namespace policykb {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

struct Flags {
  ChannelOptions retriever{.address = "127.0.0.1:50051"};
  ServerFlags serving{.server = {.listen = "127.0.0.1:50052"}};
  AnswerSettings answers;
  int cache_mib = 64;
  std::string feedback;
  int feedback_days = 180;
  int threads = 4;
  int max_answers = 256;
};

void Say(std::string_view message) {
  std::fprintf(stderr, "policykb-generator: %.*s\n", static_cast<int>(message.size()),
               message.data());
}

int Fail(const absl::Status& status) {
  Say({status.message().data(), status.message().size()});
  return kExitFailed;
}

void AddOptions(CLI::App& app, Flags& flags) {
  app.set_config("--config", "", "INI or TOML file with these options");
  app.allow_config_extras(CLI::config_extras_mode::error);
  AddServerOptions(app, flags.serving);
  app.add_option("--retriever", flags.retriever.address,
                 "Address of the retriever, host:port; several, of IPv4 addresses, parted by "
                 "commas are used in turn")
      ->capture_default_str();
  AddChannelOptions(app, "retriever-", flags.retriever);
  AddAnswerOptions(app, flags.answers);
  app.add_option("--cache-mib", flags.cache_mib,
                 "Memory for answers that the model wrote, in MiB, 0 to 4096; 0 keeps none")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  app.add_option(
      "--feedback", flags.feedback,
      "Folder to keep answered questions, redacted, and feedback in; none: keep nothing");
  app.add_option("--feedback-days", flags.feedback_days, "How long it is kept, 1 to 3650")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  app.add_option("--threads", flags.threads,
                 "Threads that check answers, 1 to 256; waiting for a model takes none")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--max-answers", flags.max_answers,
                 "Answers at the same time; one more is refused at once, 1 to 10000")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
}

void LogAnswer(const AnswerRecord& record, CircuitState circuit) {
  LogSeverity severity = SeverityOf(record.status);
  if (record.model_failed && severity == LogSeverity::kInfo) severity = LogSeverity::kWarning;
  if (!record.feedback_status.ok()) severity = LogSeverity::kError;
  Log(severity, AnswerLine(record, circuit));
}

void Audit(AuditLog& audit, const AnswerRecord& record, std::string_view question,
           const v1::GroundedAnswer* answer) {
  AuditEvent event{.event = "answer"};
  if (answer != nullptr) {
    event.outcome = v1::AnswerStatus_Name(answer->status());
    for (const auto* shown : {&answer->citations(), &answer->related()}) {
      for (const v1::Citation& citation : *shown) AddShown(citation.passage(), event.documents);
    }
  }
  audit.Write(event, record, question, absl::Now());
}

void LogAccess(const absl::Status& status) {
  if (status.ok()) {
    Log(LogSeverity::kInfo, LogLine("access_file_read"));
  } else {
    Log(LogSeverity::kError, LogLine("access_file_refused")
                                 .Add("in_force", "as before")
                                 .AddMessage("reason", std::string(status.message())));
  }
}

// What an answer says of the parts that it was made with.
void NoteFaults(const AnswerRecord& record, Faults& faults) {
  const absl::Time now = absl::Now();
  if (record.status.ok() || absl::IsUnavailable(record.status))
    faults.Note("retriever", record.status, now);
  const absl::Status& model = record.figures.model_status;
  if (record.figures.asked_model && !absl::IsCancelled(model)) faults.Note("model", model, now);
  if (record.status.ok()) faults.Note("feedback", record.feedback_status, now);
}

int Serve(const Flags& flags) {
  absl::StatusOr<std::unique_ptr<OpenAiChatModel>> model = MakeModel(flags.answers);
  if (!model.ok()) return Fail(model.status());
  absl::StatusOr<std::unique_ptr<GrpcPassageSource>> source =
      GrpcPassageSource::Create(flags.retriever);
  if (!source.ok()) return Fail(source.status());
  absl::StatusOr<AnswererOptions> options = MakeAnswererOptions(flags.answers);
  if (!options.ok()) return Fail(options.status());
  options->cache_bytes = static_cast<size_t>(flags.cache_mib) << 20;
  const Answerer answerer(source->get(), model->get(), *std::move(options));
  std::unique_ptr<FeedbackStore> feedback;
  if (!flags.feedback.empty()) {
    absl::StatusOr<std::unique_ptr<FeedbackStore>> opened =
        FeedbackStore::Open(flags.feedback, absl::Hours(24) * flags.feedback_days, absl::Now());
    if (!opened.ok()) return Fail(opened.status());
    feedback = *std::move(opened);
  }
  const absl::StatusOr<std::unique_ptr<Access>> access = flags.serving.OpenAccess();
  if (!access.ok()) return Fail(access.status());
  absl::StatusOr<GeneratorMetrics> metrics = GeneratorMetrics::Serve(flags.serving.metrics);
  if (!metrics.ok()) return Fail(metrics.status());
  Faults faults;
  const absl::StatusOr<std::unique_ptr<AuditLog>> audit =
      flags.serving.OpenAudit([&](const absl::Status& status, int64_t lost) {
        metrics->AuditLost(lost);
        // Told once, however long it lasts.
        if (faults.Note("audit", status, absl::Now()))
          Log(status.ok() ? LogSeverity::kInfo : LogSeverity::kError, AuditLine(status, lost));
      });
  if (!audit.ok()) return Fail(audit.status());
  AnswerService service(
      &answerer, access->get(),
      {.threads = flags.threads,
       .max_answers = flags.max_answers,
       .feedback = feedback.get(),
       .on_answer =
           [&](const AnswerRecord& record) {
             const OpenAiChatModel* asked = model->get();
             LogAnswer(record, asked == nullptr ? CircuitState::kClosed : asked->circuit().state);
             metrics->AnswerEnded(record);
             NoteFaults(record, faults);
           },
       .on_feedback =
           [&](const CallRecord& record) {
             Log(SeverityOf(record.status), CallLine("feedback", record));
             metrics->CallEnded(record);
           },
       .on_audit =
           [&](const AnswerRecord& record, std::string_view question,
               const v1::GroundedAnswer* answer) {
             if (*audit != nullptr) Audit(**audit, record, question, answer);
           }});
  AdminServiceImpl admin(
      access->get(), {.program = "policykb-generator",
                      .faults = &faults,
                      .metrics = &metrics->all(),
                      .describe =
                          [asked = model->get()](const std::vector<std::string>&,
                                                 v1::GetStatusResponse& response) {
                            if (asked == nullptr) return;
                            response.set_model(asked->name());
                            response.set_model_circuit(CircuitStateName(asked->circuit().state));
                          },
                      .log =
                          [&](const CallRecord& record) {
                            Log(SeverityOf(record.status), CallLine("call", record));
                            metrics->CallEnded(record);
                          }});
  grpc::Service* const services[] = {&service, &admin};
  absl::StatusOr<std::unique_ptr<RpcServer>> server =
      RpcServer::Start(flags.serving.Options(), services);
  if (!server.ok()) return Fail(server.status());
  metrics->Watch([&service] { return service.running(); },
                 [asked = model->get()] {
                   return asked != nullptr && asked->circuit().state == CircuitState::kOpen ? 1 : 0;
                 });
  if (!metrics->address().empty())
    Log(LogSeverity::kInfo, LogLine("metrics").Add("address", metrics->address()));
  (*server)->SetServing(true);
  std::printf("policykb-generator listening on %s\n", (*server)->address().c_str());
  std::fflush(stdout);
  const AccessWatch watch(access->get(), [&](const absl::Status& status) {
    LogAccess(status);
    metrics->AccessRead(status);
    faults.Note("access_file", status, absl::Now());
  });
  AwaitStop(audit->get());
  Log(LogSeverity::kInfo, LogLine("draining"));
  (*server)->Shutdown();
  // Nobody looks at a service that is going.
  metrics->StopServing();
  Log(LogSeverity::kInfo, LogLine("stopped"));
  return 0;
}

int Main(int argc, char** argv) {
  RpcServer::BlockSignals();
  Flags flags;
  CLI::App app("Answers questions with the text of the policy, each sentence cited.",
               "policykb-generator");
  AddOptions(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::Error& error) {
    // Some of CLI11's messages have several lines.
    Say(std::string_view(error.what()).substr(0, std::string_view(error.what()).find('\n')));
    return kExitUsage;
  }
  if (absl::Status started = StartLog(flags.serving.log_format, flags.serving.log_file);
      !started.ok())
    return Fail(started);
  return Serve(flags);
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc, argv); }
