#include "indexer/editorial_files.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/base/files.h"
#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/document_title.h"
#include "core/text/phrase.h"
#include "core/text/utf8.h"
#include "core/toml/toml.h"
#include "indexer/question_lines.h"

namespace policykb {

namespace {

constexpr uint64_t kMaxTomlBytes = uint64_t{1} << 20;
constexpr uint64_t kMaxQuestionsBytes = uint64_t{256} << 20;
constexpr size_t kFewestAliasChars = 2;
// Characters and words of a synonym: what is longer is a sentence.
constexpr size_t kMostUnits = 32;

absl::Status Wrong(uint32_t line, std::string_view what) {
  return absl::InvalidArgumentError(Cat("line ", line, ": ", what));
}

// Collects the faults of one file.
class Faults {
 public:
  Faults(std::string_view file, std::vector<std::string>& lines) : file_(file), lines_(lines) {}

  void Add(std::string_view what) { lines_.push_back(Cat(file_, ": ", OneLine(what))); }
  // True when `status` is one.
  bool AddIf(const absl::Status& status) {
    if (!status.ok()) Add(std::string(status.message()));
    return !status.ok();
  }

 private:
  std::string_view file_;
  std::vector<std::string>& lines_;
};

class NamesReader {
 public:
  NamesReader(EditorialFiles& files, Faults& faults) : files_(files), faults_(faults) {}

  void Read(const TomlTable& table) {
    for (const TomlEntry& entry : table.entries) faults_.AddIf(Take(entry));
    DropChains();
  }

 private:
  absl::Status Take(const TomlEntry& entry) {
    if (entry.value.kind != TomlValue::Kind::kString ||
        StripAsciiSpace(entry.value.string).empty()) {
      return Wrong(entry.line, Cat(entry.key, " is ", KindName(entry.value.kind),
                                   ", expected the title or id of a document"));
    }
    const std::string comparable = ComparableTitle(entry.key);
    if (CountChars(comparable) < kFewestAliasChars) {
      return Wrong(entry.line, Cat("name \"", entry.key, "\" is too short, at least ",
                                   kFewestAliasChars, " characters"));
    }
    if (LegalWordAtEnd(comparable) == comparable) {
      return Wrong(entry.line,
                   Cat("name \"", entry.key, "\" is a kind of text, every one is called so"));
    }
    if (comparable == ComparableTitle(entry.value.string))
      return Wrong(entry.line, Cat("name \"", entry.key, "\" stands for itself"));
    const auto [known, added] = by_name_.emplace(comparable, entry.line);
    if (!added) {
      return Wrong(entry.line,
                   Cat("name \"", entry.key, "\" stands in line ", known->second, " already"));
    }
    files_.editorial.aliases.push_back({.alias = entry.key, .target = entry.value.string});
    files_.alias_lines.push_back(entry.line);
    return absl::OkStatus();
  }

  // A name leads to a document, not to a name.
  void DropChains() {
    std::vector<DocumentAlias> kept;
    std::vector<uint32_t> lines;
    for (size_t i = 0; i < files_.editorial.aliases.size(); ++i) {
      DocumentAlias& alias = files_.editorial.aliases[i];
      const uint32_t line = files_.alias_lines[i];
      const auto next = by_name_.find(ComparableTitle(alias.target));
      if (next != by_name_.end()) {
        faults_.AddIf(Wrong(line, Cat("name \"", alias.alias, "\" leads to the name in line ",
                                      next->second, ", expected the title or id of a document")));
        continue;
      }
      kept.push_back(std::move(alias));
      lines.push_back(line);
    }
    files_.editorial.aliases = std::move(kept);
    files_.alias_lines = std::move(lines);
  }

  EditorialFiles& files_;
  Faults& faults_;
  std::map<std::string, uint32_t> by_name_;  // comparable -> line
};

absl::StatusOr<std::string> WordKey(const std::string& word, uint32_t line) {
  const std::vector<PhraseUnit> units = PhraseUnits(word);
  if (units.empty()) return Wrong(line, Cat("\"", word, "\" has no word that a search could find"));
  if (units.size() > kMostUnits) {
    return Wrong(line, Cat("\"", word.substr(0, FloorToChar(word, 80)), "...\" has ", units.size(),
                           " characters and words, at most ", kMostUnits));
  }
  std::string key = PhraseKey(word);
  if (key.empty()) return Wrong(line, Cat("\"", word, "\" is parted by a mark, expected one word"));
  return key;
}

class SynonymsReader {
 public:
  SynonymsReader(EditorialFiles& files, Faults& faults) : files_(files), faults_(faults) {}

  void Read(const TomlTable& table) {
    for (const TomlEntry& entry : table.entries) {
      if (entry.key == "groups" && entry.value.kind == TomlValue::Kind::kArray) {
        for (const TomlValue& group : entry.value.array) faults_.AddIf(TakeGroup(group));
      } else if (entry.key == "one_way" && entry.value.kind == TomlValue::Kind::kTable) {
        for (const TomlEntry& word : entry.value.table.entries) faults_.AddIf(TakeOneWay(word));
      } else {
        faults_.AddIf(Wrong(entry.line, Cat(entry.key,
                                            " is not expected; keys: groups, an array of arrays of "
                                            "words, and the table one_way")));
      }
    }
    DropCycles();
  }

 private:
  // The words of an array with their keys, each once.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Words(const TomlValue& array) {
    if (array.kind != TomlValue::Kind::kArray) {
      return Wrong(array.line, Cat(KindName(array.kind), ", expected an array of words"));
    }
    std::vector<std::pair<std::string, std::string>> words;
    std::set<std::string> keys;
    for (const TomlValue& element : array.array) {
      if (element.kind != TomlValue::Kind::kString)
        return Wrong(element.line, Cat(KindName(element.kind), " among words"));
      ASSIGN_OR_RETURN(std::string key, WordKey(element.string, element.line));
      if (!keys.insert(key).second)
        return Wrong(element.line, Cat("\"", element.string, "\" stands twice"));
      words.emplace_back(std::move(key), element.string);
    }
    return words;
  }

  absl::Status TakeGroup(const TomlValue& value) {
    ASSIGN_OR_RETURN(const auto words, Words(value));
    if (words.size() < 2)
      return Wrong(value.line, Cat("a group of ", words.size(), " words, expected two or more"));
    for (const auto& [key, word] : words) {
      if (const auto known = grouped_.find(key); known != grouped_.end()) {
        return Wrong(value.line, Cat("\"", word, "\" is in the group of line ", known->second,
                                     " already, expected one group for all its words"));
      }
    }
    std::vector<std::string> group;
    for (const auto& [key, word] : words) {
      grouped_.emplace(key, value.line);
      group.push_back(word);
    }
    files_.editorial.synonym_groups.push_back(std::move(group));
    return absl::OkStatus();
  }

  absl::Status TakeOneWay(const TomlEntry& entry) {
    ASSIGN_OR_RETURN(const std::string key, WordKey(entry.key, entry.line));
    ASSIGN_OR_RETURN(const auto words, Words(entry.value));
    if (words.empty())
      return Wrong(entry.line, Cat("\"", entry.key, "\" means no word, expected one or more"));
    OneWaySynonym synonym = {.word = entry.key, .means = {}};
    std::set<std::string> means;
    for (const auto& [other, word] : words) {
      if (other == key) return Wrong(entry.line, Cat("\"", entry.key, "\" stands for itself"));
      means.insert(other);
      synonym.means.push_back(word);
    }
    if (!one_way_.emplace(key, OneWay{.line = entry.line, .means = std::move(means)}).second)
      return Wrong(entry.line, Cat("\"", entry.key, "\" stands twice"));
    files_.editorial.one_way.push_back(std::move(synonym));
    return absl::OkStatus();
  }

  // Two words that mean each other are a group.
  void DropCycles() {
    std::erase_if(files_.editorial.one_way, [this](const OneWaySynonym& synonym) {
      const std::string key = PhraseKey(synonym.word);
      for (const std::string& word : synonym.means) {
        const auto back = one_way_.find(PhraseKey(word));
        if (back == one_way_.end() || !back->second.means.contains(key)) continue;
        return faults_.AddIf(Wrong(one_way_.at(key).line,
                                   Cat("\"", synonym.word, "\" and \"", word, "\" of line ",
                                       back->second.line, " mean each other, expected a group")));
      }
      return false;
    });
  }

  struct OneWay {
    uint32_t line = 0;
    std::set<std::string> means;  // keys
  };

  EditorialFiles& files_;
  Faults& faults_;
  std::map<std::string, uint32_t> grouped_;  // key -> line
  std::map<std::string, OneWay> one_way_;    // by key
};

// Bytes of a file in the corpus root that may not be there.
std::optional<std::string> ReadIfThere(const std::string& corpus, std::string_view file,
                                       uint64_t limit, bool& unusable, Faults faults) {
  absl::StatusOr<std::string> bytes = ReadFile(JoinPath(corpus, file), limit);
  if (bytes.ok()) return *std::move(bytes);
  if (!absl::IsNotFound(bytes.status())) {
    faults.Add(std::string(bytes.status().message()));
    unusable = true;
  }
  return std::nullopt;
}

}  // namespace

bool IsEditorialFile(std::string_view relative_path) {
  return relative_path == kNamesFile || relative_path == kSynonymsFile ||
         relative_path == kQuestionsFile;
}

Editorial EditorialFiles::Over(const Editorial& before) const {
  Editorial words = editorial;
  if (names_unusable) words.aliases = before.aliases;
  if (synonyms_unusable) {
    words.synonym_groups = before.synonym_groups;
    words.one_way = before.one_way;
  }
  if (questions_unusable) words.questions = before.questions;
  return words;
}

EditorialFiles ParseEditorial(const EditorialBytes& bytes) {
  EditorialFiles files;
  if (bytes.names) {
    Faults faults(kNamesFile, files.faults);
    const absl::StatusOr<TomlTable> table = ParseToml(*bytes.names);
    files.names_unusable = faults.AddIf(table.status());
    if (table.ok()) NamesReader(files, faults).Read(*table);
  }
  if (bytes.synonyms) {
    Faults faults(kSynonymsFile, files.faults);
    const absl::StatusOr<TomlTable> table = ParseToml(*bytes.synonyms);
    files.synonyms_unusable = faults.AddIf(table.status());
    if (table.ok()) SynonymsReader(files, faults).Read(*table);
  }
  if (bytes.questions) {
    Faults faults(kQuestionsFile, files.faults);
    QuestionLines read = ReadQuestionLines(*bytes.questions);
    files.editorial.questions = std::move(read.questions);
    files.question_lines = std::move(read.lines);
    for (const std::string& fault : read.faults) faults.Add(fault);
  }
  return files;
}

EditorialFiles ReadEditorialFiles(const std::string& corpus) {
  EditorialFiles unreadable;
  const auto read = [&](std::string_view file, uint64_t limit, bool& unusable) {
    return ReadIfThere(corpus, file, limit, unusable, Faults(file, unreadable.faults));
  };
  const EditorialBytes bytes = {
      .names = read(kNamesFile, kMaxTomlBytes, unreadable.names_unusable),
      .synonyms = read(kSynonymsFile, kMaxTomlBytes, unreadable.synonyms_unusable),
      .questions = read(kQuestionsFile, kMaxQuestionsBytes, unreadable.questions_unusable)};
  EditorialFiles files = ParseEditorial(bytes);
  files.names_unusable = files.names_unusable || unreadable.names_unusable;
  files.synonyms_unusable = files.synonyms_unusable || unreadable.synonyms_unusable;
  files.questions_unusable = files.questions_unusable || unreadable.questions_unusable;
  files.faults.insert(files.faults.begin(), unreadable.faults.begin(), unreadable.faults.end());
  return files;
}

std::vector<std::string> PointlessEntries(const EditorialFiles& files,
                                          const EditorialTargets& targets) {
  std::vector<std::string> lines;
  for (size_t i = 0; i < files.alias_lines.size(); ++i) {
    const DocumentAlias& alias = files.editorial.aliases[i];
    const std::string place = Cat(kNamesFile, ": line ", files.alias_lines[i], ": ");
    if (targets.has_title(ComparableTitle(alias.alias))) {
      lines.push_back(
          OneLine(Cat(place, "name \"", alias.alias, "\" is a document's title and stays that")));
    } else if (!targets.has_document(alias.target) &&
               !targets.has_title(ComparableTitle(alias.target))) {
      lines.push_back(OneLine(Cat(place, "no document has the id or title \"", alias.target,
                                  "\", the name is unused")));
    }
  }
  for (size_t i = 0; i < files.question_lines.size(); ++i) {
    for (const std::string& passage : files.editorial.questions[i].passages) {
      if (targets.has_passage(passage)) continue;
      lines.push_back(OneLine(Cat(kQuestionsFile, ": line ", files.question_lines[i], ": passage ",
                                  passage, " is not there")));
    }
  }
  return lines;
}

}  // namespace policykb
