// HttpClient: HTTP POSTs whose responses are taken as they arrive, all on one thread.
//
// The wall around libcurl. One thread of the client's own waits for every connection at once, so a
// hundred slow servers cost a hundred sockets and no thread each; connections are used again.
// Redirects are not followed, as they would carry the authorisation header to a stranger; loopback
// hosts are never asked through a proxy. Not for retries or for what the bytes mean. Any thread.

#ifndef POLICYKB_CORE_HTTP_HTTP_CLIENT_H_
#define POLICYKB_CORE_HTTP_HTTP_CLIENT_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace policykb {

struct HttpResponseHead {
  int status = 0;
  std::string content_type = {};  // lower case, without parameters; empty when not said
  std::string retry_after = {};   // as sent; empty when not said
};

struct HttpRequest {
  std::string url;
  std::vector<std::string> headers = {};  // "Name: value", without line ends
  std::string body = {};
  absl::Time not_before = absl::InfinitePast();  // waits until then, without a connection
  absl::Time deadline = absl::InfiniteFuture();
  size_t max_response_bytes = 8 << 20;
  // Asked every 20 ms from the client's thread while the call lasts; true ends it and closes its
  // connection. Empty means never.
  std::function<bool()> cancelled = {};
};

enum class HttpProgress { kNotConnected, kNoResponse, kResponse };

struct HttpOutcome {
  absl::Status status = {};  // OK when the response arrived whole, whatever its HTTP status
  HttpProgress progress = HttpProgress::kNotConnected;
};

// Takes bytes of the body; an error ends the call with that error. Must not block.
using HttpBodySink = std::function<absl::Status(const HttpResponseHead&, std::string_view)>;
// Told once, last. Must not block; may start another call, and may not destroy the client.
// Errors: InvalidArgument (the URL), Unavailable (not reached, connection lost), DeadlineExceeded,
// Cancelled (by the caller, or the client ends), ResourceExhausted (response above the limit), and
// those of the sink. Messages never hold headers or the body.
using HttpDone = std::function<void(const HttpOutcome&)>;

struct HttpClientOptions {
  std::string proxy = {};    // [http://]HOST:PORT; empty: as the environment says
  std::string ca_file = {};  // PEM file of certificates to trust; empty: those of the system
};

class HttpClient {
 public:
  // Errors: InvalidArgument (a proxy that is no URL), NotFound (no certificates there).
  static absl::StatusOr<std::unique_ptr<HttpClient>> Create(HttpClientOptions options = {});
  // Ends all calls as Cancelled, then returns.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Returns at once; both functions are called from the client's thread.
  void Start(HttpRequest request, HttpBodySink on_body, HttpDone on_done);
  // The same, waiting for the outcome. REQUIRES: not called from the client's thread.
  HttpOutcome Post(HttpRequest request, const HttpBodySink& on_body);

 private:
  class Loop;
  explicit HttpClient(std::unique_ptr<Loop> loop);

  std::unique_ptr<Loop> loop_;
};

// One call with a client of its own.
HttpOutcome HttpPost(const HttpRequest& request, const HttpBodySink& on_body);

}  // namespace policykb

#endif  // POLICYKB_CORE_HTTP_HTTP_CLIENT_H_
