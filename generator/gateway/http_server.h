// HttpServer: serves HTTP/1.1 on one address, with TLS, limits in size and time, and a graceful
// stop.
//
// Knows nothing of what is served: a handler answers each request through its exchange
// (http_exchange.h), at once or later, from any thread. A few threads carry all connections, so
// that one that waits costs some kilobytes. What is malformed, too large or too slow is answered or
// closed before the handler sees it. Start, Shutdown and the figures may be used from any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_HTTP_SERVER_H_
#define POLICYKB_GENERATOR_GATEWAY_HTTP_SERVER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/tls.h"
#include "generator/gateway/http_exchange.h"

namespace policykb {

struct HttpLimits {
  size_t header_bytes = 16 << 10;
  size_t body_bytes = 1 << 20;
  // One more takes the place of the one that has been idle longest, or is told 503 when none is.
  int connections = 4096;
  absl::Duration header_time = absl::Seconds(10);       // for a whole header, and for TLS to begin
  absl::Duration body_time = absl::Seconds(30);         // for a whole body
  absl::Duration idle_time = absl::Seconds(60);         // between requests
  absl::Duration write_time = absl::Seconds(30);        // for the client to take what was written
  absl::Duration keep_alive_after = absl::Seconds(15);  // silence in a stream before a comment
};

struct HttpServerOptions {
  std::string listen = "127.0.0.1:0";            // host:port; port 0 takes a free one
  ServerTls tls = {};                            // none: plain text
  absl::Duration tls_reread = absl::Seconds(5);  // how often the files of TLS are looked at
  bool allow_any_address = false;                // others than loopback
  int threads = 2;
  HttpLimits limits = {};
  absl::Duration drain_limit = absl::Seconds(10);
  // What is said of a request that the handler never sees.
  std::function<WebResponse(int code, std::string_view message)> refusal = {};
  // Told of such a refusal; may be empty.
  std::function<void(int code)> refused = {};
  // Told when files of TLS cannot be read again, and when they can. May be empty.
  std::function<void(const absl::Status& status)> tls_read = {};
};

class HttpServer {
 public:
  // Binds and serves. Errors: InvalidArgument (address is no host:port; TLS files that do not fit),
  // FailedPrecondition (not loopback), NotFound and PermissionDenied (TLS files), Unavailable
  // (address in use or not of this machine).
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(HttpServerOptions options,
                                                           HttpHandler handler);
  ~HttpServer();

  // "host:port" bound, with the real port.
  const std::string& address() const;
  // Open now.
  int connections() const;
  // Those of them that wait for a request. A connection does so again a moment after its response
  // was written.
  int idle_connections() const;
  // Takes no new connections, ends idle ones, waits up to drain_limit for requests in flight, cuts
  // off what is left and waits until all exchanges are let go. Idempotent.
  void Shutdown();

 private:
  struct State;

  explicit HttpServer(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_HTTP_SERVER_H_
