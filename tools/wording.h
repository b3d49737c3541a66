// How near the wording of a sentence is to a text of law: quoted, lightly reworded, a free
// paraphrase, or about something else.
//
// Judged by stretches of characters that both have, which is not how grounding compares (words
// anywhere in a window of sentences), so that claims are sorted without looking at what the checker
// will say. Pure functions, any thread.

#ifndef POLICYKB_TOOLS_WORDING_H_
#define POLICYKB_TOOLS_WORDING_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace policykb {

enum class Wording { kQuoted, kReworded, kParaphrased, kOther };

// `text` as it is compared: normalised, without white space and punctuation, numerals of law and
// digits alike left as they are.
std::u32string WordingChars(std::string_view text);

// Share of the characters of `inner` that stand in a stretch of at least `run` characters which
// `outer` has as well. 0 for an empty `inner`.
double SharedInRuns(const std::u32string& inner, const std::u32string& outer, size_t run);

// Quoted: 95 % of the characters in common stretches of six. Reworded: 80 % in stretches of four.
// Paraphrased: 50 % in stretches of two. Sentences of fewer than eight characters are kOther.
Wording JudgeWording(std::string_view sentence, const std::u32string& source);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_WORDING_H_
