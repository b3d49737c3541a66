#include "tools/gate_file.h"

#include <map>
#include <set>
#include <utility>

#include "core/base/civil_date.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/toml/table_reader.h"
#include "tools/measures.h"

namespace policykb {

namespace {

constexpr uint64_t kMaxFileBytes = uint64_t{1} << 20;
constexpr uint32_t kDefaultForbiddenDepth = 100;

// In percent; nullopt where the key is absent.
absl::StatusOr<std::optional<double>> Percent(TomlTableReader& table, std::string_view key) {
  const TomlEntry* entry = table.Find(key);
  if (entry == nullptr) return std::optional<double>();
  ASSIGN_OR_RETURN(const double number, table.Number(*entry, 100));
  return std::optional<double>(number);
}

// Figures by the name of their measure.
absl::StatusOr<std::map<std::string, double>> Figures(TomlTableReader& table,
                                                      std::string_view key) {
  std::map<std::string, double> figures;
  const TomlEntry* entry = table.Find(key);
  if (entry == nullptr) return figures;
  if (entry->value.kind != TomlValue::Kind::kTable)
    return table.Wrong(*entry, "a table of measures");
  for (const TomlEntry& figure : entry->value.table.entries) {
    if (FindMeasure(figure.key) == nullptr) {
      std::string names;
      for (const NamedMeasure& measure : Measures()) names += Cat(" ", measure.name);
      return table.Wrong(figure.line, Cat(key, " of one of", names, ", not of ", figure.key));
    }
    ASSIGN_OR_RETURN(figures[figure.key], table.Number(figure, 1));
  }
  return figures;
}

// Relative paths start at the folder of the gate file.
std::string Beside(const std::string& gate_path, const std::string& path) {
  const size_t slash = gate_path.rfind('/');
  if (path.empty() || path.starts_with('/') || slash == std::string::npos) return path;
  return JoinPath(gate_path.substr(0, slash), path);
}

absl::StatusOr<MeasureRule> ReadMeasure(TomlTableReader table, const std::string& path) {
  MeasureRule rule;
  ASSIGN_OR_RETURN(rule.name, table.RequiredString("name"));
  rule.where = Cat(path, ":", table.line(), ": measure ", rule.name);
  ASSIGN_OR_RETURN(const std::string topics, table.RequiredString("topics"));
  ASSIGN_OR_RETURN(const std::string qrels, table.String("qrels"));
  ASSIGN_OR_RETURN(const std::string gold_articles, table.String("gold_articles"));
  ASSIGN_OR_RETURN(const std::string strip_prefix, table.String("strip_prefix"));
  if (qrels.empty() == gold_articles.empty())
    return table.Wrong(table.line(), "exactly one of qrels and gold_articles");
  rule.questions = {.topics = Beside(path, topics),
                    .qrels = Beside(path, qrels),
                    .gold_articles = Beside(path, gold_articles),
                    .strip_prefix = strip_prefix};
  ASSIGN_OR_RETURN(const auto floors, Figures(table, "floors"));
  ASSIGN_OR_RETURN(const auto drops, Figures(table, "not_worse_than_live_by"));
  for (const NamedMeasure& measure : Measures()) {
    FigureRule figure{.measure = std::string(measure.name), .floor = {}, .may_drop = {}};
    if (const auto found = floors.find(figure.measure); found != floors.end())
      figure.floor = found->second;
    if (const auto found = drops.find(figure.measure); found != drops.end())
      figure.may_drop = found->second;
    if (figure.floor || figure.may_drop) rule.figures.push_back(std::move(figure));
  }
  RETURN_IF_ERROR(table.NoOtherKeys());
  if (rule.figures.empty()) return table.Wrong(table.line(), "floors or not_worse_than_live_by");
  return rule;
}

absl::Status ReadDay(TomlTableReader& table, PairRule& rule) {
  const TomlEntry* entry = table.Find("as_of");
  if (entry == nullptr) return absl::OkStatus();
  const TomlValue& value = entry->value;
  if (value.kind == TomlValue::Kind::kDate) {
    rule.as_of = value.date.ToString();
  } else if (value.kind == TomlValue::Kind::kString && CivilDate::Parse(value.string).ok()) {
    rule.as_of = value.string;
  } else {
    return table.Wrong(*entry, "a date, YYYY-MM-DD");
  }
  return absl::OkStatus();
}

absl::Status ReadLabels(TomlTableReader& table, PairRule& rule) {
  const TomlEntry* entry = table.Find("labels");
  if (entry == nullptr) return absl::OkStatus();
  rule.labels.clear();
  for (const TomlValue& label : entry->value.array) {
    if (label.kind != TomlValue::Kind::kString)
      return table.Wrong(label.line, "labels to be strings");
    rule.labels.push_back(label.string);
  }
  return rule.labels.empty() ? table.Wrong(*entry, "a list of strings that is not empty")
                             : absl::OkStatus();
}

absl::StatusOr<PairRule> ReadPair(TomlTableReader table, PairKind kind) {
  const bool must_find = kind == PairKind::kMustFind;
  PairRule rule{.kind = kind, .query = {}, .name = {}, .as_of = {}};
  ASSIGN_OR_RETURN(rule.query, table.RequiredString("query"));
  const std::string_view name_key = must_find ? "expect" : "unwanted";
  ASSIGN_OR_RETURN(rule.name, table.RequiredString(name_key));
  if (!rule.name.starts_with("documents/"))
    return table.Wrong(*table.Find(name_key), "a name that begins with documents/");
  rule.k = must_find ? kDefaultHits : kDefaultForbiddenDepth;
  if (const TomlEntry* k = table.Find("k")) {
    const int64_t number = k->value.integer;
    if (k->value.kind != TomlValue::Kind::kInteger || number < 1 || number > int64_t{kMaxHits})
      return table.Wrong(*k, Cat("a whole number from 1 to ", kMaxHits));
    rule.k = static_cast<uint32_t>(number);
  }
  RETURN_IF_ERROR(ReadDay(table, rule));
  RETURN_IF_ERROR(ReadLabels(table, rule));
  RETURN_IF_ERROR(table.NoOtherKeys());
  return rule;
}

}  // namespace

absl::StatusOr<GateRules> ParseGateFile(std::string_view text, const std::string& path) {
  ASSIGN_OR_RETURN_IN(const TomlTable parsed, ParseToml(text), path);
  GateRules rules;
  TomlTableReader file(parsed, 1, "gate", path);
  ASSIGN_OR_RETURN(const std::vector<TomlTableReader> measures, file.Tables("measure"));
  std::set<std::string> names;
  for (const TomlTableReader& table : measures) {
    ASSIGN_OR_RETURN(MeasureRule rule, ReadMeasure(table, path));
    if (!names.insert(rule.name).second)
      return file.Wrong(table.line(), Cat("names of measures to differ, not two ", rule.name));
    rules.measures.push_back(std::move(rule));
  }
  for (const PairKind kind : {PairKind::kMustFind, PairKind::kMustNotFind}) {
    const std::string_view key = kind == PairKind::kMustFind ? "must_find" : "must_not_find";
    ASSIGN_OR_RETURN(const std::vector<TomlTableReader> pairs, file.Tables(key));
    for (const TomlTableReader& table : pairs) {
      ASSIGN_OR_RETURN(PairRule rule, ReadPair(table, kind));
      rules.pairs.push_back(std::move(rule));
    }
  }
  if (const TomlEntry* entry = file.Find("counts")) {
    if (entry->value.kind != TomlValue::Kind::kTable) return file.Wrong(entry->line, "[counts]");
    TomlTableReader counts(entry->value.table, entry->line, "counts", path);
    ASSIGN_OR_RETURN(rules.documents_may_drop_percent,
                     Percent(counts, "documents_may_drop_percent"));
    ASSIGN_OR_RETURN(rules.passages_may_drop_percent, Percent(counts, "passages_may_drop_percent"));
    RETURN_IF_ERROR(counts.NoOtherKeys());
  }
  RETURN_IF_ERROR(file.NoOtherKeys());
  if (rules.measures.empty() && rules.pairs.empty() && !rules.documents_may_drop_percent &&
      !rules.passages_may_drop_percent) {
    return absl::InvalidArgumentError(
        Cat(path, ": no rule in it, expected measure, must_find, must_not_find or counts"));
  }
  return rules;
}

absl::StatusOr<GateRules> ReadGateFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxFileBytes));
  return ParseGateFile(text, path);
}

}  // namespace policykb
