#include "generator/answer_settings.h"

#include <utility>

#include "core/base/secret.h"
#include "core/base/status_macros.h"

namespace policykb {

namespace {

ChatStreaming StreamingOf(const AnswerSettings& settings) {
  if (!settings.model_stream) return ChatStreaming::kNone;
  return settings.model_usage ? ChatStreaming::kWithUsage : ChatStreaming::kPlain;
}

GroundingPolicy PolicyOf(const std::string& name) {
  if (name == "flag") return GroundingPolicy::kFlag;
  return name == "off" ? GroundingPolicy::kOff : GroundingPolicy::kStrict;
}

}  // namespace

absl::StatusOr<std::unique_ptr<OpenAiChatModel>> MakeModel(const AnswerSettings& settings) {
  if (settings.model_url.empty()) {
    if (settings.model.empty()) return nullptr;
    return absl::InvalidArgumentError("--model: needs --model-url");
  }
  if (settings.model.empty()) return absl::InvalidArgumentError("--model-url: needs --model");
  ASSIGN_OR_RETURN(std::string key, ReadSecret(settings.model_key_file, "POLICYKB_MODEL_KEY"));
  return OpenAiChatModel::Create(
      {.url = settings.model_url,
       .model = settings.model,
       .key = std::move(key),
       .marks =
           settings.model_reasoning == "none" ? ReasoningMarks::kNone : ReasoningMarks::kUnknown,
       .max_tokens = settings.max_tokens,
       .streaming = StreamingOf(settings),
       .http = {.proxy = settings.model_proxy, .ca_file = settings.model_ca_file}});
}

absl::StatusOr<AnswererOptions> MakeAnswererOptions(const AnswerSettings& settings) {
  AnswererOptions options;
  options.grounding = PolicyOf(settings.grounding);
  options.refuse_below = settings.refuse_below;
  options.timeout = absl::Milliseconds(settings.timeout_ms);
  options.prompt = {
      .max_tokens = settings.prompt_tokens,
      .family =
          ParseTokenFamily(settings.model_family).value_or(TokenFamilyOfModel(settings.model))};
  options.rewrite_within = absl::Milliseconds(settings.rewrite_ms);
  options.expand_within = absl::Milliseconds(settings.expand_ms);
  ASSIGN_OR_RETURN(options.templates, PromptTemplates::Load(settings.prompt_dir));
  return options;
}

}  // namespace policykb
