#include "generator/refusal.h"

#include <set>
#include <string>
#include <string_view>

#include "generator/citation.h"
#include "generator/text_blocks.h"

namespace policykb {
namespace {

constexpr size_t kMaxRelated = 3;

// First sentence of the passage that is no heading.
Span FirstSentence(std::string_view text) {
  for (const RoleSentence& sentence : FindSentenceRoles(text)) {
    if (sentence.role != SentenceRole::kHeading) return sentence.span;
  }
  return {};
}

// The title of `document` where a hit tells it, else its id.
std::string TitleOf(std::string_view document, const v1::SearchResponse& found) {
  for (const v1::Hit& hit : found.hits()) {
    if (hit.passage().document() == document) return hit.passage().document_title();
  }
  constexpr std::string_view kCollection = "documents/";
  if (document.starts_with(kCollection)) document.remove_prefix(kCollection.size());
  return std::string(document);
}

v1::Notice MakeNotice(std::string_view title, const v1::Validity& validity,
                      const v1::SearchResponse& found, Language language) {
  NotInForcePhraseParts parts{.title = title,
                              .valid_from = validity.valid_from(),
                              .valid_to = validity.valid_to(),
                              .not_yet = validity.state() == v1::Validity::STATE_NOT_YET_IN_FORCE,
                              .successors = {}};
  for (const std::string& successor : validity.superseded_by()) {
    parts.successors = JoinTitles(language, parts.successors, TitleOf(successor, found));
  }
  v1::Notice notice;
  notice.set_code(v1::Notice::CODE_NOT_IN_FORCE);
  notice.set_message(NotInForcePhrase(language, parts));
  return notice;
}

}  // namespace

bool ShouldRefuse(const v1::SearchResponse& found, double refuse_below) {
  if (found.hits().empty()) return true;
  if (found.evidence().resolved_reference()) return false;
  return !(found.evidence().answerability() >= refuse_below);
}

std::vector<v1::Citation> NearestPassages(const v1::SearchResponse& found) {
  std::vector<v1::Citation> related;
  for (const v1::Hit& hit : found.hits()) {
    if (related.size() == kMaxRelated) break;
    const Span span = FirstSentence(hit.passage().text());
    v1::Citation citation = MakeCitation(hit.passage(), span);
    citation.set_number(static_cast<int32_t>(related.size()) + 1);
    related.push_back(std::move(citation));
  }
  return related;
}

std::vector<v1::Notice> NotInForceNotices(const v1::SearchResponse& found,
                                          const std::vector<v1::Citation>& cited,
                                          Language language) {
  std::vector<v1::Notice> notices;
  std::set<std::string> told;
  for (const v1::NotInForceMatch& match : found.not_in_force()) {
    if (!told.insert(match.document()).second) continue;
    notices.push_back(MakeNotice(match.document_title(), match.validity(), found, language));
  }
  for (const v1::Citation& citation : cited) {
    const v1::Validity::State state = citation.validity().state();
    const bool outside = state == v1::Validity::STATE_NO_LONGER_IN_FORCE ||
                         state == v1::Validity::STATE_NOT_YET_IN_FORCE;
    if (!outside || !told.insert(citation.document()).second) continue;
    notices.push_back(MakeNotice(citation.document_title(), citation.validity(), found, language));
  }
  return notices;
}

}  // namespace policykb
