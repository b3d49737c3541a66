#include "tools/snapshot_diff.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/record_codec.h"
#include "core/snapshot/record_store.h"
#include "tools/topics.h"

namespace policykb {

namespace {

std::string Day(const std::optional<CivilDate>& day) { return day ? day->ToString() : ""; }

using Fields = std::vector<std::pair<std::string_view, std::string>>;

Fields FieldsOf(const Document& document) {
  return {{"title", document.title},
          {"kind", document.kind},
          {"document_number", document.document_number},
          {"issuer", document.issuer},
          {"region", document.region},
          {"language", document.language},
          {"promulgated_on", Day(document.promulgated_on)},
          {"valid_from", Day(document.validity.from)},
          {"valid_to", Day(document.validity.to)},
          {"supersedes", Join(document.supersedes, ", ")},
          {"superseded_by", Join(document.superseded_by, ", ")},
          {"visibility", Join(document.visibility, ", ")},
          {"source", document.source_uri},
          {"file", document.source_path}};
}

// Pieces of one provision.
struct Article {
  std::string label;
  std::string text;
  Fields fields;
};

std::vector<FieldChange> CompareFields(const Fields& older, const Fields& newer) {
  std::vector<FieldChange> changes;
  for (size_t i = 0; i < newer.size(); ++i) {
    if (older[i].second == newer[i].second) continue;
    changes.push_back(
        {.field = std::string(newer[i].first), .older = older[i].second, .newer = newer[i].second});
  }
  return changes;
}

Fields FieldsOf(const Passage& passage) {
  const Validity validity = passage.validity.value_or(Validity());
  return {{"valid_from", Day(validity.from)},
          {"valid_to", Day(validity.to)},
          {"visibility", Join(passage.visibility, ", ")}};
}

// Articles by name, and their names in the order of the text.
struct Articles {
  std::map<std::string, Article> by_name;
  std::vector<std::string> order;
};

absl::StatusOr<Articles> ArticlesOf(const RecordStore& records, const std::string& id) {
  ASSIGN_OR_RETURN(const std::vector<Passage> passages, records.PassagesOf(id));
  Articles articles;
  for (const Passage& passage : passages) {
    std::string name = ProvisionUnit(passage.name);
    const auto [found, added] = articles.by_name.try_emplace(
        name, Article{.label = passage.label, .text = "", .fields = FieldsOf(passage)});
    if (added) articles.order.push_back(std::move(name));
    std::string& text = found->second.text;
    text += Cat(text.empty() ? "" : "\n", passage.text);
  }
  return articles;
}

absl::StatusOr<std::vector<ArticleChange>> CompareArticles(const RecordStore& older,
                                                           const RecordStore& newer,
                                                           const std::string& id) {
  ASSIGN_OR_RETURN(Articles before, ArticlesOf(older, id));
  ASSIGN_OR_RETURN(const Articles after, ArticlesOf(newer, id));
  std::vector<ArticleChange> changes;
  for (const std::string& name : after.order) {
    const Article& article = after.by_name.at(name);
    const auto known = before.by_name.find(name);
    if (known == before.by_name.end()) {
      changes.push_back(
          {.name = name, .label = article.label, .older = "", .newer = article.text, .fields = {}});
      continue;
    }
    std::vector<FieldChange> fields = CompareFields(known->second.fields, article.fields);
    if (known->second.text == article.text && fields.empty()) continue;
    changes.push_back({.name = name,
                       .label = article.label,
                       .older = std::move(known->second.text),
                       .newer = article.text,
                       .fields = std::move(fields)});
  }
  for (const std::string& name : before.order) {
    if (after.by_name.contains(name)) continue;
    const Article& article = before.by_name.at(name);
    changes.push_back(
        {.name = name, .label = article.label, .older = article.text, .newer = "", .fields = {}});
  }
  return changes;
}

absl::StatusOr<std::unique_ptr<RecordStore>> OpenRecords(const std::string& kb,
                                                         const std::string& id) {
  RETURN_IF_ERROR(ReadManifest(kb, id, "").status());
  const std::string folder = JoinPath(JoinPath(kb, kSnapshotsFolder), id);
  return RecordStore::OpenReadOnly(JoinPath(folder, kRecordsFolder));
}

}  // namespace

absl::StatusOr<SnapshotDiff> DiffSnapshots(const std::string& kb, const std::string& from,
                                           const std::string& to) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RecordStore> older, OpenRecords(kb, from));
  ASSIGN_OR_RETURN(const std::unique_ptr<RecordStore> newer, OpenRecords(kb, to));
  SnapshotDiff diff;
  diff.from = from;
  diff.to = to;
  std::map<std::string, StoredDocument> before;
  RETURN_IF_ERROR(older->ForEachDocument([&](const StoredDocument& stored) {
    before.emplace(stored.document.id, stored);
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(newer->ForEachDocument([&](const StoredDocument& stored) -> absl::Status {
    const Document& document = stored.document;
    const auto known = before.find(document.id);
    if (known == before.end()) {
      diff.added.push_back({.id = document.id, .title = document.title});
      return absl::OkStatus();
    }
    DocumentChange change{
        .id = document.id,
        .title = document.title,
        .fields = CompareFields(FieldsOf(known->second.document), FieldsOf(document)),
        .articles = {}};
    const bool same_text = known->second.text_digest == stored.text_digest;
    if (!same_text) {
      ASSIGN_OR_RETURN(change.articles, CompareArticles(*older, *newer, document.id));
    }
    if (!same_text || !change.fields.empty()) diff.changed.push_back(std::move(change));
    before.erase(known);
    return absl::OkStatus();
  }));
  for (const auto& [id, stored] : before)
    diff.withdrawn.push_back({.id = id, .title = stored.document.title});
  return diff;
}

}  // namespace policykb
