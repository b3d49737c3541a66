#include "generator/grounding/titles.h"

#include <algorithm>
#include <cstdint>

#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

constexpr std::string_view kOpen = "《";
constexpr std::string_view kClose = "》";
constexpr std::string_view kState = "中华人民共和国";
constexpr size_t kContractedChars = 6;

// Ends of the names of regions and issuers.
constexpr std::string_view kBodies[] = {"省", "市", "县", "区",   "州",   "旗",
                                        "部", "局", "院", "政府", "全国", "委员会"};
// Characters behind which a title may begin in running text.
constexpr std::string_view kBeforeTitle = "照据按反用和及与或由对在合国是";

}  // namespace

std::string PlainTitle(std::string_view title) {
  std::string plain(title);
  for (const std::string_view mark : {"《", "》", "〈", "〉", "<", ">", " ", "　"})
    plain = ReplaceAll(plain, mark, "");
  plain = ReplaceAll(plain, kState, "");
  if (plain.ends_with(')')) {
    const size_t open = plain.rfind('(');
    // A number in brackets tells one interpretation from the next.
    const bool remark = open != std::string::npos && open > 0 && plain.size() - open > 6;
    if (remark) plain.resize(open);
  }
  return plain;
}

std::vector<NamedTitle> FindTitles(std::string_view normalized) {
  std::vector<NamedTitle> titles;
  size_t depth = 0;
  size_t start = 0;
  for (size_t at = 0; at < normalized.size();) {
    const size_t size = DecodeChar(normalized, at).size;
    const std::string_view c = normalized.substr(at, size);
    if (c == kOpen && depth++ == 0) start = at;
    if (c == kClose && depth > 0 && --depth == 0) {
      const size_t inner = start + kOpen.size();
      std::string title = PlainTitle(normalized.substr(inner, at - inner));
      if (!title.empty()) {
        titles.push_back(
            {std::move(title), {static_cast<uint32_t>(start), static_cast<uint32_t>(at + size)}});
      }
    }
    at += size;
  }
  return titles;
}

bool MeansTitle(std::string_view named, std::string_view title) {
  if (named == title) return true;
  if (named.empty() || title.empty()) return false;
  if (title.ends_with(named)) {
    const std::string_view before = title.substr(0, title.size() - named.size());
    return std::any_of(std::begin(kBodies), std::end(kBodies),
                       [&](std::string_view body) { return before.ends_with(body); });
  }
  if (named.ends_with(title)) {
    const std::string_view before = named.substr(0, named.size() - title.size());
    return std::any_of(std::begin(kBodies), std::end(kBodies),
                       [&](std::string_view body) { return before.ends_with(body); });
  }
  if (CountChars(named) < kContractedChars) return false;
  size_t at = 0;
  size_t first = std::string_view::npos;
  size_t end = 0;
  for (size_t i = 0; i < named.size();) {
    const size_t size = DecodeChar(named, i).size;
    at = title.find(named.substr(i, size), at);
    if (at == std::string_view::npos) return false;
    if (first == std::string_view::npos) first = at;
    at += size;
    end = at;
    i += size;
  }
  return first == 0 && end == title.size();
}

bool NamesTitle(std::string_view text, std::string_view named) {
  for (const NamedTitle& title : FindTitles(text)) {
    if (MeansTitle(named, title.title)) return true;
  }
  for (size_t at = text.find(named); at != std::string_view::npos; at = text.find(named, at + 1)) {
    if (at == 0) return true;
    const size_t before = FloorToChar(text, at - 1);
    const std::string_view c = text.substr(before, at - before);
    if (!IsHan(DecodeChar(c, 0).code) || kBeforeTitle.find(c) != std::string_view::npos)
      return true;
  }
  return false;
}

}  // namespace policykb
