#include "generator/prompt_templates.h"

#include <algorithm>
#include <optional>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

constexpr uint64_t kMaxFileBytes = 32 << 10;
// Raised when prompt.cc fills in other things.
constexpr int64_t kFillVersion = 2;

// What a place may be and how often it must stand in a section.
struct Place {
  std::string_view name;
  size_t least, most;
};

struct Rules {
  std::string_view stem;
  std::vector<Place> system;
  std::vector<Place> user;  // in this order where each stands once
};

const std::vector<Rules>& AllRules() {
  static const std::vector<Rules> rules = {
      {"answer", {{"nothing", 1, 9}}, {{"boundary", 1, 9}, {"passages", 1, 1}, {"question", 1, 1}}},
      {"rewrite", {}, {{"history", 1, 1}, {"question", 1, 1}}},
      {"passage", {}, {{"question", 1, 1}}},
  };
  return rules;
}

struct FoundPlace {
  std::string_view name;
  size_t begin, end;  // of the braces
};

// The first place at or behind `from`.
std::optional<FoundPlace> FindPlace(std::string_view text, size_t from) {
  const size_t begin = text.find("{{", from);
  if (begin == std::string_view::npos) return std::nullopt;
  const size_t end = text.find("}}", begin);
  if (end == std::string_view::npos) return std::nullopt;
  return FoundPlace{text.substr(begin + 2, end - begin - 2), begin, end + 2};
}

std::string Names(const std::vector<Place>& places) {
  std::string names;
  for (const Place& place : places) names += Cat(names.empty() ? "" : ", ", "{{", place.name, "}}");
  return names.empty() ? "none" : names;
}

absl::Status CheckPlaces(std::string_view section, std::string_view text, size_t first_line,
                         const std::vector<Place>& places) {
  std::map<std::string_view, size_t> counts;
  for (auto found = FindPlace(text, 0); found; found = FindPlace(text, found->end)) {
    const bool known = std::any_of(places.begin(), places.end(),
                                   [&](const Place& place) { return place.name == found->name; });
    if (!known) {
      const auto lines =
          std::count(text.begin(), text.begin() + static_cast<long>(found->begin), '\n');
      return absl::InvalidArgumentError(Cat("line ", first_line + static_cast<size_t>(lines),
                                            ": {{", found->name, "}} is no place of ", section,
                                            "; places: ", Names(places)));
    }
    ++counts[found->name];
  }
  for (const Place& place : places) {
    const size_t count = counts[place.name];
    if (count >= place.least && count <= place.most) continue;
    return absl::InvalidArgumentError(Cat(section, ": {{", place.name, "}} stands ", count,
                                          " times, expected ", place.least,
                                          place.most > place.least ? " or more" : ""));
  }
  return absl::OkStatus();
}

// The question comes behind the passages, so that what is said last is asked.
absl::Status CheckOrder(std::string_view user) {
  const size_t passages = user.find("{{passages}}");
  if (passages == std::string_view::npos || passages < user.find("{{question}}"))
    return absl::OkStatus();
  return absl::InvalidArgumentError("[user]: {{question}} stands before {{passages}}");
}

absl::StatusOr<PromptTemplate> ParseTemplate(std::string_view text, const Rules& rules) {
  if (FirstInvalidUtf8(text) != std::string::npos)
    return absl::InvalidArgumentError("is no UTF-8 text");
  PromptTemplate parsed;
  std::string* section = nullptr;
  size_t line_number = 0, system_line = 0, user_line = 0;
  for (std::string_view line : Split(text, '\n')) {
    ++line_number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool begins_system = line == "[system]", begins_user = line == "[user]";
    if (begins_system || begins_user) {
      section = begins_system ? &parsed.system : &parsed.user;
      size_t& begun = begins_system ? system_line : user_line;
      if (begun != 0)
        return absl::InvalidArgumentError(Cat("line ", line_number, ": ", line, " stands twice"));
      begun = line_number + 1;
    } else if (section != nullptr) {
      *section += Cat(line, "\n");
    } else if (!StripAsciiSpace(line).empty() && !line.starts_with('#')) {
      return absl::InvalidArgumentError(
          Cat("line ", line_number, ": text before [system]; remarks begin with #"));
    }
  }
  if (system_line == 0 || user_line == 0)
    return absl::InvalidArgumentError("expected a section [system] and a section [user]");
  RETURN_IF_ERROR(CheckPlaces("[system]", parsed.system, system_line, rules.system));
  RETURN_IF_ERROR(CheckPlaces("[user]", parsed.user, user_line, rules.user));
  RETURN_IF_ERROR(CheckOrder(parsed.user));
  parsed.system = FillTemplate(StripAsciiSpace(parsed.system), {{"nothing", kNothingApplies}});
  parsed.user = std::string(StripAsciiSpace(parsed.user));
  return parsed;
}

std::string FileName(std::string_view stem, Language language) {
  return Cat(stem, language == Language::kChinese ? ".zh.txt" : ".en.txt");
}

}  // namespace

PromptTemplates::PromptTemplates() {
  // Those that are shipped are in order: a test loads them.
  for (const ShippedPrompt& prompt : ShippedPrompts()) Add(prompt.file, prompt.text).IgnoreError();
  ComputeDigest();
}

absl::StatusOr<PromptTemplates> PromptTemplates::Load(const std::string& folder) {
  PromptTemplates templates;
  if (folder.empty()) return templates;
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListNames(folder));
  for (const std::string& name : names) {
    if (!name.ends_with(".txt")) continue;
    const std::string path = JoinPath(folder, name);
    ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxFileBytes));
    RETURN_IF_ERROR_IN(templates.Add(name, text), path);
  }
  templates.ComputeDigest();
  return templates;
}

absl::StatusOr<PromptTemplate> ParsePromptTemplate(std::string_view file, std::string_view text) {
  std::string known;
  for (const Rules& rules : AllRules()) {
    for (const Language language : {Language::kChinese, Language::kEnglish}) {
      const std::string name = FileName(rules.stem, language);
      known += Cat(known.empty() ? "" : ", ", name);
      if (name != file) continue;
      return ParseTemplate(text, rules);
    }
  }
  return absl::InvalidArgumentError(Cat("is no template's name; templates: ", known));
}

absl::Status PromptTemplates::Add(std::string_view file, std::string_view text) {
  ASSIGN_OR_RETURN(by_file_[std::string(file)], ParsePromptTemplate(file, text));
  return absl::OkStatus();
}

void PromptTemplates::ComputeDigest() {
  Digest digest;
  digest.Add(kFillVersion);
  for (const auto& [file, parsed] : by_file_) {
    digest.Add(file);
    digest.Add(parsed.system);
    digest.Add(parsed.user);
  }
  digest_ = digest.Hex();
}

const PromptTemplate& PromptTemplates::Get(PromptKind kind, Language language) const {
  return by_file_.find(FileName(AllRules()[static_cast<size_t>(kind)].stem, language))->second;
}

std::string FillTemplate(std::string_view text,
                         const std::map<std::string_view, std::string_view>& values) {
  std::string filled;
  size_t at = 0;
  for (auto found = FindPlace(text, 0); found; found = FindPlace(text, found->end)) {
    const auto value = values.find(found->name);
    filled += text.substr(at, found->begin - at);
    filled += value == values.end() ? text.substr(found->begin, found->end - found->begin)
                                    : value->second;
    at = found->end;
  }
  filled += text.substr(at);
  return filled;
}

}  // namespace policykb
