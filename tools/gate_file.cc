#include "tools/gate_file.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <map>
#include <set>
#include <utility>

#include "core/base/civil_date.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "tools/measures.h"

namespace policykb {

namespace {

constexpr uint64_t kMaxFileBytes = uint64_t{1} << 20;
constexpr uint32_t kDefaultForbiddenDepth = 100;

// What a table of the file has been asked for: it reads values by key and, at the end, says which
// keys nobody asked for.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string where, const std::string& path)
      : table_(table), where_(std::move(where)), path_(path) {}

  uint32_t line() const { return table_.source().begin.line; }

  const toml::node* Find(std::string_view key) {
    known_.emplace(key);
    return table_.get(key);
  }

  absl::Status Wrong(const toml::node& node, std::string_view expectation) const {
    return absl::InvalidArgumentError(
        Cat(path_, ":", node.source().begin.line, ": ", where_, ": expected ", expectation));
  }
  absl::Status WrongTable(std::string_view expectation) const { return Wrong(table_, expectation); }

  // Empty where the key is absent.
  absl::StatusOr<std::string> String(std::string_view key) {
    const toml::node* node = Find(key);
    if (node == nullptr) return std::string();
    const auto* text = node->as_string();
    if (text == nullptr || StripAsciiSpace(text->get()).empty())
      return Wrong(*node, Cat(key, " to be a string that is not empty"));
    return text->get();
  }
  absl::StatusOr<std::string> RequiredString(std::string_view key) {
    if (Find(key) == nullptr) return WrongTable(Cat("the key ", key));
    return String(key);
  }

  absl::StatusOr<double> Number(const toml::node& node, std::string_view key, double most) const {
    const std::optional<double> number =
        node.is_number() ? node.value<double>() : std::optional<double>();
    // Written so that a NaN fails.
    if (!number || !(*number >= 0 && *number <= most))
      return Wrong(node, Cat(key, " to be a number from 0 to ", most));
    return *number;
  }

  absl::StatusOr<std::optional<double>> Percent(std::string_view key) {
    const toml::node* node = Find(key);
    if (node == nullptr) return std::optional<double>();
    ASSIGN_OR_RETURN(const double number, Number(*node, key, 100));
    return std::optional<double>(number);
  }

  // Figures by the name of their measure.
  absl::StatusOr<std::map<std::string, double>> Figures(std::string_view key) {
    std::map<std::string, double> figures;
    const toml::node* node = Find(key);
    if (node == nullptr) return figures;
    if (!node->is_table()) return Wrong(*node, Cat(key, " to be a table of measures"));
    for (const auto& [name, value] : *node->as_table()) {
      if (FindMeasure(name.str()) == nullptr) {
        std::string names;
        for (const NamedMeasure& measure : Measures()) names += Cat(" ", measure.name);
        return Wrong(value, Cat(key, " of one of", names, ", not of ", name.str()));
      }
      ASSIGN_OR_RETURN(figures[std::string(name.str())],
                       Number(value, Cat(key, " ", name.str()), 1));
    }
    return figures;
  }

  absl::Status NoOtherKeys() const {
    for (const auto& [key, node] : table_) {
      if (known_.contains(key.str())) continue;
      std::string names;
      for (const std::string& name : known_) names += Cat(names.empty() ? " " : ", ", name);
      return Wrong(node, Cat("one of the keys", names, ", not ", key.str()));
    }
    return absl::OkStatus();
  }

 private:
  const toml::table& table_;
  const std::string where_;
  const std::string& path_;
  std::set<std::string, std::less<>> known_;
};

// Relative paths start at the folder of the gate file.
std::string Beside(const std::string& gate_path, const std::string& path) {
  const size_t slash = gate_path.rfind('/');
  if (path.empty() || path.starts_with('/') || slash == std::string::npos) return path;
  return JoinPath(gate_path.substr(0, slash), path);
}

absl::StatusOr<MeasureRule> ReadMeasure(TableReader table, const std::string& path) {
  MeasureRule rule;
  ASSIGN_OR_RETURN(rule.name, table.RequiredString("name"));
  rule.where = Cat(path, ":", table.line(), ": measure ", rule.name);
  ASSIGN_OR_RETURN(const std::string topics, table.RequiredString("topics"));
  ASSIGN_OR_RETURN(const std::string qrels, table.String("qrels"));
  ASSIGN_OR_RETURN(const std::string gold_articles, table.String("gold_articles"));
  ASSIGN_OR_RETURN(const std::string strip_prefix, table.String("strip_prefix"));
  if (qrels.empty() == gold_articles.empty())
    return table.WrongTable("exactly one of qrels and gold_articles");
  rule.questions = {.topics = Beside(path, topics),
                    .qrels = Beside(path, qrels),
                    .gold_articles = Beside(path, gold_articles),
                    .strip_prefix = strip_prefix};
  ASSIGN_OR_RETURN(const auto floors, table.Figures("floors"));
  ASSIGN_OR_RETURN(const auto drops, table.Figures("not_worse_than_live_by"));
  for (const NamedMeasure& measure : Measures()) {
    FigureRule figure{.measure = std::string(measure.name), .floor = {}, .may_drop = {}};
    if (const auto found = floors.find(figure.measure); found != floors.end())
      figure.floor = found->second;
    if (const auto found = drops.find(figure.measure); found != drops.end())
      figure.may_drop = found->second;
    if (figure.floor || figure.may_drop) rule.figures.push_back(std::move(figure));
  }
  RETURN_IF_ERROR(table.NoOtherKeys());
  if (rule.figures.empty()) return table.WrongTable("floors or not_worse_than_live_by");
  return rule;
}

absl::Status ReadDay(TableReader& table, PairRule& rule) {
  const toml::node* node = table.Find("as_of");
  if (node == nullptr) return absl::OkStatus();
  if (const auto* date = node->as_date()) {
    const toml::date& day = date->get();
    const auto civil = CivilDate::FromYmd(day.year, day.month, day.day);
    if (civil) rule.as_of = civil->ToString();
  } else if (const auto* text = node->as_string()) {
    if (CivilDate::Parse(text->get()).ok()) rule.as_of = text->get();
  }
  return rule.as_of.empty() ? table.Wrong(*node, "as_of to be a date, YYYY-MM-DD")
                            : absl::OkStatus();
}

absl::Status ReadLabels(TableReader& table, PairRule& rule) {
  const toml::node* node = table.Find("labels");
  if (node == nullptr) return absl::OkStatus();
  const toml::array* labels = node->as_array();
  if (labels == nullptr || labels->empty())
    return table.Wrong(*node, "labels to be a list of strings that is not empty");
  rule.labels.clear();
  for (const toml::node& label : *labels) {
    if (!label.is_string()) return table.Wrong(label, "labels to be strings");
    rule.labels.push_back(label.as_string()->get());
  }
  return absl::OkStatus();
}

absl::StatusOr<PairRule> ReadPair(TableReader table, PairKind kind) {
  const bool must_find = kind == PairKind::kMustFind;
  PairRule rule{.kind = kind, .query = {}, .name = {}, .as_of = {}};
  ASSIGN_OR_RETURN(rule.query, table.RequiredString("query"));
  const std::string_view name_key = must_find ? "expect" : "unwanted";
  ASSIGN_OR_RETURN(rule.name, table.RequiredString(name_key));
  if (!rule.name.starts_with("documents/"))
    return table.Wrong(*table.Find(name_key), Cat(name_key, " to begin with documents/"));
  rule.k = must_find ? kDefaultHits : kDefaultForbiddenDepth;
  if (const toml::node* k = table.Find("k")) {
    const auto* number = k->as_integer();
    if (number == nullptr || number->get() < 1 || number->get() > int64_t{kMaxHits})
      return table.Wrong(*k, Cat("k to be a whole number from 1 to ", kMaxHits));
    rule.k = static_cast<uint32_t>(number->get());
  }
  RETURN_IF_ERROR(ReadDay(table, rule));
  RETURN_IF_ERROR(ReadLabels(table, rule));
  RETURN_IF_ERROR(table.NoOtherKeys());
  return rule;
}

// The tables of [[key]], each with its name for messages.
absl::StatusOr<std::vector<std::pair<const toml::table*, std::string>>> TablesOf(
    TableReader& file, std::string_view key) {
  std::vector<std::pair<const toml::table*, std::string>> tables;
  const toml::node* node = file.Find(key);
  if (node == nullptr) return tables;
  const toml::array* array = node->as_array();
  if (array == nullptr) return file.Wrong(*node, Cat("[[", key, "]]"));
  for (const toml::node& entry : *array) {
    if (!entry.is_table()) return file.Wrong(entry, Cat("[[", key, "]]"));
    tables.emplace_back(entry.as_table(), Cat(key, " ", tables.size() + 1));
  }
  return tables;
}

}  // namespace

absl::StatusOr<GateRules> ParseGateFile(std::string_view text, const std::string& path) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    return absl::InvalidArgumentError(
        Cat(path, ":", parsed.error().source().begin.line, ": ", parsed.error().description()));
  }
  GateRules rules;
  TableReader file(parsed.table(), "gate", path);
  ASSIGN_OR_RETURN(const auto measures, TablesOf(file, "measure"));
  std::set<std::string> names;
  for (const auto& [table, where] : measures) {
    ASSIGN_OR_RETURN(MeasureRule rule, ReadMeasure(TableReader(*table, where, path), path));
    if (!names.insert(rule.name).second)
      return file.Wrong(*table, Cat("names of measures to differ, not two ", rule.name));
    rules.measures.push_back(std::move(rule));
  }
  for (const PairKind kind : {PairKind::kMustFind, PairKind::kMustNotFind}) {
    ASSIGN_OR_RETURN(const auto pairs,
                     TablesOf(file, kind == PairKind::kMustFind ? "must_find" : "must_not_find"));
    for (const auto& [table, where] : pairs) {
      ASSIGN_OR_RETURN(PairRule rule, ReadPair(TableReader(*table, where, path), kind));
      rules.pairs.push_back(std::move(rule));
    }
  }
  if (const toml::node* node = file.Find("counts")) {
    if (!node->is_table()) return file.Wrong(*node, "[counts]");
    TableReader counts(*node->as_table(), "counts", path);
    ASSIGN_OR_RETURN(rules.documents_may_drop_percent,
                     counts.Percent("documents_may_drop_percent"));
    ASSIGN_OR_RETURN(rules.passages_may_drop_percent, counts.Percent("passages_may_drop_percent"));
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
