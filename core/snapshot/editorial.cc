#include "core/snapshot/editorial.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/vector_codes.h"
#include "core/text/analyzer.h"

namespace policykb {

namespace {

constexpr std::string_view kMagic = "pkbwords";
constexpr uint32_t kVersion = 1;
constexpr uint32_t kSections = 26;
constexpr std::string_view kWordsFile = "editorial.bin";
constexpr std::string_view kTermsFile = "questions.lex";
constexpr std::string_view kVectorsFile = "questions.vec";

// Places in section 0.
enum Count : size_t {
  kAliases,
  kGroups,
  kGroupWords,
  kOneWay,
  kMeanings,
  kQuestions,
  kQuestionPassages,
  kDefinedNames,
  kCounts
};

// A question is short and says each thing once: its length says nothing about what it asks.
LexicalOptions QuestionLexicalOptions() {
  return {.fields = {{.weight = 1, .k1 = 1.2, .b = 0}}, .unigram_weight = 0.8};
}

uint64_t QuestionChecksum(std::string_view text) { return Checksum64(ComparableQuestion(text)); }

void AddRuns(const std::vector<std::vector<std::string>>& runs, SectionFileWriter& writer) {
  std::vector<uint32_t> first = {0};
  std::vector<std::string> strings;
  for (const std::vector<std::string>& run : runs) {
    strings.insert(strings.end(), run.begin(), run.end());
    first.push_back(static_cast<uint32_t>(strings.size()));
  }
  writer.AddArray(first);
  writer.AddStrings(strings);
}

absl::Status WriteQuestionIndex(const std::vector<KnownQuestion>& questions,
                                const Embedder& embedder, const std::string& folder) {
  LexicalIndexWriter terms(QuestionLexicalOptions());
  CodedVectors vectors(static_cast<size_t>(embedder.dimension()));
  for (const KnownQuestion& question : questions) {
    const std::vector<Term> analyzed = Analyze(question.text);
    terms.Add({&analyzed, 1});
    ASSIGN_OR_RETURN(const std::vector<float> vector, embedder.EmbedQuery(question.text));
    RETURN_IF_ERROR(vectors.Append(vector));
  }
  RETURN_IF_ERROR(terms.Finish(JoinPath(folder, kTermsFile), terms.MeanLengths()));
  return WriteVectorIndex(vectors.View(), {}, JoinPath(folder, kVectorsFile));
}

std::vector<std::string> Owned(const std::vector<std::string_view>& views) {
  return {views.begin(), views.end()};
}

}  // namespace

bool Editorial::empty() const {
  return aliases.empty() && synonym_groups.empty() && one_way.empty() && questions.empty() &&
         defined_names.empty();
}

std::string EditorialDigest(const Editorial& editorial) {
  if (editorial.empty()) return "";
  Digest digest;
  const auto add_words = [&digest](const std::vector<std::string>& words) {
    digest.Add(static_cast<int64_t>(words.size()));
    for (const std::string& word : words) digest.Add(word);
  };
  digest.Add(static_cast<int64_t>(editorial.aliases.size()));
  for (const DocumentAlias& alias : editorial.aliases) {
    digest.Add(alias.alias);
    digest.Add(alias.target);
  }
  digest.Add(static_cast<int64_t>(editorial.synonym_groups.size()));
  for (const std::vector<std::string>& group : editorial.synonym_groups) add_words(group);
  digest.Add(static_cast<int64_t>(editorial.one_way.size()));
  for (const OneWaySynonym& synonym : editorial.one_way) {
    digest.Add(synonym.word);
    add_words(synonym.means);
  }
  digest.Add(static_cast<int64_t>(editorial.questions.size()));
  for (const KnownQuestion& question : editorial.questions) {
    digest.Add(question.id);
    digest.Add(question.text);
    add_words(question.passages);
  }
  for (const DefinedName& defined : editorial.defined_names) {
    digest.Add(defined.document);
    digest.Add(defined.name);
  }
  return digest.Hex();
}

std::string ComparableQuestion(std::string_view text) {
  std::string comparable;
  for (const Term& term : Analyze(text)) {
    if (term.kind == TermKind::kBigram) continue;
    // Words stay apart, characters do not.
    if (term.kind == TermKind::kWord) comparable += ' ';
    comparable += term.text;
  }
  return comparable;
}

absl::Status WriteEditorial(const Editorial& editorial, const Embedder& embedder,
                            const std::string& folder) {
  std::vector<std::string> aliases, targets, one_way_words, ids, texts, documents, names;
  std::vector<std::vector<std::string>> meanings, passages;
  std::vector<std::pair<uint64_t, uint32_t>> checksums;
  for (const DocumentAlias& alias : editorial.aliases) {
    aliases.push_back(alias.alias);
    targets.push_back(alias.target);
  }
  for (const OneWaySynonym& synonym : editorial.one_way) {
    one_way_words.push_back(synonym.word);
    meanings.push_back(synonym.means);
  }
  for (const KnownQuestion& question : editorial.questions) {
    checksums.emplace_back(QuestionChecksum(question.text), static_cast<uint32_t>(ids.size()));
    ids.push_back(question.id);
    texts.push_back(question.text);
    passages.push_back(question.passages);
  }
  for (const DefinedName& defined : editorial.defined_names) {
    documents.push_back(defined.document);
    names.push_back(defined.name);
  }
  std::sort(checksums.begin(), checksums.end());
  std::vector<uint64_t> sorted;
  std::vector<uint32_t> by_checksum;
  for (const auto& [checksum, question] : checksums) {
    sorted.push_back(checksum);
    by_checksum.push_back(question);
  }
  const auto strings_in = [](const std::vector<std::vector<std::string>>& runs) {
    size_t count = 0;
    for (const std::vector<std::string>& run : runs) count += run.size();
    return static_cast<uint32_t>(count);
  };
  std::vector<uint32_t> counts(kCounts);
  counts[kAliases] = static_cast<uint32_t>(aliases.size());
  counts[kGroups] = static_cast<uint32_t>(editorial.synonym_groups.size());
  counts[kGroupWords] = strings_in(editorial.synonym_groups);
  counts[kOneWay] = static_cast<uint32_t>(one_way_words.size());
  counts[kMeanings] = strings_in(meanings);
  counts[kQuestions] = static_cast<uint32_t>(texts.size());
  counts[kQuestionPassages] = strings_in(passages);
  counts[kDefinedNames] = static_cast<uint32_t>(names.size());

  SectionFileWriter writer(kMagic, kVersion);
  writer.AddArray(counts);
  writer.AddStrings(aliases);
  writer.AddStrings(targets);
  AddRuns(editorial.synonym_groups, writer);
  writer.AddStrings(one_way_words);
  AddRuns(meanings, writer);
  writer.AddStrings(ids);
  writer.AddStrings(texts);
  AddRuns(passages, writer);
  writer.AddArray(sorted);
  writer.AddArray(by_checksum);
  writer.AddStrings(documents);
  writer.AddStrings(names);
  RETURN_IF_ERROR(writer.Finish(JoinPath(folder, kWordsFile)));
  if (editorial.questions.empty()) return absl::OkStatus();
  return WriteQuestionIndex(editorial.questions, embedder, folder);
}

absl::StatusOr<std::unique_ptr<StoredEditorial>> StoredEditorial::Open(const std::string& folder) {
  auto editorial = std::make_unique<StoredEditorial>();
  RETURN_IF_ERROR(editorial->Load(folder));
  return editorial;
}

absl::Status StoredEditorial::Load(const std::string& folder) {
  ASSIGN_OR_RETURN(file_,
                   SectionFile::Open(JoinPath(folder, kWordsFile), kMagic, kVersion, kSections));
  ASSIGN_OR_RETURN(const std::span<const uint32_t> counts, file_.Array<uint32_t>(0, kCounts));
  ASSIGN_OR_RETURN(aliases_, file_.Strings(1, counts[kAliases]));
  ASSIGN_OR_RETURN(targets_, file_.Strings(3, counts[kAliases]));
  ASSIGN_OR_RETURN(groups_, ReadRuns(5, counts[kGroups], counts[kGroupWords]));
  ASSIGN_OR_RETURN(one_way_words_, file_.Strings(8, counts[kOneWay]));
  ASSIGN_OR_RETURN(meanings_, ReadRuns(10, counts[kOneWay], counts[kMeanings]));
  ASSIGN_OR_RETURN(ids_, file_.Strings(13, counts[kQuestions]));
  ASSIGN_OR_RETURN(texts_, file_.Strings(15, counts[kQuestions]));
  ASSIGN_OR_RETURN(question_passages_, ReadRuns(17, counts[kQuestions], counts[kQuestionPassages]));
  ASSIGN_OR_RETURN(sorted_checksums_, file_.Array<uint64_t>(20, counts[kQuestions]));
  ASSIGN_OR_RETURN(by_checksum_, file_.Array<uint32_t>(21, counts[kQuestions]));
  ASSIGN_OR_RETURN(defined_documents_, file_.Strings(22, counts[kDefinedNames]));
  ASSIGN_OR_RETURN(defined_names_, file_.Strings(24, counts[kDefinedNames]));
  for (const uint32_t question : by_checksum_) {
    if (question >= questions()) {
      return absl::DataLossError(
          Cat(file_.path(), ": question ", question, " of ", questions(), " in section 21"));
    }
  }
  if (questions() == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(terms_, LexicalIndex::Open(JoinPath(folder, kTermsFile)));
  ASSIGN_OR_RETURN(vectors_, VectorIndex::Open(JoinPath(folder, kVectorsFile)));
  if (terms_->entries() != questions() || vectors_->entries() != questions()) {
    return absl::DataLossError(Cat(folder, ": ", questions(), " questions, terms of ",
                                   terms_->entries(), ", vectors of ", vectors_->entries()));
  }
  return absl::OkStatus();
}

absl::StatusOr<StoredEditorial::Runs> StoredEditorial::ReadRuns(uint32_t section, uint32_t runs,
                                                                uint32_t strings) const {
  Runs read;
  ASSIGN_OR_RETURN(read.first, file_.Array<uint32_t>(section, size_t{runs} + 1));
  ASSIGN_OR_RETURN(read.strings, file_.Strings(section + 1, strings));
  if (read.first.front() != 0 || read.first.back() != strings ||
      !std::is_sorted(read.first.begin(), read.first.end())) {
    return absl::DataLossError(Cat(file_.path(), ": section ", section, ": runs out of order"));
  }
  return read;
}

std::vector<std::string_view> StoredEditorial::Runs::of(size_t run) const {
  std::vector<std::string_view> found;
  for (uint32_t i = first[run]; i < first[run + 1]; ++i) found.push_back(strings[i]);
  return found;
}

std::vector<std::string_view> StoredEditorial::passages(size_t question) const {
  return question_passages_.of(question);
}

size_t StoredEditorial::FindSame(std::string_view text) const {
  const std::string comparable = ComparableQuestion(text);
  if (comparable.empty()) return questions();
  const uint64_t checksum = Checksum64(comparable);
  const auto begin = std::lower_bound(sorted_checksums_.begin(), sorted_checksums_.end(), checksum);
  for (auto at = static_cast<size_t>(begin - sorted_checksums_.begin());
       at < sorted_checksums_.size() && sorted_checksums_[at] == checksum; ++at) {
    if (ComparableQuestion(texts_[by_checksum_[at]]) == comparable) return by_checksum_[at];
  }
  return questions();
}

Editorial StoredEditorial::LoadWords() const {
  Editorial editorial;
  for (size_t i = 0; i < aliases_.size(); ++i) {
    editorial.aliases.push_back(
        {.alias = std::string(aliases_[i]), .target = std::string(targets_[i])});
  }
  for (size_t i = 0; i + 1 < groups_.first.size(); ++i)
    editorial.synonym_groups.push_back(Owned(groups_.of(i)));
  for (size_t i = 0; i < one_way_words_.size(); ++i) {
    editorial.one_way.push_back(
        {.word = std::string(one_way_words_[i]), .means = Owned(meanings_.of(i))});
  }
  for (size_t i = 0; i < defined_names_.size(); ++i) {
    editorial.defined_names.push_back(
        {.document = std::string(defined_documents_[i]), .name = std::string(defined_names_[i])});
  }
  return editorial;
}

Editorial StoredEditorial::Load() const {
  Editorial editorial = LoadWords();
  for (size_t i = 0; i < questions(); ++i) {
    editorial.questions.push_back(
        {.id = std::string(id(i)), .text = std::string(text(i)), .passages = Owned(passages(i))});
  }
  return editorial;
}

absl::Status StoredEditorial::Verify() const {
  return terms_ == nullptr ? absl::OkStatus() : terms_->Verify();
}

}  // namespace policykb
