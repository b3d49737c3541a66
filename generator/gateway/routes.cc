#include "generator/gateway/routes.h"

#include <algorithm>

#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr Route kRoutes[] = {
    {"POST /v1/search", RouteKind::kCall, "policykb.v1.RetrieverService/Search",
     RouteServer::kRetriever},
    {"GET /v1/documents", RouteKind::kCall, "policykb.v1.RetrieverService/ListDocuments",
     RouteServer::kRetriever},
    {"GET /v1/documents/{document}", RouteKind::kCall, "policykb.v1.RetrieverService/GetDocument",
     RouteServer::kRetriever, "name", "documents/{document}"},
    {"GET /v1/provisions/{document}/{address}", RouteKind::kCall,
     "policykb.v1.RetrieverService/BatchGetPassages", RouteServer::kRetriever, "names",
     "documents/{document}/provisions/{address}"},
    {"GET /v1/snapshot", RouteKind::kCall, "policykb.v1.RetrieverService/GetSnapshot",
     RouteServer::kRetriever},
    {"GET /v1/questions", RouteKind::kCall, "policykb.v1.RetrieverService/SuggestQuestions",
     RouteServer::kRetriever},
    {"POST /v1/answers", RouteKind::kCall, "policykb.v1.GeneratorService/GenerateAnswer",
     RouteServer::kGenerator},
    {"POST /v1/answers:stream", RouteKind::kAnswerStream,
     "policykb.v1.GeneratorService/StreamGenerateAnswer", RouteServer::kGenerator},
    {"POST /v1/feedback", RouteKind::kCall, "policykb.v1.GeneratorService/SubmitFeedback",
     RouteServer::kGenerator},
    {"GET /v1/admin/status", RouteKind::kCall, "policykb.v1.AdminService/GetStatus",
     RouteServer::kNamed},
    {"GET /v1/admin/snapshots", RouteKind::kCall, "policykb.v1.RetrieverService/ListSnapshots",
     RouteServer::kRetriever},
    {"POST /v1/admin/snapshots/{snapshot}:rollBack", RouteKind::kCall,
     "policykb.v1.RetrieverService/RollBack", RouteServer::kRetriever, "snapshot", "{snapshot}"},
    {"GET /v1/admin/lint", RouteKind::kCall, "policykb.v1.RetrieverService/GetSnapshotReport",
     RouteServer::kRetriever},
    {"GET /v1/admin/report", RouteKind::kCall, "policykb.v1.GeneratorService/GetFeedbackReport",
     RouteServer::kGenerator},
    {"POST /v1/chat/completions", RouteKind::kChat,
     "policykb.v1.GeneratorService/StreamGenerateAnswer", RouteServer::kGenerator},
    {"GET /v1/models", RouteKind::kModels, "policykb.v1.GeneratorService/StreamGenerateAnswer"},
    {"POST /mcp", RouteKind::kMcp, "policykb.v1.RetrieverService/Search", RouteServer::kGenerator},
    {"GET /session", RouteKind::kSession, ""},
    {"POST /session", RouteKind::kSession, ""},
    {"DELETE /session", RouteKind::kSession, ""},
    {"GET /openapi.json", RouteKind::kOpenApi, ""},
    {"GET /healthz", RouteKind::kHealth, ""},
    {"GET /", RouteKind::kConsole, ""},
    {"GET /kiosk", RouteKind::kConsole, ""},
    {"GET /assets/{file...}", RouteKind::kConsole, ""},
};

using Variables = std::vector<std::pair<std::string, std::string>>;

// Whether the segment is of the pattern's, "{id}:rollBack" or "search"; adds its variable.
bool MatchSegment(std::string_view pattern, const std::string& segment, Variables& variables) {
  if (!pattern.starts_with('{')) return pattern == segment;
  const size_t end = pattern.find('}');
  const std::string_view suffix = pattern.substr(end + 1);
  // A verb behind a colon is never a part of a name that has none in its pattern.
  if (!segment.ends_with(suffix) || segment.size() <= suffix.size()) return false;
  variables.emplace_back(std::string(pattern.substr(1, end - 1)),
                         segment.substr(0, segment.size() - suffix.size()));
  return true;
}

bool Match(std::string_view pattern, const std::vector<std::string>& segments,
           Variables& variables) {
  const std::vector<std::string_view> parts = Split(pattern.substr(1), '/');
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i >= segments.size()) return false;
    if (parts[i].ends_with("...}")) {
      variables.emplace_back(
          std::string(parts[i].substr(1, parts[i].size() - 5)),
          Join({segments.begin() + static_cast<std::ptrdiff_t>(i), segments.end()}, "/"));
      return true;
    }
    if (!MatchSegment(parts[i], segments[i], variables)) return false;
  }
  return parts.size() == segments.size();
}

}  // namespace

std::span<const Route> Routes() { return kRoutes; }

RouteMatch FindRoute(std::string_view verb, const std::vector<std::string>& segments) {
  const std::string_view wanted = verb == "HEAD" ? "GET" : verb;
  RouteMatch match;
  for (const Route& route : kRoutes) {
    Variables variables;
    if (!Match(route.pattern(), segments, variables)) continue;
    if (route.verb() == wanted && match.route == nullptr) {
      match.route = &route;
      match.variables = std::move(variables);
    }
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += route.verb();
    if (route.verb() == "GET") match.allow += ", HEAD";
  }
  return match;
}

std::string FillIn(std::string_view text, const Variables& variables) {
  std::string filled;
  while (!text.empty()) {
    const size_t open = std::min(text.find('{'), text.size());
    filled += text.substr(0, open);
    text.remove_prefix(open);
    const size_t close = text.find('}');
    if (close == std::string_view::npos) break;
    for (const auto& [name, value] : variables) {
      if (name == text.substr(1, close - 1)) filled += value;
    }
    text.remove_prefix(close + 1);
  }
  return filled;
}

}  // namespace policykb
