// Redaction: strikes out what identifies a person in text that is to be kept.
//
// Numbers of identity cards, telephones and bank cards, and e-mail addresses; digits of any width
// or in Chinese, with single separators between them. In doubt it strikes out: every run of seven
// digits or more goes, but dates with separators stay. Not for names or addresses. Pure function,
// any thread.

#ifndef POLICYKB_CORE_TEXT_REDACTION_H_
#define POLICYKB_CORE_TEXT_REDACTION_H_

#include <string>
#include <string_view>

namespace policykb {

// `text` with [id], [phone], [card], [number] or [e-mail] in the place of each. Malformed bytes
// become U+FFFD.
std::string RedactPersonalNumbers(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_REDACTION_H_
