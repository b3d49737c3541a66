#include "core/rpc/flags.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

RpcServerOptions ServerFlags::Options() const {
  RpcServerOptions options = server;
  options.drain_limit = absl::Seconds(drain_seconds);
  return options;
}

absl::StatusOr<std::unique_ptr<Access>> ServerFlags::OpenAccess() const {
  if (access.empty()) return Access::ForEverybody(labels);
  return Access::Open(access);
}

absl::StatusOr<std::unique_ptr<AuditLog>> ServerFlags::OpenAudit(
    std::function<void(const absl::Status& status, int64_t lost)> told) const {
  if (audit.empty()) return nullptr;
  ASSIGN_OR_RETURN(QuestionHasher hasher, QuestionHasher::Open(audit_key_file));
  return AuditLog::Open({.file = audit, .told = std::move(told)}, std::move(hasher));
}

void AddListenOptions(CLI::App& command, ServerFlags& flags) {
  RpcServerOptions& server = flags.server;
  command
      .add_option("--listen", server.listen,
                  "address to serve on, host:port; port 0 takes a free one; plain text on loopback "
                  "only")
      ->capture_default_str();
  CLI::Option* certificate = command.add_option(
      "--tls-cert", server.tls.certificate_file,
      "PEM file of the server's certificate chain, for TLS; read again when it changes");
  CLI::Option* key =
      command.add_option("--tls-key", server.tls.key_file, "PEM file of its private key")
          ->needs(certificate);
  certificate->needs(key);
  command
      .add_option("--tls-client-ca", server.tls.client_ca_file,
                  "PEM file of the authority that issued the certificates of clients; none: "
                  "clients are not asked for one")
      ->needs(certificate);
  command.add_flag("--insecure-listen", server.allow_plain,
                   "plain text on any address: whoever reads the network reads keys and documents");
  command.add_option(
      "--access", flags.access,
      "access.toml with who may call, see what, how often (docs/operations.md); read again when "
      "it changes; none: everybody may call");
  command
      .add_option("--drain-seconds", flags.drain_seconds,
                  "how long requests in flight may take at a stop, seconds")
      ->check(CLI::Range(0.0, 600.0))
      ->capture_default_str();
  command.add_option("--metrics", flags.metrics,
                     "loopback address host:port to serve http://HOST:PORT/metrics for Prometheus "
                     "on; none: no metrics");
  command
      .add_option_function<std::string>(
          "--log-format",
          [&flags](const std::string& form) {
            flags.log_format = form == "json" ? LogFormat::kJson : LogFormat::kText;
          },
          "how lines of the log look: text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->default_str("text");
  command.add_option("--log-file", flags.log_file,
                     "file to append these lines to, opened anew at SIGHUP; none: stderr");
}

void AddServerOptions(CLI::App& command, ServerFlags& flags) {
  AddListenOptions(command, flags);
  CLI::Option* audit = command.add_option(
      "--audit", flags.audit,
      "file to append a JSON line to for each search or answer: who, when, what was shown, and a "
      "hash of the question; opened anew at SIGHUP; none: no such file");
  CLI::Option* audit_key =
      command
          .add_option("--audit-key-file", flags.audit_key_file,
                      "file with the key of that hash, as policykb audit new-key makes it")
          ->needs(audit);
  audit->needs(audit_key);
  command.add_flag("!--no-reflection", flags.server.reflection, "do not serve gRPC reflection");
}

void AddLabelsOption(CLI::App& command, ServerFlags& flags) {
  command
      .add_option("--labels", flags.labels,
                  "labels of the text that everybody may see, without --access")
      ->delimiter(',')
      ->capture_default_str()
      ->excludes(command.get_option("--access"));
}

void AddRetrieverOptions(CLI::App& command, ChannelOptions& options) {
  command
      .add_option("--retriever", options.address,
                  "Address of the retriever, host:port; several, of IPv4 addresses, parted by "
                  "commas are used in turn")
      ->capture_default_str();
  AddChannelOptions(command, "retriever-", options);
}

void AddChannelOptions(CLI::App& command, const std::string& prefix, ChannelOptions& options) {
  ClientTls& tls = options.tls;
  CLI::Option* ca =
      command.add_option(Cat("--", prefix, "tls-ca"), tls.ca_file,
                         "PEM file of the certificates to trust, for TLS; none: plain text");
  CLI::Option* certificate =
      command
          .add_option(Cat("--", prefix, "tls-cert"), tls.certificate_file,
                      "PEM file of this program's own certificate, to be known by")
          ->needs(ca);
  CLI::Option* key =
      command.add_option(Cat("--", prefix, "tls-key"), tls.key_file, "PEM file of its private key");
  certificate->needs(key);
  key->needs(certificate);
  command
      .add_flag(Cat("--", prefix, "insecure"), options.allow_plain,
                "plain text to another machine as well")
      ->excludes(ca);
  command.add_option(
      Cat("--", prefix, "api-key-file"), options.api_key_file,
      "file with the key to be known by; else the environment variable POLICYKB_API_KEY");
}

}  // namespace policykb
