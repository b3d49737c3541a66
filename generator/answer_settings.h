// AnswerSettings: how answers are made, as an operator says it: model server, prompts, checking.
//
// What the service and who answers in process have in common; values are checked by who reads them
// (answer_flags.h) and here where they are used. One thread.

#ifndef POLICYKB_GENERATOR_ANSWER_SETTINGS_H_
#define POLICYKB_GENERATOR_ANSWER_SETTINGS_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "generator/answerer.h"
#include "generator/openai_chat_model.h"

namespace policykb {

struct AnswerSettings {
  std::string model_url;  // empty: no model
  std::string model;
  std::string model_key_file;  // empty: the environment
  std::string model_reasoning = "auto";
  std::string model_family = "auto";
  std::string model_proxy;
  std::string model_ca_file;
  bool model_stream = true;
  bool model_usage = true;
  int max_tokens = 4096;
  std::string prompt_dir;  // empty: as shipped
  size_t prompt_tokens = 8000;
  std::string grounding = "strict";
  double refuse_below = kDefaultRefuseBelow;
  int rewrite_ms = 0;
  int expand_ms = 0;
  int timeout_ms = 30000;

  friend bool operator==(const AnswerSettings&, const AnswerSettings&) = default;
};

// Null when no model is set. Errors: InvalidArgument (a model without a server or the other way
// round), as ReadSecret and OpenAiChatModel::Create.
absl::StatusOr<std::unique_ptr<OpenAiChatModel>> MakeModel(const AnswerSettings& settings);

// Without a cache. Errors: as PromptTemplates::Load.
absl::StatusOr<AnswererOptions> MakeAnswererOptions(const AnswerSettings& settings);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_ANSWER_SETTINGS_H_
