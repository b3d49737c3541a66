#include "indexer/structure/provision_clauses.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "core/base/strings.h"
#include "core/text/provision_reference.h"
#include "indexer/readers/characters.h"
#include "indexer/structure/clauses.h"

namespace policykb {
namespace {

using std::string_view;

// As string_view::find, which looks for the first byte alone: that is the same for thousands of Han
// characters.
size_t FindWord(string_view text, string_view word, size_t from) {
  const void* found = ::memmem(text.data() + from, text.size() - from, word.data(), word.size());
  return found == nullptr ? string_view::npos
                          : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

// A longer range is no list of exceptions.
constexpr int64_t kMaxRange = 200;

enum class Between { kNothing, kList, kRange, kOther };

Between ReadBetween(string_view words) {
  words = StripBlanks(words);
  if (words.empty()) return Between::kNothing;
  if (words == "至" || words == "到") return Between::kRange;
  for (const string_view word : {"、", "和", "及", "与", "以及", "，"}) {
    if (words == word) return Between::kList;
  }
  return Between::kOther;
}

std::string AddressOf(const ProvisionReference& place) {
  std::string address = ArticleAddress(*place.article);
  // An item without a paragraph is one of the first.
  if (place.paragraph || place.item) address += Cat(".para", place.paragraph.value_or(1));
  if (place.item) address += Cat(".item", *place.item);
  return address;
}

bool IsWholeArticle(const ProvisionReference& place) {
  return !place.paragraph && !place.item && place.article->suffix == 0;
}

// What a subject speaks of: its words behind the last comma, without what only leads there.
string_view WithoutLead(string_view subject) {
  const string_view comma = "，";
  const size_t last = subject.rfind(comma);
  // "qi zhong, di shi er tiao"; a list has no commas in law texts.
  if (last != string_view::npos) subject.remove_prefix(last + comma.size());
  for (const string_view lead : {"但", "其中", "但是"}) {
    if (subject.starts_with(lead)) subject.remove_prefix(lead.size());
  }
  ConsumeOwnName(subject);
  for (const string_view tail : {"规定", "的", "之"}) {
    if (subject.ends_with(tail)) subject.remove_suffix(tail.size());
  }
  return StripBlanks(subject);
}

// The clause with the validity given, when its subject names provisions of this text.
std::optional<ProvisionClause> ClauseOf(string_view subject, Validity validity) {
  subject = WithoutLead(subject);
  ProvisionClause clause{.addresses = {}, .validity = validity};
  if (subject == "本条") return clause;
  clause.addresses = ReadAddresses(subject);
  if (clause.addresses.empty()) return std::nullopt;
  return clause;
}

}  // namespace

std::vector<std::string> ReadAddresses(string_view words) {
  std::vector<std::string> addresses;
  size_t at = 0;
  std::optional<int64_t> range_from;
  for (const ProvisionReference& place : FindProvisionReferences(words)) {
    if (!place.title.empty() || !place.article || place.span.start < at) return {};
    const Between between = ReadBetween(words.substr(at, place.span.start - at));
    const bool first = addresses.empty();
    if (first ? between != Between::kNothing
              : between != Between::kList && between != Between::kRange) {
      return {};
    }
    if (between == Between::kRange) {
      if (!range_from || !IsWholeArticle(place) || place.article->number <= *range_from ||
          place.article->number - *range_from > kMaxRange) {
        return {};
      }
      for (int64_t number = *range_from + 1; number < place.article->number; ++number)
        addresses.push_back(ArticleAddress({number, 0}));
    }
    addresses.push_back(AddressOf(place));
    range_from = IsWholeArticle(place) ? std::optional(place.article->number) : std::nullopt;
    at = place.span.end;
  }
  return StripBlanks(words.substr(at)).empty() ? addresses : std::vector<std::string>();
}

bool NamesProvisions(string_view subject) {
  subject = WithoutLead(subject);
  return subject == "本条" || !ReadAddresses(subject).empty();
}

std::vector<ProvisionClause> FindProvisionClauses(string_view text) {
  std::vector<ProvisionClause> clauses;
  const string_view from = "自";
  for (size_t at = FindWord(text, from, 0); at != string_view::npos;
       at = FindWord(text, from, at + from.size())) {
    const auto effect = ReadEffectClause(text.substr(at + from.size()));
    if (!effect || !effect->date) continue;
    if (auto clause = ClauseOf(SubjectBefore(text, at), {effect->date, std::nullopt}))
      clauses.push_back(*std::move(clause));
  }
  for (size_t at = FindWord(text, kTermOfValidity, 0); at != string_view::npos;
       at = FindWord(text, kTermOfValidity, at + kTermOfValidity.size())) {
    const auto expiry = ReadExpiryClause(text.substr(at + kTermOfValidity.size()));
    if (!expiry || !expiry->end) continue;
    if (auto clause = ClauseOf(SubjectBefore(text, at), {std::nullopt, expiry->end}))
      clauses.push_back(*std::move(clause));
  }
  return clauses;
}

}  // namespace policykb
