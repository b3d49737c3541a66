#include "generator/gateway/routes.h"

#include <algorithm>

#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr Route kRoutes[] = {
    {.name = "POST /v1/search",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.RetrieverService/Search",
     .server = RouteServer::kRetriever,
     .summary = "Finds passages"},
    {.name = "GET /v1/documents",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.RetrieverService/ListDocuments",
     .server = RouteServer::kRetriever,
     .summary = "Lists documents"},
    {.name = "GET /v1/documents/{document}",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.RetrieverService/GetDocument",
     .server = RouteServer::kRetriever,
     .field = "name",
     .value = "documents/{document}",
     .summary = "Gets a document with its structure"},
    {.name = "GET /v1/provisions/{document}/{address}",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.RetrieverService/BatchGetPassages",
     .server = RouteServer::kRetriever,
     .field = "names",
     .value = "documents/{document}/provisions/{address}",
     .summary = "Gets one provision"},
    {.name = "GET /v1/snapshot",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.RetrieverService/GetSnapshot",
     .server = RouteServer::kRetriever,
     .summary = "Gets what is searched"},
    {.name = "GET /v1/questions",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.RetrieverService/SuggestQuestions",
     .server = RouteServer::kRetriever,
     .summary = "Lists known questions"},
    {.name = "POST /v1/answers",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.GeneratorService/GenerateAnswer",
     .server = RouteServer::kGenerator,
     .summary = "Answers a question"},
    {.name = "POST /v1/answers:stream",
     .kind = RouteKind::kAnswerStream,
     .method = "policykb.v1.GeneratorService/StreamGenerateAnswer",
     .server = RouteServer::kGenerator,
     .summary = "Answers a question, sentence by sentence"},
    {.name = "POST /v1/feedback",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.GeneratorService/SubmitFeedback",
     .server = RouteServer::kGenerator,
     .summary = "Says whether an answer helped"},
    {.name = "GET /v1/admin/status",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.AdminService/GetStatus",
     .server = RouteServer::kNamed,
     .summary = "Gets how a server does"},
    {.name = "GET /v1/admin/snapshots",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.RetrieverService/ListSnapshots",
     .server = RouteServer::kRetriever,
     .summary = "Lists snapshots"},
    {.name = "POST /v1/admin/snapshots/{snapshot}:rollBack",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.RetrieverService/RollBack",
     .server = RouteServer::kRetriever,
     .field = "snapshot",
     .value = "{snapshot}",
     .summary = "Makes an earlier snapshot live"},
    {.name = "GET /v1/admin/lint",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.RetrieverService/GetSnapshotReport",
     .server = RouteServer::kRetriever,
     .summary = "Gets what the last run found in the corpus"},
    {.name = "GET /v1/admin/report",
     .kind = RouteKind::kCall,
     .method = "policykb.v1.GeneratorService/GetFeedbackReport",
     .server = RouteServer::kGenerator,
     .summary = "Gets what was not answered or not liked"},
    {.name = "POST /v1/chat/completions",
     .kind = RouteKind::kChat,
     .method = "policykb.v1.GeneratorService/StreamGenerateAnswer",
     .server = RouteServer::kGenerator,
     .summary = "Answers as OpenAI's chat completions do"},
    {.name = "GET /v1/models",
     .kind = RouteKind::kModels,
     .method = "policykb.v1.GeneratorService/StreamGenerateAnswer",
     .summary = "Lists models as OpenAI does"},
    {.name = "POST /mcp",
     .kind = RouteKind::kMcp,
     .method = "policykb.v1.RetrieverService/Search",
     .server = RouteServer::kGenerator,
     .summary = "Model Context Protocol, streamable HTTP"},
    {.name = "GET /session",
     .kind = RouteKind::kSession,
     .method = "",
     .summary = "Gets who the caller is"},
    {.name = "POST /session",
     .kind = RouteKind::kSession,
     .method = "",
     .summary = "Logs in with a key"},
    {.name = "DELETE /session", .kind = RouteKind::kSession, .method = "", .summary = "Logs out"},
    {.name = "GET /openapi.json",
     .kind = RouteKind::kOpenApi,
     .method = "",
     .summary = "Gets this description"},
    {.name = "GET /healthz",
     .kind = RouteKind::kHealth,
     .method = "",
     .summary = "Says that the gateway serves"},
    {.name = "GET /", .kind = RouteKind::kConsole, .method = "", .summary = "The console"},
    {.name = "GET /kiosk",
     .kind = RouteKind::kConsole,
     .method = "",
     .summary = "The console for service halls"},
    {.name = "GET /assets/{file...}",
     .kind = RouteKind::kConsole,
     .method = "",
     .summary = "A file of the console"},
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
