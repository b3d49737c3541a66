#include "generator/answer_draft.h"

#include <string>

#include "absl/time/clock.h"

namespace policykb {

AnswerDraft::AnswerDraft(const AnswerCall& call, const v1::SearchResponse& found) : call_(call) {
  answer_.set_snapshot(found.snapshot());
  answer_.set_as_of_date(found.as_of_date());
  *answer_.mutable_evidence() = found.evidence();
}

bool AnswerDraft::SendSearchDone(const v1::SearchResponse& found) {
  v1::StreamGenerateAnswerResponse event;
  event.mutable_search_done()->set_snapshot(found.snapshot());
  event.mutable_search_done()->set_as_of_date(found.as_of_date());
  event.mutable_search_done()->set_hits(found.hits_size());
  return Send(event);
}

bool AnswerDraft::AddSentence(const v1::AnswerSentence& sentence) {
  *answer_.add_sentences() = sentence;
  v1::StreamGenerateAnswerResponse event;
  *event.mutable_sentence()->mutable_sentence() = sentence;
  for (; sent_citations_ < citations_.all().size(); ++sent_citations_) {
    const v1::Citation& citation = citations_.all()[sent_citations_];
    *answer_.add_citations() = citation;
    *event.mutable_sentence()->add_citations() = citation;
  }
  return Send(event);
}

bool AnswerDraft::AddNotice(const v1::Notice& notice) {
  *answer_.add_notices() = notice;
  v1::StreamGenerateAnswerResponse event;
  *event.mutable_notice() = notice;
  return Send(event);
}

bool AnswerDraft::AddNotice(v1::Notice::Code code, std::string_view message) {
  v1::Notice notice;
  notice.set_code(code);
  notice.set_message(std::string(message));
  return AddNotice(notice);
}

bool AnswerDraft::Replay(const v1::GroundedAnswer& kept) {
  int sent = 0;
  for (const v1::AnswerSentence& sentence : kept.sentences()) {
    v1::StreamGenerateAnswerResponse event;
    *event.mutable_sentence()->mutable_sentence() = sentence;
    for (const int32_t number : sentence.citations()) {
      while (sent < number && sent < kept.citations_size())
        *event.mutable_sentence()->add_citations() = kept.citations(sent++);
    }
    if (!Send(event)) return false;
  }
  for (const v1::Notice& notice : kept.notices()) {
    v1::StreamGenerateAnswerResponse event;
    *event.mutable_notice() = notice;
    if (!Send(event)) return false;
  }
  answer_ = kept;
  return true;
}

bool AnswerDraft::SendFinal() {
  v1::StreamGenerateAnswerResponse event;
  *event.mutable_final() = answer_;
  return Send(event);
}

bool AnswerDraft::Send(const v1::StreamGenerateAnswerResponse& event) {
  if (event.has_sentence() && !first_sentence_at_) first_sentence_at_ = absl::Now();
  return !call_.on_event || call_.on_event(event);
}

}  // namespace policykb
