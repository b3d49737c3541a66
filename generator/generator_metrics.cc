#include "generator/generator_metrics.h"

#include <utility>

#include "core/base/status_macros.h"

namespace policykb {

namespace {

constexpr MetricSpec kSpecs[] = {
    {"policykb_answers_total", MetricKind::kCounter,
     "Answers that ended, by method, code, status, mode and role of the caller."},
    {"policykb_answer_seconds", MetricKind::kSeconds, "How long answers took, by mode."},
    {"policykb_answer_search_seconds", MetricKind::kSeconds,
     "How long answers waited for their first search."},
    {"policykb_answers_running", MetricKind::kGauge, "Answers under way."},
    {"policykb_answers_cached_total", MetricKind::kCounter,
     "Answers that a model had written before over the same passages."},
    {"policykb_model_failures_total", MetricKind::kCounter,
     "Answers that quoted the passages since the model failed."},
    {"policykb_model_tokens_total", MetricKind::kCounter,
     "Tokens as the model's server counts them: prompt, cached_prompt, completion."},
    {"policykb_model_left_alone", MetricKind::kGauge,
     "1 while the model is not asked since it failed too often, else 0."},
    {"policykb_access_refused", MetricKind::kGauge,
     "1 while the access file has a fault and what it said before holds, else 0."},
};

}  // namespace

std::span<const MetricSpec> GeneratorMetrics::Specs() { return kSpecs; }

absl::StatusOr<GeneratorMetrics> GeneratorMetrics::Serve(const std::string& listen) {
  GeneratorMetrics metrics;
  if (listen.empty()) return metrics;
  ASSIGN_OR_RETURN(metrics.metrics_, Metrics::Serve(kSpecs, listen));
  metrics.metrics_->Set("policykb_access_refused", {}, 0);
  return metrics;
}

void GeneratorMetrics::AnswerEnded(const AnswerRecord& record) const {
  if (!metrics_) return;
  const std::string mode = v1::AnswerMode_Name(record.mode);
  metrics_->Add("policykb_answers_total", {{"method", std::string(record.method)},
                                           {"code", absl::StatusCodeToString(record.status.code())},
                                           {"status", v1::AnswerStatus_Name(record.answer_status)},
                                           {"mode", mode},
                                           {"role", record.role}});
  if (!record.status.ok()) return;
  metrics_->Observe("policykb_answer_seconds", {{"mode", mode}}, record.took);
  metrics_->Observe("policykb_answer_search_seconds", {}, record.figures.search_took);
  if (record.figures.from_cache) metrics_->Add("policykb_answers_cached_total", {});
  if (record.model_failed) metrics_->Add("policykb_model_failures_total", {});
  const ChatUsage& usage = record.figures.usage;
  for (const auto& [kind, tokens] : {std::pair("prompt", usage.prompt_tokens),
                                     std::pair("cached_prompt", usage.cached_prompt_tokens),
                                     std::pair("completion", usage.completion_tokens)}) {
    if (tokens > 0)
      metrics_->Add("policykb_model_tokens_total", {{"kind", kind}}, static_cast<double>(tokens));
  }
}

void GeneratorMetrics::AccessRead(const absl::Status& status) const {
  if (metrics_) metrics_->Set("policykb_access_refused", {}, status.ok() ? 0 : 1);
}

void GeneratorMetrics::Watch(std::function<double()> running, std::function<double()> open) const {
  if (!metrics_) return;
  metrics_->Watch("policykb_answers_running", std::move(running));
  metrics_->Watch("policykb_model_left_alone", std::move(open));
}

}  // namespace policykb
