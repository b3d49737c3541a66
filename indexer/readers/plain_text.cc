#include <string>

#include "core/base/status_macros.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/front_matter.h"
#include "indexer/readers/reader.h"
#include "indexer/readers/text_builder.h"

namespace policykb {
namespace {

// Lines shorter than this were not cut by wrapping.
constexpr size_t kMinWrappedBytes = 50;

}  // namespace

absl::StatusOr<CanonicalText> ReadPlainText(std::string_view bytes) {
  ASSIGN_OR_RETURN(const std::string clean, CleanText(bytes));
  CanonicalText start;
  ASSIGN_OR_RETURN(FrontMatter front_matter, ReadFrontMatter(clean));
  start.front_matter = std::move(front_matter.entries);
  TextBuilder builder(std::move(start));

  std::string paragraph;
  size_t last_line = 0;   // where the last line of the paragraph begins
  size_t last_width = 0;  // bytes of the last line as it stands in the file
  uint32_t line_number = front_matter.body_line;
  uint32_t paragraph_line = line_number;
  const auto flush = [&] {
    builder.Add(BlockKind::kParagraph, paragraph, paragraph_line);
    paragraph.clear();
  };
  const std::string_view text = clean;
  for (size_t at = front_matter.body; at < text.size(); ++line_number) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = StripBlanks(text.substr(at, end - at));
    at = end + 1;
    if (line.empty()) {
      flush();
      continue;
    }
    if (paragraph.empty()) {
      paragraph_line = line_number;
    } else if (last_width >= kMinWrappedBytes &&
               IsWrapped(std::string_view(paragraph).substr(last_line), line)) {
      paragraph += ' ';
      paragraph += line;
      last_width = line.size();
      continue;
    } else {
      paragraph += '\n';
    }
    last_line = paragraph.size();
    last_width = line.size();
    paragraph += line;
  }
  flush();
  return std::move(builder.out());
}

}  // namespace policykb
