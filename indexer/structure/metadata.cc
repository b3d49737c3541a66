#include "indexer/structure/metadata.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/strings.h"
#include "core/text/document_number.h"
#include "core/text/provision_reference.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"
#include "indexer/structure/clauses.h"
#include "indexer/structure/promulgation.h"
#include "indexer/structure/signature.h"
#include "indexer/structure/text_dates.h"
#include "indexer/structure/title_words.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxTitleBytes = 300;
// Articles, or lines of a text without articles, at the end in which the clause about entry into
// force is looked for.
constexpr size_t kClosingArticles = 8;
constexpr size_t kClosingLines = 12;
constexpr size_t kMaxOrderLines = 8;
// No closing article is longer; what follows one is an annex without a heading.
constexpr size_t kMaxClosingBytes = size_t{16} << 10;

bool Has(const Document& document, string_view field) {
  return std::any_of(document.origins.begin(), document.origins.end(),
                     [field](const auto& origin) { return origin.first == field; });
}

string_view FileStem(string_view path) {
  const size_t slash = path.rfind('/');
  if (slash != string_view::npos) path.remove_prefix(slash + 1);
  const size_t dot = path.rfind('.');
  return dot == string_view::npos || dot == 0 ? path : path.substr(0, dot);
}

// The date in "(2016-02-06)" at the end of a file's name: of the version it holds.
std::optional<CivilDate> VersionDate(string_view stem) {
  constexpr size_t kSize = 12;
  if (stem.size() < kSize || !stem.ends_with(')') || stem[stem.size() - kSize] != '(')
    return std::nullopt;
  const auto date = CivilDate::Parse(stem.substr(stem.size() - kSize + 1, 10));
  if (!date.ok()) return std::nullopt;
  return *date;
}

class TextReader {
 public:
  TextReader(const std::vector<HeadField>& head, const std::vector<TextLine>& lines,
             size_t header_lines, bool has_articles, Document& document)
      : head_(head),
        lines_(lines),
        header_lines_(header_lines),
        has_articles_(has_articles),
        document_(document) {}

  void Run(std::vector<std::string>& warnings) {
    const string_view stem = FileStem(document_.source_path);
    version_ = VersionDate(stem);
    for (size_t i = 0; i < header_lines_; ++i) header_.push_back(Words(i));
    const Promulgation head = ReadHead();
    ReadOrder();
    ReadTitle(stem);
    ReadSignature();
    SetText("language", document_.language, LanguageOf(document_.text));
    promulgation_ = ReadPromulgation(HeaderWithoutTitles());
    CompletePromulgation(head);
    SetText("document_number", document_.document_number, promulgation_.document_number);
    ReadIssuer();
    ReadKind();
    ReadDates(warnings);
  }

 private:
  string_view Words(size_t line) const { return Slice(document_.text, lines_[line].span); }

  void Set(string_view field, std::string& target, std::string value, string_view origin) {
    if (value.empty() || Has(document_, field)) return;
    target = std::move(value);
    document_.origins.emplace_back(field, origin);
  }
  void SetText(string_view field, std::string& target, std::string value) {
    Set(field, target, std::move(value), "text");
  }

  std::vector<string_view> HeaderWithoutTitles() const {
    const std::string title = WithoutBlanks(document_.title);
    std::vector<string_view> lines;
    for (size_t i = 0; i < header_lines_; ++i) {
      if (lines_[i].kind == BlockKind::kHeading || i == title_line_) continue;
      // The title once more, or a part of it set in a line of its own.
      if (header_[i].size() <= title.size() &&
          title.find(WithoutBlanks(header_[i])) != std::string::npos)
        continue;
      lines.push_back(header_[i]);
    }
    return lines;
  }

  // Sets the fields that the head table names; its dates count together with the text's.
  Promulgation ReadHead() {
    std::vector<std::string> lines;
    for (const HeadField& field : head_) {
      lines.push_back(Cat(field.label, ":", field.value));
      if (ReadHeaderField(lines.back()).field == HeaderField::kTitle)
        SetText("title", document_.title, CleanHeading(field.value));
    }
    Promulgation head = ReadPromulgation({lines.begin(), lines.end()});
    SetText("document_number", document_.document_number, head.document_number);
    SetText("issuer", document_.issuer, head.issuer);
    return head;
  }

  // "Order of X / No. N / <<Rules>> ... are issued": the rules are the document.
  void ReadOrder() {
    constexpr size_t kMaxOrderBytes = 90;
    constexpr string_view kOrder = "令";
    if (lines_.size() < 3 || Words(0).size() > kMaxOrderBytes) return;
    const std::string order = WithoutBlanks(Words(0));
    const auto numbers = FindDocumentNumbers(order + WithoutBlanks(Words(1).substr(0, 90)));
    if (!order.ends_with(kOrder) || numbers.empty()) return;
    for (size_t i = 2; i < std::min<size_t>(lines_.size(), kMaxOrderLines); ++i) {
      const size_t open = Words(i).find("《");
      const size_t close = Words(i).find("》");
      if (open == string_view::npos || close == string_view::npos || close < open) continue;
      SetText("title", document_.title, CleanHeading(Words(i).substr(open + 3, close - open - 3)));
      SetText("document_number", document_.document_number, numbers.front().normalized);
      SetText("issuer", document_.issuer,
              ReplaceAll(order.substr(0, order.size() - kOrder.size()), "中华人民共和国", ""));
      return;
    }
  }

  // The first signature, where the title names nobody else.
  void ReadSignature() {
    const std::vector<Signature> signatures = FindSignatures(document_.text, lines_, header_lines_);
    if (signatures.empty()) return;
    const std::string& issuer = signatures.front().issuer;
    const std::string titled = IssuerFromTitle(document_.title);
    const bool named = titled.find(issuer.substr(0, issuer.find(' '))) != std::string::npos;
    if (named || titled.empty()) signature_ = signatures.front();
  }

  // What the lines under the title do not say, the signature or the head table may.
  void CompletePromulgation(const Promulgation& head) {
    if (head.effective_on) promulgation_.effective_on = head.effective_on;
    if (head.written_on) promulgation_.promulgated_on = head.written_on;
    if (!promulgation_.promulgated_on && signature_) {
      promulgation_.promulgated_on = signature_->date;
    }
    if (!promulgation_.promulgated_on) promulgation_.promulgated_on = head.promulgated_on;
    if (promulgation_.issuer.empty() && signature_) promulgation_.issuer = signature_->issuer;
  }

  void ReadTitle(string_view stem) {
    for (size_t i = 0; i < lines_.size(); ++i) {
      const bool heading =
          lines_[i].kind == BlockKind::kHeading && (lines_[i].level == 1 || i == 0);
      const bool first_line = i < header_lines_ && !heading && !ConsumeDate(Words(i)) &&
                              ReadHeaderField(Words(i)).field == HeaderField::kNone &&
                              lines_[0].kind != BlockKind::kHeading &&
                              FindDocumentNumbers(Words(i)).empty();
      if (!heading && !first_line) continue;
      title_line_ = i;
      if (Words(i).size() <= kMaxTitleBytes)
        SetText("title", document_.title, CleanHeading(Words(i)));
      break;
    }
    if (version_) stem.remove_suffix(12);
    Set("title", document_.title, CleanHeading(stem), "path");
  }

  void ReadIssuer() {
    std::string issuer = IssuerFromTitle(document_.title);
    if (issuer.empty()) issuer = CompleteIssuer(promulgation_.issuer, document_.title);
    SetText("issuer", document_.issuer, std::move(issuer));
    SetText("region", document_.region, RegionOfIssuer(document_.issuer));
  }

  void ReadKind() {
    Set("kind", document_.kind, KindFromPath(document_.source_path), "path");
    std::string kind = KindFromTitle(document_.title, document_.issuer);
    if (kind.empty() && !has_articles_ && LooksLikeGuide()) kind = "guide";
    if (kind.empty()) kind = "rule";
    SetText("kind", document_.kind, std::move(kind));
  }

  // Sections that guides have, or an English text without articles that is divided by headings.
  bool LooksLikeGuide() const {
    size_t headings = 0;
    for (const Provision& provision : document_.provisions) {
      if (provision.level != ProvisionLevel::kTopic || provision.heading.empty()) continue;
      if (IsGuideSection(provision.heading)) return true;
      ++headings;
    }
    return headings > 0 && document_.language == "en";
  }

  // The last provisions of the text itself, last first: annexes have closing articles of their own.
  std::vector<string_view> ClosingTexts() const {
    std::vector<string_view> texts;
    if (has_articles_) {
      for (const Provision& provision : document_.provisions) {
        if (provision.address.starts_with("annex")) break;
        if (provision.level == ProvisionLevel::kArticle)
          texts.push_back(Slice(document_.text, provision.span));
      }
      std::reverse(texts.begin(), texts.end());
      texts.resize(std::min(texts.size(), kClosingArticles));
    } else {
      for (size_t i = lines_.size(); i > header_lines_ && texts.size() < kClosingLines; --i) {
        texts.push_back(Words(i - 1));
      }
    }
    return texts;
  }

  void ReadDates(std::vector<std::string>& warnings) {
    if (promulgation_.promulgated_on && !Has(document_, "promulgated_on")) {
      document_.promulgated_on = promulgation_.promulgated_on;
      document_.origins.emplace_back("promulgated_on", "text");
    }
    std::optional<EffectClause> clause;
    std::optional<ExpiryClause> expiry;
    for (const string_view whole : ClosingTexts()) {
      const string_view text = whole.substr(0, kMaxClosingBytes);
      if (!clause) clause = FindEffectClause(text);
      if (!expiry) expiry = FindExpiryClause(text);
    }
    if (!Has(document_, "valid_from")) ReadValidFrom(clause);
    if (!Has(document_, "valid_to") && expiry) ReadValidTo(*expiry, warnings);
  }

  void ReadValidFrom(const std::optional<EffectClause>& clause) {
    std::optional<CivilDate> from = promulgation_.effective_on;
    string_view origin = "text";
    const bool given = std::find(document_.origins.begin(), document_.origins.end(),
                                 std::pair<std::string, std::string>(
                                     "promulgated_on", "front_matter")) != document_.origins.end();
    const std::optional<CivilDate> made = given || !promulgation_.published_on
                                              ? document_.promulgated_on
                                              : promulgation_.published_on;
    if (!from && clause) from = clause->on_promulgation ? made : clause->date;
    // Where nothing is said a text is at least not in force before it was made.
    if (!from) from = made;
    const std::optional<CivilDate> revised = promulgation_.revised_on;
    const bool later_version = version_ && (!revised || *version_ > *revised);
    const bool amended = promulgation_.amended || (later_version && document_.promulgated_on &&
                                                   *version_ > *document_.promulgated_on);
    if (amended || !from) {
      if (revised && (!from || *from < *revised)) from = revised;
      if (later_version && (!from || *from < *version_)) {
        from = version_;
        origin = "path";
      }
    }
    if (!from) return;
    document_.validity.from = from;
    document_.origins.emplace_back("valid_from", origin);
  }

  void ReadValidTo(const ExpiryClause& expiry, std::vector<std::string>& warnings) {
    std::optional<CivilDate> to = expiry.end;
    if (!to && document_.validity.from) to = AddYears(*document_.validity.from, expiry.years);
    if (!to) return;
    if (document_.validity.from && *to <= *document_.validity.from) {
      warnings.push_back(Cat("the text's end of validity ", to->ToString(),
                             " is not after valid_from ", document_.validity.from->ToString(),
                             ": left out"));
      return;
    }
    document_.validity.to = to;
    document_.origins.emplace_back("valid_to", "text");
  }

  const std::vector<HeadField>& head_;
  const std::vector<TextLine>& lines_;
  size_t header_lines_;
  bool has_articles_;
  Document& document_;
  std::vector<string_view> header_;
  size_t title_line_ = SIZE_MAX;
  std::optional<CivilDate> version_;
  Promulgation promulgation_;
  std::optional<Signature> signature_;  // the first one, the document's own
};

}  // namespace

std::string DocumentIdFromPath(string_view relative_path) {
  const size_t slash = relative_path.rfind('/');
  const size_t dot = relative_path.rfind('.');
  if (dot != string_view::npos && dot > 0 && (slash == string_view::npos || dot > slash + 1)) {
    relative_path = relative_path.substr(0, dot);
  }
  std::string id;
  for (size_t at = 0; at < relative_path.size();) {
    const DecodedChar c = DecodeChar(relative_path, at);
    const string_view rest = relative_path.substr(at);
    const size_t blank = LeadingBlank(rest);
    if (c.code == U'/') {
      id += '.';
    } else if (blank > 0 || c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0) ||
               c.code == 0xFFFD ||
               string_view("?#%:").find(relative_path[at]) != string_view::npos) {
      id += '-';
    } else {
      id += rest.substr(0, c.size);
    }
    at += c.size;
  }
  return id.empty() ? "-" : id;
}

void ApplyText(const std::vector<HeadField>& head, const std::vector<TextLine>& lines,
               size_t header_lines, bool has_articles, Document& document,
               std::vector<std::string>& warnings) {
  if (document.id.empty()) {
    document.id = DocumentIdFromPath(document.source_path);
    document.origins.emplace_back("id", "path");
  }
  TextReader(head, lines, header_lines, has_articles, document).Run(warnings);
}

}  // namespace policykb
