#include "generator/answer_line.h"

#include <string>

namespace policykb {

LogLine AnswerLine(const AnswerRecord& record, CircuitState circuit) {
  const AnswerFigures& figures = record.figures;
  LogLine line = CallLine("answer", record);
  line.Add("search_ms", absl::ToDoubleMilliseconds(figures.search_took))
      .Add("as_of", record.as_of_date)
      .Add("status", v1::AnswerStatus_Name(record.answer_status))
      .Add("mode", v1::AnswerMode_Name(record.mode))
      .Add("sentences", record.sentences)
      .Add("citations", record.citations)
      .Add("from_cache", figures.from_cache)
      .Add("rewritten", figures.rewritten)
      .Add("expanded", figures.expanded)
      .Add("model_failed", record.model_failed)
      .Add("model_attempts", figures.model_attempts)
      .Add("prompt_tokens", figures.usage.prompt_tokens)
      .Add("cached_prompt_tokens", figures.usage.cached_prompt_tokens)
      .Add("completion_tokens", figures.usage.completion_tokens)
      .Add("circuit", CircuitStateName(circuit));
  const absl::Status& model = figures.model_status;
  if (!model.ok() && !absl::IsCancelled(model)) {
    line.Add("model_code", absl::StatusCodeToString(model.code()))
        .AddMessage("model_reason", std::string(model.message()));
  }
  if (!record.feedback_status.ok())
    line.AddMessage("not_noted", std::string(record.feedback_status.message()));
  return line;
}

}  // namespace policykb
