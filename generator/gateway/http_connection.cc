#include "generator/gateway/http_connection.h"

#include <cstdio>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kComment = ": keep-alive\n\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

std::string HttpDate() {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(), absl::UTCTimeZone());
}

std::string ChunkHead(size_t size) {
  char head[24];
  std::snprintf(head, sizeof(head), "%zx\r\n", size);
  return head;
}

bool HasBody(int code) { return code != 204 && code != 304; }

}  // namespace

// One request's exchange. Keeps the transport, and with it the connection.
class ConnectionExchange : public HttpExchange {
 public:
  ConnectionExchange(std::shared_ptr<HttpTransport> transport, HttpConnection* connection,
                     uint64_t number)
      : transport_(std::move(transport)), connection_(connection), number_(number) {}
  ~ConnectionExchange() override {
    transport_->Run([hold = transport_, connection = connection_, number = number_] {
      connection->LetGo(number);
    });
  }

  void Reply(WebResponse response) override {
    Run([response = std::move(response)](HttpConnection& connection, uint64_t number) mutable {
      connection.Reply(number, std::move(response));
    });
  }
  void Begin(WebResponse head) override {
    Run([head = std::move(head)](HttpConnection& connection, uint64_t number) {
      connection.BeginStream(number, head);
    });
  }
  void Write(std::string bytes, std::function<void(bool)> done) override {
    Run([bytes = std::move(bytes), done = std::move(done)](HttpConnection& connection,
                                                           uint64_t number) mutable {
      connection.Write(number, bytes, std::move(done));
    });
  }
  void End() override {
    Run([](HttpConnection& connection, uint64_t number) { connection.EndStream(number); });
  }
  void Post(std::function<void()> work) override { transport_->Run(std::move(work)); }
  void WhenGone(std::function<void()> gone) override {
    Run([gone = std::move(gone)](HttpConnection& connection, uint64_t number) mutable {
      connection.WhenGone(number, std::move(gone));
    });
  }

 private:
  template <typename Work>
  void Run(Work work) {
    transport_->Run([hold = transport_, connection = connection_, number = number_,
                     work = std::move(work)]() mutable { work(*connection, number); });
  }

  const std::shared_ptr<HttpTransport> transport_;
  HttpConnection* const connection_;
  const uint64_t number_;
};

HttpConnection::HttpConnection(HttpTransport* transport, const HttpServerOptions* options,
                               const HttpHandler* handler)
    : transport_(transport),
      options_(*options),
      handler_(*handler),
      parser_(options->limits.header_bytes, options->limits.body_bytes) {}

void HttpConnection::Begin(bool secure, std::vector<std::string> certificate_names) {
  secure_ = secure;
  certificate_names_ = std::move(certificate_names);
  if (draining_) return End(Close::kNow);
  read_until_ = transport_->Now() + options_.limits.idle_time;
  transport_->BecomeIdle(true);
  ReadMore();
}

void HttpConnection::Enter(Phase phase) {
  const Phase before = std::exchange(phase_, phase);
  if ((before == Phase::kIdle) != (phase == Phase::kIdle))
    transport_->BecomeIdle(phase == Phase::kIdle);
}

void HttpConnection::ReadMore() {
  if (reading_ || phase_ == Phase::kEnded) return;
  reading_ = true;
  transport_->Read();
}

void HttpConnection::OnRead(std::string_view bytes) {
  reading_ = false;
  if (phase_ == Phase::kEnded) return;
  if (bytes.empty()) return End(Close::kNow);
  input_ += bytes;
  // While a request is answered the next one waits unread, but for this piece of it.
  if (phase_ != Phase::kAnswering) Parse();
}

void HttpConnection::Parse() {
  if (phase_ == Phase::kIdle && !input_.empty()) {
    Enter(Phase::kReceiving);
    continued_ = false;
    read_until_ = transport_->Now() + options_.limits.header_time;
  }
  const HttpParser::State before = parser_.state();
  input_.erase(0, parser_.Feed(input_));
  switch (parser_.state()) {
    case HttpParser::State::kDone:
      return Dispatch();
    case HttpParser::State::kFailed:
      return Refuse(parser_.error_code(), parser_.error());
    case HttpParser::State::kBody:
      if (before == HttpParser::State::kHeader)
        read_until_ = transport_->Now() + options_.limits.body_time;
      if (parser_.wants_continue() && !continued_) {
        continued_ = true;
        Enqueue({.first = std::string(kContinue), .second = {}, .fixed = {}});
      }
      return ReadMore();
    case HttpParser::State::kHeader:
      return ReadMore();
  }
}

void HttpConnection::Dispatch() {
  keep_alive_ = parser_.keep_alive() && !draining_;
  http_10_ = parser_.is_http_10();
  WebRequest request = parser_.Take();
  head_only_ = request.method == "HEAD";
  request.secure = secure_;
  request.certificate_names = certificate_names_;
  Enter(Phase::kAnswering);
  read_until_ = absl::InfiniteDuration();
  replied_ = false;
  streaming_ = false;
  ++number_;
  auto exchange =
      std::make_shared<ConnectionExchange>(transport_->shared_from_this(), this, number_);
  // To see the client go away; a request behind this one ends the looking.
  if (input_.empty()) ReadMore();
  handler_(std::move(request), std::move(exchange));
}

void HttpConnection::Refuse(int code, std::string_view message) {
  if (options_.refused) options_.refused(code);
  keep_alive_ = false;
  http_10_ = false;
  head_only_ = false;
  replied_ = false;
  streaming_ = false;
  Enter(Phase::kAnswering);
  read_until_ = absl::InfiniteDuration();
  Reply(++number_, options_.refusal(code, message));
}

void HttpConnection::Reply(uint64_t number, WebResponse response) {
  if (!IsOpen(number) || replied_ || streaming_) return;
  replied_ = true;
  const size_t size =
      response.fixed_body.empty() ? response.body.size() : response.fixed_body.size();
  std::string framing;
  if (HasBody(response.code)) framing += Cat("Content-Length: ", size, "\r\n");
  framing += keep_alive_ ? (http_10_ ? "Connection: keep-alive\r\n" : "") : "Connection: close\r\n";
  Piece piece{.first = ResponseHead(response, framing, HttpDate()),
              .second = {},
              .fixed = {},
              .ends_response = true};
  if (HasBody(response.code) && !head_only_) {
    piece.second = std::move(response.body);
    piece.fixed = response.fixed_body;
  }
  Enqueue(std::move(piece));
}

void HttpConnection::BeginStream(uint64_t number, const WebResponse& head) {
  if (!IsOpen(number) || replied_ || streaming_) return;
  streaming_ = true;
  silent_since_ = transport_->Now();
  // A client of HTTP/1.0 knows no chunks: the end of the connection is the end of the stream.
  if (http_10_) keep_alive_ = false;
  std::string framing = http_10_ ? "" : "Transfer-Encoding: chunked\r\n";
  if (!keep_alive_) framing += "Connection: close\r\n";
  Enqueue({.first = ResponseHead(head, framing, HttpDate()), .second = {}, .fixed = {}});
}

void HttpConnection::Write(uint64_t number, const std::string& bytes,
                           std::function<void(bool)> done) {
  if (!IsOpen(number) || replied_ || !streaming_) {
    if (done) done(false);
    return;
  }
  if (bytes.empty() || head_only_) {
    if (done) done(true);
    return;
  }
  Enqueue({.first = http_10_ ? std::string() : ChunkHead(bytes.size()),
           .second = http_10_ ? bytes : Cat(bytes, "\r\n"),
           .fixed = {},
           .done = std::move(done)});
}

void HttpConnection::EndStream(uint64_t number) {
  if (!IsOpen(number) || replied_ || !streaming_) return;
  replied_ = true;
  Enqueue({.first = http_10_ || head_only_ ? std::string() : std::string(kLastChunk),
           .second = {},
           .fixed = {},
           .ends_response = true});
}

void HttpConnection::WhenGone(uint64_t number, std::function<void()> gone) {
  if (number != number_ || replied_) return;
  if (phase_ == Phase::kEnded) return gone();
  gone_ = std::move(gone);
}

void HttpConnection::LetGo(uint64_t number) {
  if (!IsOpen(number) || replied_) return;
  // Cut off, so that nobody takes it for whole.
  if (streaming_) return End(Close::kNow);
  Reply(number, options_.refusal(500, "request: was not answered"));
}

void HttpConnection::Enqueue(Piece piece) {
  output_.push_back(std::move(piece));
  if (!writing_) WriteNext();
}

void HttpConnection::WriteNext() {
  if (output_.empty() || phase_ == Phase::kEnded) return;
  writing_ = true;
  write_until_ = transport_->Now() + options_.limits.write_time;
  const Piece& piece = output_.front();
  transport_->Write(piece.first,
                    piece.fixed.empty() ? std::string_view(piece.second) : piece.fixed);
}

void HttpConnection::OnWritten(bool sent) {
  writing_ = false;
  write_until_ = absl::InfiniteDuration();
  silent_since_ = transport_->Now();
  if (output_.empty()) return;
  const Piece piece = std::move(output_.front());
  output_.pop_front();
  if (piece.done) piece.done(sent && phase_ != Phase::kEnded);
  if (phase_ == Phase::kEnded) return;
  if (!sent) return End(Close::kNow);
  if (piece.ends_response) return EndResponse();
  if (!writing_) WriteNext();
}

void HttpConnection::EndResponse() {
  gone_ = nullptr;
  streaming_ = false;
  if (!keep_alive_ || draining_) return End(Close::kGracefully);
  Enter(Phase::kIdle);
  read_until_ = transport_->Now() + options_.limits.idle_time;
  if (input_.empty()) return ReadMore();
  Parse();
}

void HttpConnection::OnTick() {
  if (phase_ == Phase::kEnded) return;
  const absl::Duration now = transport_->Now();
  if (now >= write_until_) return End(Close::kNow);
  if (now >= read_until_) {
    if (phase_ == Phase::kIdle) return End(Close::kGracefully);
    return Refuse(408, "request: came too slowly");
  }
  if (streaming_ && !replied_ && !writing_ && output_.empty() && !head_only_ &&
      now - silent_since_ >= options_.limits.keep_alive_after) {
    Write(number_, std::string(kComment), {});
  }
}

void HttpConnection::Drain() {
  draining_ = true;
  keep_alive_ = false;
  if (phase_ == Phase::kIdle) End(Close::kGracefully);
}

bool HttpConnection::EndIdle() {
  if (phase_ != Phase::kIdle) return false;
  End(Close::kNow);
  return true;
}

void HttpConnection::Cut() {
  if (phase_ != Phase::kEnded) End(Close::kNow);
}

void HttpConnection::End(Close close) {
  Enter(Phase::kEnded);
  if (close == Close::kNow) {
    transport_->Abort();
  } else {
    transport_->Finish();
  }
  // The piece that is being written is told by OnWritten.
  std::deque<Piece> unwritten;
  while (output_.size() > (writing_ ? 1U : 0U)) {
    unwritten.push_front(std::move(output_.back()));
    output_.pop_back();
  }
  for (const Piece& piece : unwritten) {
    if (piece.done) piece.done(false);
  }
  if (const std::function<void()> gone = std::exchange(gone_, nullptr)) gone();
}

}  // namespace policykb
