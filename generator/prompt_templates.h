// PromptTemplates: the words that models are given, in files that a data team can change.
//
// A file has a section [system], the same for every question so that a model server's prefix cache
// keeps it, and a section [user] with places that are filled in; lines with # before them are
// remarks. generator/prompts holds the files that are shipped; a folder of one's own replaces those
// of the same names. Filling goes over a template once: what is filled in is never read as a place.
// Not for what is filled in (prompt.h). Const once loaded: any thread.

#ifndef POLICYKB_GENERATOR_PROMPT_TEMPLATES_H_
#define POLICYKB_GENERATOR_PROMPT_TEMPLATES_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "generator/phrases.h"

namespace policykb {

// The word by which a model says that no passage answers the question.
inline constexpr std::string_view kNothingApplies = "NO_PASSAGE_APPLIES";

enum class PromptKind {
  kAnswer,   // answers from passages
  kRewrite,  // makes a follow-up a question of its own
  kPassage,  // writes a hypothetical passage to search with
};

struct PromptTemplate {
  std::string system;
  std::string user;
};

// One file as it is shipped.
struct ShippedPrompt {
  std::string_view file;  // name
  std::string_view text;
};
const std::vector<ShippedPrompt>& ShippedPrompts();

// What the text of the file of that name says. Errors: InvalidArgument, with the line where there
// is one.
absl::StatusOr<PromptTemplate> ParsePromptTemplate(std::string_view file, std::string_view text);

class PromptTemplates {
 public:
  // The shipped templates.
  PromptTemplates();
  // Those of `folder` where it has them, the shipped ones otherwise. Errors: NotFound (no folder),
  // InvalidArgument (a file with the ending .txt and another name, a section or place that is
  // missing, unknown or given twice: with file and line).
  static absl::StatusOr<PromptTemplates> Load(const std::string& folder);

  const PromptTemplate& Get(PromptKind kind, Language language) const;
  // Of all templates and of how they are filled in.
  const std::string& digest() const { return digest_; }

 private:
  absl::Status Add(std::string_view file, std::string_view text);
  void ComputeDigest();

  std::map<std::string, PromptTemplate, std::less<>> by_file_;
  std::string digest_;
};

// `text` with each place of the form {{name}} replaced by the value of that name; other braces
// stay.
std::string FillTemplate(std::string_view text,
                         const std::map<std::string_view, std::string_view>& values);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_PROMPT_TEMPLATES_H_
