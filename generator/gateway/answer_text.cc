#include "generator/gateway/answer_text.h"

#include <algorithm>

#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "generator/gateway/http_target.h"

namespace policykb {

namespace {

constexpr std::string_view kParagraph = "\n\n";

// "[12] ..." as Finish writes them.
bool IsListed(std::string_view line) {
  const size_t close = line.find(']');
  return line.starts_with('[') && close != std::string_view::npos && close > 1 &&
         line.substr(close).starts_with("] ") &&
         line.substr(1, close - 1).find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string DocumentLink(std::string_view console_url, std::string_view document) {
  if (console_url.empty()) return "";
  constexpr std::string_view kDocuments = "documents/";
  if (document.starts_with(kDocuments)) document.remove_prefix(kDocuments.size());
  return Cat(console_url, "/#/documents/", EncodeTargetPart(document));
}

std::string AnswerText::Link(const v1::Citation& citation) const {
  std::string link = DocumentLink(console_url_, citation.document());
  if (!link.empty() && citation.has_span())
    link += Cat("?span=", citation.span().start(), "-", citation.span().end());
  return link;
}

std::string AnswerText::Take(std::string added) {
  characters_ += CountChars(added);
  return added;
}

std::string AnswerText::AddSentence(const v1::AnswerSentence& sentence) {
  std::string added = Cat(sentences_ == 0 ? std::string_view() : kParagraph, sentence.text());
  for (const int number : sentence.citations()) {
    const auto cited =
        std::find_if(citations_.begin(), citations_.end(),
                     [number](const v1::Citation& one) { return one.number() == number; });
    const std::string mark = Cat("[", number, "]");
    if (cited != citations_.end()) {
      const size_t start = characters_ + CountChars(added);
      marks_.push_back({.start = start,
                        .end = start + mark.size(),
                        .title = cited->label().empty() ? cited->document_title() : cited->label(),
                        .url = Link(*cited)});
    }
    added += mark;
  }
  ++sentences_;
  return Take(std::move(added));
}

std::string AnswerText::Add(const v1::SentenceReady& ready) {
  citations_.insert(citations_.end(), ready.citations().begin(), ready.citations().end());
  return AddSentence(ready.sentence());
}

std::string AnswerText::Finish(const v1::GroundedAnswer& answer) {
  citations_.assign(answer.citations().begin(), answer.citations().end());
  std::string added;
  for (int i = sentences_; i < answer.sentences_size(); ++i)
    added += AddSentence(answer.sentences(i));
  std::string below;
  const auto add = [&below](std::string_view line) {
    if (!below.empty()) below += kParagraph;
    below += line;
  };
  if (!answer.refusal().empty()) add(answer.refusal());
  for (const v1::Notice& notice : answer.notices()) add(Cat("> ", notice.message()));
  if (form_ != CitationForm::kAnnotations) {
    // Where nothing is claimed, what may be related stands in their place.
    const auto& listed = answer.citations_size() > 0 ? answer.citations() : answer.related();
    std::string list;
    int number = 0;
    for (const v1::Citation& citation : listed) {
      ++number;
      if (!list.empty()) list += '\n';
      list += Cat("[", citation.number() > 0 ? citation.number() : number, "] ",
                  citation.label().empty() ? citation.document_title() : citation.label());
      const std::string link = Link(citation);
      if (!link.empty()) list += Cat(" ", link);
    }
    if (!list.empty()) add(list);
  }
  if (!below.empty()) {
    const bool first = sentences_ == 0;
    added += Take(Cat(first ? std::string_view() : kParagraph, below));
  }
  return added;
}

std::string_view WithoutCitationList(std::string_view text) {
  while (!text.empty()) {
    const size_t line = text.rfind('\n');
    const std::string_view last = line == std::string_view::npos ? text : text.substr(line + 1);
    if (!last.empty() && !IsListed(last) && !last.starts_with("> ")) break;
    if (line == std::string_view::npos) return "";
    text = text.substr(0, line);
  }
  return text;
}

}  // namespace policykb
