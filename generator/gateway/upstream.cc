#include "generator/gateway/upstream.h"

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>

#include <atomic>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/status_conversion.h"
#include "policykb/v1/generator_service.grpc.pb.h"

namespace policykb {

namespace {

// Fifty passages of the longest kind, or one whole code of law, stay well below this.
constexpr int kMaxResponseBytes = 16 << 20;

using GenericStub =
    grpc::TemplatedGenericStub<google::protobuf::Message, google::protobuf::Message>;

void Prepare(const RpcChannel& channel, const UpstreamCaller& caller,
             grpc::ClientContext& context) {
  channel.Prepare(context);
  if (caller.caller) ForwardCaller(*caller.caller, context);
  ForwardTrace(caller.trace, context);
  if (caller.deadline != absl::InfiniteFuture())
    context.set_deadline(absl::ToChronoTime(caller.deadline));
}

// What a caller may be told of a call that failed. What the server says of the gateway itself is
// not about the caller.
absl::Status ForCaller(const grpc::Status& status, std::string_view server) {
  absl::Status told = FromGrpcStatus(status);
  switch (told.code()) {
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return absl::InternalError(
          Cat(server, ": does not let the gateway call it: ", std::string(told.message())));
    default:
      return Annotate(told, server);
  }
}

// Held by a call, and let go behind all else of it: its context keeps the channel.
using Token = std::shared_ptr<const void>;

class UnaryCall final : public UpstreamCall {
 public:
  explicit UnaryCall(Token token) : token_(std::move(token)) {}
  void Cancel() override { context.TryCancel(); }

 private:
  const Token token_;

 public:
  grpc::ClientContext context;
  std::unique_ptr<google::protobuf::Message> request;
  std::unique_ptr<google::protobuf::Message> response;
  Upstream::Done done;
};

// Reads one event at a time, and the next when there is room for it.
class StreamCall final : public UpstreamCall,
                         public grpc::ClientReadReactor<v1::StreamGenerateAnswerResponse>,
                         public std::enable_shared_from_this<StreamCall> {
 public:
  StreamCall(v1::StreamGenerateAnswerRequest request, AnswerSink sink, Token token)
      : token_(std::move(token)), request_(std::move(request)), sink_(std::move(sink)) {}

  void Start(const RpcChannel& channel, v1::GeneratorService::Stub& stub,
             const UpstreamCaller& caller) {
    self_ = shared_from_this();
    Prepare(channel, caller, context_);
    stub.async()->StreamGenerateAnswer(&context_, &request_, this);
    // Reads begin outside of gRPC's calls.
    AddHold();
    StartRead(&event_);
    StartCall();
  }
  void Cancel() override { context_.TryCancel(); }

  void OnReadDone(bool ok) override {
    if (!ok) return RemoveHold();
    sink_.event(std::move(event_), [self = self_](bool more) {
      if (more) {
        self->event_.Clear();
        return self->StartRead(&self->event_);
      }
      self->context_.TryCancel();
      self->RemoveHold();
    });
  }
  void OnDone(const grpc::Status& status) override {
    const std::shared_ptr<StreamCall> self = std::move(self_);
    sink_.ended(ForCaller(status, "generator"));
    // What it holds may hold this call.
    sink_ = {};
  }

 private:
  const Token token_;
  grpc::ClientContext context_;
  const v1::StreamGenerateAnswerRequest request_;
  AnswerSink sink_;
  v1::StreamGenerateAnswerResponse event_;
  std::shared_ptr<StreamCall> self_;  // until it is done
};

}  // namespace

// Calls that are not let go: the last of them must not take the channel with it on one of gRPC's
// own threads.
class Upstream::Unfinished {
 public:
  // One call, until it is let go.
  class Call {
   public:
    explicit Call(Unfinished* all) : all_(*all) {
      absl::MutexLock lock(&all_.mutex_);
      ++all_.calls_;
    }
    ~Call() {
      absl::MutexLock lock(&all_.mutex_);
      --all_.calls_;
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Unfinished& all_;
  };

  void AwaitNone() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &Unfinished::IsNone));
  }

 private:
  bool IsNone() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return calls_ == 0; }

  absl::Mutex mutex_;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
};

struct Upstream::Server {
  std::string_view name;
  RpcChannel channel;
  std::unique_ptr<GenericStub> generic;
  std::unique_ptr<v1::GeneratorService::Stub> answers;

  static absl::StatusOr<std::unique_ptr<const Server>> Open(std::string_view name,
                                                            ChannelOptions options) {
    options.max_response_bytes = kMaxResponseBytes;
    ASSIGN_OR_RETURN_IN(RpcChannel channel, RpcChannel::Open(options), name);
    auto generic = std::make_unique<GenericStub>(channel.channel());
    auto answers = v1::GeneratorService::NewStub(channel.channel());
    return std::unique_ptr<const Server>(new Server{.name = name,
                                                    .channel = std::move(channel),
                                                    .generic = std::move(generic),
                                                    .answers = std::move(answers)});
  }
};

Upstream::Upstream() : unfinished_(std::make_unique<Unfinished>()) {}

Upstream::~Upstream() { unfinished_->AwaitNone(); }

absl::StatusOr<std::unique_ptr<Upstream>> Upstream::Open(ChannelOptions retriever,
                                                         ChannelOptions generator) {
  std::unique_ptr<Upstream> upstream(new Upstream());
  ASSIGN_OR_RETURN(upstream->retriever_, Server::Open("retriever", std::move(retriever)));
  ASSIGN_OR_RETURN(upstream->generator_, Server::Open("generator", std::move(generator)));
  return upstream;
}

const Upstream::Server& Upstream::Of(UpstreamServer server) const {
  return server == UpstreamServer::kRetriever ? *retriever_ : *generator_;
}

std::shared_ptr<UpstreamCall> Upstream::Start(UpstreamServer server, std::string_view method,
                                              const UpstreamCaller& caller,
                                              std::unique_ptr<Message> request,
                                              std::unique_ptr<Message> response, Done done) {
  const Server& to = Of(server);
  auto call =
      std::make_shared<UnaryCall>(std::make_shared<const Unfinished::Call>(unfinished_.get()));
  Prepare(to.channel, caller, call->context);
  call->request = std::move(request);
  call->response = std::move(response);
  call->done = std::move(done);
  to.generic->UnaryCall(&call->context, Cat("/", method), {}, call->request.get(),
                        call->response.get(), [call, name = to.name](const grpc::Status& status) {
                          const Done told = std::move(call->done);
                          told(ForCaller(status, name), std::move(call->response));
                        });
  return call;
}

std::shared_ptr<UpstreamCall> Upstream::StartAnswer(const v1::StreamGenerateAnswerRequest& request,
                                                    const UpstreamCaller& caller, AnswerSink sink) {
  auto call = std::make_shared<StreamCall>(
      request, std::move(sink), std::make_shared<const Unfinished::Call>(unfinished_.get()));
  call->Start(generator_->channel, *generator_->answers, caller);
  return call;
}

}  // namespace policykb
