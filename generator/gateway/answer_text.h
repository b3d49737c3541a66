// AnswerText: an answer as one text for people, with the numbers of its citations.
//
// For clients that know nothing of sentences and citations but text: chat front ends, agents. Takes
// sentences as they come, and what stands below them once the answer is whole: what it says where
// nothing is claimed, notices, and, where it is wanted, the list of citations. One thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_ANSWER_TEXT_H_
#define POLICYKB_GENERATOR_GATEWAY_ANSWER_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policykb/v1/generator_service.pb.h"

namespace policykb {

enum class CitationForm {
  kList,         // numbered, at the end of the text
  kAnnotations,  // beside the text
  kBoth,
};

// A mark "[1]" of the text and what it stands for.
struct TextCitation {
  size_t start = 0;  // characters (code points) of the text
  size_t end = 0;    // one past the last
  std::string title;
  std::string url;
};

class AnswerText {
 public:
  // `console_url` is where documents are shown, "http://host:port"; empty: no links.
  AnswerText(CitationForm form, std::string console_url)
      : form_(form), console_url_(std::move(console_url)) {}

  // What the sentence adds to the text, with the citations that came with it.
  std::string Add(const v1::SentenceReady& ready);
  // What the rest of the answer adds. Last, once; sentences that were added are not added again.
  std::string Finish(const v1::GroundedAnswer& answer);

  // Of all that was added; complete behind Finish.
  const std::vector<TextCitation>& marks() const { return marks_; }

 private:
  std::string Link(const v1::Citation& citation) const;
  std::string AddSentence(const v1::AnswerSentence& sentence);
  std::string Take(std::string added);

  const CitationForm form_;
  const std::string console_url_;
  std::vector<v1::Citation> citations_;
  std::vector<TextCitation> marks_;
  size_t characters_ = 0;  // of the text so far
  int sentences_ = 0;
};

// Where the console shows a document, `documents/{document}`; empty without a console.
std::string DocumentLink(std::string_view console_url, std::string_view document);

// An earlier answer without what Finish added to it.
std::string_view WithoutCitationList(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_ANSWER_TEXT_H_
