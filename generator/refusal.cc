#include "generator/refusal.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "core/text/normalize.h"
#include "generator/citation.h"
#include "generator/grounding/quantity.h"
#include "generator/text_blocks.h"

namespace policykb {
namespace {

constexpr size_t kMaxRelated = 3;
constexpr int32_t kContactPassages = 5;

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

AnswerDecision DecideAnswer(const v1::SearchResponse& found, double refuse_below) {
  if (found.hits().empty()) return AnswerDecision::kRefuse;
  if (found.evidence().resolved_reference()) return AnswerDecision::kAnswer;
  const double answerability = found.evidence().answerability();
  if (answerability >= refuse_below) return AnswerDecision::kAnswer;
  return answerability >= kRelatedShare * refuse_below ? AnswerDecision::kMayBeRelated
                                                       : AnswerDecision::kRefuse;
}

bool IsAnsweredByRepealedText(const v1::SearchResponse& all, double refuse_below) {
  return DecideAnswer(all, refuse_below) == AnswerDecision::kAnswer &&
         all.hits(0).passage().validity().state() == v1::Validity::STATE_NO_LONGER_IN_FORCE;
}

std::optional<v1::SearchRequest> ContactRequest(const v1::SearchResponse& found,
                                                const v1::SearchRequest& request) {
  v1::SearchRequest contacts;
  contacts.set_as_of_date(request.as_of_date());
  *contacts.mutable_filter() = request.filter();
  contacts.mutable_filter()->clear_documents();
  std::set<std::string> known;
  bool chinese = true;
  for (int i = 0; i < found.hits_size() && i < static_cast<int>(kMaxRelated); ++i) {
    const v1::Passage& passage = found.hits(i).passage();
    if (passage.kind() != "guide" || !known.insert(passage.document()).second) continue;
    if (known.size() == 1) chinese = DetectLanguage(passage.text()) == Language::kChinese;
    contacts.mutable_filter()->add_documents(passage.document());
  }
  if (known.empty()) return std::nullopt;
  contacts.set_query(chinese ? "咨询电话" : "telephone number");
  contacts.set_k(kContactPassages);
  return contacts;
}

std::optional<Contact> FindContact(const v1::SearchResponse& contacts) {
  for (const v1::Hit& hit : contacts.hits()) {
    const v1::Passage& passage = hit.passage();
    const std::string text = NormalizeForMatch(passage.text());
    for (const Quantity& quantity : FindQuantities(text)) {
      if (quantity.kind != QuantityKind::kPhone) continue;
      return Contact{passage.document_title(), std::string(Slice(text, quantity.span))};
    }
  }
  return std::nullopt;
}

std::vector<std::string> TitlesOf(const std::vector<v1::Citation>& related) {
  std::vector<std::string> titles;
  for (const v1::Citation& citation : related) {
    if (std::find(titles.begin(), titles.end(), citation.document_title()) == titles.end())
      titles.push_back(citation.document_title());
  }
  return titles;
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
