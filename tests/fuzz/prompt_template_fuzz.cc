// A data team's prompt files: what is accepted has its places, and filling them in is literal.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "generator/prompt_templates.h"

namespace policykb {
namespace {

size_t FilledSize(std::string_view text, std::string_view question) {
  return FillTemplate(text, {{"question", question}}).size();
}

void Check(std::string_view file, std::string_view text) {
  const absl::StatusOr<PromptTemplate> parsed = ParsePromptTemplate(file, text);
  if (!parsed.ok()) {
    if (parsed.status().message().empty()) std::abort();
    return;
  }
  for (const std::string* section : {&parsed->system, &parsed->user}) {
    if (FillTemplate(*section, {}) != *section) std::abort();
  }
  // The question is in every kind of prompt, once, and is not read as a place itself.
  const std::string_view user = parsed->user;
  const std::string_view place = "{{question}}";
  if (FilledSize(user, "") + place.size() != user.size()) std::abort();
  if (FilledSize(user, place) != user.size()) std::abort();
  if (FilledSize(user, "{{passages}}{{boundary}}{{") != FilledSize(user, "") + 26) std::abort();
}

}  // namespace
}  // namespace policykb

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1 || size > 8192) return 0;
  constexpr std::string_view kFiles[] = {"answer.zh.txt", "answer.en.txt", "rewrite.zh.txt",
                                         "passage.en.txt", "other.txt"};
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  policykb::Check(kFiles[data[0] % 5], text);
  return 0;
}
