// policykb-gateway: serves search, answers and the console over HTTP.

#include <CLI/CLI.hpp>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/log/logger.h"
#include "core/rpc/access_watch.h"
#include "core/rpc/flags.h"
#include "core/rpc/listen_address.h"
#include "core/rpc/server.h"
#include "core/rpc/server_program.h"
#include "generator/gateway/gateway.h"
#include "generator/gateway/gateway_metrics.h"
#include "generator/gateway/http_server.h"
#include "generator/gateway/message_json.h"
#include "generator/gateway/sessions.h"
#include "generator/gateway/upstream.h"

namespace policykb {
namespace {

struct Flags {
  ChannelOptions retriever{.address = "127.0.0.1:50051"};
  ChannelOptions generator{.address = "127.0.0.1:50052"};
  ServerFlags serving{.server = {.listen = "127.0.0.1:8080"}};
  std::string session_key_file;
  int threads = 2;
  int max_connections = 4096;
  double call_seconds = 15;
  double answer_seconds = 180;
  CitationForm openai_citations = CitationForm::kBoth;
  std::string public_url;
};

void AddOptions(CLI::App& app, Flags& flags) {
  AddListenOptions(app, flags.serving);
  AddLabelsOption(app, flags.serving);
  AddRetrieverOptions(app, flags.retriever);
  app.add_option("--generator", flags.generator.address, "Address of the generator, likewise")
      ->capture_default_str();
  AddChannelOptions(app, "generator-", flags.generator);
  app.add_option("--session-key-file", flags.session_key_file,
                 "File with the key that signs sessions, 32 bytes or more, for several gateways "
                 "with the same sessions; none: sessions end with the process")
      ->needs(app.get_option("--access"));
  app.add_option("--threads", flags.threads, "Threads that carry connections, 1 to 64")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option(
         "--max-connections", flags.max_connections,
         "Connections at the same time; one more takes the place of the longest idle one, or is "
         "refused at once, 1 to 100000")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--call-seconds", flags.call_seconds,
                 "How long a search or a look-up may take, seconds")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  app.add_option("--answer-seconds", flags.answer_seconds, "How long an answer may take, seconds")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
}

void AddProtocolOptions(CLI::App& app, Flags& flags) {
  const std::map<std::string, CitationForm> forms = {{"list", CitationForm::kList},
                                                     {"annotations", CitationForm::kAnnotations},
                                                     {"both", CitationForm::kBoth}};
  app.add_option("--openai-citations", flags.openai_citations,
                 "Where /v1/chat/completions puts citations: list (at the end of the text), "
                 "annotations (url_citation), both")
      ->transform(CLI::CheckedTransformer(forms).description("{list,annotations,both}"))
      ->default_str("both");
  app.add_option("--public-url", flags.public_url,
                 "Where people reach this gateway, http://... or https://..., for links to "
                 "documents in answers; none: by the name that the client asked")
      ->check([](const std::string& url) {
        return url.starts_with("http://") || url.starts_with("https://")
                   ? std::string()
                   : std::string("expected http:// or https://");
      });
}

void LogRequest(const RequestRecord& record) {
  Log(SeverityOf(record.status), CallLine("request", record).Add("http_code", record.code));
}

int Serve(const ServerProgram& program, const Flags& flags) {
  const RpcServerOptions listening = flags.serving.Options();
  const bool any_address = listening.allow_plain || (!listening.tls.certificate_file.empty() &&
                                                     !flags.serving.access.empty());
  // With a proxy in front that everybody reaches, all callers look as if they were on this machine.
  const bool on_loopback = ParseLoopbackAddress(listening.listen).ok() && !listening.allow_plain;
  const absl::StatusOr<std::unique_ptr<Access>> access = flags.serving.OpenAccess();
  if (!access.ok()) return program.Fail(access.status());
  absl::StatusOr<Sessions> sessions = flags.session_key_file.empty()
                                          ? Sessions::WithRandomKey()
                                          : Sessions::Open(flags.session_key_file);
  if (!sessions.ok()) return program.Fail(sessions.status());
  const absl::StatusOr<std::unique_ptr<Upstream>> upstream =
      Upstream::Open(flags.retriever, flags.generator);
  if (!upstream.ok()) return program.Fail(upstream.status());
  absl::StatusOr<GatewayMetrics> metrics = GatewayMetrics::Serve(flags.serving.metrics);
  if (!metrics.ok()) return program.Fail(metrics.status());
  std::atomic<int> running = 0;
  Gateway gateway(access->get(), &*sessions, upstream->get(),
                  {.on_loopback = on_loopback,
                   .call_time = absl::Seconds(flags.call_seconds),
                   .answer_time = absl::Seconds(flags.answer_seconds),
                   .openai_citations = flags.openai_citations,
                   .public_url = flags.public_url,
                   .on_request = [&](const RequestRecord& record) {
                     --running;
                     LogRequest(record);
                     metrics->RequestEnded(record);
                   }});
  absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Start(
      {.listen = listening.listen,
       .tls = listening.tls,
       .allow_any_address = any_address,
       .threads = flags.threads,
       .limits = {.connections = flags.max_connections},
       .drain_limit = listening.drain_limit,
       .refusal = RefusalResponse,
       .refused = [&](int code) { metrics->Refused(code); },
       .tls_read = [](const absl::Status& status) { LogReread("tls_files", status); }},
      [&](const WebRequest& request, std::shared_ptr<HttpExchange> exchange) {
        ++running;
        gateway.Handle(request, std::move(exchange));
      });
  if (!server.ok()) return program.Fail(server.status());
  metrics->Watch([&server] { return (*server)->connections(); },
                 [&running] { return running.load(); });
  program.Listens((*server)->address(), metrics->address());
  const AccessWatch watch(access->get(), [&](const absl::Status& status) {
    LogReread("access_file", status);
    metrics->AccessRead(status);
  });
  return program.ServeUntilStopped(nullptr, [&] {
    (*server)->Shutdown();
    // Nobody looks at a server that is going.
    metrics->StopServing();
  });
}

int Main(int argc, char** argv) {
  ServerProgram program("policykb-gateway", "Serves search, answers and the console over HTTP.");
  Flags flags;
  AddOptions(program.app(), flags);
  AddProtocolOptions(program.app(), flags);
  if (const std::optional<int> exit = program.Begin(argc, argv, flags.serving)) return *exit;
  return Serve(program, flags);
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc, argv); }
