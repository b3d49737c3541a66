// ReasoningFilter: keeps a model's reasoning out of the text of its reply.
//
// Reasoning models put their thoughts into fields of their own or between marks such as <think> and
// </think> in the text. Some chat templates write the opening mark themselves, so that only the
// closing one arrives, and then everything before it is reasoning. As a sentence that was sent is
// never withdrawn, text of unknown standing is held back. Decision, for ReasoningMarks::kUnknown:
//  - The reply begins with an opening mark: the server writes marks in pairs; text after the pair
//  is handed on at once.
//  - A reasoning field with text came before any text: the server parts the two; text is handed on
//  at once.
//  - Otherwise all text is held to the end of the reply; a closing mark without an opening one
//  drops all before it.
// Under kNone (the operator knows that the model does not reason) text is handed on at once. In
// every case what stands between marks is dropped, pairs nest, a block that is never closed is
// dropped to the end, and a closing mark without an opening one behind text that was handed on
// already is an error, which ends the reply there. Not for the fields themselves (chat_protocol.h
// names them). One thread at a time.

#ifndef POLICYKB_GENERATOR_REASONING_FILTER_H_
#define POLICYKB_GENERATOR_REASONING_FILTER_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace policykb {

// What is known of the marks in a model's text.
enum class ReasoningMarks { kUnknown, kNone };

class ReasoningFilter {
 public:
  explicit ReasoningFilter(ReasoningMarks marks) : releasing_(marks == ReasoningMarks::kNone) {}

  // Notes that the server sent reasoning in a field of its own.
  void SawReasoningField();
  // Text that may be handed on after `delta`. Errors: Unavailable (reasoning may have been taken
  // for text).
  absl::StatusOr<std::string> Add(std::string_view delta);
  // The rest, at the end of a whole reply. Not to be called for one that was cut off.
  std::string Finish();

 private:
  absl::Status TakeMark(bool closing);
  void TakeText(std::string_view text);
  std::string Release();

  bool releasing_;
  bool began_with_mark_ = false;
  size_t depth_ = 0;       // open marks
  std::string undecided_;  // may be the beginning of a mark
  std::string text_;       // outside of marks, not handed on yet
  bool saw_text_ = false;  // something but white space outside of marks
  bool saw_mark_ = false;
  bool released_text_ = false;  // something but white space was handed on
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_REASONING_FILTER_H_
