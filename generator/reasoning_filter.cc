#include "generator/reasoning_filter.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/strings.h"

namespace policykb {
namespace {

struct Mark {
  std::string_view text;  // lower case
  bool closing;
};

// Marks of DeepSeek-R1, Qwen3 and most others, then of single model families. No policy text has
// them.
constexpr std::array<Mark, 14> kMarks = {{
    {"<think>", false},
    {"</think>", true},
    {"<thinking>", false},
    {"</thinking>", true},
    {"<thought>", false},
    {"</thought>", true},
    {"<reasoning>", false},
    {"</reasoning>", true},
    {"<seed:think>", false},
    {"</seed:think>", true},
    {"[think]", false},
    {"[/think]", true},
    {"◁think▷", false},
    {"◁/think▷", true},
}};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// True when `text` and `mark` agree as far as both reach.
bool AgreesWith(std::string_view text, std::string_view mark) {
  const size_t size = std::min(text.size(), mark.size());
  for (size_t i = 0; i < size; ++i) {
    if (Lower(text[i]) != mark[i]) return false;
  }
  return true;
}

bool HasInk(std::string_view text) { return !StripAsciiSpace(text).empty(); }

}  // namespace

void ReasoningFilter::SawReasoningField() {
  if (!saw_text_ && !saw_mark_) releasing_ = true;
}

absl::StatusOr<std::string> ReasoningFilter::Add(std::string_view delta) {
  undecided_ += delta;
  std::string_view rest = undecided_;
  while (!rest.empty()) {
    const size_t start = std::min(rest.find_first_of("<["), rest.find('\xE2'));
    if (start == std::string_view::npos) {
      TakeText(rest);
      rest = {};
      break;
    }
    TakeText(rest.substr(0, start));
    rest.remove_prefix(start);
    bool may_become_mark = false;
    const Mark* found = nullptr;
    for (const Mark& mark : kMarks) {
      if (!AgreesWith(rest, mark.text)) continue;
      if (rest.size() >= mark.text.size()) {
        found = &mark;
      } else {
        may_become_mark = true;
      }
    }
    if (found != nullptr) {
      if (absl::Status status = TakeMark(found->closing); !status.ok()) return status;
      rest.remove_prefix(found->text.size());
    } else if (may_become_mark) {
      break;
    } else {
      TakeText(rest.substr(0, 1));
      rest.remove_prefix(1);
    }
  }
  undecided_ = std::string(rest);
  return releasing_ ? Release() : std::string();
}

std::string ReasoningFilter::Finish() {
  TakeText(undecided_);
  undecided_.clear();
  return Release();
}

absl::Status ReasoningFilter::TakeMark(bool closing) {
  if (!closing) {
    if (!saw_text_ && !saw_mark_) began_with_mark_ = true;
    ++depth_;
  } else if (depth_ > 0) {
    --depth_;
    // A pair at the very beginning: this server writes both marks.
    if (depth_ == 0 && began_with_mark_) releasing_ = true;
  } else {
    if (released_text_) {
      return absl::UnavailableError(
          "model: the end of a reasoning block stands behind answer text");
    }
    text_.clear();
    saw_text_ = false;
  }
  saw_mark_ = true;
  return absl::OkStatus();
}

void ReasoningFilter::TakeText(std::string_view text) {
  if (depth_ > 0) return;
  text_ += text;
  if (!saw_text_ && HasInk(text)) saw_text_ = true;
}

std::string ReasoningFilter::Release() {
  if (HasInk(text_)) released_text_ = true;
  return std::exchange(text_, {});
}

}  // namespace policykb
