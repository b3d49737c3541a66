#include "tools/mcp_command.h"

#include <istream>
#include <memory>
#include <ostream>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "generator/gateway/mcp_protocol.h"
#include "generator/gateway/upstream.h"

namespace policykb {

namespace {

constexpr size_t kMostLineBytes = 1 << 20;

// Replies as they come, each a line of its own. Any thread.
class Replies {
 public:
  explicit Replies(std::ostream* out) : out_(*out) {}

  void Begin() {
    absl::MutexLock lock(&mutex_);
    ++running_;
  }
  void End(const std::string& json) {
    absl::MutexLock lock(&mutex_);
    --running_;
    if (!json.empty()) out_ << json << '\n' << std::flush;
  }
  bool takes_more() {
    absl::MutexLock lock(&mutex_);
    return out_.good();
  }
  void AwaitAll() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &Replies::IsIdle));
  }

 private:
  bool IsIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return running_ == 0; }

  absl::Mutex mutex_;
  std::ostream& out_ ABSL_GUARDED_BY(mutex_);
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
};

enum class Line { kWhole, kTooLong, kEnd };

// The next line, of which no more than the limit is kept.
Line ReadLine(std::istream& in, std::string& line) {
  line.clear();
  for (int c = in.get(); c != std::istream::traits_type::eof(); c = in.get()) {
    if (c == '\n') return line.size() > kMostLineBytes ? Line::kTooLong : Line::kWhole;
    if (line.size() <= kMostLineBytes) line += static_cast<char>(c);
  }
  return line.empty() ? Line::kEnd : Line::kWhole;
}

}  // namespace

absl::Status RunMcp(const McpCommand& command, std::istream& in, std::ostream& out) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Upstream> upstream,
                   Upstream::Open(command.retriever, command.generator));
  Replies replies(&out);
  const McpProtocol::Caller caller = [&](McpCall call, McpProtocol::Done done) {
    const UpstreamCaller own{.trace = PartOf(std::nullopt),
                             .deadline = absl::Now() + absl::Seconds(command.seconds)};
    upstream->Start(call.server, call.method, own, std::move(call.request),
                    std::move(call.response), std::move(done));
  };
  std::string line;
  for (Line read = ReadLine(in, line); read != Line::kEnd && replies.takes_more();
       read = ReadLine(in, line)) {
    // What is longer than any request is no JSON for us, and is told so.
    if (read == Line::kTooLong) line = "too long";
    if (StripAsciiSpace(line).empty()) continue;
    replies.Begin();
    McpProtocol::Handle(line, command.console_url, caller,
                        [&replies](McpOutcome, const std::string& json) { replies.End(json); });
  }
  replies.AwaitAll();
  if (!replies.takes_more()) return absl::UnavailableError("standard output: takes no more");
  return absl::OkStatus();
}

}  // namespace policykb
