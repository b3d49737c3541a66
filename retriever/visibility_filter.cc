#include "retriever/visibility_filter.h"

#include <algorithm>
#include <string_view>

namespace policykb {

namespace {

bool Contains(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool Passes(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() || Contains(wanted, value);
}

bool HoldsOne(const CallerLabels& held, const std::vector<std::string>& needed) {
  return std::any_of(needed.begin(), needed.end(),
                     [&](const std::string& label) { return Contains(held, label); });
}

}  // namespace

bool IsVisible(const FilterColumns& columns, uint32_t document, const CallerLabels& labels) {
  return HoldsOne(labels, columns.labels(document));
}

bool IsPassageVisible(const FilterColumns& columns, uint32_t passage, const CallerLabels& labels) {
  const PassageException* exception = columns.FindException(passage);
  return IsVisible(columns, columns.document_of(passage), labels) &&
         (exception == nullptr || exception->labels.empty() || HoldsOne(labels, exception->labels));
}

bool IsAllowed(const FilterColumns& columns, uint32_t document, const SearchQuery& query) {
  const SearchFilter& filter = query.filter;
  return IsVisible(columns, document, query.labels) &&
         (filter.include_not_in_force || columns.validity(document).Contains(query.as_of)) &&
         Passes(filter.kinds, columns.kind(document)) &&
         Passes(filter.regions, columns.region(document)) &&
         Passes(filter.issuers, columns.issuer(document)) &&
         Passes(filter.documents, columns.id(document)) &&
         !Contains(filter.excluded_documents, columns.id(document));
}

bool IsAllowedPassage(const Segment& segment, uint32_t passage, const SearchQuery& query) {
  const FilterColumns& columns = segment.columns();
  const uint32_t document = columns.document_of(passage);
  if (!segment.IsLive(document) || !IsAllowed(columns, document, query)) return false;
  const PassageException* exception = columns.FindException(passage);
  if (exception == nullptr) return true;
  return (query.filter.include_not_in_force || exception->validity.Contains(query.as_of)) &&
         (exception->labels.empty() || HoldsOne(query.labels, exception->labels));
}

std::vector<uint64_t> AllowedPassages(const Segment& segment, const SearchQuery& query) {
  const FilterColumns& columns = segment.columns();
  std::vector<uint64_t> allowed(segment.live().size(), 0);
  for (uint32_t document = 0; document < columns.documents(); ++document) {
    if (!IsAllowed(columns, document, query)) continue;
    const auto [first, last] = columns.passages_of(document);
    for (uint32_t passage = first; passage < last; ++passage)
      allowed[passage / 64] |= uint64_t{1} << (passage % 64);
  }
  for (const PassageException& exception : columns.exceptions()) {
    const bool in_force =
        query.filter.include_not_in_force || exception.validity.Contains(query.as_of);
    const bool visible = exception.labels.empty() || HoldsOne(query.labels, exception.labels);
    if (!in_force || !visible)
      allowed[exception.passage / 64] &= ~(uint64_t{1} << (exception.passage % 64));
  }
  for (size_t i = 0; i < allowed.size(); ++i) allowed[i] &= segment.live()[i];
  return allowed;
}

}  // namespace policykb
