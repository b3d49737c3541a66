#include "retriever/message_conversion.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr std::string_view kDocumentsPrefix = "documents/";

v1::Span ToMessage(Span span) {
  v1::Span message;
  message.set_start(span.start);
  message.set_end(span.end);
  return message;
}

v1::Validity ToMessage(const Validity& validity, CivilDate as_of) {
  v1::Validity message;
  if (validity.from && as_of < *validity.from) {
    message.set_state(v1::Validity::STATE_NOT_YET_IN_FORCE);
  } else if (validity.to && *validity.to <= as_of) {
    message.set_state(v1::Validity::STATE_NO_LONGER_IN_FORCE);
  } else {
    message.set_state(v1::Validity::STATE_IN_FORCE);
  }
  if (validity.from) message.set_valid_from(validity.from->ToString());
  if (validity.to) message.set_valid_to(validity.to->ToString());
  return message;
}

// `validity` of the document, or of a provision of it.
v1::Validity ValidityMessage(const Document& document, const Validity& validity, CivilDate as_of) {
  v1::Validity message = ToMessage(validity, as_of);
  for (const std::string& id : document.superseded_by) message.add_superseded_by(DocumentName(id));
  return message;
}

void FillExplanation(const SearchHit& hit, v1::Explanation& explanation) {
  for (const TermWeight& term : hit.terms) {
    v1::Explanation::Term& added = *explanation.add_terms();
    added.set_term(term.term);
    added.set_weight(term.weight);
  }
  for (const FeatureValue& feature : hit.features) {
    v1::Explanation::Feature& added = *explanation.add_features();
    added.set_name(feature.name);
    added.set_value(feature.value);
    added.set_weight(feature.weight);
  }
  explanation.set_lexical_rank(static_cast<int32_t>(hit.lexical_rank));
  explanation.set_dense_rank(static_cast<int32_t>(hit.dense_rank));
  explanation.set_resolved_reference(hit.resolved_reference);
  explanation.set_known_question(hit.known_question);
  for (const QuestionEvidence& question : hit.questions) {
    v1::Explanation::KnownQuestion& added = *explanation.add_questions();
    added.set_id(question.id);
    added.set_text(question.text);
    added.set_similarity(question.similarity);
  }
  if (hit.reranker_score) explanation.set_reranker_score(*hit.reranker_score);
}

absl::StatusOr<std::vector<std::string>> DocumentIds(
    const google::protobuf::RepeatedPtrField<std::string>& names, std::string_view field) {
  std::vector<std::string> ids;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(std::string id, DocumentIdFromName(name, field));
    ids.push_back(std::move(id));
  }
  return ids;
}

// `given` as a count of at least 1, or the default where it is 0. Errors: InvalidArgument.
absl::StatusOr<uint32_t> CountOf(int32_t given, uint32_t usual, std::string_view field,
                                 uint32_t most) {
  if (given < 0 || given > static_cast<int32_t>(most)) {
    return absl::InvalidArgumentError(
        Cat(field, ": ", given, ", expected 1..", most, ", or 0 for ", usual));
  }
  return given == 0 ? usual : static_cast<uint32_t>(given);
}

void AddFacet(const std::vector<FacetCount>& counts,
              google::protobuf::RepeatedPtrField<v1::FacetCount>& messages) {
  for (const FacetCount& count : counts) {
    v1::FacetCount& added = *messages.Add();
    added.set_value(count.value);
    added.set_documents(static_cast<int64_t>(count.documents));
  }
}

// The last entry of each field, which overrules those before. Labels say who else may see a text
// and are nobody's business.
void AddOrigins(const Document& document, v1::Document& message) {
  std::map<std::string_view, std::string_view> last;
  for (const auto& [field, origin] : document.origins) last[field] = origin;
  for (const auto& [field, origin] : last) {
    if (field == "visibility") continue;
    v1::MetadataOrigin& added = *message.add_origins();
    added.set_field(std::string(field));
    added.set_origin(std::string(origin));
  }
}

}  // namespace

absl::StatusOr<CivilDate> AsOfDate(const std::string& text, CivilDate today) {
  if (text.empty()) return today;
  ASSIGN_OR_RETURN_IN(const CivilDate date, CivilDate::Parse(text), "as_of_date");
  return date;
}

absl::StatusOr<std::string> DocumentIdFromName(const std::string& name, std::string_view field) {
  if (name.starts_with(kDocumentsPrefix) && name.size() > kDocumentsPrefix.size() &&
      name.find('/', kDocumentsPrefix.size()) == std::string::npos) {
    return name.substr(kDocumentsPrefix.size());
  }
  return absl::InvalidArgumentError(
      Cat(field, ": \"", name.substr(0, 200), "\" is not documents/{document}"));
}

absl::StatusOr<SearchQuery> FromMessage(const v1::SearchRequest& request, CivilDate today,
                                        const CallerLabels& labels) {
  SearchQuery query;
  query.text = request.query();
  ASSIGN_OR_RETURN(query.k, CountOf(request.k(), kDefaultHits, "k", kMaxHits));
  ASSIGN_OR_RETURN(query.as_of, AsOfDate(request.as_of_date(), today));
  const v1::SearchFilter& filter = request.filter();
  query.filter.kinds.assign(filter.kinds().begin(), filter.kinds().end());
  query.filter.regions.assign(filter.regions().begin(), filter.regions().end());
  query.filter.issuers.assign(filter.issuers().begin(), filter.issuers().end());
  ASSIGN_OR_RETURN(query.filter.documents, DocumentIds(filter.documents(), "filter.documents"));
  ASSIGN_OR_RETURN(query.filter.excluded_documents,
                   DocumentIds(filter.excluded_documents(), "filter.excluded_documents"));
  query.filter.include_not_in_force = filter.include_not_in_force();
  query.labels = labels;
  query.explain = request.explain();
  return query;
}

v1::SearchResponse ToMessage(const SearchResult& result, const SearchQuery& query) {
  v1::SearchResponse response;
  for (const SearchHit& hit : result.hits) {
    v1::Hit& added = *response.add_hits();
    *added.mutable_passage() = ToMessage(hit.passage, hit.document, query.as_of);
    added.set_score(hit.score);
    added.set_rank(response.hits_size());
    for (const Span span : hit.matched_spans) *added.add_matched_spans() = ToMessage(span);
    for (const std::string& name : hit.duplicates) added.add_duplicates(name);
    if (query.explain) FillExplanation(hit, *added.mutable_explanation());
  }
  response.set_snapshot(result.snapshot);
  response.set_as_of_date(query.as_of.ToString());
  if (query.explain) response.set_searched_passages(static_cast<int64_t>(result.searched_passages));
  v1::Evidence& evidence = *response.mutable_evidence();
  evidence.set_best_coverage(result.evidence.best_coverage);
  evidence.set_union_coverage(result.evidence.union_coverage);
  evidence.set_unknown_share(result.evidence.unknown_share);
  evidence.set_best_cosine(result.evidence.best_cosine);
  evidence.set_best_lexical(result.evidence.best_lexical);
  evidence.set_known_terms(result.evidence.known_terms);
  evidence.set_resolved_reference(result.evidence.resolved_reference);
  evidence.set_best_character_coverage(result.evidence.best_character_coverage);
  evidence.set_unknown_character_share(result.evidence.unknown_character_share);
  evidence.set_best_lexical_score(result.evidence.best_lexical_score);
  evidence.set_first_coverage(result.evidence.first_coverage);
  evidence.set_specific_coverage(result.evidence.specific_coverage);
  evidence.set_longest_stretch(result.evidence.longest_stretch);
  evidence.set_mean_cosine(result.evidence.mean_cosine);
  evidence.set_agreement(result.evidence.agreement);
  evidence.set_concentration(result.evidence.concentration);
  evidence.set_first_score(result.evidence.first_score);
  evidence.set_margin(result.evidence.margin);
  evidence.set_title_coverage(result.evidence.title_coverage);
  evidence.set_answerability(result.evidence.answerability);
  for (const Document& document : result.not_in_force) {
    v1::NotInForceMatch& added = *response.add_not_in_force();
    added.set_document(DocumentName(document.id));
    added.set_document_title(document.title);
    *added.mutable_validity() = ValidityMessage(document, document.validity, query.as_of);
  }
  if (result.reranking) {
    response.mutable_reranking()->set_applied(result.reranking->applied);
    response.mutable_reranking()->set_failure(result.reranking->failure);
  }
  response.set_dense_failure(result.dense_failure);
  return response;
}

v1::Passage ToMessage(const Passage& passage, const Document& document, CivilDate as_of) {
  v1::Passage message;
  message.set_name(passage.name);
  message.set_document(DocumentName(document.id));
  message.set_document_title(document.title);
  message.set_document_number(document.document_number);
  message.set_kind(document.kind);
  message.set_issuer(document.issuer);
  message.set_region(document.region);
  message.set_language(document.language);
  message.set_address(passage.address);
  message.set_label(passage.label);
  message.set_provision_label(passage.provision_label);
  for (const std::string& heading : passage.heading_path) message.add_heading_path(heading);
  message.set_text(passage.text);
  *message.mutable_span() = ToMessage(passage.span);
  *message.mutable_validity() = ValidityMessage(
      document,
      passage.validity ? Intersect(document.validity, *passage.validity) : document.validity,
      as_of);
  message.set_source_path(document.source_path);
  message.set_source_uri(document.source_uri);
  return message;
}

v1::Document ToMessage(const Document& document, CivilDate as_of) {
  v1::Document message;
  message.set_name(DocumentName(document.id));
  message.set_title(document.title);
  message.set_kind(document.kind);
  message.set_document_number(document.document_number);
  message.set_issuer(document.issuer);
  message.set_region(document.region);
  message.set_language(document.language);
  if (document.promulgated_on) message.set_promulgated_on(document.promulgated_on->ToString());
  *message.mutable_validity() = ValidityMessage(document, document.validity, as_of);
  for (const std::string& id : document.supersedes) message.add_supersedes(DocumentName(id));
  message.set_text(document.text);
  for (const Provision& provision : document.provisions) {
    v1::Provision& added = *message.add_provisions();
    added.set_address(provision.address);
    added.set_level(static_cast<v1::Provision::Level>(provision.level));
    added.set_label(provision.label);
    added.set_heading(provision.heading);
    added.set_parent(provision.parent);
    *added.mutable_span() = ToMessage(provision.span);
  }
  message.set_source_path(document.source_path);
  message.set_source_uri(document.source_uri);
  AddOrigins(document, message);
  return message;
}

v1::GetSnapshotResponse ToMessage(const SnapshotInfo& info) {
  v1::GetSnapshotResponse response;
  response.set_snapshot(info.id);
  response.set_published_at(info.published_at);
  response.set_documents(static_cast<int64_t>(info.documents));
  response.set_passages(static_cast<int64_t>(info.passages));
  response.set_content_digest(info.content_digest);
  response.set_embedder_fingerprint(info.embedder_fingerprint);
  response.set_analyzer_fingerprint(info.analyzer_fingerprint);
  response.set_format_version(static_cast<int32_t>(info.format_version));
  return response;
}

absl::StatusOr<DocumentListQuery> FromMessage(const v1::ListDocumentsRequest& request,
                                              CivilDate today, const CallerLabels& labels) {
  DocumentListQuery query;
  query.kinds.assign(request.kinds().begin(), request.kinds().end());
  query.regions.assign(request.regions().begin(), request.regions().end());
  query.issuers.assign(request.issuers().begin(), request.issuers().end());
  query.words = request.query();
  ASSIGN_OR_RETURN(query.as_of, AsOfDate(request.as_of_date(), today));
  query.include_not_in_force = request.include_not_in_force();
  ASSIGN_OR_RETURN(query.page_size, CountOf(request.page_size(), kDefaultPageDocuments, "page_size",
                                            kMaxPageDocuments));
  query.page_token = request.page_token();
  query.labels = labels;
  return query;
}

absl::StatusOr<SuggestionQuery> FromMessage(const v1::SuggestQuestionsRequest& request,
                                            CivilDate today, const CallerLabels& labels) {
  SuggestionQuery query;
  query.prefix = request.prefix();
  ASSIGN_OR_RETURN(query.limit,
                   CountOf(request.limit(), kDefaultSuggestions, "limit", kMaxSuggestions));
  ASSIGN_OR_RETURN(query.as_of, AsOfDate(request.as_of_date(), today));
  query.labels = labels;
  return query;
}

v1::ListDocumentsResponse ToMessage(const DocumentPage& page, CivilDate as_of) {
  v1::ListDocumentsResponse response;
  for (const ListedDocument& document : page.documents) {
    v1::DocumentSummary& added = *response.add_documents();
    added.set_name(DocumentName(document.id));
    added.set_title(document.title);
    added.set_kind(document.kind);
    added.set_document_number(document.document_number);
    added.set_issuer(document.issuer);
    added.set_region(document.region);
    *added.mutable_validity() = ToMessage(document.validity, as_of);
  }
  response.set_next_page_token(page.next_page_token);
  response.set_total_size(static_cast<int64_t>(page.total));
  AddFacet(page.kinds, *response.mutable_kinds());
  AddFacet(page.regions, *response.mutable_regions());
  AddFacet(page.issuers, *response.mutable_issuers());
  response.set_snapshot(page.snapshot);
  return response;
}

}  // namespace policykb
