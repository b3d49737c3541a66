#include "tools/gate_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/strings.h"
#include "tools/numbers.h"

namespace policykb {

namespace {

constexpr size_t kMostWorseTopics = 20;

std::string_view Verdict(bool passed) { return passed ? "ok" : "MISSED"; }

std::string RankText(size_t rank) { return rank == 0 ? "not among the first 100" : Cat(rank); }

std::string PassageLines(const std::vector<FoundPassage>& passages, std::string_view indent) {
  std::string text;
  for (size_t i = 0; i < passages.size(); ++i)
    text += Cat(indent, i + 1, ". ", passages[i].label, "  ", passages[i].name, "\n");
  if (passages.empty()) text += Cat(indent, "nothing\n");
  return text;
}

std::string FigureLine(const FigureCheck& check) {
  std::string line = Cat("  ", check.measure, " ", Decimals(check.value, 4));
  if (check.floor) line += Cat(", floor ", Decimals(*check.floor, 4));
  if (check.live) line += Cat(", live ", Decimals(*check.live, 4));
  if (check.may_drop) {
    line += Cat(" (may drop by ", Decimals(*check.may_drop, 4),
                check.live ? ")" : ", nothing to compare with)");
  }
  return Cat(line, ": ", Verdict(check.passed), "\n");
}

std::string WorseTopics(const MeasureReport& measure) {
  if (measure.worse.empty()) return "";
  std::string text = Cat("  got worse: ", measure.worse.size(), " of ", measure.topics, "\n");
  for (size_t i = 0; i < std::min(kMostWorseTopics, measure.worse.size()); ++i) {
    const WorseTopic& topic = measure.worse[i];
    text += Cat("    ", topic.id, " \"", topic.text, "\"\n      first relevant: before ",
                RankText(topic.rank_before), ", after ", RankText(topic.rank_after),
                "\n      before\n", PassageLines(topic.best_before, "        "), "      after\n",
                PassageLines(topic.best_after, "        "));
  }
  if (measure.worse.size() > kMostWorseTopics)
    text += Cat("    and ", measure.worse.size() - kMostWorseTopics, " more\n");
  return text;
}

std::string PairText(const PairReport& pair) {
  const PairRule& rule = pair.rule;
  const bool must_find = rule.kind == PairKind::kMustFind;
  std::string text = Cat("  ", must_find ? "must find " : "must not find ", rule.name,
                         " among the first ", rule.k, " of \"", rule.query, "\"");
  if (!rule.as_of.empty()) text += Cat(" as of ", rule.as_of);
  text += Cat(": ", Verdict(pair.passed), "\n");
  if (pair.passed) return text;
  if (pair.rank > 0) {
    text += Cat("    found at rank ", pair.rank, "\n");
  } else if (!pair.in_snapshot) {
    text += "    its document is not in the snapshot\n";
  } else {
    text += "    not found: not ranked that far, not in force or not visible\n";
  }
  return text + Cat("    best hits\n", PassageLines(pair.found, "      "));
}

std::string CountLine(const CountCheck& check) {
  std::string line = Cat("  ", check.what, " ", check.value);
  if (check.live) line += Cat(", live ", *check.live);
  line += Cat(" (may drop by ", check.may_drop_percent, " %",
              check.live ? ")" : ", nothing to compare with)");
  return Cat(line, ": ", Verdict(check.passed), "\n");
}

nlohmann::ordered_json ToJson(const std::vector<FoundPassage>& passages) {
  auto list = nlohmann::ordered_json::array();
  for (const FoundPassage& passage : passages)
    list.push_back({{"name", passage.name}, {"label", passage.label}});
  return list;
}

template <typename Value>
nlohmann::ordered_json OrNull(const std::optional<Value>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

nlohmann::ordered_json ToJson(const MeasureReport& measure) {
  nlohmann::ordered_json json = {{"name", measure.name}, {"topics", measure.topics}};
  auto& figures = json["figures"] = nlohmann::ordered_json::array();
  for (const FigureCheck& check : measure.figures) {
    figures.push_back({{"measure", check.measure},
                       {"value", check.value},
                       {"live", OrNull(check.live)},
                       {"floor", OrNull(check.floor)},
                       {"not_worse_than_live_by", OrNull(check.may_drop)},
                       {"passed", check.passed}});
  }
  json["topics_worse"] = measure.worse.size();
  auto& worse = json["worse"] = nlohmann::ordered_json::array();
  for (size_t i = 0; i < std::min(kMostWorseTopics, measure.worse.size()); ++i) {
    const WorseTopic& topic = measure.worse[i];
    worse.push_back({{"topic", topic.id},
                     {"text", topic.text},
                     {"rank_before", topic.rank_before},
                     {"rank_after", topic.rank_after},
                     {"best_before", ToJson(topic.best_before)},
                     {"best_after", ToJson(topic.best_after)}});
  }
  return json;
}

nlohmann::ordered_json ToJson(const PairReport& pair) {
  return {{"kind", pair.rule.kind == PairKind::kMustFind ? "must_find" : "must_not_find"},
          {"query", pair.rule.query},
          {"name", pair.rule.name},
          {"k", pair.rule.k},
          {"rank", pair.rank},
          {"in_snapshot", pair.in_snapshot},
          {"best", ToJson(pair.found)},
          {"passed", pair.passed}};
}

}  // namespace

std::string GateReportText(const GateReport& report) {
  std::string text = report.passed() ? Cat("passed: ", report.checks(), " checks\n")
                                     : Cat("REFUSED: ", report.missed(), " of ", report.checks(),
                                           " checks missed\n");
  text += Cat("snapshot ", report.snapshot, ", compared with ",
              report.baseline.empty() ? "nothing" : report.baseline, "\n");
  for (const MeasureReport& measure : report.measures) {
    text += Cat("\n", measure.name, ", ", measure.topics, " topics\n");
    for (const FigureCheck& check : measure.figures) text += FigureLine(check);
    text += WorseTopics(measure);
  }
  if (!report.pairs.empty()) text += "\npairs\n";
  for (const PairReport& pair : report.pairs) text += PairText(pair);
  if (!report.counts.empty()) text += "\ncounts\n";
  for (const CountCheck& check : report.counts) text += CountLine(check);
  return text;
}

std::string GateReportJson(const GateReport& report) {
  nlohmann::ordered_json json = {{"passed", report.passed()},
                                 {"snapshot", report.snapshot},
                                 {"baseline", report.baseline},
                                 {"checks", report.checks()},
                                 {"missed", report.missed()}};
  for (const char* list : {"measures", "pairs", "counts"})
    json[list] = nlohmann::ordered_json::array();
  for (const MeasureReport& measure : report.measures) json["measures"].push_back(ToJson(measure));
  for (const PairReport& pair : report.pairs) json["pairs"].push_back(ToJson(pair));
  for (const CountCheck& check : report.counts) {
    json["counts"].push_back({{"what", check.what},
                              {"value", check.value},
                              {"live", OrNull(check.live)},
                              {"may_drop_percent", check.may_drop_percent},
                              {"passed", check.passed}});
  }
  // The texts of topics come from files that may hold any bytes.
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

KeptVerdict VerdictOf(const GateReport& report, absl::Time judged_at) {
  KeptVerdict verdict = {
      .judged_at = absl::FormatTime(absl::RFC3339_sec, judged_at, absl::UTCTimeZone()),
      .passed = report.passed(),
      .figures = {}};
  for (const MeasureReport& measure : report.measures) {
    for (const FigureCheck& check : measure.figures) {
      verdict.figures.push_back({.subject = measure.name,
                                 .measure = check.measure,
                                 .value = check.value,
                                 .live = check.live,
                                 .floor = check.floor,
                                 .passed = check.passed});
    }
  }
  if (!report.pairs.empty()) {
    const auto held = std::count_if(report.pairs.begin(), report.pairs.end(),
                                    [](const PairReport& pair) { return pair.passed; });
    const auto all = static_cast<double>(report.pairs.size());
    verdict.figures.push_back({.subject = "pairs",
                               .measure = "held",
                               .value = static_cast<double>(held),
                               .live = std::nullopt,
                               .floor = all,
                               .passed = static_cast<double>(held) == all});
  }
  for (const CountCheck& check : report.counts) {
    KeptFigure& added = verdict.figures.emplace_back();
    added.subject = "counts";
    added.measure = check.what;
    added.value = static_cast<double>(check.value);
    if (check.live) added.live = static_cast<double>(*check.live);
    added.passed = check.passed;
  }
  return verdict;
}

}  // namespace policykb
