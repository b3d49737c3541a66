// HttpTarget: the target of a request, "/v1/documents/a%20b?kind=law", taken apart.
//
// Decodes percent signs once, segment by segment, so that an encoded slash or dot never changes
// which route is meant. Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_HTTP_TARGET_H_
#define POLICYKB_GENERATOR_GATEWAY_HTTP_TARGET_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

struct HttpTarget {
  std::vector<std::string> segments;  // "/" has one, empty; "/a/b" has two
  std::vector<std::pair<std::string, std::string>> parameters;  // in order
};

// Errors: InvalidArgument (does not begin with a slash, more than 8 KiB, a percent sign without two
// hexadecimal digits, a segment that is "." or ".." or has a slash, backslash or control character
// in it, empty segments but a last one, no UTF-8, more than 100 parameters).
absl::StatusOr<HttpTarget> ParseHttpTarget(std::string_view target);

// `text` as a part of a target: every byte encoded that is no ASCII letter or digit, nor one of
// -._~
std::string EncodeTargetPart(std::string_view text);
// The opposite. Errors: InvalidArgument (as ParseHttpTarget for a segment).
absl::StatusOr<std::string> DecodeTargetPart(std::string_view text);

// The value of a cookie of the header; empty where there is none of that name or more than one.
std::string_view CookieValue(std::string_view header, std::string_view name);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_HTTP_TARGET_H_
