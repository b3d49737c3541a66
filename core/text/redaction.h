// Redaction: strikes out what identifies a person in text that is to be kept.
//
// Numbers of identity cards, telephones and bank cards, and e-mail addresses. Digits of any width,
// of other scripts or Chinese, with blanks, dashes, points, slashes or brackets between them,
// count. In doubt it strikes out: every run of seven digits or more goes unless it is plainly
// something else, which are
//   dates and years (2026-11-24, 20261124, 2019-2023), amounts (a sign of money before or a unit
//   behind), articles and numbers of documents (after "di" or Article, in brackets before "hao"),
//   numbers of standards (GB 50016-2014)
// and does not have the form of a number of a person all the same. A date of eight digits or a span
// of years behind a word for telephones is a telephone. Commas do not join digits: lists of
// articles have them. Not for names or addresses. Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_REDACTION_H_
#define POLICYKB_CORE_TEXT_REDACTION_H_

#include <string>
#include <string_view>

namespace policykb {

// What people wrote: `text` with [id], [phone], [card], [number] or [e-mail] in the place of each.
// Malformed bytes become U+FFFD.
std::string RedactPersonalNumbers(std::string_view text);

// What a program says: the same, but IPv4 addresses, also where a telephone is written like one,
// and ids of snapshots (20261124-012927) stay.
std::string RedactMessage(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_REDACTION_H_
