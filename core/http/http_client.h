// HttpPost: one HTTP POST whose response is taken as it arrives.
//
// The wall around libcurl. Redirects are not followed, as they would carry the authorisation header
// to a stranger; loopback hosts are never asked through a proxy. Not for retries or for what the
// bytes mean. Any thread.

#ifndef POLICYKB_CORE_HTTP_HTTP_CLIENT_H_
#define POLICYKB_CORE_HTTP_HTTP_CLIENT_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace policykb {

struct HttpResponseHead {
  int status = 0;
  std::string content_type = {};  // lower case, without parameters; empty when not said
  std::string retry_after = {};   // as sent; empty when not said
};

struct HttpRequest {
  std::string url;
  std::vector<std::string> headers;  // "Name: value", without line ends
  std::string body;
  absl::Time deadline = absl::InfiniteFuture();
  size_t max_response_bytes = 8 << 20;
  std::function<bool()> cancelled;  // empty means never
};

enum class HttpProgress { kNotConnected, kNoResponse, kResponse };

struct HttpOutcome {
  absl::Status status = {};  // OK when the response arrived whole, whatever its HTTP status
  HttpProgress progress = HttpProgress::kNotConnected;
};

// Takes bytes of the body; an error ends the call with that error.
using HttpBodySink = std::function<absl::Status(const HttpResponseHead&, std::string_view)>;

// Errors: InvalidArgument (the URL), Unavailable (not reached, connection lost), DeadlineExceeded,
// Cancelled, ResourceExhausted (response above the limit), and those of `on_body`. Messages never
// hold headers or the body.
HttpOutcome HttpPost(const HttpRequest& request, const HttpBodySink& on_body);

}  // namespace policykb

#endif  // POLICYKB_CORE_HTTP_HTTP_CLIENT_H_
