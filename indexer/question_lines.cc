#include "indexer/question_lines.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

// As long as a query may be; and a question has one answer or a few.
constexpr size_t kMaxQuestionBytes = 8192;
constexpr size_t kMaxPassages = 64;
constexpr size_t kMaxLineBytes = size_t{1} << 16;
// Deeper than any line that is right.
constexpr int kMaxDepth = 4;

absl::Status Wrong(std::string_view what) { return absl::InvalidArgumentError(Cat(what)); }

bool IsPassageName(std::string_view name) {
  constexpr std::string_view kDocuments = "documents/";
  constexpr std::string_view kProvisions = "/provisions/";
  const size_t at = name.find(kProvisions);
  return name.starts_with(kDocuments) && at != std::string_view::npos && at > kDocuments.size() &&
         at + kProvisions.size() < name.size() &&
         name.find('/', at + kProvisions.size()) == std::string_view::npos &&
         name.find('/', kDocuments.size()) == at;
}

absl::StatusOr<std::vector<std::string>> ReadPassages(const nlohmann::json& value) {
  if (!value.is_array() || value.empty() || value.size() > kMaxPassages)
    return Wrong(Cat("passages is no array of 1 to ", kMaxPassages, " names"));
  std::vector<std::string> passages;
  std::set<std::string> seen;
  for (const nlohmann::json& element : value) {
    if (!element.is_string()) return Wrong("passages is no array of strings");
    std::string name = element.get<std::string>();
    if (!IsPassageName(name)) {
      return Wrong(Cat("passage \"", name.substr(0, FloorToChar(name, 200)),
                       "\" is not documents/{id}/provisions/{address}"));
    }
    if (!seen.insert(name).second) return Wrong(Cat("passage ", name, " stands twice"));
    passages.push_back(std::move(name));
  }
  return passages;
}

absl::StatusOr<KnownQuestion> ReadLine(std::string_view line) {
  if (line.size() > kMaxLineBytes)
    return Wrong(Cat(line.size(), " bytes, at most ", kMaxLineBytes));
  if (const size_t at = FirstInvalidUtf8(line); at != std::string_view::npos)
    return Wrong(Cat("byte ", at, " of the line is not UTF-8"));
  std::set<std::string> keys;
  bool twice = false;
  bool too_deep = false;
  const auto look = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    if (depth > kMaxDepth) too_deep = true;
    if (depth == 1 && event == nlohmann::json::parse_event_t::key)
      twice = twice || !keys.insert(parsed.get<std::string>()).second;
    return depth <= kMaxDepth;
  };
  const nlohmann::json object =
      nlohmann::json::parse(line, look, /*allow_exceptions=*/false, /*ignore_comments=*/false);
  if (too_deep || !object.is_object()) return Wrong("no JSON object");
  if (twice) return Wrong("a key stands twice");
  KnownQuestion question;
  for (const auto& [key, value] : object.items()) {
    if (key == "question") {
      if (!value.is_string()) return Wrong("question is no string");
      question.text = value.get<std::string>();
    } else if (key == "id") {
      if (!value.is_string()) return Wrong("id is no string");
      question.id = value.get<std::string>();
    } else if (key == "passages") {
      ASSIGN_OR_RETURN(question.passages, ReadPassages(value));
    } else {
      return Wrong(Cat("\"", key.substr(0, FloorToChar(key, 80)),
                       "\" is no key of a question; keys: question, passages, id"));
    }
  }
  if (!object.contains("question")) return Wrong("no question");
  if (!object.contains("passages")) return Wrong("no passages");
  if (question.text.size() > kMaxQuestionBytes) {
    return Wrong(Cat("question of ", question.text.size(), " bytes, at most ", kMaxQuestionBytes));
  }
  if (ComparableQuestion(question.text).empty())
    return Wrong("question has no word that a search could find");
  return question;
}

}  // namespace

QuestionLines ReadQuestionLines(std::string_view bytes) {
  QuestionLines read;
  std::map<std::string, uint32_t> texts, ids;  // -> line
  uint32_t number = 0;
  for (std::string_view line : Split(bytes, '\n')) {
    ++number;
    line = StripAsciiSpace(line);
    if (line.empty()) continue;
    const auto fault = [&](std::string_view what) {
      read.faults.push_back(Cat("line ", number, ": ", what));
    };
    absl::StatusOr<KnownQuestion> question = ReadLine(line);
    if (!question.ok()) {
      fault(std::string(question.status().message()));
      continue;
    }
    const auto text = texts.emplace(ComparableQuestion(question->text), number);
    if (!text.second) {
      fault(Cat("the question stands in line ", text.first->second, " already"));
      continue;
    }
    if (!question->id.empty()) {
      const auto id = ids.emplace(question->id, number);
      if (!id.second) {
        fault(Cat("id ", question->id, " stands in line ", id.first->second, " already"));
        texts.erase(text.first);
        continue;
      }
    }
    read.questions.push_back(*std::move(question));
    read.lines.push_back(number);
  }
  return read;
}

}  // namespace policykb
