#include "generator/chat_model.h"

#include <utility>

#include "absl/synchronization/notification.h"

namespace policykb {

ChatOutcome WaitForChat(ChatModel& model, ChatRequest request, const ChatTextSink& on_text) {
  ChatOutcome outcome;
  absl::Notification done;
  model.StartChat(std::move(request), on_text, [&](const ChatOutcome& told) {
    outcome = told;
    done.Notify();
  });
  done.WaitForNotification();
  return outcome;
}

}  // namespace policykb
