#include "core/rpc/metrics_server.h"

#include <httplib.h>

#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/listen_address.h"

namespace policykb {

namespace {

constexpr size_t kThreads = 1;
constexpr time_t kReadSeconds = 5;
constexpr time_t kWriteSeconds = 5;
constexpr size_t kMostRequestBytes = 1 << 16;
constexpr char kTextFormat[] = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace

struct MetricsServer::State {
  std::string address;
  httplib::Server server;
  std::atomic<bool> ended = false;  // of the thread
  std::thread thread;

  explicit State(const Metrics* metrics) {
    server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    server.set_read_timeout(kReadSeconds);
    server.set_write_timeout(kWriteSeconds);
    server.set_payload_max_length(kMostRequestBytes);
    // With the library's own SO_REUSEPORT a second server would take a share of this one's
    // requests.
    server.set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    server.Get("/metrics", [metrics](const httplib::Request&, httplib::Response& response) {
      response.set_content(metrics->Text(), kTextFormat);
    });
  }
  ~State() {
    if (!thread.joinable()) return;
    server.stop();
    thread.join();
  }

  // The port bound; nullopt when it cannot be.
  std::optional<uint16_t> Bind(const ListenAddress& listen) {
    std::string host = listen.host;
    if (host.front() == '[') host = host.substr(1, host.size() - 2);
    if (listen.port != 0) {
      if (!server.bind_to_port(host, listen.port)) return std::nullopt;
      return listen.port;
    }
    const int port = server.bind_to_any_port(host);
    if (port <= 0) return std::nullopt;
    return static_cast<uint16_t>(port);
  }
  // Returns when requests are taken: a stop before that would be forgotten.
  void Run() {
    thread = std::thread([this] {
      server.listen_after_bind();
      ended = true;
    });
    while (!server.is_running() && !ended) std::this_thread::yield();
  }
};

MetricsServer::MetricsServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

MetricsServer::~MetricsServer() = default;

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Serve(const Metrics* metrics,
                                                                    const std::string& listen) {
  ASSIGN_OR_RETURN(ListenAddress address, ParseLoopbackAddress(listen));
  auto state = std::make_unique<State>(metrics);
  const std::optional<uint16_t> port = state->Bind(address);
  if (!port) {
    return absl::UnavailableError(Cat("metrics address ", address.ToString(),
                                      ": cannot be bound (in use, or not of this machine)"));
  }
  address.port = *port;
  state->address = address.ToString();
  state->Run();
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(state)));
}

const std::string& MetricsServer::address() const { return state_->address; }

}  // namespace policykb
