#include "tools/kiosk_example/kiosk_client.h"

#include <grpcpp/client_context.h>

#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/rpc/status_conversion.h"
#include "core/rpc/trace_context.h"

namespace policykb {

KioskClient::KioskClient(RpcChannel channel)
    : channel_(std::move(channel)), stub_(v1::GeneratorService::NewStub(channel_.channel())) {}

absl::StatusOr<KioskClient> KioskClient::Create(const ChannelOptions& options) {
  ASSIGN_OR_RETURN(RpcChannel channel, RpcChannel::Open(options));
  return KioskClient(std::move(channel));
}

KioskAnswer KioskClient::Ask(const v1::AnswerSpec& spec, absl::Duration limit,
                             const SentenceSink& on_sentence) {
  KioskAnswer result;
  const TraceContext trace = PartOf(std::nullopt);
  result.trace_id = trace.trace_id;
  grpc::ClientContext context;
  channel_.Prepare(context);
  ForwardTrace(trace, context);
  context.set_deadline(absl::ToChronoTime(absl::Now() + limit));
  v1::StreamGenerateAnswerRequest request;
  *request.mutable_spec() = spec;
  const auto reader = stub_->StreamGenerateAnswer(&context, request);
  v1::StreamGenerateAnswerResponse event;
  bool whole = false;
  while (reader->Read(&event)) {
    if (event.has_sentence()) {
      *result.answer.add_sentences() = event.sentence().sentence();
      result.answer.mutable_citations()->MergeFrom(event.sentence().citations());
      on_sentence(event.sentence());
    } else if (event.has_notice()) {
      *result.answer.add_notices() = event.notice();
    } else if (event.has_final()) {
      result.answer = event.final();
      result.answer_id = event.answer_id();
      whole = true;
    }
  }
  result.status = FromGrpcStatus(reader->Finish());
  if (result.status.ok() && !whole)
    result.status = absl::DataLossError("generator: the answer ended without its last event");
  return result;
}

std::string ApologyFor(const absl::Status& status, bool chinese) {
  if (status.ok()) return {};
  if (absl::IsInvalidArgument(status))
    return chinese ? "这个问题无法处理，请换一种说法。" : "Please put the question in other words.";
  if (absl::IsResourceExhausted(status))
    return chinese ? "现在查询的人较多，请稍后再试。"
                   : "Many people are asking; please try again soon.";
  return chinese ? "暂时无法查询，请稍后再试，或到窗口咨询。"
                 : "No answer can be had now; please try again later, or ask at the desk.";
}

}  // namespace policykb
