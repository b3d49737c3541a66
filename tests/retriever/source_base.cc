#include "tests/retriever/source_base.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/corpus_embedder.h"
#include "core/snapshot/publish.h"
#include "core/text/analyzer.h"
#include "tests/testing/sample_records.h"

namespace policykb {

namespace {

const std::vector<std::string> kWords = {"养犬", "登记", "费用", "罚款",   "通水", "报装",
                                         "停车", "暗号", "青蛙", "permit", "fee",  "三十日"};
// Some end in others, and two are equal.
const std::vector<std::string> kTitles = {"养犬管理办法", "甲县养犬管理办法", "养犬管理办法",
                                          "用水管理条例", "甲县用水管理条例", "停车收费办法"};
const std::vector<std::string> kNumbers = {"", "甲政发〔2023〕12号", "乙政发〔2020〕7号"};
const std::vector<std::string> kKinds = {"law", "regulation", "rule", "guide"};
const std::vector<std::string> kRegions = {"", "甲县", "乙县"};
const std::vector<std::string> kIssuers = {"甲县人民政府", "乙县水务局"};
const std::vector<std::string> kLabels = {kPublicLabel, "staff", "desk"};
constexpr int32_t kFirstDay = 19000;
constexpr uint64_t kDays = 12;
constexpr uint64_t kMostDocuments = 9;

using Random = std::mt19937_64;

uint64_t Below(Random& random, uint64_t n) { return random() % n; }
bool OneIn(Random& random, uint64_t n) { return Below(random, n) == 0; }

const std::string& AnyOf(Random& random, const std::vector<std::string>& values) {
  return values[Below(random, values.size())];
}

CivilDate AnyDay(Random& random) {
  return CivilDate(kFirstDay + static_cast<int32_t>(Below(random, kDays)));
}

Validity AnyValidity(Random& random) {
  Validity validity;
  if (OneIn(random, 2)) validity.from = AnyDay(random);
  if (OneIn(random, 2)) validity.to = AnyDay(random);
  return validity;
}

// May be none.
std::vector<std::string> AnyLabels(Random& random) {
  std::vector<std::string> labels;
  for (const std::string& label : kLabels) {
    if (OneIn(random, 2)) labels.push_back(label);
  }
  return labels;
}

std::string AnyText(Random& random) {
  std::string text = AnyOf(random, kWords);
  for (uint64_t more = Below(random, 5); more > 0; --more)
    text += (OneIn(random, 2) ? "，" : "") + AnyOf(random, kWords);
  return text + "。";
}

void SetMetadata(Random& random, Document& document) {
  document.kind = AnyOf(random, kKinds);
  document.region = AnyOf(random, kRegions);
  document.issuer = AnyOf(random, kIssuers);
  document.document_number = AnyOf(random, kNumbers);
  document.validity = OneIn(random, 2) ? Validity() : AnyValidity(random);
  document.visibility = {kPublicLabel};
  if (OneIn(random, 2)) document.visibility = AnyLabels(random);
}

SourceDocument AnyDocument(Random& random, const std::string& id) {
  std::vector<std::string> articles;
  for (uint64_t more = 1 + Below(random, 4); more > 0; --more) articles.push_back(AnyText(random));
  SourceDocument source;
  std::tie(source.document, source.passages) =
      SampleRegulation(id, AnyOf(random, kTitles), articles);
  SetMetadata(random, source.document);
  for (Passage& passage : source.passages) {
    if (OneIn(random, 5)) passage.validity = AnyValidity(random);
    if (OneIn(random, 5)) passage.visibility = AnyLabels(random);
  }
  if (OneIn(random, 5)) {
    source.written = source.document;
    SetMetadata(random, *source.written);
  }
  return source;
}

bool Holds(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool HoldsOne(const CallerLabels& held, const std::vector<std::string>& needed) {
  return std::any_of(needed.begin(), needed.end(),
                     [&](const std::string& label) { return Holds(held, label); });
}

bool InForce(const Validity& validity, CivilDate day) {
  return !(validity.from && day < *validity.from) && !(validity.to && *validity.to <= day);
}

}  // namespace

SourceBase RandomSourceBase(Random& random) {
  SourceBase base;
  const uint64_t segments = 1 + Below(random, 3);
  const uint64_t documents = 2 + Below(random, kMostDocuments - 1);
  for (uint64_t i = 0; i < documents; ++i) {
    SourceDocument source = AnyDocument(random, Cat("d", i));
    source.segment = Below(random, segments);
    // An older text of it in another segment, or nothing but that.
    if (segments > 1 && OneIn(random, 3)) {
      SourceDocument dead = AnyDocument(random, source.document.id);
      dead.segment = (source.segment + 1) % segments;
      dead.live = false;
      base.documents.push_back(std::move(dead));
      if (i > 1 && OneIn(random, 3)) continue;
    }
    base.documents.push_back(std::move(source));
  }
  return base;
}

SearchQuery RandomQuery(Random& random) {
  SearchQuery query;
  query.k = kMaxHits;
  query.as_of = AnyDay(random);
  query.labels = AnyLabels(random);
  query.text = AnyOf(random, kWords);
  for (uint64_t more = Below(random, 3); more > 0; --more) query.text += AnyOf(random, kWords);
  if (OneIn(random, 6)) query.text = Cat(AnyOf(random, kTitles), "第二条");
  if (OneIn(random, 12)) query.text = AnyOf(random, kTitles) + AnyOf(random, kWords);
  if (OneIn(random, 12)) query.text = kNumbers[1 + Below(random, 2)];
  if (OneIn(random, 20)) query.text = "xylophone";
  SearchFilter& filter = query.filter;
  filter.include_not_in_force = OneIn(random, 4);
  if (OneIn(random, 6)) filter.kinds = {AnyOf(random, kKinds), AnyOf(random, kKinds)};
  if (OneIn(random, 8)) filter.regions = {AnyOf(random, kRegions)};
  if (OneIn(random, 8)) filter.issuers = {AnyOf(random, kIssuers)};
  if (OneIn(random, 8)) {
    filter.documents = {Cat("d", Below(random, kMostDocuments)),
                        Cat("d", Below(random, kMostDocuments))};
  }
  if (OneIn(random, 8)) filter.excluded_documents = {Cat("d", Below(random, kMostDocuments))};
  return query;
}

bool MaySee(const SourceDocument& source, const Passage& passage, const CallerLabels& labels) {
  return source.live && HoldsOne(labels, source.document.visibility) &&
         (passage.visibility.empty() || HoldsOne(labels, passage.visibility));
}

bool MayFind(const SourceDocument& source, const Passage& passage, const SearchQuery& query) {
  const Document& document = source.document;
  const SearchFilter& filter = query.filter;
  if (!MaySee(source, passage, query.labels)) return false;
  const bool in_force = InForce(document.validity, query.as_of) &&
                        (!passage.validity || InForce(*passage.validity, query.as_of));
  return (in_force || filter.include_not_in_force) &&
         (filter.kinds.empty() || Holds(filter.kinds, document.kind)) &&
         (filter.regions.empty() || Holds(filter.regions, document.region)) &&
         (filter.issuers.empty() || Holds(filter.issuers, document.issuer)) &&
         (filter.documents.empty() || Holds(filter.documents, document.id)) &&
         !Holds(filter.excluded_documents, document.id);
}

bool SharesTerm(const Passage& passage, const std::string& query) {
  std::set<std::string> held;
  for (const Term& term : Analyze(EmbeddingText(passage))) held.insert(term.text);
  const std::vector<Term> asked = Analyze(query);
  return std::any_of(asked.begin(), asked.end(),
                     [&](const Term& term) { return held.contains(term.text); });
}

SourceBaseWriter::SourceBaseWriter() {
  std::vector<std::string> texts;
  for (const std::string& title : kTitles) {
    for (const std::string& word : kWords) texts.push_back(Cat(title, "\n", word, "\n", word));
  }
  std::vector<TrainingPassage> passages;
  for (const std::string& text : texts) passages.push_back({.context = "", .text = text});
  EXPECT_TRUE(MakeFolders(folder_ / "embedder").ok());
  absl::Status trained = TrainCorpusEmbedder(passages, {.dimension = 64, .vocabulary = 60},
                                             folder_ / "embedder", nullptr);
  EXPECT_TRUE(trained.ok()) << trained;
  absl::StatusOr<std::unique_ptr<Embedder>> embedder = OpenCorpusEmbedder(folder_ / "embedder");
  EXPECT_TRUE(embedder.ok()) << embedder.status();
  if (embedder.ok()) embedder_ = *std::move(embedder);
}

std::shared_ptr<const LocalSearcher> SourceBaseWriter::Write(const SourceBase& base) {
  const std::string kb = folder_ / Cat("kb", ++written_);
  absl::StatusOr<std::shared_ptr<const Snapshot>> snapshot = WriteTo(base, kb);
  EXPECT_TRUE(snapshot.ok()) << snapshot.status();
  return snapshot.ok() ? std::make_shared<const LocalSearcher>(*snapshot) : nullptr;
}

absl::StatusOr<std::shared_ptr<const Snapshot>> SourceBaseWriter::WriteTo(
    const SourceBase& base, const std::string& kb) const {
  std::vector<const SourceDocument*> sources;
  size_t segments = 0;
  for (const SourceDocument& source : base.documents) {
    sources.push_back(&source);
    segments = std::max(segments, source.segment + 1);
  }
  std::sort(sources.begin(), sources.end(),
            [](const auto* a, const auto* b) { return a->document.id < b->document.id; });
  // The same for all bases: lengths are a matter of the build, not of who sees what.
  const FieldLengths lengths = {.passages = {20, 10, 5}, .documents = {60}};
  Manifest manifest;
  manifest.published_at = "2026-01-01T00:00:00Z";
  manifest.analyzer_fingerprint = AnalyzerFingerprint();
  manifest.embedder_fingerprint = embedder_->fingerprint();
  manifest.dimension = static_cast<uint32_t>(embedder_->dimension());
  manifest.passage_field_lengths = lengths.passages;
  manifest.document_field_lengths = lengths.documents;
  ASSIGN_OR_RETURN(const auto writer, SnapshotWriter::Begin(kb, "one", ""));
  for (size_t s = 0; s < segments; ++s) {
    SegmentWriter segment(embedder_->dimension());
    std::vector<uint32_t> dead;
    std::vector<DocumentOverlay> overlays;
    uint32_t ordinal = 0;
    for (const SourceDocument* source : sources) {
      if (source->segment != s) continue;
      CodedVectors vectors(static_cast<size_t>(embedder_->dimension()));
      for (const Passage& passage : source->passages) {
        const std::string text = EmbeddingText(passage);
        const std::string_view view = text;
        ASSIGN_OR_RETURN(const std::vector<float> vector, embedder_->EmbedPassages({&view, 1}));
        RETURN_IF_ERROR(vectors.Append(vector));
      }
      segment.Add(source->written.value_or(source->document), source->passages, vectors);
      if (source->written) overlays.push_back(OverlayFor(ordinal, source->document));
      if (source->live) {
        RETURN_IF_ERROR(writer->records().Write(source->document, source->passages));
        ++manifest.documents;
        manifest.passages += source->passages.size();
      } else {
        dead.push_back(ordinal);
      }
      ++ordinal;
    }
    if (ordinal == dead.size()) continue;
    ASSIGN_OR_RETURN(SegmentEntry entry, segment.Finish(kb, Cat("one-s", s), lengths, {}));
    entry.dead_documents = std::move(dead);
    entry.overlays = std::move(overlays);
    manifest.segments.push_back(std::move(entry));
  }
  RETURN_IF_ERROR(writer->Finish(manifest, folder_ / "embedder"));
  RETURN_IF_ERROR(MakeLive(kb, "one"));
  return Snapshot::OpenCurrent(kb);
}

}  // namespace policykb
