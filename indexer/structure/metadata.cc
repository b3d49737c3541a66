#include "indexer/structure/metadata.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "core/base/strings.h"
#include "core/text/document_number.h"
#include "core/text/provision_reference.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"
#include "indexer/structure/clauses.h"
#include "indexer/structure/metadata_keys.h"
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

bool Has(const Document& document, string_view field) { return !OriginOf(document, field).empty(); }

string_view FileStem(string_view path) {
  const size_t slash = path.rfind('/');
  if (slash != string_view::npos) path.remove_prefix(slash + 1);
  const size_t dot = path.rfind('.');
  return dot == string_view::npos || dot == 0 ? path : path.substr(0, dot);
}

class TextReader {
 public:
  TextReader(const std::vector<HeadField>& head, const std::vector<TextLine>& lines,
             size_t header_lines, bool has_articles, const std::optional<FileNameValues>& name,
             Document& document)
      : head_(head),
        lines_(lines),
        header_lines_(header_lines),
        has_articles_(has_articles),
        name_(name),
        document_(document) {}

  std::vector<Remark> Run() {
    for (size_t i = 0; i < header_lines_; ++i) header_.push_back(Words(i));
    const Promulgation head = ReadHead();
    ReadOrder();
    ReadTitle();
    ReadSignature();
    SetText("language", document_.language, LanguageOf(document_.text));
    promulgation_ = ReadPromulgation(HeaderWithoutTitles());
    CompletePromulgation(head);
    SetText("document_number", document_.document_number, promulgation_.document_number);
    ReadIssuer();
    ReadKind();
    ReadDates();
    CompareNumbers();
    return std::move(remarks_);
  }

 private:
  string_view Words(size_t line) const { return Slice(document_.text, lines_[line].span); }

  void Set(string_view field, std::string& target, std::string value, string_view origin) {
    if (value.empty() || Has(document_, field)) return;
    target = std::move(value);
    document_.origins.emplace_back(field, origin);
  }
  void SetText(string_view field, std::string& target, std::string value) {
    Set(field, target, std::move(value), kFromText);
  }

  std::vector<string_view> HeaderWithoutTitles() const {
    // The title of the metadata may be shorter than the one above the text.
    const std::string titles =
        Cat(WithoutBlanks(document_.title), "\n",
            title_line_ < lines_.size() ? WithoutBlanks(Words(title_line_)) : "");
    std::vector<string_view> lines;
    for (size_t i = 0; i < header_lines_; ++i) {
      if (lines_[i].kind == BlockKind::kHeading || i == title_line_) continue;
      // The title once more, or a part of it set in a line of its own.
      if (header_[i].size() <= titles.size() &&
          titles.find(WithoutBlanks(header_[i])) != std::string::npos)
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

  void ReadTitle() {
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
    Set("title", document_.title,
        CleanHeading(name_ ? name_->title : FileStem(document_.source_path)), kFromPath);
  }

  void ReadIssuer() {
    std::string issuer = IssuerFromTitle(document_.title);
    if (issuer.empty()) issuer = CompleteIssuer(promulgation_.issuer, document_.title);
    SetText("issuer", document_.issuer, std::move(issuer));
    SetText("region", document_.region, RegionOfIssuer(document_.issuer));
  }

  void ReadKind() {
    Set("kind", document_.kind, KindFromPath(document_.source_path), kFromPath);
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

  void ReadDates() {
    if (promulgation_.promulgated_on) {
      if (!Has(document_, "promulgated_on")) {
        document_.promulgated_on = promulgation_.promulgated_on;
        document_.origins.emplace_back("promulgated_on", kFromText);
      } else if (ContradictsPromulgation(*document_.promulgated_on)) {
        Conflict("promulgated_on", *document_.promulgated_on, *promulgation_.promulgated_on, 0);
      }
    }
    std::optional<EffectClause> clause;
    std::optional<ExpiryClause> expiry;
    uint32_t clause_line = 0, expiry_line = 0;
    for (const string_view whole : ClosingTexts()) {
      const string_view text = whole.substr(0, kMaxClosingBytes);
      if (!clause && (clause = FindEffectClause(text))) clause_line = LineOf(text);
      if (!expiry && (expiry = FindExpiryClause(text))) expiry_line = LineOf(text);
    }
    ReadValidFrom(clause, clause_line);
    if (!expiry) return;
    if (!Has(document_, "valid_to")) {
      ReadValidTo(*expiry, expiry_line);
    } else if (expiry->end && expiry->end != document_.validity.to) {
      Conflict("valid_to", *document_.validity.to, *expiry->end, expiry_line);
    }
  }

  // A text may have been passed before it was promulgated, but not after.
  bool ContradictsPromulgation(CivilDate stated) const {
    const auto& [written, made, published, revised] =
        std::tie(promulgation_.written_on, promulgation_.promulgated_on, promulgation_.published_on,
                 promulgation_.revised_on);
    if (stated == made || stated == published || stated == revised) return false;
    return written || published || stated < *made;
  }

  // Line of the file on which a part of the text begins.
  uint32_t LineOf(string_view text) const {
    const auto start = static_cast<uint32_t>(text.data() - document_.text.data());
    const auto behind =
        std::upper_bound(lines_.begin(), lines_.end(), start,
                         [](uint32_t at, const TextLine& line) { return at < line.span.start; });
    return behind == lines_.begin() ? 0 : std::prev(behind)->source_line;
  }

  void Conflict(string_view field, CivilDate stated, CivilDate by_text, uint32_t line) {
    remarks_.push_back({RemarkKind::kMetadataConflict, line,
                        Cat(field, " is ", stated.ToString(), " by ", OriginOf(document_, field),
                            ", ", by_text.ToString(), " by the text")});
  }

  void ReadValidFrom(const std::optional<EffectClause>& clause, uint32_t line) {
    const string_view given = OriginOf(document_, "promulgated_on");
    const bool given_elsewhere = !given.empty() && given != kFromText;
    const std::optional<CivilDate> made = given_elsewhere || !promulgation_.published_on
                                              ? document_.promulgated_on
                                              : promulgation_.published_on;
    const std::optional<CivilDate> version = name_ ? name_->version : std::nullopt;
    const std::optional<CivilDate> revised = promulgation_.revised_on;
    const bool later_version = version && (!revised || *version > *revised);
    const bool amended = promulgation_.amended || (later_version && document_.promulgated_on &&
                                                   *version > *document_.promulgated_on);
    std::optional<CivilDate> from = promulgation_.effective_on;
    if (!from && clause && !clause->on_promulgation) from = clause->date;
    if (const string_view stated = OriginOf(document_, "valid_from"); !stated.empty()) {
      // The text of a revision mostly still says when the first one took effect.
      const bool earlier_is_fine = amended || stated == kFromPath;
      const CivilDate day = *document_.validity.from;
      if (from && (*from > day || (*from < day && !earlier_is_fine)))
        Conflict("valid_from", day, *from, promulgation_.effective_on ? 0 : line);
      return;
    }
    // Where nothing is said a text is at least not in force before it was made.
    if (!from) from = made;
    string_view origin = kFromText;
    if (amended || !from) {
      if (revised && (!from || *from < *revised)) from = revised;
      if (later_version && (!from || *from < *version)) {
        from = version;
        origin = kFromPath;
      }
    }
    if (!from) return;
    document_.validity.from = from;
    document_.origins.emplace_back("valid_from", origin);
  }

  void ReadValidTo(const ExpiryClause& expiry, uint32_t line) {
    std::optional<CivilDate> to = expiry.end;
    if (!to && document_.validity.from) to = AddYears(*document_.validity.from, expiry.years);
    if (!to) return;
    if (document_.validity.from && *to <= *document_.validity.from) {
      remarks_.push_back(
          {RemarkKind::kMetadataConflict, line,
           Cat("the text's end of validity ", to->ToString(), " is not after valid_from ",
               document_.validity.from->ToString(), ": left out")});
      return;
    }
    document_.validity.to = to;
    document_.origins.emplace_back("valid_to", kFromText);
  }

  void CompareNumbers() {
    const string_view origin = OriginOf(document_, "document_number");
    if (origin == kFromText || origin.empty() || promulgation_.document_number.empty()) return;
    const auto stated = FindDocumentNumbers(document_.document_number);
    if (stated.empty() || stated.front().normalized == promulgation_.document_number) return;
    remarks_.push_back({RemarkKind::kMetadataConflict, 0,
                        Cat("document_number is ", document_.document_number, " by ", origin, ", ",
                            promulgation_.document_number, " by the text")});
  }

  const std::vector<HeadField>& head_;
  const std::vector<TextLine>& lines_;
  size_t header_lines_;
  bool has_articles_;
  const std::optional<FileNameValues>& name_;
  Document& document_;
  std::vector<string_view> header_;
  size_t title_line_ = SIZE_MAX;
  Promulgation promulgation_;
  std::optional<Signature> signature_;  // the first one, the document's own
  std::vector<Remark> remarks_;
};

}  // namespace

std::string DocumentIdFromPath(string_view relative_path) {
  const size_t slash = relative_path.rfind('/');
  const size_t dot = relative_path.rfind('.');
  if (dot != string_view::npos && dot > 0 && (slash == string_view::npos || dot > slash + 1)) {
    relative_path = relative_path.substr(0, dot);
  }
  return IdFromWords(relative_path);
}

std::string IdFromWords(string_view words) {
  std::string id;
  for (size_t at = 0; at < words.size();) {
    const DecodedChar c = DecodeChar(words, at);
    const string_view rest = words.substr(at);
    const size_t blank = LeadingBlank(rest);
    if (c.code == U'/') {
      id += '.';
    } else if (blank > 0 || c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0) ||
               c.code == 0xFFFD || string_view("?#%:").find(words[at]) != string_view::npos) {
      id += '-';
    } else {
      id += rest.substr(0, c.size);
    }
    at += c.size;
  }
  return id.empty() ? "-" : id;
}

void ApplyText(const std::vector<HeadField>& head, const std::vector<TextLine>& lines,
               size_t header_lines, bool has_articles, const std::optional<FileNameValues>& name,
               Document& document, std::vector<Remark>& remarks) {
  if (document.id.empty()) {
    document.id = DocumentIdFromPath(document.source_path);
    document.origins.emplace_back("id", kFromPath);
  }
  TextReader reader(head, lines, header_lines, has_articles, name, document);
  for (Remark& remark : reader.Run()) remarks.push_back(std::move(remark));
}

}  // namespace policykb
