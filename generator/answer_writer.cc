#include "generator/answer_writer.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "core/text/answer_kind.h"
#include "generator/asked_quantity.h"
#include "generator/extractive.h"

namespace policykb {

namespace {

// Prompts ask for eight sentences; a model that writes so many, or says again and again what it
// said before, does not come to an end.
constexpr int kMaxClaims = 100;
constexpr int kMaxRepeated = 10;

// What the question names leads whatever its score, and nothing else was asked for.
size_t NearHitsOf(const v1::SearchResponse& found) {
  std::vector<double> scores;
  if (!found.evidence().resolved_reference()) {
    for (const v1::Hit& hit : found.hits()) scores.push_back(hit.score());
  }
  return CountNearHits(scores);
}

// What else than the quantity the question wants to hear.
bool AsksForMore(const std::string& question, AskedQuantity asked) {
  const AnswerKinds own = asked == AskedQuantity::kMoney ? kAnswersMoney : kAnswersTime;
  return (AskedKinds(question) & ~own) != 0;
}

// A question for a period or a sum in so many words, and for nothing else, is not answered by text
// without one, however near to it that is.
AnswerDecision Decide(const std::string& question, const v1::SearchResponse& found,
                      double refuse_below) {
  const AnswerDecision decision = DecideAnswer(found, refuse_below);
  const AskedQuantity asked = FindPlainlyAskedQuantity(question);
  if (decision != AnswerDecision::kAnswer || asked == AskedQuantity::kNone ||
      found.evidence().resolved_reference() || AsksForMore(question, asked)) {
    return decision;
  }
  std::vector<const v1::Passage*> passages;
  for (const v1::Hit& hit : found.hits()) passages.push_back(&hit.passage());
  const std::vector<Extract> extracts = ChooseExtracts(question, passages, NearHitsOf(found));
  const bool answers = std::any_of(extracts.begin(), extracts.end(), [&](const Extract& extract) {
    return MayAnswer(Slice(extract.passage->text(), extract.span), asked);
  });
  return answers ? decision : AnswerDecision::kMayBeRelated;
}

}  // namespace

absl::Status AnswerCancelled() { return absl::CancelledError("answer: cancelled by the caller"); }

absl::Status AnswerLate() {
  return absl::DeadlineExceededError("answer: not ready before the deadline");
}

AnswerWriter::AnswerWriter(const v1::AnswerSpec& spec, const AnswerCall& call,
                           const AnswererOptions& options, const v1::SearchResponse& found,
                           Language language)
    : spec_(spec),
      call_(call),
      options_(options),
      found_(found),
      language_(language),
      decision_(Decide(spec.question(), found, options.refuse_below)),
      draft_(call, found) {
  for (const v1::Hit& hit : found.hits()) passages_.push_back(&hit.passage());
}

bool AnswerWriter::SendSearchDone() { return draft_.SendSearchDone(found_); }

void AnswerWriter::Refuse(const NextSteps& next) {
  v1::GroundedAnswer& answer = draft_.answer();
  const bool related = decision_ != AnswerDecision::kRefuse && !next.repealed;
  answer.set_status(related ? v1::ANSWER_STATUS_MAY_BE_RELATED : v1::ANSWER_STATUS_NO_SUPPORT);
  std::string_view phrase = related ? MayBeRelatedPhrase(language_) : NoSupportPhrase(language_);
  std::vector<v1::Citation> nearest = NearestPassages(next.repealed ? *next.repealed : found_);
  if (next.repealed) {
    phrase = RepealedOnlyPhrase(language_);
    for (const v1::Notice& notice : NotInForceNotices(*next.repealed, nearest, language_))
      draft_.AddNotice(notice);
  }
  answer.set_refusal(WithNearest(language_, phrase, TitlesOf(nearest), next.contact));
  for (v1::Citation& citation : nearest) *answer.add_related() = std::move(citation);
}

void AnswerWriter::Quote() {
  draft_.answer().set_status(v1::ANSWER_STATUS_ANSWERED);
  draft_.answer().set_mode(v1::ANSWER_MODE_EXTRACTIVE);
  QuotePassages();
}

// Sentences of the passages that no citation quotes yet.
void AnswerWriter::QuotePassages() {
  for (const Extract& extract : ChooseExtracts(spec_.question(), passages_, NearHitsOf(found_))) {
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

void AnswerWriter::BeginModel(size_t passages) {
  draft_.answer().set_status(v1::ANSWER_STATUS_ANSWERED);
  passages_.resize(passages);
  grounder_.emplace(options_.grounding, passages_, draft_.citations());
}

bool AnswerWriter::TakeModelText(std::string_view text) { return TakeClaims(splitter_.Add(text)); }

bool AnswerWriter::TakeClaims(const std::vector<Claim>& claims) {
  for (const Claim& claim : claims) {
    if (claim.text.find(kNothingApplies) != std::string::npos) {
      nothing_applies_ = true;
      continue;
    }
    if (said_.contains(claim.text)) {
      if (++repeated_ > kMaxRepeated) return false;
      continue;
    }
    const std::optional<v1::AnswerSentence> sentence = grounder_->Check(claim);
    if (sentence) {
      said_.insert(claim.text);
      if (!draft_.AddSentence(*sentence)) gone_ = true;
    }
    if (++claims_ >= kMaxClaims) return false;
    if (gone_ || absl::Now() >= call_.deadline) return false;
  }
  return true;
}

void AnswerWriter::EndModel(const ChatOutcome& outcome, const std::string& name) {
  const absl::Status& status = outcome.status;
  // Of a reply that was cut off the last sentence may say the opposite of what was meant.
  if (status.ok() && !gone_) TakeClaims(splitter_.Finish());
  if (gone_) return;
  v1::GroundedAnswer& answer = draft_.answer();
  if (outcome.usage != ChatUsage{}) {
    v1::ModelUsage& usage = *answer.mutable_model_usage();
    usage.set_prompt_tokens(outcome.usage.prompt_tokens);
    usage.set_cached_prompt_tokens(outcome.usage.cached_prompt_tokens);
    usage.set_completion_tokens(outcome.usage.completion_tokens);
  }
  const bool wrote = answer.sentences_size() > 0;
  if (status.ok() && nothing_applies_ && !wrote) {
    answer.set_mode(v1::ANSWER_MODE_MODEL);
    answer.set_model(name);
    Refuse({});
    return;
  }
  answer.set_mode(wrote ? v1::ANSWER_MODE_MODEL : v1::ANSWER_MODE_EXTRACTIVE);
  if (wrote) answer.set_model(name);
  const bool unborne = options_.grounding != GroundingPolicy::kOff && grounder_->borne() == 0;
  if (!status.ok() || !wrote || unborne) {
    draft_.AddNotice(v1::Notice::CODE_MODEL_FAILED,
                     wrote ? ModelBrokeOffPhrase(language_) : ModelFailedPhrase(language_));
    QuotePassages();
  }
  if (wrote && grounder_->dropped() > 0) {
    draft_.AddNotice(v1::Notice::CODE_SENTENCES_DROPPED, SentencesDroppedPhrase(language_));
  }
  if (grounder_->moved() > 0) {
    draft_.AddNotice(v1::Notice::CODE_CITATIONS_MOVED, CitationsMovedPhrase(language_));
  }
  if (grounder_->cross_language()) {
    draft_.AddNotice(v1::Notice::CODE_CROSS_LANGUAGE, CrossLanguagePhrase(language_));
  }
}

absl::StatusOr<v1::GroundedAnswer> AnswerWriter::FinishWith(const v1::GroundedAnswer& kept) {
  if (!draft_.Replay(kept) || !draft_.SendFinal()) return AnswerCancelled();
  return std::move(draft_.answer());
}

absl::StatusOr<v1::GroundedAnswer> AnswerWriter::Finish() {
  if (gone_ || (call_.cancelled && call_.cancelled())) return AnswerCancelled();
  if (absl::Now() >= call_.deadline) return AnswerLate();
  for (const v1::Notice& notice : NotInForceNotices(found_, draft_.citations().all(), language_)) {
    draft_.AddNotice(notice);
  }
  if (!found_.dense_failure().empty())
    draft_.AddNotice(v1::Notice::CODE_FOUND_BY_WORDS_ALONE, FoundByWordsAlonePhrase(language_));
  if (!draft_.SendFinal()) return AnswerCancelled();
  return std::move(draft_.answer());
}

}  // namespace policykb
