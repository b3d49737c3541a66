#include "tools/topics.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/records.h"
#include "core/text/provision_reference.h"

namespace policykb {

namespace {

absl::Status LineError(const std::string& path, size_t line, std::string_view expectation) {
  return absl::InvalidArgumentError(Cat(path, ":", line, ": expected ", expectation));
}

// Lines of a file with their numbers from 1, blank ones left out.
absl::StatusOr<std::vector<std::pair<size_t, std::string>>> ReadLines(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path));
  std::vector<std::pair<size_t, std::string>> lines;
  size_t number = 0;
  for (std::string_view line : Split(content, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!StripAsciiSpace(line).empty()) lines.emplace_back(number, line);
  }
  return lines;
}

std::optional<int> ParseGrade(std::string_view text) {
  text = StripAsciiSpace(text);
  if (text.empty() || text.size() > 6 ||
      text.find_first_not_of("-0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  return std::atoi(std::string(text).c_str());
}

// An address without the number of a piece (~2) and of a namesake (_2).
std::string_view PlainAddress(std::string_view address) {
  return address.substr(0, address.find_first_of("~_"));
}

}  // namespace

absl::StatusOr<std::vector<Topic>> ReadTopics(const std::string& path) {
  ASSIGN_OR_RETURN(const auto lines, ReadLines(path));
  std::vector<Topic> topics;
  for (const auto& [number, line] : lines) {
    const nlohmann::json object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object() || !object.contains("_id") || !object["_id"].is_string() ||
        !object.contains("text") || !object["text"].is_string()) {
      return LineError(path, number, "a JSON object with the strings _id and text");
    }
    Topic topic;
    topic.id = object["_id"].get<std::string>();
    topic.text = object["text"].get<std::string>();
    if (object.contains("as_of") && object["as_of"].is_string())
      topic.as_of = object["as_of"].get<std::string>();
    if (object.contains("answerable") && object["answerable"].is_boolean()) {
      topic.answerable = object["answerable"].get<bool>();
    }
    if (object.contains("labels") && object["labels"].is_array()) {
      for (const nlohmann::json& label : object["labels"]) {
        if (!label.is_string()) return LineError(path, number, "labels to be strings");
        topic.labels.push_back(label.get<std::string>());
      }
    }
    topics.push_back(std::move(topic));
  }
  if (topics.empty()) return absl::InvalidArgumentError(Cat(path, ": no topic in it"));
  return topics;
}

absl::StatusOr<std::map<std::string, std::string>> ReadAnswers(const std::string& path) {
  ASSIGN_OR_RETURN(const auto lines, ReadLines(path));
  std::map<std::string, std::string> answers;
  for (const auto& [number, line] : lines) {
    const nlohmann::json object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object() || !object.contains("_id") || !object["_id"].is_string() ||
        !object.contains("answer") || !object["answer"].is_string()) {
      return LineError(path, number, "a JSON object with the strings _id and answer");
    }
    answers[object["_id"].get<std::string>()] = object["answer"].get<std::string>();
  }
  return answers;
}

absl::StatusOr<std::vector<CountedText>> ReadCountedTexts(const std::string& path) {
  ASSIGN_OR_RETURN(const auto lines, ReadLines(path));
  std::vector<CountedText> texts;
  for (const auto& [number, line] : lines) {
    const nlohmann::json object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object() || !object.contains("text") || !object["text"].is_string() ||
        !object.contains("tokens") || !object["tokens"].is_number_unsigned()) {
      return LineError(path, number, "a JSON object with the string text and the number tokens");
    }
    texts.push_back({object["text"].get<std::string>(), object["tokens"].get<size_t>()});
  }
  return texts;
}

absl::StatusOr<Judgements> ReadQrels(const std::string& path) {
  ASSIGN_OR_RETURN(const auto lines, ReadLines(path));
  Judgements judgements;
  for (const auto& [number, line] : lines) {
    const std::vector<std::string_view> columns = Split(line, '\t');
    const std::optional<int> grade = columns.size() == 3 ? ParseGrade(columns[2]) : std::nullopt;
    if (!grade && number == 1) continue;
    if (!grade)
      return LineError(path, number, "query-id, passage name and grade, separated by tabs");
    if (*grade > 0)
      judgements[std::string(columns[0])].insert(ProvisionUnit(std::string(columns[1])));
  }
  return judgements;
}

absl::StatusOr<Judgements> ReadGoldArticles(const std::string& path,
                                            const std::string& strip_prefix) {
  ASSIGN_OR_RETURN(const auto lines, ReadLines(path));
  Judgements judgements;
  for (const auto& [number, line] : lines) {
    const std::vector<std::string_view> columns = Split(line, '\t');
    if (columns.size() != 4)
      return LineError(path, number, "query-id, document path, law and article, separated by tabs");
    if (number == 1 && columns[0] == "query-id") continue;
    std::string_view document = columns[1];
    if (document.starts_with(strip_prefix)) document.remove_prefix(strip_prefix.size());
    const std::optional<ArticleLabelPrefix> label = ConsumeArticleLabel(columns[3]);
    if (!label)
      return LineError(path, number,
                       Cat("an article label in the fourth column, not \"", columns[3], "\""));
    judgements[std::string(columns[0])].insert(
        ArticleUnit(std::string(document), ArticleAddress(label->article)));
  }
  return judgements;
}

std::string ProvisionUnit(const std::string& passage_name) {
  return passage_name.substr(0, passage_name.rfind('~'));
}

std::vector<std::string> ProvisionUnits(const std::string& passage_name) {
  const std::string name = ProvisionUnit(passage_name);
  const size_t address = name.rfind('/') + 1;
  std::vector<std::string> units;
  for (const std::string_view part : Split(std::string_view(name).substr(address), kAddressJoin))
    units.push_back(Cat(name.substr(0, address), part));
  return units;
}

std::string ArticleUnit(const std::string& source_path, const std::string& address) {
  return Cat(source_path, "#", PlainAddress(address));
}

}  // namespace policykb
