// ConsoleRoute: serves the console's files to browsers.
//
// With validators, so that a browser asks each time and is sent only what changed, and with a
// policy under which a page can load nothing but what is here. Const, any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_CONSOLE_ROUTE_H_
#define POLICYKB_GENERATOR_GATEWAY_CONSOLE_ROUTE_H_

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "generator/gateway/console_files.h"
#include "generator/gateway/http_message.h"

namespace policykb {

class ConsoleRoute {
 public:
  // `files` must outlive the object and what it serves.
  explicit ConsoleRoute(std::span<const ConsoleFile> files);

  // The file at `path`: "/" is index.html, "/kiosk" kiosk.html, "/assets/a.js" a.js. Errors:
  // NotFound.
  absl::StatusOr<WebResponse> Serve(std::string_view path, const WebRequest& request) const;

 private:
  struct Entry {
    const ConsoleFile* file;
    std::string_view type;
    std::string digest;  // of its bytes, hexadecimal
  };

  std::map<std::string, Entry, std::less<>> by_path_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_CONSOLE_ROUTE_H_
