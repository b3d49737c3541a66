// References in English: "Article 12(3) of the Labour Law", "Labour Law, Art. 12".
//
// Internal to core/text; provision_reference.h is what others call. Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_ENGLISH_REFERENCE_H_
#define POLICYKB_CORE_TEXT_ENGLISH_REFERENCE_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "core/text/provision_reference.h"

namespace policykb {

// "Article N", "Art. N", "Section N" at the beginning of `text`.
std::optional<ArticleLabelPrefix> ConsumeEnglishLabel(std::string_view text);

// " of the Labour Law" behind an article that ends at `at`: the title, empty when there is none,
// and where it ends.
std::pair<std::string_view, size_t> EnglishTitleBehind(std::string_view text, size_t at);

// "Labour Law, " before an article that begins at `end`: the title, empty when there is none, and
// where it begins, not below `floor`.
std::pair<std::string_view, size_t> EnglishTitleBefore(std::string_view text, size_t floor,
                                                       size_t end);

// "(3)", "(3)(b)", ", paragraph 2" behind an article that ends at `at`, into `reference`; where it
// ends.
size_t ReadEnglishPlace(std::string_view text, size_t at, ProvisionReference& reference);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_ENGLISH_REFERENCE_H_
