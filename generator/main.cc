// policykb-generator: serves grounded answers over gRPC.

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
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

void AddOptions(CLI::App& app, Flags& flags) {
  AddServerOptions(app, flags.serving);
  AddRetrieverOptions(app, flags.retriever);
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

// What an answer says of the parts that it was made with.
void NoteFaults(const AnswerRecord& record, Faults& faults) {
  const absl::Time now = absl::Now();
  if (record.status.ok() || absl::IsUnavailable(record.status))
    faults.Note("retriever", record.status, now);
  const absl::Status& model = record.figures.model_status;
  if (record.figures.asked_model && !absl::IsCancelled(model)) faults.Note("model", model, now);
  if (record.status.ok()) faults.Note("feedback", record.feedback_status, now);
}

int Serve(const ServerProgram& program, const Flags& flags) {
  absl::StatusOr<std::unique_ptr<OpenAiChatModel>> model = MakeModel(flags.answers);
  if (!model.ok()) return program.Fail(model.status());
  absl::StatusOr<std::unique_ptr<GrpcPassageSource>> source =
      GrpcPassageSource::Create(flags.retriever);
  if (!source.ok()) return program.Fail(source.status());
  absl::StatusOr<AnswererOptions> options = MakeAnswererOptions(flags.answers);
  if (!options.ok()) return program.Fail(options.status());
  options->cache_bytes = static_cast<size_t>(flags.cache_mib) << 20;
  const Answerer answerer(source->get(), model->get(), *std::move(options));
  std::unique_ptr<FeedbackStore> feedback;
  if (!flags.feedback.empty()) {
    absl::StatusOr<std::unique_ptr<FeedbackStore>> opened =
        FeedbackStore::Open(flags.feedback, absl::Hours(24) * flags.feedback_days, absl::Now());
    if (!opened.ok()) return program.Fail(opened.status());
    feedback = *std::move(opened);
  }
  const absl::StatusOr<std::unique_ptr<Access>> access = flags.serving.OpenAccess();
  if (!access.ok()) return program.Fail(access.status());
  absl::StatusOr<GeneratorMetrics> metrics = GeneratorMetrics::Serve(flags.serving.metrics);
  if (!metrics.ok()) return program.Fail(metrics.status());
  Faults faults;
  const absl::StatusOr<std::unique_ptr<AuditLog>> audit =
      flags.serving.OpenAudit([&](const absl::Status& status, int64_t lost) {
        metrics->AuditLost(lost);
        LogAudit(status, lost, faults);
      });
  if (!audit.ok()) return program.Fail(audit.status());
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
  if (!server.ok()) return program.Fail(server.status());
  metrics->Watch([&service] { return service.running(); },
                 [asked = model->get()] {
                   return asked != nullptr && asked->circuit().state == CircuitState::kOpen ? 1 : 0;
                 });
  (*server)->SetServing(true);
  program.Listens((*server)->address(), metrics->address());
  const AccessWatch watch(access->get(), [&](const absl::Status& status) {
    LogReread("access_file", status);
    metrics->AccessRead(status);
    faults.Note("access_file", status, absl::Now());
  });
  return program.ServeUntilStopped(audit->get(), [&] {
    (*server)->Shutdown();
    // Nobody looks at a service that is going.
    metrics->StopServing();
  });
}

int Main(int argc, char** argv) {
  ServerProgram program("policykb-generator",
                        "Answers questions with the text of the policy, each sentence cited.");
  Flags flags;
  AddOptions(program.app(), flags);
  if (const std::optional<int> exit = program.Begin(argc, argv, flags.serving)) return *exit;
  return Serve(program, flags);
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc, argv); }
