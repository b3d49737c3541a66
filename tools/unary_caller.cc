#include "tools/unary_caller.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <queue>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "tools/byte_stream.h"
#include "tools/grpc_framing.h"

namespace policykb {

namespace {

constexpr absl::Duration kConnectLimit = absl::Seconds(2);
constexpr absl::Duration kConnectPause = absl::Milliseconds(100);
// Room for the answers of many calls at once; HTTP/2 would begin with 64 KiB.
constexpr int32_t kStreamWindow = 4 << 20;
constexpr int32_t kConnectionWindow = 64 << 20;

struct SessionFree {
  void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
};

absl::Status Http2Error(int error) {
  return absl::UnavailableError(Cat("HTTP/2: ", nghttp2_strerror(error)));
}

std::string_view View(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

// Valid as long as both texts are.
nghttp2_nv Header(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

// One call. It stays until its stream is closed, also when it was given up before.
struct Call {
  uint64_t id = 0;
  std::string request;  // framed
  size_t sent = 0;
  std::string answer;  // framed
  std::string http_status;
  std::string grpc_status;
  std::string grpc_message;
  bool done = false;
};

class Http2Caller : public UnaryCaller {
 public:
  Http2Caller(ChannelOptions options, ListenAddress address, const std::string& api_key,
              std::string_view method, Done done)
      : options_(std::move(options)),
        address_(std::move(address)),
        authority_(address_.ToString()),
        authorization_(api_key.empty() ? "" : Cat("Bearer ", api_key)),
        method_(method),
        done_(std::move(done)) {}

  absl::Status Connect();
  void Send(uint64_t call, std::string_view message, absl::Time deadline) override;
  void Run(absl::Time until) override;

 private:
  struct Expiry {
    absl::Time deadline;
    int32_t stream;
    bool operator>(const Expiry& other) const { return deadline > other.deadline; }
  };

  static ssize_t ReadRequest(nghttp2_session*, int32_t, uint8_t* buffer, size_t size,
                             uint32_t* flags, nghttp2_data_source* source, void*);
  static int OnHeader(nghttp2_session* session, const nghttp2_frame* frame, const uint8_t* name,
                      size_t name_size, const uint8_t* value, size_t value_size, uint8_t, void*);
  static int OnData(nghttp2_session* session, uint8_t, int32_t stream, const uint8_t* data,
                    size_t size, void* self);
  static int OnClose(nghttp2_session* session, int32_t stream, uint32_t error, void* self);

  // What the call has become, from what its server said.
  void Finish(Call& call, uint32_t http2_error);
  void HandOn(Call& call, const absl::Status& status, std::string_view message);
  void GiveUp(Call& call, int32_t stream, const absl::Status& status);
  void ExpireUntil(absl::Time now);
  // Hands on what the connection has; gives the connection what there is to send.
  absl::Status Take();
  absl::Status Flush();
  // All calls that are under way fail.
  void Disconnect(const absl::Status& why);

  const ChannelOptions options_;
  const ListenAddress address_;
  const std::string authority_;
  const std::string authorization_;
  const std::string method_;
  const Done done_;
  std::unique_ptr<ByteStream> stream_;
  std::unique_ptr<nghttp2_session, SessionFree> session_;
  std::string unsent_;
  std::string received_;
  std::unordered_map<int32_t, std::unique_ptr<Call>> calls_;  // by stream
  size_t under_way_ = 0;                                      // those that are not done
  std::priority_queue<Expiry, std::vector<Expiry>, std::greater<>> expiries_;
  // Failed before they left; Run hands them on.
  std::vector<std::pair<uint64_t, absl::Status>> failed_;
  absl::Time connect_after_ = absl::InfinitePast();
  absl::Status not_connected_;
};

ssize_t Http2Caller::ReadRequest(nghttp2_session*, int32_t, uint8_t* buffer, size_t size,
                                 uint32_t* flags, nghttp2_data_source* source, void*) {
  Call& call = *static_cast<Call*>(source->ptr);
  const size_t piece = std::min(size, call.request.size() - call.sent);
  std::copy_n(call.request.data() + call.sent, piece, buffer);
  call.sent += piece;
  if (call.sent == call.request.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(piece);
}

int Http2Caller::OnHeader(nghttp2_session* session, const nghttp2_frame* frame, const uint8_t* name,
                          size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                          void*) {
  auto* const call =
      static_cast<Call*>(nghttp2_session_get_stream_user_data(session, frame->hd.stream_id));
  if (call == nullptr) return 0;
  const std::string_view named = View(name, name_size);
  if (named == ":status") call->http_status = View(value, value_size);
  if (named == "grpc-status") call->grpc_status = View(value, value_size);
  if (named == "grpc-message") call->grpc_message = View(value, value_size);
  return 0;
}

int Http2Caller::OnData(nghttp2_session* session, uint8_t, int32_t stream, const uint8_t* data,
                        size_t size, void* self) {
  auto& caller = *static_cast<Http2Caller*>(self);
  auto* const call = static_cast<Call*>(nghttp2_session_get_stream_user_data(session, stream));
  if (call == nullptr || call->done) return 0;
  call->answer += View(data, size);
  const auto most = static_cast<size_t>(caller.options_.max_response_bytes);
  if (call->answer.size() > kGrpcPrefixBytes + most) {
    caller.GiveUp(*call, stream, absl::InternalError(Cat("answer: longer than ", most, " bytes")));
  }
  return 0;
}

int Http2Caller::OnClose(nghttp2_session*, int32_t stream, uint32_t error, void* self) {
  auto& caller = *static_cast<Http2Caller*>(self);
  const auto found = caller.calls_.find(stream);
  if (found == caller.calls_.end()) return 0;
  // Whoever is told may begin the next call.
  const std::unique_ptr<Call> call = std::move(found->second);
  caller.calls_.erase(found);
  if (!call->done) caller.Finish(*call, error);
  return 0;
}

absl::Status Http2Caller::Connect() {
  ASSIGN_OR_RETURN(stream_, ByteStream::Connect(address_, options_.tls, kConnectLimit));
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnData);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnClose);
  nghttp2_session* session = nullptr;
  nghttp2_session_client_new(&session, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  session_.reset(session);
  const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
                                             {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow}};
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, std::size(settings));
  nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
  return absl::OkStatus();
}

void Http2Caller::Send(uint64_t call, std::string_view message, absl::Time deadline) {
  const absl::Time now = absl::Now();
  if (deadline <= now) {
    failed_.emplace_back(call, absl::DeadlineExceededError("its deadline passed before it left"));
    return;
  }
  if (session_ == nullptr && now >= connect_after_) {
    not_connected_ = Connect();
    if (!not_connected_.ok()) connect_after_ = absl::Now() + kConnectPause;
  }
  if (session_ == nullptr) {
    failed_.emplace_back(call, not_connected_);
    return;
  }
  auto begun = std::make_unique<Call>();
  begun->id = call;
  begun->request = GrpcFramed(message);
  const std::string timeout = GrpcTimeout(deadline - now);
  std::vector<nghttp2_nv> headers = {
      Header(":method", "POST"),
      Header(":scheme", options_.tls.ca_file.empty() ? "http" : "https"),
      Header(":path", method_),
      Header(":authority", authority_),
      Header("te", "trailers"),
      Header("content-type", "application/grpc"),
      Header("user-agent", "policykb-bench"),
      Header("grpc-timeout", timeout)};
  if (!authorization_.empty()) headers.push_back(Header("authorization", authorization_));
  const nghttp2_data_provider body = {.source = {.ptr = begun.get()}, .read_callback = ReadRequest};
  const int32_t stream = nghttp2_submit_request(session_.get(), nullptr, headers.data(),
                                                headers.size(), &body, begun.get());
  if (stream < 0) {
    failed_.emplace_back(call, Http2Error(stream));
    return;
  }
  calls_.emplace(stream, std::move(begun));
  ++under_way_;
  expiries_.push({deadline, stream});
}

void Http2Caller::HandOn(Call& call, const absl::Status& status, std::string_view message) {
  call.done = true;
  --under_way_;
  done_(call.id, status, message);
}

void Http2Caller::GiveUp(Call& call, int32_t stream, const absl::Status& status) {
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
  HandOn(call, status, {});
}

void Http2Caller::Finish(Call& call, uint32_t http2_error) {
  if (call.grpc_status.empty()) {
    const std::string why = Cat("answer: without a status of gRPC's (HTTP ",
                                call.http_status.empty() ? "none" : call.http_status, ", ",
                                nghttp2_http2_strerror(http2_error), ")");
    HandOn(call,
           http2_error == NGHTTP2_REFUSED_STREAM ? absl::UnavailableError(why)
                                                 : absl::InternalError(why),
           {});
    return;
  }
  const absl::Status status = StatusOfTrailers(call.grpc_status, call.grpc_message);
  const absl::StatusOr<std::string_view> message = status.ok() ? GrpcUnframed(call.answer) : status;
  HandOn(call, message.status(), message.ok() ? *message : std::string_view());
}

void Http2Caller::ExpireUntil(absl::Time now) {
  while (!expiries_.empty() && expiries_.top().deadline <= now) {
    const auto found = calls_.find(expiries_.top().stream);
    const int32_t stream = expiries_.top().stream;
    expiries_.pop();
    if (found != calls_.end() && !found->second->done) {
      GiveUp(*found->second, stream, absl::DeadlineExceededError("no answer before its deadline"));
    }
  }
}

absl::Status Http2Caller::Take() {
  absl::Status read = stream_->Read(received_);
  const ssize_t taken = nghttp2_session_mem_recv(
      session_.get(), reinterpret_cast<const uint8_t*>(received_.data()), received_.size());
  received_.clear();
  if (taken < 0) return Http2Error(static_cast<int>(taken));
  return read;
}

absl::Status Http2Caller::Flush() {
  for (;;) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &bytes);
    if (size < 0) return Http2Error(static_cast<int>(size));
    if (size == 0) break;
    unsent_ += View(bytes, static_cast<size_t>(size));
  }
  RETURN_IF_ERROR(stream_->Write(unsent_));
  if (nghttp2_session_want_read(session_.get()) == 0 &&
      nghttp2_session_want_write(session_.get()) == 0) {
    return absl::UnavailableError("HTTP/2: the server takes no more calls");
  }
  return absl::OkStatus();
}

void Http2Caller::Disconnect(const absl::Status& why) {
  const absl::Status status(absl::StatusCode::kUnavailable,
                            Cat(authority_, ": ", std::string(why.message())));
  const auto ended = std::exchange(calls_, {});
  session_.reset();
  stream_.reset();
  unsent_.clear();
  expiries_ = {};
  for (const auto& [stream, call] : ended) {
    if (!call->done) HandOn(*call, status, {});
  }
}

void Http2Caller::Run(absl::Time until) {
  for (;;) {
    const auto failed = std::exchange(failed_, {});
    for (const auto& [call, status] : failed) done_(call, status, {});
    const absl::Time now = absl::Now();
    ExpireUntil(now);
    if (session_ != nullptr) {
      if (const absl::Status flushed = Flush(); !flushed.ok()) Disconnect(flushed);
    }
    // Whoever was told may have sent.
    if (!failed_.empty()) continue;
    if (under_way_ == 0) return;
    if (stream_->Wait(!unsent_.empty(), std::min(until, expiries_.top().deadline))) {
      if (const absl::Status taken = Take(); !taken.ok()) Disconnect(taken);
    }
    // At once where it was over before: bytes have moved both ways all the same.
    if (now >= until) return;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<UnaryCaller>> UnaryCaller::Open(const ChannelOptions& options,
                                                               std::string_view method, Done done) {
  // Whatever a channel would not take is not taken here either.
  RETURN_IF_ERROR(RpcChannel::Open(options).status());
  ASSIGN_OR_RETURN(const std::string api_key, ReadApiKey(options.api_key_file));
  ASSIGN_OR_RETURN(ListenAddress address, ParseListenAddress(Split(options.address, ',').front()));
  auto caller =
      std::make_unique<Http2Caller>(options, std::move(address), api_key, method, std::move(done));
  RETURN_IF_ERROR(caller->Connect());
  return caller;
}

}  // namespace policykb
