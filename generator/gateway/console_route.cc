#include "generator/gateway/console_route.h"

#include <utility>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/one_line.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".json", "application/json"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
};

constexpr std::pair<std::string_view, std::string_view> kPageHeaders[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
     "'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cache-Control", "no-cache"},
    {"Vary", "Accept-Encoding"},
};

std::string_view TypeOf(std::string_view path) {
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

// Whether a list of what a client takes has gzip, and not with the weight of zero.
bool TakesGzip(std::string_view accepted) {
  for (const std::string_view one : Split(accepted, ',')) {
    const std::vector<std::string_view> parts = Split(one, ';');
    if (!SameName(StripAsciiSpace(parts[0]), "gzip")) continue;
    const std::string_view weight = parts.size() > 1 ? StripAsciiSpace(parts[1]) : "q=1";
    return weight.find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

bool Names(std::string_view if_none_match, std::string_view tag) {
  for (std::string_view one : Split(if_none_match, ',')) {
    one = StripAsciiSpace(one);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag || one == "*") return true;
  }
  return false;
}

// Where a file of the console is served.
std::string PathOf(std::string_view file) {
  if (file == "index.html") return "/";
  if (file == "kiosk.html") return "/kiosk";
  return Cat("/assets/", file);
}

}  // namespace

ConsoleRoute::ConsoleRoute(std::span<const ConsoleFile> files) {
  for (const ConsoleFile& file : files) {
    if (file.path.empty()) continue;
    by_path_.emplace(
        PathOf(file.path),
        Entry{.file = &file, .type = TypeOf(file.path), .digest = Hex64(Checksum64(file.bytes))});
  }
}

absl::StatusOr<WebResponse> ConsoleRoute::Serve(std::string_view path,
                                                const WebRequest& request) const {
  const auto found = by_path_.find(path);
  if (found == by_path_.end())
    return absl::NotFoundError(Cat("file ", OneLine(path), ": there is none"));
  const Entry& entry = found->second;
  const bool packed = entry.file->gzip.size() < entry.file->bytes.size() &&
                      TakesGzip(request.Header("Accept-Encoding"));
  const std::string tag = Cat("\"", entry.digest, packed ? "-gz\"" : "\"");
  WebResponse response;
  for (const auto& [name, value] : kPageHeaders)
    response.headers.push_back({std::string(name), std::string(value)});
  response.headers.push_back({"ETag", tag});
  if (Names(request.Header("If-None-Match"), tag)) {
    response.code = 304;
    return response;
  }
  response.headers.push_back({"Content-Type", std::string(entry.type)});
  if (packed) response.headers.push_back({"Content-Encoding", "gzip"});
  response.fixed_body = packed ? entry.file->gzip : entry.file->bytes;
  return response;
}

}  // namespace policykb
