// KioskClient: asks a generator as a kiosk in a service hall does.
//
// An example for who writes a client: it sets a deadline, shows each sentence as soon as the server
// has checked it, goes on with what it has when the answer breaks off, and says which trace the
// server's log has of it. Attempts that find the server unavailable before a first word are
// repeated by gRPC itself, as the channel's service config says (core/rpc/channel.h). One thread at
// a time.

#ifndef POLICYKB_TOOLS_KIOSK_EXAMPLE_KIOSK_CLIENT_H_
#define POLICYKB_TOOLS_KIOSK_EXAMPLE_KIOSK_CLIENT_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/channel.h"
#include "policykb/v1/generator_service.grpc.pb.h"

namespace policykb {

struct KioskAnswer {
  absl::Status status;         // why it broke off; OK when it is whole
  v1::GroundedAnswer answer;   // the whole one; else the sentences and citations that came
  std::string answer_id = {};  // for SubmitFeedback; may be empty
  std::string trace_id = {};
};

class KioskClient {
 public:
  // Errors: as RpcChannel::Open.
  static absl::StatusOr<KioskClient> Create(const ChannelOptions& options);

  // Told each sentence when it comes.
  using SentenceSink = std::function<void(const v1::SentenceReady&)>;

  // Returns by the deadline.
  KioskAnswer Ask(const v1::AnswerSpec& spec, absl::Duration limit,
                  const SentenceSink& on_sentence);

 private:
  explicit KioskClient(RpcChannel channel);

  RpcChannel channel_;
  std::unique_ptr<v1::GeneratorService::Stub> stub_;
};

// What a screen shows when there is no whole answer, in the language of the question: try again,
// ask at the desk. Nothing of the status's own words, which are for the log.
std::string ApologyFor(const absl::Status& status, bool chinese);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_KIOSK_EXAMPLE_KIOSK_CLIENT_H_
