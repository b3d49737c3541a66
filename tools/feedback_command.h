// policykb feedback and report: what callers say of answers, and what a generator could not answer
// and its callers did not like.
//
// A report reads the folder that the generator keeps with --feedback, also while it runs. One call
// at a time.

#ifndef POLICYKB_TOOLS_FEEDBACK_COMMAND_H_
#define POLICYKB_TOOLS_FEEDBACK_COMMAND_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/rpc/channel.h"
#include "policykb/feedback/v1/feedback.pb.h"
#include "policykb/v1/generator_service.pb.h"
#include "tools/commands.h"

namespace policykb {

struct FeedbackCommand {
  std::string folder;
  int days = 30;  // that it looks back
  int most = 20;  // questions of each kind
};

// Prints the report. Errors: NotFound, DataLoss.
absl::Status RunFeedbackReport(const FeedbackCommand& command, OutputForm form, absl::Time now);

struct SubmitCommand {
  ChannelOptions generator;
  std::string answer_id;
  v1::Rating rating = v1::RATING_UNSPECIFIED;
  std::string comment;
};

// Tells the generator and says so. Errors: as GeneratorService.SubmitFeedback and
// RpcChannel::Open; Unavailable.
absl::Status RunSubmit(const SubmitCommand& command);

// The report for people, times as dates in UTC.
std::string FeedbackReportText(const feedback::v1::Report& report, int days);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_FEEDBACK_COMMAND_H_
