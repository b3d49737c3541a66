#include "generator/gateway/rest_routes.h"

#include <google/protobuf/message.h>

#include <cassert>
#include <utility>

#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "generator/gateway/message_json.h"
#include "generator/gateway/message_reader.h"
#include "policykb/v1/admin_service.pb.h"
#include "policykb/v1/generator_service.pb.h"
#include "policykb/v1/retriever_service.pb.h"

namespace policykb {

namespace {

namespace pb = google::protobuf;

std::unique_ptr<pb::Message> NewMessage(const pb::Descriptor* type) {
  return std::unique_ptr<pb::Message>(
      pb::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

// Everything of the request but the server that it names. Errors: InvalidArgument.
absl::Status FillRequest(const RouteMatch& match, const HttpTarget& target,
                         const WebRequest& request, pb::Message& message) {
  const Route& route = *match.route;
  if (route.verb() == "POST") {
    RETURN_IF_ERROR(ReadJson(request.body, message));
  } else if (!request.body.empty()) {
    return absl::InvalidArgumentError(Cat("body: ", route.verb(), " has none"));
  }
  if (!route.field.empty())
    RETURN_IF_ERROR(SetParameter(route.field, FillIn(route.value, match.variables), message));
  for (const auto& [name, value] : target.parameters) {
    if (route.server == RouteServer::kNamed && name == "of") continue;
    if (name == route.field || route.verb() == "POST")
      return absl::InvalidArgumentError(
          Cat("parameter ", OneLine(name), ": is none of this route"));
    RETURN_IF_ERROR(SetParameter(name, value, message));
  }
  return absl::OkStatus();
}

absl::StatusOr<UpstreamServer> ServerOf(const Route& route, const HttpTarget& target) {
  if (route.server == RouteServer::kRetriever) return UpstreamServer::kRetriever;
  if (route.server == RouteServer::kGenerator) return UpstreamServer::kGenerator;
  std::string_view named;
  for (const auto& [name, value] : target.parameters) {
    if (name == "of") named = value;
  }
  if (named == "retriever") return UpstreamServer::kRetriever;
  if (named == "generator") return UpstreamServer::kGenerator;
  return absl::InvalidArgumentError(
      Cat("parameter of: ", OneLine(named), ", expected retriever or generator"));
}

std::string_view EventName(const v1::StreamGenerateAnswerResponse& event) {
  switch (event.event_case()) {
    case v1::StreamGenerateAnswerResponse::kSearchDone:
      return "searchDone";
    case v1::StreamGenerateAnswerResponse::kSentence:
      return "sentence";
    case v1::StreamGenerateAnswerResponse::kNotice:
      return "notice";
    case v1::StreamGenerateAnswerResponse::kFinal:
      return "final";
    case v1::StreamGenerateAnswerResponse::EVENT_NOT_SET:
      break;
  }
  return "unknown";
}

// What is logged instead of an error that quotes the request.
absl::Status Malformed() { return absl::InvalidArgumentError("request: is malformed"); }

}  // namespace

const pb::MethodDescriptor& MethodOf(std::string_view name) {
  // What nothing in a program names is not linked, and not in the pool.
  for (const pb::Descriptor* known :
       {v1::GetStatusRequest::descriptor(), v1::SearchRequest::descriptor(),
        v1::GenerateAnswerRequest::descriptor()}) {
    assert(known != nullptr);
    (void)known;
  }
  return *pb::DescriptorPool::generated_pool()->FindMethodByName(ReplaceAll(name, "/", "."));
}

void HandleCallRoute(const std::shared_ptr<GatewayCall>& call, const RouteMatch& match,
                     const HttpTarget& target, const WebRequest& request, Upstream& upstream) {
  const Route& route = *match.route;
  const pb::MethodDescriptor& method = MethodOf(route.method);
  std::unique_ptr<pb::Message> message = NewMessage(method.input_type());
  if (const absl::Status filled = FillRequest(match, target, request, *message); !filled.ok())
    return call->Fail(filled, Malformed());
  const absl::StatusOr<UpstreamServer> server = ServerOf(route, target);
  if (!server.ok()) return call->Fail(server.status(), Malformed());
  // What is made of the response is not made on gRPC's threads.
  const auto done = [call](const absl::Status& status, std::unique_ptr<pb::Message> response) {
    call->exchange().Post(
        [call, status, response = std::shared_ptr<const pb::Message>(std::move(response))] {
          if (!status.ok()) return call->Fail(status);
          WebResponse reply = MakeResponse(200, kJsonType, MessageToJson(*response));
          reply.headers.push_back({"Cache-Control", "no-store"});
          call->Reply(std::move(reply));
        });
  };
  call->CancelWithClient(upstream.Start(*server, route.method, call->upstream_caller(),
                                        std::move(message), NewMessage(method.output_type()),
                                        done));
}

WebResponse EventStreamHead() {
  WebResponse head = MakeResponse(200, "text/event-stream; charset=utf-8", "");
  head.headers.push_back({"Cache-Control", "no-store"});
  head.headers.push_back({"X-Content-Type-Options", "nosniff"});
  // Proxies of nginx's kind pass each event on as it comes.
  head.headers.push_back({"X-Accel-Buffering", "no"});
  return head;
}

void HandleAnswerStream(const std::shared_ptr<GatewayCall>& call, const HttpTarget& target,
                        const WebRequest& request, Upstream& upstream) {
  v1::StreamGenerateAnswerRequest message;
  if (!target.parameters.empty()) {
    return call->Fail(absl::InvalidArgumentError("parameters: this route has none"), Malformed());
  }
  if (const absl::Status read = ReadJson(request.body, message); !read.ok())
    return call->Fail(read, Malformed());
  // An error before the first event is an error of the request, with its own code.
  const auto begun = std::make_shared<bool>(false);
  AnswerSink sink;
  sink.event = [call, begun](v1::StreamGenerateAnswerResponse event,
                             std::function<void(bool)> next) {
    call->exchange().Post(
        [call, begun, event = std::move(event), next = std::move(next)]() mutable {
          if (!std::exchange(*begun, true)) call->exchange().Begin(EventStreamHead());
          call->exchange().Write(
              Cat("event: ", EventName(event), "\ndata: ", MessageToJson(event), "\n\n"),
              std::move(next));
        });
  };
  sink.ended = [call, begun](const absl::Status& status) {
    call->exchange().Post([call, begun, status] {
      if (!*begun && !status.ok()) return call->Fail(status);
      if (!*begun) call->exchange().Begin(EventStreamHead());
      if (status.ok()) return call->EndStream(status);
      call->exchange().Write(
          Cat("event: error\ndata: ", StatusJson(call->ForClient(status)), "\n\n"),
          [call, status](bool) { call->EndStream(status); });
    });
  };
  call->CancelWithClient(upstream.StartAnswer(message, call->upstream_caller(), std::move(sink)));
}

}  // namespace policykb
