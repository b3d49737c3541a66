#include "generator/gateway/http_target.h"

#include <optional>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr size_t kMostBytes = 8 << 10;
constexpr size_t kMostParameters = 100;

std::optional<unsigned> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

enum class Part { kSegment, kParameter };

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }

// Decoded once. Errors: InvalidArgument.
absl::StatusOr<std::string> Decode(std::string_view text, Part part) {
  std::string decoded;
  for (size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      const auto high = at + 2 < text.size() ? HexDigit(text[at + 1]) : std::nullopt;
      const auto low = at + 2 < text.size() ? HexDigit(text[at + 2]) : std::nullopt;
      if (!high || !low)
        return absl::InvalidArgumentError("target: % without two hexadecimal digits behind it");
      c = static_cast<char>(*high * 16 + *low);
      at += 2;
    } else if (c == '+' && part == Part::kParameter) {
      c = ' ';
    }
    decoded += c;
  }
  if (FirstInvalidUtf8(decoded) != std::string_view::npos)
    return absl::InvalidArgumentError("target: no UTF-8");
  return decoded;
}

absl::Status CheckSegment(std::string_view segment) {
  if (segment == "." || segment == "..")
    return absl::InvalidArgumentError("target: a segment that is . or ..");
  for (const char c : segment) {
    if (c == '/' || c == '\\' || IsControl(c)) {
      return absl::InvalidArgumentError(
          "target: an encoded slash, backslash or control character in a segment");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<HttpTarget> ParseHttpTarget(std::string_view target) {
  if (target.size() > kMostBytes) {
    return absl::InvalidArgumentError(
        Cat("target: ", target.size(), " bytes, expected at most ", kMostBytes));
  }
  if (!target.starts_with('/'))
    return absl::InvalidArgumentError("target: expected to begin with a slash");
  const size_t mark = target.find('?');
  HttpTarget parsed;
  const std::vector<std::string_view> segments = Split(target.substr(0, mark).substr(1), '/');
  for (size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].empty() && i + 1 < segments.size())
      return absl::InvalidArgumentError("target: an empty segment");
    ASSIGN_OR_RETURN(std::string segment, Decode(segments[i], Part::kSegment));
    RETURN_IF_ERROR(CheckSegment(segment));
    parsed.segments.push_back(std::move(segment));
  }
  if (mark == std::string_view::npos) return parsed;
  for (const std::string_view parameter : Split(target.substr(mark + 1), '&')) {
    if (parameter.empty()) continue;
    if (parsed.parameters.size() == kMostParameters) {
      return absl::InvalidArgumentError(
          Cat("target: expected at most ", kMostParameters, " parameters"));
    }
    const size_t equals = parameter.find('=');
    ASSIGN_OR_RETURN(std::string name, Decode(parameter.substr(0, equals), Part::kParameter));
    std::string value;
    if (equals != std::string_view::npos) {
      ASSIGN_OR_RETURN(value, Decode(parameter.substr(equals + 1), Part::kParameter));
    }
    parsed.parameters.emplace_back(std::move(name), std::move(value));
  }
  return parsed;
}

std::string EncodeTargetPart(std::string_view text) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kHexDigits[byte >> 4];
      encoded += kHexDigits[byte & 15];
    }
  }
  return encoded;
}

absl::StatusOr<std::string> DecodeTargetPart(std::string_view text) {
  ASSIGN_OR_RETURN(std::string decoded, Decode(text, Part::kSegment));
  RETURN_IF_ERROR(CheckSegment(decoded));
  return decoded;
}

std::string_view CookieValue(std::string_view header, std::string_view name) {
  std::string_view found;
  bool seen = false;
  for (std::string_view part : Split(header, ';')) {
    part = StripAsciiSpace(part);
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos || part.substr(0, equals) != name) continue;
    if (seen) return {};
    seen = true;
    found = part.substr(equals + 1);
  }
  return found;
}

}  // namespace policykb
