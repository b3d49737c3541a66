// Report on kept answers: what could not be answered, and what callers did not like.
//
// For the data team, who sees from it which texts, synonyms and known questions are missing. Pure
// function over a store that is open, any thread.

#ifndef POLICYKB_GENERATOR_FEEDBACK_REPORT_H_
#define POLICYKB_GENERATOR_FEEDBACK_REPORT_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "generator/feedback/feedback_store.h"

namespace policykb {

// At most `most` questions of each kind, most frequent first, then latest first; questions that
// differ in white space and width of characters only are one. Errors: as ForEach.
absl::StatusOr<feedback::v1::Report> MakeFeedbackReport(const FeedbackStore& store,
                                                        absl::Time since, int most);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_FEEDBACK_REPORT_H_
