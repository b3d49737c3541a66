// Routes: every route of the gateway, once.
//
// The dispatcher, the metrics and the check of openapi.json read the same table. A route that
// stands for a method of our services may be called by the roles that may call the method
// (core/rpc/method_rules.h). Any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_ROUTES_H_
#define POLICYKB_GENERATOR_GATEWAY_ROUTES_H_

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policykb {

enum class RouteKind {
  kCall,          // one call of a server, JSON to JSON
  kAnswerStream,  // a streamed answer as server-sent events
  kSession,
  kChat,     // OpenAI's chat completions
  kModels,   // OpenAI's list of models
  kMcp,      // the Model Context Protocol
  kConsole,  // static files
  kOpenApi,
  kHealth,
};

enum class RouteServer {
  kNone,
  kRetriever,
  kGenerator,
  kNamed,  // by the parameter `of`: retriever or generator
};

struct Route {
  std::string_view name;  // "GET /v1/documents/{document}"; {rest...} takes all segments left
  RouteKind kind;
  std::string_view method = {};  // "policykb.v1.RetrieverService/GetDocument"; empty: everybody
  RouteServer server = RouteServer::kNone;
  std::string_view field = {};    // of the request, JSON name, that the path says; empty: none
  std::string_view value = {};    // what it is set to: "documents/{document}"
  std::string_view summary = {};  // one line for openapi.json where no method's name says it

  std::string_view verb() const { return name.substr(0, name.find(' ')); }
  std::string_view pattern() const { return name.substr(name.find(' ') + 1); }
};

std::span<const Route> Routes();

struct RouteMatch {
  const Route* route = nullptr;  // null: none has this path, or none this verb
  std::vector<std::pair<std::string, std::string>> variables = {};  // of the path
  std::string allow = {};  // verbs that this path has, "GET, HEAD"; empty: no such path
};

// HEAD is taken for GET.
RouteMatch FindRoute(std::string_view verb, const std::vector<std::string>& segments);

// `text` with each {name} replaced by the variable's value.
std::string FillIn(std::string_view text,
                   const std::vector<std::pair<std::string, std::string>>& variables);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_ROUTES_H_
