// HttpConnection: the requests and responses of one connection, in turn.
//
// Says when to read, what to write and when to give up; a transport does so. Knows no sockets, so
// that it can be tested with a clock and bytes of the test's own. All calls come from one thread at
// a time, the transport's; those of exchanges are brought there.

#ifndef POLICYKB_GENERATOR_GATEWAY_HTTP_CONNECTION_H_
#define POLICYKB_GENERATOR_GATEWAY_HTTP_CONNECTION_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "generator/gateway/http_exchange.h"
#include "generator/gateway/http_parser.h"
#include "generator/gateway/http_server.h"

namespace policykb {

// What carries a connection. Lives as long as an operation of it is under way or an exchange of it
// is held.
class HttpTransport : public std::enable_shared_from_this<HttpTransport> {
 public:
  virtual ~HttpTransport() = default;

  // Reads some bytes, then calls OnRead. One at a time, beside a write.
  virtual void Read() = 0;
  // Writes both, which stay until OnWritten is called. One at a time.
  virtual void Write(std::string_view first, std::string_view second) = 0;
  // Ends gracefully what was written; drops what still comes for a moment. No call follows but
  // OnRead and OnWritten of what was under way.
  virtual void Finish() = 0;
  // Ends at once; likewise.
  virtual void Abort() = 0;
  // Runs `work` on the transport's thread, at once when called there.
  virtual void Run(std::function<void()> work) = 0;
  // The connection waits for a request from now on, or no longer.
  virtual void BecomeIdle(bool idle) = 0;
  // Time since some beginning; never goes back.
  virtual absl::Duration Now() const = 0;
};

class HttpConnection {
 public:
  // All must outlive the connection.
  HttpConnection(HttpTransport* transport, const HttpServerOptions* options,
                 const HttpHandler* handler);

  // Requests may come. `certificate_names` as in WebRequest.
  void Begin(bool secure, std::vector<std::string> certificate_names);
  // Bytes came; none: the client has closed its side, or the connection is broken.
  void OnRead(std::string_view bytes);
  void OnWritten(bool sent);
  // Looks at the clock. Call it every now and then.
  void OnTick();
  // Ends after the response under way.
  void Drain();
  // Ends now, if it waits for a request; true when it does.
  bool EndIdle();
  // Ends now.
  void Cut();
  bool ended() const { return phase_ == Phase::kEnded; }

 private:
  friend class ConnectionExchange;

  enum class Phase { kIdle, kReceiving, kAnswering, kEnded };
  enum class Close { kNow, kGracefully };
  struct Piece {
    std::string first;
    std::string second;
    std::string_view fixed;  // instead of `second`
    std::function<void(bool)> done = {};
    bool ends_response = false;
  };

  // From exchanges; `number` says of which request, calls for one that is over do nothing.
  void Reply(uint64_t number, WebResponse response);
  void BeginStream(uint64_t number, const WebResponse& head);
  void Write(uint64_t number, const std::string& bytes, std::function<void(bool)> done);
  void EndStream(uint64_t number);
  void WhenGone(uint64_t number, std::function<void()> gone);
  void LetGo(uint64_t number);

  bool IsOpen(uint64_t number) const { return number == number_ && phase_ == Phase::kAnswering; }
  void Enter(Phase phase);
  void ReadMore();
  void Parse();
  void Dispatch();
  void Refuse(int code, std::string_view message);
  void Enqueue(Piece piece);
  void WriteNext();
  void EndResponse();
  void End(Close close);

  HttpTransport* const transport_;
  const HttpServerOptions& options_;
  const HttpHandler& handler_;
  HttpParser parser_;
  Phase phase_ = Phase::kIdle;
  bool secure_ = false;
  std::vector<std::string> certificate_names_;
  std::string input_;  // not parsed yet
  bool reading_ = false;
  bool writing_ = false;
  std::deque<Piece> output_;  // the first is being written
  absl::Duration read_until_ = absl::InfiniteDuration();
  absl::Duration write_until_ = absl::InfiniteDuration();
  absl::Duration silent_since_ = absl::ZeroDuration();
  bool draining_ = false;
  bool continued_ = false;  // "100 Continue" was sent for this request

  // Of the request under way.
  uint64_t number_ = 0;
  bool keep_alive_ = false;
  bool http_10_ = false;
  bool head_only_ = false;
  bool replied_ = false;    // whole, or the end of a stream
  bool streaming_ = false;  // begun
  std::function<void()> gone_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_HTTP_CONNECTION_H_
