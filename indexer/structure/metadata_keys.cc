#include "indexer/structure/metadata_keys.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxTitleBytes = 1000;
constexpr size_t kMaxValueBytes = 2000;
constexpr size_t kMaxListEntries = 256;

constexpr std::array<string_view, 13> kKeys = {
    "id",         "title",      "kind",           "document_number", "issuer",
    "region",     "language",   "promulgated_on", "valid_from",      "valid_to",
    "supersedes", "visibility", "source"};
// Keys that other systems use as well.
constexpr std::array<string_view, 3> kCommonKeys = {"title", "language", "source"};
// Keys that name one document and can be no default.
constexpr std::array<string_view, 3> kSingleKeys = {"id", "title", "supersedes"};
constexpr std::array<string_view, 6> kKinds = {"law",       "regulation", "rule",
                                               "normative", "guide",      "qa"};

template <size_t N>
bool IsOneOf(const std::array<string_view, N>& words, string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

absl::Status Wrong(const FrontMatterEntry& entry, string_view what) {
  return absl::InvalidArgumentError(Cat("line ", entry.line, ": ", entry.key, " ", what));
}

bool IsId(string_view id) {
  return !id.empty() && std::none_of(id.begin(), id.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7F' ||
           string_view("/?#%:").find(c) != string_view::npos;
  });
}

bool IsLabel(string_view label) {
  return !label.empty() && label.size() <= 64 &&
         std::all_of(label.begin(), label.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ||
                  c == '.';
         });
}

bool IsLanguage(string_view tag) {
  if (tag.size() < 2 || tag.size() > 35) return false;
  for (const string_view part : Split(tag, '-')) {
    if (part.empty() || part.size() > 8) return false;
    for (const char c : part) {
      if (std::isalnum(static_cast<unsigned char>(c)) == 0) return false;
    }
  }
  return true;
}

absl::StatusOr<std::string> Scalar(const FrontMatterEntry& entry) {
  if (entry.kind != FrontMatterEntry::Kind::kScalar) return Wrong(entry, "is no single value");
  const std::string value(StripAsciiSpace(entry.values[0]));
  if (value.size() > kMaxValueBytes)
    return Wrong(entry, Cat("has more than ", kMaxValueBytes, " bytes"));
  return value;
}

absl::StatusOr<std::vector<std::string>> List(const FrontMatterEntry& entry,
                                              bool (*is_valid)(string_view), string_view form) {
  if (entry.kind == FrontMatterEntry::Kind::kOther) return Wrong(entry, "is no list of words");
  if (entry.values.size() > kMaxListEntries) {
    return Wrong(entry, Cat("has ", entry.values.size(), " entries, at most ", kMaxListEntries));
  }
  std::vector<std::string> values;
  for (const std::string& value : entry.values) {
    const string_view word = StripAsciiSpace(value);
    if (word.empty() && entry.kind == FrontMatterEntry::Kind::kScalar) continue;
    if (!is_valid(word)) return Wrong(entry, Cat("'", word, "' is no ", form));
    if (std::find(values.begin(), values.end(), word) == values.end()) values.emplace_back(word);
  }
  return values;
}

absl::Status ApplyEntry(const FrontMatterEntry& entry, Document& document) {
  const string_view key = entry.key;
  if (key == "supersedes") {
    ASSIGN_OR_RETURN(document.supersedes, List(entry, &IsId, "document id"));
    return absl::OkStatus();
  }
  if (key == "visibility") {
    ASSIGN_OR_RETURN(document.visibility, LabelValues(entry));
    return absl::OkStatus();
  }
  if (key == "promulgated_on") {
    ASSIGN_OR_RETURN(document.promulgated_on, DateValue(entry));
    return absl::OkStatus();
  }
  if (key == "valid_from") {
    ASSIGN_OR_RETURN(document.validity.from, DateValue(entry));
    return absl::OkStatus();
  }
  if (key == "valid_to") {
    ASSIGN_OR_RETURN(document.validity.to, DateValue(entry));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(std::string value, Scalar(entry));
  if (value.find('\n') != std::string::npos) return Wrong(entry, "has more than one line");
  if (key == "id") {
    if (!IsId(value))
      return Wrong(entry, Cat("'", value, "' is empty or has white space or one of / ? # % :"));
    document.id = std::move(value);
  } else if (key == "title") {
    if (value.size() > kMaxTitleBytes)
      return Wrong(entry, Cat("has more than ", kMaxTitleBytes, " bytes"));
    document.title = std::move(value);
  } else if (key == "kind") {
    if (!IsOneOf(kKinds, value)) {
      return Wrong(entry,
                   Cat("'", value, "' is none of law, regulation, rule, normative, guide, qa"));
    }
    document.kind = std::move(value);
  } else if (key == "language") {
    if (!IsLanguage(value))
      return Wrong(entry, Cat("'", value, "' is no BCP 47 language tag such as zh or zh-Hant"));
    document.language = std::move(value);
  } else if (key == "document_number") {
    document.document_number = std::move(value);
  } else if (key == "issuer") {
    document.issuer = std::move(value);
  } else if (key == "region") {
    document.region = std::move(value);
  } else {
    document.source_uri = std::move(value);
  }
  return absl::OkStatus();
}

std::string OnlyLetters(string_view key) {
  std::string out;
  for (const char c : key) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

// True when one letter changed, added or left out makes `b` of `a`.
bool DifferInOne(string_view a, string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  const auto same =
      static_cast<size_t>(std::mismatch(b.begin(), b.end(), a.begin()).first - b.begin());
  if (a.size() == b.size()) return same < a.size() && a.substr(same + 1) == b.substr(same + 1);
  return a.size() == b.size() + 1 && a.substr(same + 1) == b.substr(same);
}

// The key of ours that another one is likely a slip for, empty when there is none.
string_view LikelyMeant(string_view key) {
  constexpr size_t kLeastLetters = 5;
  const std::string letters = OnlyLetters(key);
  for (const string_view ours : kKeys) {
    const std::string own = OnlyLetters(ours);
    if (letters == own || (own.size() >= kLeastLetters && DifferInOne(letters, own))) return ours;
  }
  return "";
}

void SetOrigin(Document& document, string_view field, string_view origin) {
  std::erase_if(document.origins, [field](const auto& known) { return known.first == field; });
  document.origins.emplace_back(field, origin);
}

void ApplyForeign(const std::vector<FrontMatterEntry>& entries, Document& document,
                  std::vector<Remark>& remarks) {
  for (const FrontMatterEntry& entry : entries) {
    const bool is_title = entry.key == "title" && entry.kind == FrontMatterEntry::Kind::kScalar;
    if (is_title && !StripAsciiSpace(entry.values[0]).empty() &&
        entry.values[0].size() <= kMaxTitleBytes) {
      document.title = ReplaceAll(StripAsciiSpace(entry.values[0]), "\n", " ");
      SetOrigin(document, "title", kFromFrontMatter);
    }
    // Another system's keys are nobody's mistake, but one that was meant for us is.
    if (IsMetadataKey(entry.key)) continue;
    if (const string_view meant = LikelyMeant(entry.key); !meant.empty()) {
      remarks.push_back({RemarkKind::kForeignFrontMatter, entry.line,
                         Cat("key '", entry.key, "' ignored, ours is '", meant, "'")});
    }
  }
}

bool IsBlank(const FrontMatterEntry& entry) {
  return entry.kind == FrontMatterEntry::Kind::kScalar && StripAsciiSpace(entry.values[0]).empty();
}

absl::Status ApplyEntries(const std::vector<FrontMatterEntry>& entries, string_view origin,
                          Document& document) {
  for (const FrontMatterEntry& entry : entries) {
    if (!IsMetadataKey(entry.key))
      return Wrong(entry, Cat("is no key; keys: ", Join({kKeys.begin(), kKeys.end()}, ", ")));
    // A key without a value says nothing.
    if (IsBlank(entry) && entry.key != "id" && entry.key != "visibility") continue;
    RETURN_IF_ERROR(ApplyEntry(entry, document));
    SetOrigin(document, entry.key, origin);
  }
  return absl::OkStatus();
}

absl::Status In(const MetadataLayer& layer, const absl::Status& status) {
  return layer.where.empty() ? status : Annotate(status, layer.where);
}

// The range of the values that won, named at the end of validity or else at its beginning.
absl::Status CheckRange(std::span<const MetadataLayer> layers, const Document& document) {
  const auto& [from, to] = document.validity;
  if (!from || !to || *to > *from) return absl::OkStatus();
  for (size_t i = layers.size(); i-- > 0;) {
    for (const FrontMatterEntry& entry : *layers[i].entries) {
      if (entry.key != "valid_to") continue;
      return In(layers[i],
                Wrong(entry, Cat(to->ToString(), " is not after valid_from ", from->ToString())));
    }
  }
  return absl::OkStatus();
}

}  // namespace

string_view OriginOf(const Document& document, string_view field) {
  for (const auto& [known, origin] : document.origins) {
    if (known == field) return origin;
  }
  return "";
}

bool IsMetadataKey(string_view key) { return IsOneOf(kKeys, key); }

bool IsForeignFrontMatter(const std::vector<FrontMatterEntry>& entries) {
  bool unknown = false;
  for (const FrontMatterEntry& entry : entries) {
    if (!IsMetadataKey(entry.key)) {
      unknown = true;
    } else if (!IsOneOf(kCommonKeys, entry.key)) {
      return false;
    }
  }
  return unknown;
}

absl::Status ApplyMetadata(std::span<const MetadataLayer> layers, Document& document,
                           std::vector<Remark>& remarks) {
  for (const MetadataLayer& layer : layers) {
    if (layer.origin == kFromFrontMatter && IsForeignFrontMatter(*layer.entries)) {
      ApplyForeign(*layer.entries, document, remarks);
    } else {
      RETURN_IF_ERROR(In(layer, ApplyEntries(*layer.entries, layer.origin, document)));
    }
  }
  return CheckRange(layers, document);
}

std::string PlaceOf(std::span<const MetadataLayer> layers, string_view key) {
  for (size_t i = layers.size(); i-- > 0;) {
    for (const FrontMatterEntry& entry : *layers[i].entries) {
      if (entry.key != key || IsBlank(entry)) continue;
      return Cat(layers[i].where, layers[i].where.empty() ? "" : ": ", "line ", entry.line);
    }
  }
  return "";
}

absl::Status CheckDefaults(const std::vector<FrontMatterEntry>& entries) {
  for (const FrontMatterEntry& entry : entries) {
    if (IsOneOf(kSingleKeys, entry.key))
      return Wrong(entry, "is of one document and no default of many");
  }
  Document scratch;
  const MetadataLayer layer{kFromCollection, "", &entries};
  std::vector<Remark> remarks;
  return ApplyMetadata({&layer, 1}, scratch, remarks);
}

absl::StatusOr<CivilDate> DateValue(const FrontMatterEntry& entry) {
  ASSIGN_OR_RETURN(const std::string value, Scalar(entry));
  const auto date = CivilDate::Parse(value);
  if (!date.ok()) return Wrong(entry, Cat("'", value, "' is no date of the form YYYY-MM-DD"));
  return *date;
}

absl::StatusOr<std::vector<std::string>> LabelValues(const FrontMatterEntry& entry) {
  ASSIGN_OR_RETURN(auto labels,
                   List(entry, &IsLabel, "visibility label of letters, digits, - _ ."));
  // An empty list would hide the text from everyone, or show it to everyone: neither is meant.
  if (labels.empty()) return Wrong(entry, "names no label, expected at least one");
  return labels;
}

}  // namespace policykb
