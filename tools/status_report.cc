#include "tools/status_report.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "tools/printing.h"

namespace policykb {
namespace {

constexpr size_t kColumns = 80;
constexpr size_t kIndent = 14;

using Samples = std::vector<const v1::MetricSample*>;

Samples Named(const v1::GetStatusResponse& status, std::string_view name) {
  Samples samples;
  for (const v1::MetricSample& sample : status.metrics()) {
    if (sample.name() == name) samples.push_back(&sample);
  }
  return samples;
}

std::string Label(const v1::MetricSample& sample, const std::string& name) {
  const auto found = sample.labels().find(name);
  return found == sample.labels().end() ? "" : found->second;
}

double Sum(const Samples& samples) {
  double sum = 0;
  for (const v1::MetricSample* sample : samples) sum += sample->value();
  return sum;
}

// Sums by the value of a label.
std::map<std::string, double> By(const Samples& samples, const std::string& label) {
  std::map<std::string, double> sums;
  for (const v1::MetricSample* sample : samples) sums[Label(*sample, label)] += sample->value();
  return sums;
}

int64_t CountOf(const v1::DurationCounts& durations) {
  int64_t count = 0;
  for (const int64_t in_range : durations.counts()) count += in_range;
  return count;
}

// 12,345.
std::string Count(double value) {
  const std::string digits = std::to_string(static_cast<int64_t>(value));
  std::string text;
  for (size_t at = 0; at < digits.size(); ++at) {
    if (at > 0 && (digits.size() - at) % 3 == 0) text += ',';
    text += digits[at];
  }
  return text;
}

std::string Number(const char* form, double value) {
  char buffer[64];
  std::snprintf(buffer, sizeof(buffer), form, value);
  return buffer;
}

// .04 ms, 1.2 ms, 35 ms, 2.1 s.
std::string Took(absl::Duration took) {
  const double ms = absl::ToDoubleMilliseconds(took);
  if (ms >= 1000) return Number("%.1f s", ms / 1000);
  if (ms >= 10) return Number("%.0f ms", ms);
  return Number(ms >= 1 ? "%.1f ms" : "%.2f ms", ms);
}

// 3 d 4 h, 4 h 5 min, 5 min, 6 s.
std::string Span(double seconds) {
  const auto all = static_cast<int64_t>(std::max(0.0, seconds));
  const int64_t days = all / 86400, hours = all / 3600 % 24, minutes = all / 60 % 60;
  if (days > 0) return Cat(days, " d ", hours, " h");
  if (hours > 0) return Cat(hours, " h ", minutes, " min");
  return minutes > 0 ? Cat(minutes, " min") : Cat(all, " s");
}

std::string Ago(const std::string& rfc3339, absl::Time now) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, rfc3339, &time, &error)) return rfc3339;
  return Cat(absl::FormatTime("%Y-%m-%d %H:%M UTC", time, absl::UTCTimeZone()), ", ",
             Span(absl::ToDoubleSeconds(now - time)), " ago");
}

// What a wide character takes.
size_t Columns(std::string_view text) {
  size_t columns = 0;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    columns += c.code >= 0x1100 ? 2 : 1;
    at += c.size;
  }
  return columns;
}

// "  calls     text", with what does not fit on lines of its own below.
std::string Entry(std::string_view name, std::string_view text) {
  std::string out;
  std::string line =
      Cat("  ", name, std::string(kIndent - 2 - std::min(kIndent - 2, name.size()), ' '));
  bool empty = true;
  for (const std::string_view word : Split(text, ' ')) {
    if (!empty && Columns(line) + 1 + Columns(word) > kColumns) {
      out += line + "\n";
      line = std::string(kIndent, ' ');
      empty = true;
    }
    if (!empty) line += ' ';
    line += word;
    empty = false;
  }
  return out + line + "\n";
}

std::string PercentilesOf(const v1::DurationCounts& durations) {
  return Cat("p50 ", Took(PercentileOf(durations, .5)), ", p99 ",
             Took(PercentileOf(durations, .99)));
}

// "RATE_LIMIT 10, OVERLOADED 2", the most frequent first.
std::string Listed(const std::map<std::string, double>& counts) {
  std::vector<std::pair<std::string, double>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> parts;
  for (const auto& [name, count] : sorted) {
    if (count > 0) parts.push_back(Cat(name, " ", Count(count)));
  }
  return Join(parts, ", ");
}

std::string Calls(const v1::GetStatusResponse& status) {
  const Samples calls = Named(status, "policykb_calls_total");
  std::string text;
  std::map<std::string, double> methods = By(calls, "method");
  std::map<std::string, std::string> times;
  for (const v1::MetricSample* sample : Named(status, "policykb_call_seconds"))
    times[Label(*sample, "method")] = PercentilesOf(sample->durations());
  text += Entry("calls", Cat(Count(Sum(calls)), ", ",
                             Number("%.2f", Sum(calls) / std::max(1.0, status.uptime_seconds())),
                             " per second since the start"));
  for (const auto& [method, count] : methods) {
    text += Cat(std::string(kIndent, ' '), method,
                std::string(22 - std::min<size_t>(21, method.size()), ' '), Count(count));
    if (times.contains(method)) text += Cat(", ", times[method]);
    text += "\n";
  }
  std::map<std::string, double> codes = By(calls, "code");
  codes.erase("OK");
  if (!Listed(codes).empty()) text += Entry("not OK", Listed(codes));
  const std::string refused = Listed(By(Named(status, "policykb_calls_refused_total"), "reason"));
  if (!refused.empty()) text += Entry("refused", refused);
  return text;
}

// "dense 0.40 ms, terms 0.20 ms": means, the longest first.
std::string Stages(const v1::GetStatusResponse& status, std::string_view name) {
  std::vector<std::pair<double, std::string>> means;
  for (const v1::MetricSample* sample : Named(status, name)) {
    const int64_t count = CountOf(sample->durations());
    // What takes next to nothing is left out.
    if (count > 0 && sample->durations().sum() / static_cast<double>(count) > 5e-6) {
      means.emplace_back(sample->durations().sum() / static_cast<double>(count),
                         Label(*sample, "stage"));
    }
  }
  std::sort(means.rbegin(), means.rend());
  std::vector<std::string> parts;
  for (const auto& [mean, stage] : means)
    parts.push_back(Cat(stage, " ", Took(absl::Seconds(mean))));
  return Join(parts, ", ");
}

std::string WithoutPrefix(std::string text, std::string_view prefix) {
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c == '_' ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string Answers(const v1::GetStatusResponse& status) {
  const Samples answers = Named(status, "policykb_answers_total");
  if (answers.empty()) return {};
  std::map<std::string, double> kinds, modes;
  for (const auto& [kind, count] : By(answers, "status"))
    kinds[WithoutPrefix(kind, "ANSWER_STATUS_")] = count;
  for (const auto& [mode, count] : By(answers, "mode"))
    modes[WithoutPrefix(mode, "ANSWER_MODE_")] = count;
  modes.erase("unspecified");
  std::string text = Entry("answers", Listed(kinds));
  if (!Listed(modes).empty()) text += Entry("written by", Listed(modes));
  for (const v1::MetricSample* sample : Named(status, "policykb_answer_stage_seconds")) {
    if (Label(*sample, "stage") == "first_sentence")
      text += Entry("first said", PercentilesOf(sample->durations()));
  }
  const double cached = Sum(Named(status, "policykb_answers_cached_total"));
  if (!status.model().empty())
    text += Entry("cache", Cat(Count(cached), " of ", Count(Sum(answers)), " answers"));
  return text;
}

std::string Model(const v1::GetStatusResponse& status) {
  if (status.model().empty()) return {};
  std::map<std::string, double> codes = By(Named(status, "policykb_model_calls_total"), "code");
  const double calls = Sum(Named(status, "policykb_model_calls_total"));
  codes.erase("OK");
  std::string text =
      Cat(status.model(), ", circuit ", status.model_circuit(), ", ", Count(calls), " calls");
  if (!Listed(codes).empty()) text += Cat(", failed: ", Listed(codes));
  const std::string tokens = Listed(By(Named(status, "policykb_model_tokens_total"), "kind"));
  return Entry("model", text) + (tokens.empty() ? "" : Entry("tokens", tokens));
}

// "computing 3 waiting, 2 running": what stands in queues now, and how long searches waited.
std::string Queues(const v1::GetStatusResponse& status) {
  std::vector<std::string> parts;
  std::map<std::string, double> running = By(Named(status, "policykb_queue_running"), "queue");
  for (const auto& [queue, waiting] : By(Named(status, "policykb_queue_waiting"), "queue"))
    parts.push_back(
        Cat(queue, " ", Count(waiting), " waiting, ", Count(running[queue]), " running"));
  for (const v1::MetricSample* sample : Named(status, "policykb_queue_wait_seconds")) {
    if (Label(*sample, "method") == "Search")
      parts.push_back(Cat("searches waited ", PercentilesOf(sample->durations())));
  }
  return parts.empty() ? "" : Entry("queues", Join(parts, "; "));
}

std::string ForPeople(const ServerStatus& server, absl::Time now) {
  if (!server.status.ok()) {
    const bool answers = server.health == "SERVING" || server.health == "NOT_SERVING";
    return Cat(server.address, "\n", answers ? Entry("health", server.health) : "",
               Entry(answers ? "no status" : "AWAY",
                     Cat(absl::StatusCodeToString(server.status.status().code()), ": ",
                         std::string(server.status.status().message()))));
  }
  const v1::GetStatusResponse& status = *server.status;
  std::string text = Cat(status.program(), " ", status.version(), " at ", server.address, "\n");
  text += Entry("health", Cat(server.health, ", up ", Span(status.uptime_seconds())));
  for (const v1::Fault& fault : status.faults()) {
    text += Entry(
        "WRONG",
        Cat(fault.subject(), ": ", fault.message(), " (since ", Ago(fault.since(), now), ", met ",
            Count(static_cast<double>(fault.times())), fault.times() == 1 ? " time)" : " times)"));
  }
  if (status.has_searched()) {
    const v1::SearchedSnapshot& searched = status.searched();
    text += Entry("snapshot",
                  Cat(searched.snapshot(), ", published ", Ago(searched.published_at(), now)));
    text += Entry("holds", Cat(Count(static_cast<double>(searched.documents())), " documents, ",
                               Count(static_cast<double>(searched.passages())),
                               " passages that you may see"));
  }
  text += Calls(status);
  const std::string stages = Stages(status, "policykb_search_stage_seconds");
  if (!stages.empty()) text += Entry("stages", stages);
  text += Answers(status) + Model(status) + Queues(status);
  return text;
}

}  // namespace

absl::Duration PercentileOf(const v1::DurationCounts& durations, double share) {
  const auto all = static_cast<double>(CountOf(durations));
  if (all == 0) return absl::ZeroDuration();
  double left = share * all;
  double lower = 0;
  for (int i = 0; i < durations.bounds_size() && i < durations.counts_size(); ++i) {
    const auto here = static_cast<double>(durations.counts(i));
    const double upper = durations.bounds(i);
    if (left <= here && here > 0) return absl::Seconds(lower + (upper - lower) * left / here);
    left -= here;
    lower = upper;
  }
  return absl::Seconds(lower);
}

std::string StatusForPeople(const std::vector<ServerStatus>& servers, absl::Time now) {
  std::vector<std::string> blocks;
  for (const ServerStatus& server : servers) blocks.push_back(ForPeople(server, now));
  return Join(blocks, "\n");
}

std::string StatusJson(const std::vector<ServerStatus>& servers) {
  nlohmann::json all = nlohmann::json::array();
  for (const ServerStatus& server : servers) {
    nlohmann::json one = {{"address", server.address}, {"health", server.health}};
    if (server.status.ok()) {
      one["status"] = nlohmann::json::parse(ToJson(*server.status), nullptr, false);
    } else {
      one["error"] = std::string(server.status.status().message());
    }
    all.push_back(std::move(one));
  }
  return all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

bool AllWell(const std::vector<ServerStatus>& servers) {
  return std::all_of(servers.begin(), servers.end(), [](const ServerStatus& server) {
    return server.health == "SERVING" && server.status.ok() && server.status->faults().empty();
  });
}

}  // namespace policykb
