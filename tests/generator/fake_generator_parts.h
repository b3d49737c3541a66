// Fakes and samples for the generator's tests: passages, a PassageSource and a ChatModel that do as
// they are told.

#ifndef POLICYKB_TESTS_GENERATOR_FAKE_GENERATOR_PARTS_H_
#define POLICYKB_TESTS_GENERATOR_FAKE_GENERATOR_PARTS_H_

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "generator/chat_model.h"
#include "generator/passage_source.h"
#include "policykb/v1/passage.pb.h"

namespace policykb {

// Article `article` of document `id`, in force, whose text starts at byte 1000 of the document.
v1::Passage MakePassage(std::string_view id, std::string_view title, int article,
                        std::string_view text);

// A response with these passages as hits, good evidence, snapshot "s1" and as-of date 2026-01-01.
v1::SearchResponse MakeResponse(const std::vector<v1::Passage>& passages);

class FakePassageSource : public PassageSource {
 public:
  explicit FakePassageSource(absl::StatusOr<v1::SearchResponse> response)
      : response_(std::move(response)) {}

  absl::StatusOr<v1::SearchResponse> Search(const v1::SearchRequest& request,
                                            const SearchCall& call) override {
    last_request = request;
    last_deadline = call.deadline;
    ++calls;
    return response_;
  }

  v1::SearchRequest last_request;
  absl::Time last_deadline;
  int calls = 0;

 private:
  absl::StatusOr<v1::SearchResponse> response_;
};

class FakeChatModel : public ChatModel {
 public:
  // Hands on these texts, then returns `status`.
  explicit FakeChatModel(std::vector<std::string> texts, absl::Status status = absl::OkStatus())
      : texts_(std::move(texts)), status_(std::move(status)) {}

  const std::string& name() const override { return name_; }
  void StartChat(ChatRequest request, ChatTextSink on_text, ChatDone on_done) override {
    last_request = std::move(request);
    ++calls;
    ChatOutcome outcome{.status = status_, .usage = usage, .attempts = 1};
    for (const std::string& text : texts_) {
      if (!on_text(text)) outcome.status = absl::CancelledError("cancelled");
    }
    on_done(outcome);
  }

  ChatRequest last_request;
  std::atomic<int> calls = 0;
  ChatUsage usage = {};

 private:
  std::string name_ = "fake-model";
  std::vector<std::string> texts_;
  absl::Status status_;
};

}  // namespace policykb

#endif  // POLICYKB_TESTS_GENERATOR_FAKE_GENERATOR_PARTS_H_
