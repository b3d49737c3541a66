#include "indexer/structure/provision_settings.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/provision_clauses.h"
#include "indexer/structure/visibility.h"

namespace policykb {
namespace {

using std::string_view;

// Clauses of one document that are followed; a law has one or two.
constexpr size_t kMaxClauses = 500;

// Finds provisions by address, or by how people write it.
class Addresses {
 public:
  explicit Addresses(const Document& document) {
    for (const Provision& provision : document.provisions) {
      by_address_.emplace(provision.address, &provision);
      by_label_.emplace(provision.label, &provision);
    }
  }

  // Null where there is none.
  const Provision* Find(string_view address) const {
    if (const Provision* found = Get(by_address_, address)) return found;
    const std::vector<std::string> read = ReadAddresses(address);
    if (read.size() == 1) return Get(by_address_, read[0]);
    // "di san zhang".
    const std::string label = WithoutBlanks(address);
    return label.empty() ? nullptr : Get(by_label_, label);
  }

 private:
  using Map = std::unordered_map<string_view, const Provision*>;

  static const Provision* Get(const Map& map, string_view key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : found->second;
  }

  Map by_address_;
  Map by_label_;  // the first of each label
};

// Passages that hold some of the span; they are in order of the text.
std::span<Passage> Overlapping(Span span, std::vector<Passage>& passages) {
  const auto first =
      std::lower_bound(passages.begin(), passages.end(), span.start,
                       [](const Passage& p, uint32_t start) { return p.span.end <= start; });
  auto last = first;
  while (last != passages.end() && last->span.start < span.end) ++last;
  return {first, last};
}

Validity Both(const Validity& a, const Validity& b) {
  Validity both;
  both.from = a.from && b.from ? std::max(*a.from, *b.from) : a.from ? a.from : b.from;
  both.to = a.to && b.to ? std::min(*a.to, *b.to) : a.to ? a.to : b.to;
  return both;
}

bool IsEmpty(const Validity& validity) {
  return validity.from && validity.to && *validity.to <= *validity.from;
}

absl::Status Wrong(const ProvisionSettings& settings, string_view what) {
  return absl::InvalidArgumentError(
      Cat("line ", settings.line, ": provision ", settings.address, " ", what));
}

absl::Status ApplyLabels(const ProvisionSettings& settings, const Document& document,
                         std::span<Passage> passages, std::vector<Remark>& remarks) {
  NarrowedLabels narrowed = NarrowLabels(settings.visibility, document.visibility);
  for (const std::string& label : narrowed.widened) {
    remarks.push_back({RemarkKind::kWidenedVisibility, 0,
                       Cat("provision ", settings.address, ": visibility ", label,
                           " is no label of its document, left out")});
  }
  for (Passage& passage : passages) {
    // A provision inside another one: what both allow.
    passage.visibility = passage.visibility.empty()
                             ? narrowed.labels
                             : NarrowLabels(narrowed.labels, passage.visibility).labels;
    if (passage.visibility.empty()) return Wrong(settings, "has no label that what holds it has");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyProvisionSettings(const std::vector<ProvisionSettings>& settings,
                                    const Document& document, std::vector<Passage>& passages,
                                    std::vector<Remark>& remarks) {
  if (settings.empty()) return absl::OkStatus();
  const Addresses addresses(document);
  for (const ProvisionSettings& one : settings) {
    const Provision* provision = addresses.Find(one.address);
    if (provision == nullptr) return Wrong(one, "is not in the document");
    const std::span<Passage> held = Overlapping(provision->span, passages);
    for (Passage& passage : held) {
      if (!one.validity) continue;
      passage.validity = Both(passage.validity.value_or(Validity()), *one.validity);
      if (IsEmpty(*passage.validity))
        return Wrong(one, "is never in force together with another provision of its passage");
    }
    if (!one.visibility.empty()) RETURN_IF_ERROR(ApplyLabels(one, document, held, remarks));
  }
  return absl::OkStatus();
}

void ApplyProvisionClauses(const Document& document, std::vector<Passage>& passages) {
  std::vector<std::pair<const Provision*, ProvisionClause>> found;
  for (const Provision& provision : document.provisions) {
    if (provision.level != ProvisionLevel::kArticle || found.size() >= kMaxClauses) continue;
    for (ProvisionClause& clause : FindProvisionClauses(Slice(document.text, provision.span)))
      found.emplace_back(&provision, std::move(clause));
  }
  if (found.empty()) return;
  const Addresses addresses(document);
  std::vector<bool> stated;
  stated.reserve(passages.size());
  for (const Passage& passage : passages) stated.push_back(passage.validity.has_value());
  for (const auto& [provision, clause] : found) {
    std::vector<const Provision*> meant;
    if (clause.addresses.empty()) meant.push_back(provision);
    for (const std::string& address : clause.addresses) {
      if (const Provision* other = addresses.Find(address)) meant.push_back(other);
    }
    for (const Provision* target : meant) {
      for (Passage& passage : Overlapping(target->span, passages)) {
        if (stated[static_cast<size_t>(&passage - passages.data())]) continue;
        const Validity both = Both(passage.validity.value_or(Validity()), clause.validity);
        // Two clauses that leave no day do not speak of the same text.
        if (!IsEmpty(both)) passage.validity = both;
      }
    }
  }
}

}  // namespace policykb
