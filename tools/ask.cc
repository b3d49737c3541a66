#include "tools/ask.h"

#include <grpcpp/client_context.h>

#include <cstdio>
#include <memory>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/status_conversion.h"
#include "generator/answerer.h"
#include "generator/model_key.h"
#include "generator/openai_chat_model.h"
#include "policykb/v1/generator_service.grpc.pb.h"
#include "tools/printing.h"

namespace policykb {

namespace {

// An answer by a model may take its time; the servers have limits of their own.
constexpr absl::Duration kAnswerLimit = absl::Seconds(120);

absl::StatusOr<v1::GenerateAnswerResponse> AskServer(const ChannelOptions& options,
                                                     const v1::AnswerSpec& spec) {
  ASSIGN_OR_RETURN(const RpcChannel channel, RpcChannel::Open(options));
  const auto stub = v1::GeneratorService::NewStub(channel.channel());
  grpc::ClientContext context;
  channel.Prepare(context);
  context.set_deadline(absl::ToChronoTime(absl::Now() + kAnswerLimit));
  v1::GenerateAnswerRequest request;
  *request.mutable_spec() = spec;
  v1::GenerateAnswerResponse response;
  const absl::Status status = FromGrpcStatus(stub->GenerateAnswer(&context, request, &response));
  if (absl::IsUnavailable(status)) return Annotate(status, Cat("generator at ", channel.address()));
  RETURN_IF_ERROR(status);
  return response;
}

absl::StatusOr<v1::GenerateAnswerResponse> AskInProcess(const Target& target,
                                                        const AskOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RetrieverAccess> access, OpenTarget(target));
  std::unique_ptr<OpenAiChatModel> model;
  if (!options.model_url.empty()) {
    OpenAiChatModelOptions model_options;
    model_options.url = options.model_url;
    model_options.model = options.model;
    ASSIGN_OR_RETURN(model_options.key, ReadModelKey(options.model_key_file));
    ASSIGN_OR_RETURN(model, OpenAiChatModel::Create(model_options));
  }
  const Answerer answerer(access.get(), model.get(),
                          {.prompt = {.family = TokenFamilyOfModel(options.model)}});
  AnswerCall call;
  call.deadline = absl::Now() + kAnswerLimit;
  v1::GenerateAnswerResponse response;
  ASSIGN_OR_RETURN(*response.mutable_answer(), answerer.Answer(options.spec, call));
  return response;
}

}  // namespace

absl::Status RunAsk(const Target& target, const AskOptions& options, OutputForm form) {
  const bool in_process = !target.kb.empty() || !target.retriever.empty();
  if (options.generator.empty() != in_process) {
    return absl::InvalidArgumentError(
        "expected exactly one of --generator HOST:PORT, --retriever HOST:PORT and --kb DIR");
  }
  ChannelOptions channel = target.channel;
  channel.address = options.generator;
  ASSIGN_OR_RETURN(const v1::GenerateAnswerResponse response,
                   in_process ? AskInProcess(target, options) : AskServer(channel, options.spec));
  const std::string text =
      form == OutputForm::kJson ? ToJson(response) : AnswerForPeople(response.answer());
  std::fwrite(text.data(), 1, text.size(), stdout);
  return absl::OkStatus();
}

}  // namespace policykb
