// Kind and language of a document by its words.
//
// Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_TITLE_WORDS_H_
#define POLICYKB_INDEXER_STRUCTURE_TITLE_WORDS_H_

#include <string>
#include <string_view>

namespace policykb {

// Kind by the folder a file lies in ("si fa jie shi", "xing zheng fa gui", ...), empty when it says
// nothing.
std::string KindFromPath(std::string_view relative_path);

// Kind by the last words of a title, empty when they say nothing.
std::string KindFromTitle(std::string_view title, std::string_view issuer);

// True for a heading that sections of service guides have.
bool IsGuideSection(std::string_view heading);

// BCP 47 language by the script that most letters at the beginning of the text are of; "und" when
// there are none.
std::string LanguageOf(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_TITLE_WORDS_H_
