#include "indexer/lint.h"

#include <time.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>
#include <unordered_set>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/records.h"
#include "core/text/document_title.h"
#include "core/toml/toml.h"
#include "indexer/corpus.h"
#include "indexer/corpus_files.h"
#include "indexer/editorial_files.h"
#include "indexer/revisions.h"
#include "indexer/structure/metadata_keys.h"
#include "indexer/structure/parse_file.h"
#include "indexer/structure/sidecar.h"

namespace policykb {
namespace {

// Kinds of findings in the order of the report: what loses content, then remarks.
enum class Finding : uint8_t {
  kUnreadable,
  kCollection,
  kEditorial,
  kNoPassage,
  kBadRow,
  kIdTaken,
  kRefusedRevisions,
  kUnknownLabel,
  kEmptyPassage,
  kRevisions,
  kNumbersLeftOut,
  kNumberingGoesBack,
  kArticleTwice,
  kMetadataConflict,
  kWidenedVisibility,
  kFileName,
  kForeignFrontMatter,
  kLongPassage,
  kLongSentence,
  kPointless,
  kOtherFormat,
};

constexpr Finding kLastThatLoses = Finding::kEmptyPassage;

std::string_view TitleOf(Finding finding) {
  switch (finding) {
    case Finding::kUnreadable:
      return "files that cannot be read, or sidecars without a file";
    case Finding::kCollection:
      return "problems in collection.toml";
    case Finding::kEditorial:
      return "entries of names, synonyms or questions that cannot be used";
    case Finding::kPointless:
      return "names and questions that point to what is not there";
    case Finding::kNoPassage:
      return "documents without a passage";
    case Finding::kBadRow:
      return "rows of lists that give no document";
    case Finding::kIdTaken:
      return "ids taken twice";
    case Finding::kUnknownLabel:
      return "labels that the access configuration does not know";
    case Finding::kEmptyPassage:
      return "empty passages";
    case Finding::kRefusedRevisions:
      return "statements of revisions that end nothing";
    case Finding::kRevisions:
      return "revisions that do not fit together";
    case Finding::kNumbersLeftOut:
      return "article numbers left out";
    case Finding::kNumberingGoesBack:
      return "article numbers that go back";
    case Finding::kArticleTwice:
      return "second articles of one number";
    case Finding::kMetadataConflict:
      return "metadata that the text contradicts";
    case Finding::kWidenedVisibility:
      return "labels that the collection or document does not allow";
    case Finding::kFileName:
      return "file names that are not of their collection's form";
    case Finding::kForeignFrontMatter:
      return "front matter of another system";
    case Finding::kLongPassage:
      return "passages above the limit";
    case Finding::kLongSentence:
      return "passages that are one long sentence";
    case Finding::kOtherFormat:
      return "files of other formats";
  }
  return "";
}

Finding FindingOf(RemarkKind kind) {
  switch (kind) {
    case RemarkKind::kNumbersLeftOut:
      return Finding::kNumbersLeftOut;
    case RemarkKind::kNumberingGoesBack:
      return Finding::kNumberingGoesBack;
    case RemarkKind::kArticleTwice:
      return Finding::kArticleTwice;
    case RemarkKind::kNoPassage:
      return Finding::kNoPassage;
    case RemarkKind::kEmptyPassage:
      return Finding::kEmptyPassage;
    case RemarkKind::kLongPassage:
      return Finding::kLongPassage;
    case RemarkKind::kLongSentence:
      return Finding::kLongSentence;
    case RemarkKind::kForeignFrontMatter:
      return Finding::kForeignFrontMatter;
    case RemarkKind::kFileName:
      return Finding::kFileName;
    case RemarkKind::kMetadataConflict:
      return Finding::kMetadataConflict;
    case RemarkKind::kWidenedVisibility:
      return Finding::kWidenedVisibility;
    case RemarkKind::kBadRow:
      return Finding::kBadRow;
  }
  return Finding::kUnreadable;
}

// What is kept of a document: metadata without its text, and the labels of its provisions.
struct LintedDocument {
  Document document;
  std::vector<Remark> remarks;
  std::string id_place;
  std::vector<std::string> passages;                    // names
  std::map<std::string, std::string> provision_labels;  // label -> address of the first
};

struct LintedFile {
  absl::Status status;
  std::vector<LintedDocument> documents;
  uint64_t bytes = 0;
  double parse_seconds = 0;
};

// Of the calling thread's own work, whatever else the machine does.
double ThreadSeconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

LintedDocument Keep(ParsedDocument parsed) {
  LintedDocument kept;
  for (const Passage& passage : parsed.passages) {
    for (const std::string& label : passage.visibility)
      kept.provision_labels.emplace(label, passage.address);
  }
  kept.id_place = std::move(parsed.id_place);
  for (Passage& passage : parsed.passages) kept.passages.push_back(std::move(passage.name));
  kept.remarks = std::move(parsed.remarks);
  kept.document = std::move(parsed.document);
  kept.document.text = std::string();
  kept.document.provisions = std::vector<Provision>();
  return kept;
}

LintedFile LintFile(const std::string& corpus, const CorpusFile& file,
                    const CollectionSettings& collection) {
  LintedFile linted;
  const auto bytes = ReadWithSidecar(corpus, file);
  if (!bytes.ok()) {
    linted.status = bytes.status();
    return linted;
  }
  linted.bytes = bytes->first.size();
  const double begun = ThreadSeconds();
  absl::StatusOr<std::vector<ParsedDocument>> parsed = ParseFile({.relative_path = file.path,
                                                                  .bytes = bytes->first,
                                                                  .sidecar = bytes->second,
                                                                  .collection = &collection});
  linted.parse_seconds = ThreadSeconds() - begun;
  if (!parsed.ok()) {
    linted.status = parsed.status();
    return linted;
  }
  for (ParsedDocument& document : *parsed) linted.documents.push_back(Keep(std::move(document)));
  return linted;
}

std::vector<LintedFile> LintFiles(const LintOptions& options, const std::vector<CorpusFile>& files,
                                  const Collections& collections) {
  std::vector<LintedFile> linted(files.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next.fetch_add(1); i < files.size(); i = next.fetch_add(1))
      linted[i] = LintFile(options.corpus, files[i], collections.For(files[i].path));
  };
  std::vector<std::thread> workers;
  for (int i = 1; i < options.threads; ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  return linted;
}

class Findings {
 public:
  // `known_labels` outlives this object; nullopt: every label is.
  explicit Findings(const std::optional<std::vector<std::string>>& known_labels)
      : known_labels_(known_labels) {}

  void Add(Finding finding, std::string line) { lines_[finding].push_back(std::move(line)); }
  void AddAll(Finding finding, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) Add(finding, line);
  }

  void AddDocument(const LintedDocument& linted) {
    const std::string& path = linted.document.source_path;
    for (const Remark& remark : linted.remarks) {
      Add(FindingOf(remark.kind), remark.line == 0
                                      ? Cat(path, ": ", remark.what)
                                      : Cat(path, ":", remark.line, ": ", remark.what));
    }
    for (const std::string& label : linted.document.visibility) {
      if (!IsKnown(label)) Add(Finding::kUnknownLabel, Cat(path, ": ", label));
    }
    for (const auto& [label, address] : linted.provision_labels) {
      if (!IsKnown(label))
        Add(Finding::kUnknownLabel, Cat(path, ": provision ", address, ": ", label));
    }
  }

  std::vector<LintGroup> Groups() && {
    std::vector<LintGroup> groups;
    for (auto& [finding, lines] : lines_) {
      groups.push_back({.title = std::string(TitleOf(finding)),
                        .loses_content = finding <= kLastThatLoses,
                        .lines = std::move(lines)});
    }
    return groups;
  }

 private:
  bool IsKnown(const std::string& label) const {
    return !known_labels_ ||
           std::find(known_labels_->begin(), known_labels_->end(), label) != known_labels_->end();
  }

  std::map<Finding, std::vector<std::string>> lines_;
  const std::optional<std::vector<std::string>>& known_labels_;
};

// Documents of unique ids; the others are found twice.
std::vector<Document*> UniqueDocuments(std::vector<LintedFile>& files, Findings& findings) {
  std::map<std::string, Document*> by_id;
  std::vector<Document*> documents;
  for (LintedFile& file : files) {
    for (LintedDocument& linted : file.documents) {
      const auto [found, added] = by_id.emplace(linted.document.id, &linted.document);
      if (added) {
        documents.push_back(&linted.document);
      } else {
        findings.Add(Finding::kIdTaken,
                     Cat(linted.document.source_path, ": ",
                         IdTakenReason(linted.id_place, found->first, found->second->source_path)));
      }
    }
  }
  return documents;
}

// Names and questions that point to nothing in the corpus.
std::vector<std::string> FindPointless(const std::vector<LintedFile>& files,
                                       const EditorialFiles& editorial) {
  std::unordered_set<std::string> ids, titles, passages;
  for (const LintedFile& file : files) {
    for (const LintedDocument& linted : file.documents) {
      ids.insert(linted.document.id);
      titles.insert(ComparableTitle(linted.document.title));
      for (const std::string& name : linted.passages) {
        // A piece of a long provision, and sections that share a passage.
        const size_t address = name.rfind('/') + 1;
        passages.insert(name);
        passages.insert(name.substr(0, name.find('~', address)));
        for (const std::string_view part :
             Split(std::string_view(name).substr(address), kAddressJoin))
          passages.insert(Cat(name.substr(0, address), part));
      }
    }
  }
  return PointlessEntries(
      editorial,
      {.has_document = [&](std::string_view id) { return ids.contains(std::string(id)); },
       .has_title = [&](const std::string& title) { return titles.contains(title); },
       .has_passage = [&](std::string_view name) { return passages.contains(std::string(name)); }});
}

}  // namespace

bool LintReport::LosesContent() const {
  return std::any_of(groups.begin(), groups.end(),
                     [](const LintGroup& group) { return group.loses_content; });
}

absl::StatusOr<LintReport> LintCorpus(const LintOptions& options) {
  ASSIGN_OR_RETURN_IN(const std::vector<ListedFile> listed, ListFilesBelow(options.corpus),
                      "corpus");
  const CorpusFiles files = SortCorpusFiles(listed);
  const Collections collections = ReadCollections(options.corpus, files);
  std::vector<LintedFile> linted = LintFiles(options, files.documents, collections);
  Findings findings(options.known_labels);
  findings.AddAll(Finding::kUnreadable, files.problems);
  findings.AddAll(Finding::kCollection, collections.problems());
  findings.AddAll(Finding::kOtherFormat, files.other);
  const EditorialFiles editorial = ReadEditorialFiles(options.corpus);
  findings.AddAll(Finding::kEditorial, editorial.faults);
  if (!editorial.editorial.empty())
    findings.AddAll(Finding::kPointless, FindPointless(linted, editorial));
  LintReport report;
  for (size_t i = 0; i < linted.size(); ++i) {
    const LintedFile& file = linted[i];
    report.bytes += file.bytes;
    report.parse_seconds += file.parse_seconds;
    if (!file.status.ok()) {
      findings.Add(Finding::kUnreadable,
                   Cat(files.documents[i].path, ": ", std::string(file.status.message())));
    }
    for (const LintedDocument& document : file.documents) {
      findings.AddDocument(document);
      ++report.documents;
      report.passages += document.passages.size();
    }
  }
  const RevisionProblems revisions = LinkRevisions(UniqueDocuments(linted, findings));
  findings.AddAll(Finding::kRefusedRevisions, revisions.refused);
  findings.AddAll(Finding::kRevisions, revisions.doubts);
  report.groups = std::move(findings).Groups();
  return report;
}

std::string FormatLintReport(const LintReport& report, size_t most_lines) {
  std::string text;
  for (const LintGroup& group : report.groups) {
    text += Cat(group.loses_content ? "LOST: " : "remark: ", group.title, ": ", group.lines.size(),
                "\n");
    const size_t shown = std::min(most_lines, group.lines.size());
    for (size_t i = 0; i < shown; ++i) text += Cat("  ", group.lines[i], "\n");
    if (shown < group.lines.size()) text += Cat("  and ", group.lines.size() - shown, " more\n");
  }
  const double seconds = report.parse_seconds;
  return text + Cat("documents: ", report.documents, "\npassages: ", report.passages,
                    "\nbytes: ", report.bytes, "\nparsing: ", seconds, " s, ",
                    seconds > 0 ? static_cast<double>(report.bytes) / 1e6 / seconds : 0.0,
                    " MB/s on one thread\n");
}

absl::StatusOr<std::vector<std::string>> ReadKnownLabels(std::string_view toml) {
  ASSIGN_OR_RETURN(const TomlTable table, ParseToml(toml));
  const TomlEntry* labels = table.Find("labels");
  if (labels == nullptr)
    return absl::InvalidArgumentError("line 1: no labels; expected labels = [\"...\"]");
  ASSIGN_OR_RETURN(std::vector<std::string> known, LabelValues(ToMetadataEntry(*labels)));
  known.emplace_back(kPublicLabel);
  return known;
}

}  // namespace policykb
