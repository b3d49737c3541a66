#include "generator/gateway/http_server.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/listen_address.h"
#include "generator/gateway/connection_roster.h"
#include "generator/gateway/http_connection.h"
#include "generator/gateway/server_tls.h"

namespace policykb {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Error = boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr size_t kReadBytes = 16 << 10;
constexpr absl::Duration kLongestTick = absl::Seconds(5);
// How long a client may take to close its side of a connection that we have ended.
constexpr absl::Duration kFinishTime = absl::Seconds(2);
constexpr size_t kMostDroppedBytes = 1 << 20;
// How many idle connections may get a request just when they are to make room for a new one.
constexpr int kRoomTries = 4;
constexpr auto kAcceptPause = std::chrono::milliseconds(100);

absl::Duration SteadyNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

// Often enough for the shortest limit.
std::chrono::nanoseconds TickOf(const HttpLimits& limits) {
  const absl::Duration shortest =
      std::min({limits.header_time, limits.body_time, limits.idle_time, limits.write_time,
                limits.keep_alive_after, kLongestTick});
  return absl::ToChronoNanoseconds(std::max(shortest / 2, absl::Milliseconds(5)));
}

// A connection's entry in the roster, taken out when it is destroyed. Whoever sees an empty roster
// ends the server, so nothing of the connection that needs the server may be destroyed later.
class RosterEntry {
 public:
  explicit RosterEntry(ConnectionRoster* roster) : roster_(*roster) {}
  ~RosterEntry() { roster_.Remove(member_); }
  RosterEntry(const RosterEntry&) = delete;
  RosterEntry& operator=(const RosterEntry&) = delete;

  void Add(std::weak_ptr<Served> member) {
    member_ = std::move(member);
    roster_.Add(member_);
  }
  void SetIdle(bool idle) { roster_.SetIdle(member_, idle); }

 private:
  ConnectionRoster& roster_;
  std::weak_ptr<Served> member_;
};

// A connection over plain TCP or TLS.
template <typename Stream>
class Socket final : public HttpTransport, public Served {
 public:
  static constexpr bool kTls = !std::is_same_v<Stream, tcp::socket>;

  Socket(Stream stream, const HttpServerOptions* options, const HttpHandler* handler,
         ConnectionRoster* roster)
      : entry_(roster),
        stream_(std::move(stream)),
        tick_(stream_.get_executor()),
        tick_time_(TickOf(options->limits)),
        begin_until_(SteadyNow() + options->limits.header_time),
        connection_(this, options, handler) {}

  void Start() {
    entry_.Add(Self());
    asio::dispatch(stream_.get_executor(), [self = Self()] {
      self->Tick();
      self->Shake();
    });
  }

  void Read() override {
    reading_ = true;
    stream_.async_read_some(asio::buffer(input_), [self = Self()](Error error, size_t size) {
      self->reading_ = false;
      if (self->finishing_) return self->Drop(error, size);
      self->connection_.OnRead({self->input_.data(), error ? 0 : size});
    });
  }
  void Write(std::string_view first, std::string_view second) override {
    const std::array<asio::const_buffer, 2> pieces = {asio::buffer(first), asio::buffer(second)};
    asio::async_write(stream_, pieces, [self = Self()](Error error, size_t) {
      self->connection_.OnWritten(!error);
    });
  }
  void Finish() override {
    if (finishing_) return;
    finishing_ = true;
    end_until_ = SteadyNow() + kFinishTime;
    if constexpr (kTls) {
      // Its goodbye cannot be said while something is read.
      Error ignored;
      if (reading_) lowest().cancel(ignored);
      if (!reading_) SayGoodbye();
    } else {
      Error ignored;
      stream_.shutdown(tcp::socket::shutdown_send, ignored);
      if (!reading_) Read();
    }
  }
  void Abort() override {
    Error ignored;
    end_until_ = SteadyNow();
    lowest().close(ignored);
    tick_.cancel(ignored);
  }
  void Run(std::function<void()> work) override {
    asio::dispatch(stream_.get_executor(), std::move(work));
  }
  absl::Duration Now() const override { return SteadyNow(); }
  void BecomeIdle(bool idle) override { entry_.SetIdle(idle); }

  void Drain() override {
    Run([self = Self()] {
      if (self->begin_until_ == absl::InfiniteDuration()) return self->connection_.Drain();
      self->Abort();
    });
  }
  void EndIdle(std::function<void(bool)> done) override {
    Run([self = Self(), done = std::move(done)] { done(self->connection_.EndIdle()); });
  }
  void Cut() override {
    Run([self = Self()] {
      self->connection_.Cut();
      self->Abort();
    });
  }

 private:
  std::shared_ptr<Socket> Self() { return std::static_pointer_cast<Socket>(shared_from_this()); }
  tcp::socket& lowest() {
    if constexpr (kTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  void Shake() {
    if constexpr (kTls) {
      stream_.async_handshake(asio::ssl::stream_base::server, [self = Self()](Error error) {
        if (error) return self->Abort();
        self->BeginRequests(ClientCertificateNames(self->stream_.native_handle()));
      });
    } else {
      BeginRequests({});
    }
  }
  void BeginRequests(std::vector<std::string> certificate_names) {
    begin_until_ = absl::InfiniteDuration();
    connection_.Begin(kTls, std::move(certificate_names));
  }

  // Of a connection that we have ended: until the client ends it too.
  void Drop(Error error, size_t size) {
    dropped_ += size;
    if constexpr (kTls) {
      if (!error || error == asio::error::operation_aborted) return SayGoodbye();
    }
    if (error || dropped_ > kMostDroppedBytes) return Abort();
    Read();
  }
  void SayGoodbye() {
    if constexpr (kTls) stream_.async_shutdown([self = Self()](Error) { self->Abort(); });
  }

  void Tick() {
    const absl::Duration now = SteadyNow();
    if (now >= begin_until_ || now >= end_until_) {
      Abort();
      return;
    }
    connection_.OnTick();
    if (!lowest().is_open()) return;
    tick_.expires_after(tick_time_);
    tick_.async_wait([self = Self()](Error error) {
      if (!error) self->Tick();
    });
  }

  // Any thread may destroy a connection, with the last exchange of it: the first member is the last
  // to be destroyed.
  RosterEntry entry_;
  Stream stream_;
  asio::steady_timer tick_;
  const std::chrono::nanoseconds tick_time_;
  absl::Duration begin_until_;  // TLS must have begun
  absl::Duration end_until_ = absl::InfiniteDuration();
  std::array<char, kReadBytes> input_;
  bool reading_ = false;
  bool finishing_ = false;
  size_t dropped_ = 0;
  HttpConnection connection_;
};

}  // namespace

struct HttpServer::State {
  HttpServerOptions options;
  HttpHandler handler;
  ConnectionRoster roster;
  std::string address;
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  // Of one strand: the acceptor, its timers and what new connections get.
  asio::strand<asio::io_context::executor_type> strand{context.get_executor()};
  tcp::acceptor acceptor{strand};
  asio::steady_timer pause{strand};
  asio::steady_timer reread{strand};
  std::shared_ptr<const TlsContext> tls;
  std::unique_ptr<asio::ssl::context> tls_context;  // a view of `tls`
  bool tls_is_wrong = false;
  std::vector<std::thread> threads;
  std::once_flag shut_down;

  absl::Status Bind(ListenAddress listen) {
    std::string host = listen.host;
    if (host.front() == '[') host = host.substr(1, host.size() - 2);
    absl::Status failed =
        absl::UnavailableError(Cat("listen address ", listen.ToString(),
                                   ": cannot be bound (in use, or not of this machine)"));
    Error error;
    tcp::resolver resolver(context);
    const auto found =
        resolver.resolve(host, std::to_string(listen.port),
                         tcp::resolver::passive | tcp::resolver::numeric_service, error);
    if (error || found.empty()) return failed;
    const tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) listen.port = acceptor.local_endpoint(error).port();
    if (error) return failed;
    address = listen.ToString();
    return absl::OkStatus();
  }

  void UseTls(std::shared_ptr<const TlsContext> opened) {
    tls = std::move(opened);
    tls_context = std::make_unique<asio::ssl::context>(tls->Share());
  }

  void WatchTls() {
    reread.expires_after(absl::ToChronoNanoseconds(options.tls_reread));
    reread.async_wait([this](Error error) {
      // A wait that was over when it was cancelled ends without an error.
      if (error || !acceptor.is_open()) return;
      RereadTls();
      WatchTls();
    });
  }
  // Connections that there are keep what they began with.
  void RereadTls() {
    absl::StatusOr<std::shared_ptr<const TlsContext>> opened = TlsContext::Open(options.tls);
    const bool news = tls_is_wrong == opened.ok();
    tls_is_wrong = !opened.ok();
    if (news && options.tls_read) options.tls_read(opened.status());
    if (opened.ok() && (*opened)->source() != tls->source()) UseTls(*std::move(opened));
  }

  void Accept() {
    acceptor.async_accept(asio::make_strand(context), [this](Error error, tcp::socket socket) {
      if (error == asio::error::operation_aborted || !acceptor.is_open()) return;
      if (error) {
        // Too many open files, above all: it may be better in a moment.
        pause.expires_after(kAcceptPause);
        pause.async_wait([this](Error stopped) {
          if (!stopped) Accept();
        });
        return;
      }
      Take(std::move(socket));
      Accept();
    });
  }

  void Take(tcp::socket socket) {
    Error ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (roster.size() < options.limits.connections) return Serve(std::move(socket));
    MakeRoom(std::make_shared<tcp::socket>(std::move(socket)), kRoomTries);
  }

  // Serves it in the place of the connection that has been idle longest.
  void MakeRoom(std::shared_ptr<tcp::socket> socket, int tries) {
    const std::shared_ptr<Served> idle = tries > 0 ? roster.TakeLongestIdle() : nullptr;
    if (idle == nullptr) return TurnAway(std::move(*socket));
    idle->EndIdle([this, socket = std::move(socket), tries](bool ended) {
      asio::post(strand, [this, socket, tries, ended] {
        // Nothing is begun behind Shutdown.
        if (!acceptor.is_open()) return;
        if (ended) return Serve(std::move(*socket));
        MakeRoom(socket, tries - 1);
      });
    });
  }

  void Serve(tcp::socket socket) {
    if (tls == nullptr) {
      std::make_shared<Socket<tcp::socket>>(std::move(socket), &options, &handler, &roster)
          ->Start();
    } else {
      std::make_shared<Socket<TlsStream>>(TlsStream(std::move(socket), *tls_context), &options,
                                          &handler, &roster)
          ->Start();
    }
  }

  void TurnAway(tcp::socket socket) const {
    if (options.refused) options.refused(503);
    if (tls != nullptr) return;
    WebResponse response = options.refusal(503, "server: has all the connections it can have");
    response.headers.push_back({"Retry-After", "1"});
    const std::string bytes =
        ResponseHead(response,
                     Cat("Content-Length: ", response.body.size(), "\r\nConnection: close\r\n"),
                     "") +
        response.body;
    Error ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(bytes), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  void Run(int count) {
    for (int i = 0; i < count; ++i) threads.emplace_back([this] { context.run(); });
  }

  void Shutdown() {
    // Without threads there are no connections.
    if (threads.empty()) return;
    absl::Notification closed;
    asio::post(strand, [this, &closed] {
      Error ignored;
      acceptor.close(ignored);
      pause.cancel(ignored);
      reread.cancel(ignored);
      for (const std::shared_ptr<Served>& served : roster.All()) served->Drain();
      closed.Notify();
    });
    // From now on the roster can only become shorter.
    closed.WaitForNotification();
    if (!roster.AwaitNone(options.drain_limit)) {
      for (const std::shared_ptr<Served>& served : roster.All()) served->Cut();
      roster.AwaitNone(absl::InfiniteDuration());
    }
    work.reset();
    for (std::thread& thread : threads) thread.join();
  }
};

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpServer::~HttpServer() { Shutdown(); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(HttpServerOptions options,
                                                              HttpHandler handler) {
  ASSIGN_OR_RETURN(ListenAddress address, options.allow_any_address
                                              ? ParseListenAddress(options.listen)
                                              : ParseLoopbackAddress(options.listen));
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  state->handler = std::move(handler);
  if (!state->options.tls.certificate_file.empty() || !state->options.tls.key_file.empty()) {
    ASSIGN_OR_RETURN(std::shared_ptr<const TlsContext> tls, TlsContext::Open(state->options.tls));
    state->UseTls(std::move(tls));
    state->WatchTls();
  }
  RETURN_IF_ERROR(state->Bind(std::move(address)));
  state->Accept();
  state->Run(state->options.threads);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

const std::string& HttpServer::address() const { return state_->address; }

int HttpServer::connections() const { return state_->roster.size(); }

int HttpServer::idle_connections() const { return state_->roster.idle(); }

void HttpServer::Shutdown() {
  std::call_once(state_->shut_down, [this] { state_->Shutdown(); });
}

}  // namespace policykb
