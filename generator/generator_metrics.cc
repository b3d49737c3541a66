#include "generator/generator_metrics.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/rpc/call_metrics.h"

namespace policykb {

namespace {

constexpr MetricSpec kSpecs[] = {
    kBuildInfoSpec,
    kStartSpec,
    kCallsSpec,
    kCallsRefusedSpec,
    kCallSecondsSpec,
    kAccessRefusedSpec,
    kAuditLostSpec,
    {"policykb_answers_total", MetricKind::kCounter,
     "Answers given, by status (refusals among them) and mode."},
    {"policykb_answer_seconds", MetricKind::kSeconds, "How long answers took, by mode."},
    {"policykb_answer_stage_seconds", MetricKind::kSeconds,
     "How long parts of answers took: prepare (the model makes a better search), search, model, "
     "and "
     "first_sentence, from the beginning on."},
    {"policykb_answers_running", MetricKind::kGauge, "Answers under way."},
    {"policykb_answers_cached_total", MetricKind::kCounter,
     "Answers that a model had written before over the same passages."},
    {"policykb_model_calls_total", MetricKind::kCounter,
     "Replies that a model was asked for to write answers, by code of how they ended."},
    {"policykb_model_failures_total", MetricKind::kCounter,
     "Answers that quoted the passages since the model failed."},
    {"policykb_model_tokens_total", MetricKind::kCounter,
     "Tokens as the model's server counts them: prompt, cached_prompt, completion."},
    {"policykb_model_left_alone", MetricKind::kGauge,
     "1 while the model is not asked since it failed too often, else 0."},
};

}  // namespace

std::span<const MetricSpec> GeneratorMetrics::Specs() { return kSpecs; }

GeneratorMetrics::GeneratorMetrics() : metrics_(std::make_unique<Metrics>(kSpecs)) {
  BeginCallMetrics(*metrics_);
}

absl::StatusOr<GeneratorMetrics> GeneratorMetrics::Serve(const std::string& listen) {
  GeneratorMetrics metrics;
  if (listen.empty()) return metrics;
  ASSIGN_OR_RETURN(metrics.server_, MetricsServer::Serve(metrics.metrics_.get(), listen));
  return metrics;
}

void GeneratorMetrics::CallEnded(const CallRecord& record) const { CountCall(*metrics_, record); }

void GeneratorMetrics::AnswerEnded(const AnswerRecord& record) const {
  CountCall(*metrics_, record);
  const AnswerFigures& figures = record.figures;
  if (figures.asked_model) {
    metrics_->Add("policykb_model_calls_total",
                  {{"code", absl::StatusCodeToString(figures.model_status.code())}});
  }
  for (const auto& [kind, tokens] : {std::pair("prompt", figures.usage.prompt_tokens),
                                     std::pair("cached_prompt", figures.usage.cached_prompt_tokens),
                                     std::pair("completion", figures.usage.completion_tokens)}) {
    if (tokens > 0)
      metrics_->Add("policykb_model_tokens_total", {{"kind", kind}}, static_cast<double>(tokens));
  }
  if (!record.status.ok()) return;
  const std::string mode = v1::AnswerMode_Name(record.mode);
  metrics_->Add("policykb_answers_total",
                {{"status", v1::AnswerStatus_Name(record.answer_status)}, {"mode", mode}});
  metrics_->Observe("policykb_answer_seconds", {{"mode", mode}}, record.took);
  const auto stage = [this](const std::string& name, absl::Duration took) {
    if (took > absl::ZeroDuration())
      metrics_->Observe("policykb_answer_stage_seconds", {{"stage", name}}, took);
  };
  stage("prepare", figures.prepare_took);
  stage("search", figures.search_took);
  stage("model", figures.model_took);
  stage("first_sentence", figures.first_sentence_took.value_or(absl::ZeroDuration()));
  if (figures.from_cache) metrics_->Add("policykb_answers_cached_total", {});
  if (record.model_failed) metrics_->Add("policykb_model_failures_total", {});
}

void GeneratorMetrics::AuditLost(int64_t lines) const { CountAuditLost(*metrics_, lines); }

void GeneratorMetrics::AccessRead(const absl::Status& status) const {
  CountAccessRead(*metrics_, status);
}

void GeneratorMetrics::Watch(std::function<double()> running, std::function<double()> open) const {
  metrics_->Watch("policykb_answers_running", {}, std::move(running));
  metrics_->Watch("policykb_model_left_alone", {}, std::move(open));
}

}  // namespace policykb
