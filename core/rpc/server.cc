#include "core/rpc/server.h"

#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/impl/server_initializer.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <pthread.h>
#include <signal.h>

#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/listen_address.h"
#include "core/rpc/lock_checks.h"

namespace policykb {

namespace {

// Copies the names of all services, reflection and health included, once the server is built.
class ServiceNamesPlugin : public grpc::ServerBuilderPlugin {
 public:
  explicit ServiceNamesPlugin(std::vector<std::string>* names) : names_(names) {}
  std::string name() override { return "policykb_service_names"; }
  void InitServer(grpc::ServerInitializer*) override {}
  void Finish(grpc::ServerInitializer* initializer) override {
    *names_ = *initializer->GetServiceList();
  }
  void ChangeArguments(const std::string&, void*) override {}

 private:
  std::vector<std::string>* const names_;
};

// Settles which plugins this one server has. Linking gRPC's reflection library adds it to every
// server of the process; that choice is made here for each server instead.
class PluginsOption : public grpc::ServerBuilderOption {
 public:
  PluginsOption(bool reflection, std::vector<std::string>* names)
      : reflection_(reflection), names_(names) {}
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    auto wanted = std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>();
    std::erase_if(*plugins,
                  [&wanted](const auto& plugin) { return plugin->name() == wanted->name(); });
    if (reflection_) plugins->push_back(std::move(wanted));
    plugins->push_back(std::make_unique<ServiceNamesPlugin>(names_));
  }

 private:
  const bool reflection_;
  std::vector<std::string>* const names_;
};

// Settings of gRPC that hold for the whole process.
void SetUpGrpcOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    EndLockChecks();
    grpc::EnableDefaultHealthCheckService(true);
    // What gRPC writes to stderr is told by our statuses as well; who wants it asks by gRPC's own
    // variable.
    if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
  });
}

constexpr int kAwaitedSignals[] = {SIGTERM, SIGINT, SIGHUP};

sigset_t AwaitedSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : kAwaitedSignals) sigaddset(&signals, signal);
  return signals;
}

// Whoever called BlockSignals; set before the handler that reads it is there.
pthread_t waiting_thread;

// A thread that a library started before main (OpenBLAS does) blocks nothing: what such a thread
// takes would end the process by the signal's default.
void HandOn(int signal) {
  const int error = errno;
  ::pthread_kill(waiting_thread, signal);
  errno = error;
}

}  // namespace

struct RpcServer::Running {
  absl::Duration drain_limit;
  int port = 0;
  std::string address;
  std::unique_ptr<grpc::Server> server;
  std::once_flag shut_down;
};

RpcServer::RpcServer() : running_(std::make_unique<Running>()) {}

RpcServer::~RpcServer() { Shutdown(); }

absl::StatusOr<std::unique_ptr<RpcServer>> RpcServer::Start(
    const RpcServerOptions& options, std::span<grpc::Service* const> services) {
  const bool plain = options.tls.certificate_file.empty();
  ASSIGN_OR_RETURN(ListenAddress address, plain && !options.allow_plain
                                              ? ParseLoopbackAddress(options.listen)
                                              : ParseListenAddress(options.listen));
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ServerCredentials> credentials,
                   ServerCredentialsFor(options.tls));
  SetUpGrpcOnce();
  std::vector<std::string> names;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.SetOption(std::make_unique<PluginsOption>(options.reflection, &names));
  // With it, a second server on the same port would take a share of the first one's connections.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(options.max_request_bytes);
  builder.AddListeningPort(address.ToString(), credentials, &port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port <= 0) {
    return absl::UnavailableError(Cat("listen address ", address.ToString(),
                                      ": cannot be bound (in use, or not of this machine)"));
  }
  grpc::HealthCheckServiceInterface* health = server->GetHealthCheckService();
  health->SetServingStatus(false);
  for (const std::string& name : names) health->SetServingStatus(name, false);

  std::unique_ptr<RpcServer> started(new RpcServer());
  Running& running = *started->running_;
  address.port = static_cast<uint16_t>(port);
  running.drain_limit = options.drain_limit;
  running.port = port;
  running.address = address.ToString();
  running.server = std::move(server);
  return started;
}

int RpcServer::port() const { return running_->port; }

const std::string& RpcServer::address() const { return running_->address; }

void RpcServer::SetServing(bool serving) {
  running_->server->GetHealthCheckService()->SetServingStatus(serving);
}

void RpcServer::Shutdown() {
  std::call_once(running_->shut_down, [this] {
    if (running_->server == nullptr) return;
    // Refuses later changes, so that a reload that ends now cannot claim to serve again.
    running_->server->GetHealthCheckService()->Shutdown();
    running_->server->Shutdown(absl::ToChronoTime(absl::Now() + running_->drain_limit));
  });
}

void RpcServer::BlockSignals() {
  const sigset_t signals = AwaitedSignals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiting_thread = ::pthread_self();
  struct sigaction action = {};
  action.sa_handler = HandOn;
  action.sa_flags = SA_RESTART;
  for (const int signal : kAwaitedSignals) ::sigaction(signal, &action, nullptr);
}

void RpcServer::WaitForStopSignal(const std::function<void()>& hang_up) {
  const sigset_t signals = AwaitedSignals();
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) return;
    if (hang_up) hang_up();
  }
}

}  // namespace policykb
