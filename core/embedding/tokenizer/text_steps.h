// What tokenizers do to a text before they cut it: a list of steps, as tokenizer.json names them.
//
// Follows the rules of the published tokenizers to the letter, since vectors depend on it; not for
// search. Const after construction, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TOKENIZER_TEXT_STEPS_H_
#define POLICYKB_CORE_EMBEDDING_TOKENIZER_TEXT_STEPS_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

struct BertTextOptions {
  bool clean = true;           // controls are dropped, every white space becomes U+0020
  bool separate_han = true;    // spaces around Han characters
  bool strip_accents = false;  // NFD without nonspacing marks
  bool lower_case = false;
};

// The basic text treatment of BERT (Devlin et al. 2018, tokenization.py).
std::string BertText(std::string_view text, const BertTextOptions& options);

// `text` with every run of white space replaced by `to`.
std::string ReplaceWhiteSpaceRuns(std::string_view text, std::string_view to);
// `text` with every run of two and more U+0020 replaced by `to`.
std::string ReplaceSpaceRuns(std::string_view text, std::string_view to);
// `text` without nonspacing marks.
std::string WithoutMarks(std::string_view text);
// `text` in lower case.
std::string LowerCased(std::string_view text);
// `text` without white space at the ends asked for.
struct StripEnds {
  bool left = true;
  bool right = true;
};
std::string_view StripWhiteSpace(std::string_view text, StripEnds ends);

// Parts of a text between white space; views.
std::vector<std::string_view> SplitAtWhiteSpace(std::string_view text);
// The same with every punctuation character, ASCII symbols among them, as a part of its own.
std::vector<std::string_view> SplitWordsAndPunctuation(std::string_view text);

using TextStep = std::function<std::string(std::string_view text)>;

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TOKENIZER_TEXT_STEPS_H_
