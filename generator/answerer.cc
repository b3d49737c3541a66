#include "generator/answerer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "generator/answer_draft.h"
#include "generator/extractive.h"
#include "generator/phrases.h"
#include "generator/prompt.h"
#include "generator/search_query.h"

namespace policykb {
namespace {

constexpr int kDefaultPassages = 10;
constexpr int kMaxPassages = 50;
constexpr int kMaxHistory = 20;
constexpr size_t kMaxTurnBytes = 64 << 10;

// Time kept back from the model for the extractive answer and the way to the caller.
absl::Duration Reserve(absl::Duration left) {
  return std::clamp(left / 10, absl::Milliseconds(20), absl::Seconds(1));
}

absl::Status Gone() { return absl::CancelledError("answer: cancelled by the caller"); }

absl::Status Late() { return absl::DeadlineExceededError("answer: not ready before the deadline"); }

// The way of one answer behind the search.
class Writer {
 public:
  Writer(const v1::AnswerSpec& spec, const AnswerCall& call, const AnswererOptions& options,
         PassageSource& source, const v1::SearchRequest& request, const v1::SearchResponse& found,
         Language language)
      : spec_(spec),
        call_(call),
        options_(options),
        source_(source),
        request_(request),
        found_(found),
        language_(language),
        draft_(call, found) {
    for (const v1::Hit& hit : found.hits()) passages_.push_back(&hit.passage());
  }

  absl::StatusOr<v1::GroundedAnswer> Run(ChatModel* model) {
    if (!draft_.SendSearchDone(found_)) return Gone();
    const AnswerDecision decision = DecideAnswer(found_, options_.refuse_below);
    if (decision != AnswerDecision::kAnswer) {
      RETURN_IF_ERROR(Refuse(decision));
      return Finish();
    }
    draft_.answer().set_status(v1::ANSWER_STATUS_ANSWERED);
    if (model == nullptr || spec_.extractive_only()) {
      draft_.answer().set_mode(v1::ANSWER_MODE_EXTRACTIVE);
      Quote();
      return Finish();
    }
    RETURN_IF_ERROR(AskModel(*model));
    return Finish();
  }

 private:
  // Nothing is claimed. Two more searches say what a caller can do next: whether there was a
  // provision once, and whom to ask.
  absl::Status Refuse(AnswerDecision decision) {
    v1::GroundedAnswer& answer = draft_.answer();
    const bool related = decision == AnswerDecision::kMayBeRelated;
    answer.set_status(related ? v1::ANSWER_STATUS_MAY_BE_RELATED : v1::ANSWER_STATUS_NO_SUPPORT);
    std::string_view phrase = related ? MayBeRelatedPhrase(language_) : NoSupportPhrase(language_);
    std::vector<v1::Citation> nearest = NearestPassages(found_);
    if (!request_.filter().include_not_in_force()) {
      v1::SearchRequest with_repealed = request_;
      with_repealed.mutable_filter()->set_include_not_in_force(true);
      ASSIGN_OR_RETURN(const v1::SearchResponse all, source_.Search(with_repealed, call_.deadline));
      if (IsAnsweredByRepealedText(all, options_.refuse_below)) {
        answer.set_status(v1::ANSWER_STATUS_NO_SUPPORT);
        phrase = RepealedOnlyPhrase(language_);
        nearest = NearestPassages(all);
        for (const v1::Notice& notice : NotInForceNotices(all, nearest, language_))
          draft_.AddNotice(notice);
      }
    }
    std::optional<Contact> contact;
    if (const auto request = ContactRequest(found_, request_)) {
      ASSIGN_OR_RETURN(const v1::SearchResponse contacts, source_.Search(*request, call_.deadline));
      contact = FindContact(contacts);
    }
    answer.set_refusal(WithNearest(language_, phrase, TitlesOf(nearest), contact));
    for (v1::Citation& citation : nearest) *answer.add_related() = std::move(citation);
    return absl::OkStatus();
  }

  // Sentences of the passages that no citation quotes yet.
  void Quote() {
    // What the question names leads whatever its score, and nothing else was asked for.
    std::vector<double> scores;
    if (!found_.evidence().resolved_reference()) {
      for (const v1::Hit& hit : found_.hits()) scores.push_back(hit.score());
    }
    const size_t near = CountNearHits(scores);
    for (const Extract& extract : ChooseExtracts(spec_.question(), passages_, near)) {
      const size_t before = draft_.citations().all().size();
      const int32_t number = draft_.citations().Add(*extract.passage, extract.span);
      if (draft_.citations().all().size() == before) continue;
      v1::AnswerSentence sentence;
      sentence.set_text(std::string(Slice(extract.passage->text(), extract.span)));
      sentence.add_citations(number);
      sentence.set_support(v1::SUPPORT_SUPPORTED);
      sentence.set_support_score(1);
      draft_.AddSentence(sentence);
    }
  }

  absl::Status AskModel(ChatModel& model) {
    const Prompt prompt = BuildPrompt(spec_, found_, language_, options_.max_passage_chars);
    passages_.resize(prompt.passages);
    Grounder grounder(options_.grounding, passages_, draft_.citations());
    ClaimSplitter splitter;
    bool gone = false;
    const auto take = [&](const std::vector<Claim>& claims) {
      for (const Claim& claim : claims) {
        const std::optional<v1::AnswerSentence> sentence = grounder.Check(claim);
        if (sentence && !draft_.AddSentence(*sentence)) gone = true;
        if (gone || absl::Now() >= call_.deadline) return false;
      }
      return true;
    };
    ChatRequest request{.messages = prompt.messages,
                        .deadline = call_.deadline - Reserve(call_.deadline - absl::Now()),
                        .cancelled = call_.cancelled};
    const absl::Time model_deadline = request.deadline;
    const absl::Status status = model.StreamChat(request, [&](std::string_view delta) {
      return absl::Now() < model_deadline && take(splitter.Add(delta));
    });
    if (gone || (call_.cancelled && call_.cancelled())) return Gone();
    // Of a reply that was cut off the last sentence may say the opposite of what was meant.
    if (status.ok()) take(splitter.Finish());
    if (gone) return Gone();

    v1::GroundedAnswer& answer = draft_.answer();
    const bool wrote = answer.sentences_size() > 0;
    answer.set_mode(wrote ? v1::ANSWER_MODE_MODEL : v1::ANSWER_MODE_EXTRACTIVE);
    if (wrote) answer.set_model(model.name());
    const bool unborne = options_.grounding != GroundingPolicy::kOff && grounder.borne() == 0;
    if (!status.ok() || !wrote || unborne) {
      draft_.AddNotice(v1::Notice::CODE_MODEL_FAILED,
                       wrote ? ModelBrokeOffPhrase(language_) : ModelFailedPhrase(language_));
      Quote();
    }
    if (wrote && grounder.dropped() > 0) {
      draft_.AddNotice(v1::Notice::CODE_SENTENCES_DROPPED, SentencesDroppedPhrase(language_));
    }
    if (grounder.moved() > 0) {
      draft_.AddNotice(v1::Notice::CODE_CITATIONS_MOVED, CitationsMovedPhrase(language_));
    }
    if (grounder.cross_language()) {
      draft_.AddNotice(v1::Notice::CODE_CROSS_LANGUAGE, CrossLanguagePhrase(language_));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<v1::GroundedAnswer> Finish() {
    if (call_.cancelled && call_.cancelled()) return Gone();
    if (absl::Now() >= call_.deadline) return Late();
    for (const v1::Notice& notice :
         NotInForceNotices(found_, draft_.citations().all(), language_)) {
      draft_.AddNotice(notice);
    }
    if (!draft_.SendFinal()) return Gone();
    return std::move(draft_.answer());
  }

  const v1::AnswerSpec& spec_;
  const AnswerCall& call_;
  const AnswererOptions& options_;
  PassageSource& source_;
  const v1::SearchRequest& request_;
  const v1::SearchResponse& found_;
  Language language_;
  AnswerDraft draft_;
  std::vector<const v1::Passage*> passages_;
};

Language AnswerLanguage(const v1::AnswerSpec& spec) {
  if (spec.language() == "zh") return Language::kChinese;
  if (spec.language() == "en") return Language::kEnglish;
  return DetectLanguage(spec.question());
}

}  // namespace

absl::Status ValidateAnswerSpec(const v1::AnswerSpec& spec) {
  if (StripAsciiSpace(spec.question()).empty()) {
    return absl::InvalidArgumentError("question: is empty");
  }
  if (spec.question().size() > kMaxQuestionBytes) {
    return absl::InvalidArgumentError(
        Cat("question: ", spec.question().size(), " bytes, at most ", kMaxQuestionBytes));
  }
  if (const size_t at = FirstInvalidUtf8(spec.question()); at != std::string::npos) {
    return absl::InvalidArgumentError(Cat("question: byte ", at, " is no UTF-8"));
  }
  if (spec.k() < 0 || spec.k() > kMaxPassages) {
    return absl::InvalidArgumentError(
        Cat("k: ", spec.k(), ", expected 1 to ", kMaxPassages, " or 0 for the default"));
  }
  if (spec.history_size() > kMaxHistory) {
    return absl::InvalidArgumentError(
        Cat("history: ", spec.history_size(), " turns, at most ", kMaxHistory));
  }
  for (const v1::Turn& turn : spec.history()) {
    for (const std::string* text : {&turn.question(), &turn.answer()}) {
      if (text->size() > kMaxTurnBytes || FirstInvalidUtf8(*text) != std::string::npos) {
        return absl::InvalidArgumentError(
            Cat("history: a turn is no UTF-8 of at most ", kMaxTurnBytes, " bytes"));
      }
    }
  }
  if (!spec.language().empty() && spec.language() != "zh" && spec.language() != "en") {
    return absl::InvalidArgumentError("language: expected zh, en or nothing");
  }
  return absl::OkStatus();
}

Answerer::Answerer(PassageSource* source, ChatModel* model, AnswererOptions options)
    : source_(source), model_(model), options_(options) {}

absl::StatusOr<v1::GroundedAnswer> Answerer::Answer(const v1::AnswerSpec& spec,
                                                    const AnswerCall& call) const {
  RETURN_IF_ERROR(ValidateAnswerSpec(spec));
  AnswerCall bounded = call;
  bounded.deadline = std::min(call.deadline, absl::Now() + options_.timeout);
  if (call.cancelled && call.cancelled()) return Gone();
  if (absl::Now() >= bounded.deadline) return Late();

  v1::SearchRequest request;
  request.set_query(SearchQuery(spec));
  request.set_k(spec.k() == 0 ? kDefaultPassages : spec.k());
  request.set_as_of_date(spec.as_of_date());
  *request.mutable_filter() = spec.filter();
  ASSIGN_OR_RETURN(const v1::SearchResponse found, source_->Search(request, bounded.deadline));
  if (call.cancelled && call.cancelled()) return Gone();
  return Writer(spec, bounded, options_, *source_, request, found, AnswerLanguage(spec))
      .Run(model_);
}

}  // namespace policykb
