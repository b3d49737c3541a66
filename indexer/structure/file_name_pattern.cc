#include "indexer/structure/file_name_pattern.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxPieces = 32;
// File systems allow names of 255 bytes.
constexpr size_t kMaxNameBytes = 1024;
constexpr size_t kDateSize = 10;  // YYYY-MM-DD

// Full-width brackets as ASCII ones.
char32_t Fold(char32_t code) {
  constexpr char32_t kFullWidth = 0xFEE0;
  constexpr std::u32string_view kBrackets = U"\uFF08\uFF09\uFF3B\uFF3D\uFF5B\uFF5D";
  return kBrackets.find(code) == std::u32string_view::npos ? code : code - kFullWidth;
}

std::u32string Folded(string_view text) {
  std::u32string folded;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    folded += Fold(c.code);
    at += c.size;
  }
  return folded;
}

}  // namespace

absl::StatusOr<FileNamePattern> FileNamePattern::Parse(string_view pattern) {
  static constexpr std::array<std::pair<string_view, Part>, 5> kPlaceholders = {{
      {"{title}", Part::kTitle},
      {"{version}", Part::kVersion},
      {"{number}", Part::kNumber},
      {"{region}", Part::kRegion},
      {"{*}", Part::kAnything},
  }};
  const auto wrong = [pattern](string_view what) {
    return absl::InvalidArgumentError(Cat("file_name '", pattern, "' ", what));
  };
  if (pattern.empty() || pattern.size() > kMaxNameBytes)
    return wrong(Cat("is empty or longer than ", kMaxNameBytes, " bytes"));
  if (pattern.find('/') != string_view::npos) return wrong("names a folder, it is for one file");
  FileNamePattern result;
  result.text_ = pattern;
  for (string_view rest = pattern; !rest.empty();) {
    const size_t brace = rest.find('{');
    if (brace != 0) {
      result.pieces_.push_back({Part::kLiteral, Folded(rest.substr(0, brace))});
      rest.remove_prefix(std::min(brace, rest.size()));
      continue;
    }
    const auto placeholder =
        std::find_if(kPlaceholders.begin(), kPlaceholders.end(),
                     [rest](const auto& p) { return rest.starts_with(p.first); });
    if (placeholder == kPlaceholders.end())
      return wrong("has another placeholder than {title}, {version}, {number}, {region}, {*}");
    const Part part = placeholder->second;
    const bool repeated = std::any_of(result.pieces_.begin(), result.pieces_.end(),
                                      [part](const Piece& piece) { return piece.part == part; });
    if (repeated && part != Part::kAnything)
      return wrong(Cat("has ", placeholder->first, " twice"));
    const Part before = result.pieces_.empty() ? Part::kLiteral : result.pieces_.back().part;
    const bool open = part != Part::kVersion;
    if (open && before != Part::kLiteral && before != Part::kVersion)
      return wrong(Cat("has nothing between ", placeholder->first, " and what is before it"));
    result.pieces_.push_back({part, {}});
    rest.remove_prefix(placeholder->first.size());
  }
  if (result.pieces_.size() > kMaxPieces) return wrong(Cat("has more than ", kMaxPieces, " parts"));
  return result;
}

// Tries the places where each piece can end, and remembers where the rest is known not to match:
// pieces * characters * characters steps at the most.
class FileNamePattern::Matcher {
 public:
  Matcher(const std::vector<Piece>& pieces, string_view name) : pieces_(pieces), name_(name) {
    for (size_t at = 0; at < name.size();) {
      const DecodedChar c = DecodeChar(name, at);
      chars_ += Fold(c.code);
      offsets_.push_back(at);
      at += c.size;
    }
    offsets_.push_back(name.size());
    fails_.assign((pieces.size() + 1) * offsets_.size(), false);
  }

  bool Run() { return MatchFrom(0, 0); }
  const FileNameValues& values() const { return values_; }

 private:
  bool MatchFrom(size_t piece, size_t at) {
    if (piece == pieces_.size()) return at == chars_.size();
    const size_t state = piece * offsets_.size() + at;
    if (fails_[state]) return false;
    if (MatchPiece(pieces_[piece], piece, at)) return true;
    fails_[state] = true;
    return false;
  }

  bool MatchPiece(const Piece& piece, size_t index, size_t at) {
    if (piece.part == Part::kLiteral) {
      return chars_.compare(at, piece.literal.size(), piece.literal) == 0 &&
             MatchFrom(index + 1, at + piece.literal.size());
    }
    if (piece.part == Part::kVersion) {
      if (chars_.size() - at < kDateSize) return false;
      const auto date = CivilDate::Parse(Words(at, at + kDateSize));
      if (!date.ok() || !MatchFrom(index + 1, at + kDateSize)) return false;
      values_.version = *date;
      return true;
    }
    const size_t least = piece.part == Part::kAnything ? at : at + 1;
    for (size_t end = chars_.size(); end >= least; --end) {
      if (MatchFrom(index + 1, end)) {
        Keep(piece.part, Words(at, end));
        return true;
      }
      if (end == 0) break;
    }
    return false;
  }

  void Keep(Part part, string_view words) {
    if (part == Part::kTitle) values_.title = words;
    if (part == Part::kNumber) values_.number = words;
    if (part == Part::kRegion) values_.region = words;
  }

  string_view Words(size_t from, size_t to) const {
    return name_.substr(offsets_[from], offsets_[to] - offsets_[from]);
  }

  const std::vector<Piece>& pieces_;
  string_view name_;
  std::u32string chars_;
  std::vector<size_t> offsets_;  // of each character in the name, and its size
  std::vector<bool> fails_;      // pieces * characters
  FileNameValues values_;
};

std::optional<FileNameValues> FileNamePattern::Match(string_view relative_path) const {
  const size_t slash = relative_path.rfind('/');
  if (slash != string_view::npos) relative_path.remove_prefix(slash + 1);
  if (relative_path.size() > kMaxNameBytes) return std::nullopt;
  Matcher matcher(pieces_, relative_path);
  if (!matcher.Run()) return std::nullopt;
  return matcher.values();
}

}  // namespace policykb
