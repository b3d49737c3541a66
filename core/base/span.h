// Span: a half-open byte range in a text.
//
// For positions in a document's canonical text or in a passage's text; the field or parameter says
// which. Not a view: it owns and refers to nothing. Plain value, any thread.

#ifndef POLICYKB_CORE_BASE_SPAN_H_
#define POLICYKB_CORE_BASE_SPAN_H_

#include <compare>
#include <cstdint>
#include <string_view>

namespace policykb {

struct Span {
  uint32_t start = 0;
  uint32_t end = 0;  // one past the last byte, >= start

  uint32_t size() const { return end - start; }
  bool empty() const { return start == end; }
  friend auto operator<=>(const Span&, const Span&) = default;
};

// The bytes of `span` in `text`. REQUIRES: span.end <= text.size().
inline std::string_view Slice(std::string_view text, Span span) {
  return text.substr(span.start, span.size());
}

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_SPAN_H_
