// Upstream: calls of the retriever and the generator on behalf of the gateway's callers.
//
// Every call carries the caller's name and labels, its trace and a deadline, and can be cancelled
// when nobody waits for it any more. Not for who may call (gateway.h). Any thread; what is called
// back comes from threads of gRPC and must not block.

#ifndef POLICYKB_GENERATOR_GATEWAY_UPSTREAM_H_
#define POLICYKB_GENERATOR_GATEWAY_UPSTREAM_H_

#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/access.h"
#include "core/rpc/channel.h"
#include "core/rpc/trace_context.h"
#include "policykb/v1/generator_service.pb.h"

namespace policykb {

enum class UpstreamServer { kRetriever, kGenerator };

// What all calls for one request have in common.
struct UpstreamCaller {
  std::optional<ForwardedCaller> caller = {};  // none: the calls are the program's own
  TraceContext trace = {};
  absl::Time deadline = absl::InfiniteFuture();
};

// A call under way. It goes on when this is let go.
class UpstreamCall {
 public:
  virtual ~UpstreamCall() = default;
  // Has it end soon, with Cancelled. Does nothing once it has ended.
  virtual void Cancel() = 0;
};

// What becomes of a streamed answer.
struct AnswerSink {
  // An event; `next` is called once, from any thread, when there is room for another, or with false
  // when there is nobody to tell.
  std::function<void(v1::StreamGenerateAnswerResponse event, std::function<void(bool)> next)> event;
  // The last call.
  std::function<void(const absl::Status& status)> ended;
};

class Upstream {
 public:
  using Message = google::protobuf::Message;
  using Done = std::function<void(const absl::Status& status, std::unique_ptr<Message> response)>;

  // Nothing is connected yet. Errors: as RpcChannel::Open, the message begins with "retriever: " or
  // "generator: ".
  static absl::StatusOr<std::unique_ptr<Upstream>> Open(ChannelOptions retriever,
                                                        ChannelOptions generator);
  // Waits until every call has ended and is let go.
  ~Upstream();

  // Calls "policykb.v1.RetrieverService/Search". `response` is an empty message of its type; `done`
  // gets it. Errors: those of the call. What is the gateway's own fault, such as a key that the
  // server does not know, is Internal; the status of one that cannot be reached names no address.
  std::shared_ptr<UpstreamCall> Start(UpstreamServer server, std::string_view method,
                                      const UpstreamCaller& caller,
                                      std::unique_ptr<Message> request,
                                      std::unique_ptr<Message> response, Done done);
  std::shared_ptr<UpstreamCall> StartAnswer(const v1::StreamGenerateAnswerRequest& request,
                                            const UpstreamCaller& caller, AnswerSink sink);

 private:
  struct Server;
  class Unfinished;

  Upstream();
  const Server& Of(UpstreamServer server) const;

  const std::unique_ptr<Unfinished> unfinished_;
  std::unique_ptr<const Server> retriever_;
  std::unique_ptr<const Server> generator_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_UPSTREAM_H_
