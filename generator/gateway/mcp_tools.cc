#include "generator/gateway/mcp_tools.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "generator/gateway/answer_text.h"
#include "generator/gateway/http_target.h"
#include "generator/gateway/message_reader.h"
#include "policykb/v1/generator_service.pb.h"
#include "policykb/v1/retriever_service.pb.h"

namespace policykb {

namespace {

namespace pb = google::protobuf;
using Json = nlohmann::json;

constexpr std::string_view kScheme = "policykb://";
constexpr int kPageSize = 100;

constexpr char kTools[] = R"json([
  {"name": "search_policy",
   "title": "Search policy text",
   "description": "Finds the passages of laws, regulations and service guides that answer a query best, in force on a day. Text is quoted byte for byte.",
   "inputSchema": {"type": "object", "additionalProperties": false, "required": ["query"], "properties": {
     "query": {"type": "string", "minLength": 1, "description": "A question or key words, Chinese or English"},
     "k": {"type": "integer", "minimum": 1, "maximum": 50, "description": "How many passages; default 10"},
     "asOfDate": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "Day on which the text must be in force; default today"},
     "kinds": {"type": "array", "items": {"type": "string"}, "description": "law, regulation, rule, normative, guide, qa"},
     "regions": {"type": "array", "items": {"type": "string"}}}},
   "outputSchema": {"type": "object", "required": ["passages", "snapshot", "asOfDate"], "properties": {
     "passages": {"type": "array", "items": {"type": "object", "required": ["name", "title", "text"], "properties": {
       "name": {"type": "string"}, "title": {"type": "string"}, "label": {"type": "string"}, "text": {"type": "string"},
       "documentNumber": {"type": "string"}, "validFrom": {"type": "string"}, "validTo": {"type": "string"},
       "state": {"type": "string"}, "url": {"type": "string"}, "score": {"type": "number"}}}},
     "snapshot": {"type": "string"}, "asOfDate": {"type": "string"}}},
   "annotations": {"readOnlyHint": true, "idempotentHint": true, "openWorldHint": false}},
  {"name": "get_provision",
   "title": "Get a provision",
   "description": "Gets the text of one provision by the name that search_policy gives it.",
   "inputSchema": {"type": "object", "additionalProperties": false, "required": ["name"], "properties": {
     "name": {"type": "string", "description": "documents/{document}/provisions/{address}"},
     "asOfDate": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}}},
   "outputSchema": {"type": "object", "required": ["passages", "snapshot"], "properties": {
     "passages": {"type": "array", "items": {"type": "object", "required": ["name", "title", "text"]}},
     "snapshot": {"type": "string"}}},
   "annotations": {"readOnlyHint": true, "idempotentHint": true, "openWorldHint": false}},
  {"name": "answer_question",
   "title": "Answer from policy text",
   "description": "Answers a question with sentences that are each checked against the policy text and cited, or says that no text answers it. Quote the citations.",
   "inputSchema": {"type": "object", "additionalProperties": false, "required": ["question"], "properties": {
     "question": {"type": "string", "minLength": 1},
     "asOfDate": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
     "language": {"type": "string", "enum": ["zh", "en"], "description": "Of fixed phrases; default that of the question"}}},
   "outputSchema": {"type": "object", "required": ["status", "sentences", "citations"], "properties": {
     "status": {"type": "string", "enum": ["ANSWER_STATUS_ANSWERED", "ANSWER_STATUS_NO_SUPPORT", "ANSWER_STATUS_MAY_BE_RELATED"]},
     "sentences": {"type": "array", "items": {"type": "object", "required": ["text", "citations"], "properties": {
       "text": {"type": "string"}, "citations": {"type": "array", "items": {"type": "integer"}}}}},
     "citations": {"type": "array", "items": {"type": "object", "required": ["number", "passage", "label", "quote"]}},
     "related": {"type": "array", "items": {"type": "object"}},
     "refusal": {"type": "string"}, "notices": {"type": "array", "items": {"type": "string"}},
     "snapshot": {"type": "string"}, "asOfDate": {"type": "string"}}},
   "annotations": {"readOnlyHint": true, "openWorldHint": false}}
])json";

constexpr char kTemplates[] = R"json([
  {"uriTemplate": "policykb://documents/{document}", "name": "document", "title": "Policy document", "mimeType": "text/plain",
   "description": "Canonical text of a document"},
  {"uriTemplate": "policykb://documents/{document}/provisions/{address}", "name": "provision", "title": "Provision",
   "mimeType": "text/plain", "description": "Text of one passage of a document"}
])json";

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string StateOf(const v1::Validity& validity) {
  return v1::Validity::State_Name(validity.state());
}

Json PassageJson(const v1::Passage& passage, const std::string& console_url) {
  Json json = {{"name", passage.name()},
               {"title", passage.document_title()},
               {"label", passage.label()},
               {"text", passage.text()},
               {"state", StateOf(passage.validity())}};
  const auto add = [&json](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  add("documentNumber", passage.document_number());
  add("validFrom", passage.validity().valid_from());
  add("validTo", passage.validity().valid_to());
  add("url", DocumentLink(console_url, passage.document()));
  return json;
}

std::string PassageText(const v1::Passage& passage) {
  return Cat(passage.label().empty() ? passage.document_title() : passage.label(), " (",
             passage.name(), ")\n", passage.text());
}

std::string ToolResult(const std::string& text, Json structured) {
  return Dump({{"content", Json::array({{{"type", "text"}, {"text", text}}})},
               {"structuredContent", std::move(structured)},
               {"isError", false}});
}

std::string SearchResult(const v1::SearchResponse& response, const std::string& console_url) {
  Json passages = Json::array();
  std::string text;
  for (const v1::Hit& hit : response.hits()) {
    Json passage = PassageJson(hit.passage(), console_url);
    passage["score"] = hit.score();
    passages.push_back(std::move(passage));
    if (!text.empty()) text += "\n\n";
    text += PassageText(hit.passage());
  }
  if (text.empty()) text = "No passage was found.";
  return ToolResult(text, {{"passages", std::move(passages)},
                           {"snapshot", response.snapshot()},
                           {"asOfDate", response.as_of_date()}});
}

std::string ProvisionResult(const v1::BatchGetPassagesResponse& response,
                            const std::string& console_url) {
  Json passages = Json::array();
  std::string text;
  for (const v1::Passage& passage : response.passages()) {
    passages.push_back(PassageJson(passage, console_url));
    text += PassageText(passage);
  }
  return ToolResult(text, {{"passages", std::move(passages)}, {"snapshot", response.snapshot()}});
}

Json CitationsJson(const pb::RepeatedPtrField<v1::Citation>& citations,
                   const std::string& console_url) {
  Json all = Json::array();
  for (const v1::Citation& citation : citations) {
    all.push_back({{"number", citation.number()},
                   {"passage", citation.passage()},
                   {"label", citation.label()},
                   {"quote", citation.quote()},
                   {"state", StateOf(citation.validity())},
                   {"url", DocumentLink(console_url, citation.document())}});
  }
  return all;
}

std::string AnswerResult(const v1::GenerateAnswerResponse& response,
                         const std::string& console_url) {
  const v1::GroundedAnswer& answer = response.answer();
  Json sentences = Json::array();
  for (const v1::AnswerSentence& sentence : answer.sentences()) {
    sentences.push_back({{"text", sentence.text()},
                         {"citations", std::vector<int>(sentence.citations().begin(),
                                                        sentence.citations().end())}});
  }
  Json notices = Json::array();
  for (const v1::Notice& notice : answer.notices()) notices.push_back(notice.message());
  AnswerText text(CitationForm::kList, console_url);
  const std::string whole = text.Finish(answer);
  return ToolResult(whole, {{"status", v1::AnswerStatus_Name(answer.status())},
                            {"sentences", std::move(sentences)},
                            {"citations", CitationsJson(answer.citations(), console_url)},
                            {"related", CitationsJson(answer.related(), console_url)},
                            {"refusal", answer.refusal()},
                            {"notices", std::move(notices)},
                            {"snapshot", answer.snapshot()},
                            {"asOfDate", answer.as_of_date()}});
}

// A call whose response is of type Response and becomes `result` of it.
template <typename Request, typename Response, typename Result>
McpCall MakeCall(UpstreamServer server, std::string_view method, Request request, Result result) {
  return {.server = server,
          .method = method,
          .request = std::make_unique<Request>(std::move(request)),
          .response = std::make_unique<Response>(),
          .result = [result = std::move(result)](const pb::Message& response) {
            return result(static_cast<const Response&>(response));
          }};
}

// Moves members of the arguments that belong to a part of the request there.
void MoveMembers(Json& from, Json& to, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (!from.contains(name)) continue;
    to[name] = from[name];
    from.erase(name);
  }
}

absl::StatusOr<McpCall> SearchCall(Json arguments, const std::string& console_url) {
  if (arguments.contains("explain") || arguments.contains("filter"))
    return absl::InvalidArgumentError("arguments: expected query, k, asOfDate, kinds, regions");
  Json filter = Json::object();
  MoveMembers(arguments, filter, {"kinds", "regions"});
  arguments["filter"] = std::move(filter);
  v1::SearchRequest request;
  RETURN_IF_ERROR(ReadJson(Dump(arguments), request));
  return MakeCall<v1::SearchRequest, v1::SearchResponse>(
      UpstreamServer::kRetriever, "policykb.v1.RetrieverService/Search", std::move(request),
      [console_url](const v1::SearchResponse& response) {
        return SearchResult(response, console_url);
      });
}

absl::StatusOr<McpCall> ProvisionCall(Json arguments, const std::string& console_url) {
  if (!arguments.contains("name") || !arguments["name"].is_string())
    return absl::InvalidArgumentError("arguments: name, expected a string");
  arguments["names"] = Json::array({arguments["name"]});
  arguments.erase("name");
  v1::BatchGetPassagesRequest request;
  RETURN_IF_ERROR(ReadJson(Dump(arguments), request));
  return MakeCall<v1::BatchGetPassagesRequest, v1::BatchGetPassagesResponse>(
      UpstreamServer::kRetriever, "policykb.v1.RetrieverService/BatchGetPassages",
      std::move(request), [console_url](const v1::BatchGetPassagesResponse& response) {
        return ProvisionResult(response, console_url);
      });
}

absl::StatusOr<McpCall> AnswerCall(const Json& arguments, const std::string& console_url) {
  for (const auto& [name, value] : arguments.items()) {
    if (name != "question" && name != "asOfDate" && name != "language")
      return absl::InvalidArgumentError("arguments: expected question, asOfDate, language");
  }
  v1::GenerateAnswerRequest request;
  RETURN_IF_ERROR(ReadJson(Dump({{"spec", arguments}}), request));
  return MakeCall<v1::GenerateAnswerRequest, v1::GenerateAnswerResponse>(
      UpstreamServer::kGenerator, "policykb.v1.GeneratorService/GenerateAnswer", std::move(request),
      [console_url](const v1::GenerateAnswerResponse& response) {
        return AnswerResult(response, console_url);
      });
}

std::string TextResource(const std::string& uri, const std::string& text) {
  return Dump(
      {{"contents", Json::array({{{"uri", uri}, {"mimeType", "text/plain"}, {"text", text}}})}});
}

}  // namespace

std::string McpToolsJson() { return Dump(Json::parse(kTools)); }

std::string McpTemplatesJson() { return Dump(Json::parse(kTemplates)); }

absl::StatusOr<McpCall> McpToolCall(const std::string& tool, const std::string& arguments_json,
                                    const std::string& console_url) {
  Json arguments = Json::parse(arguments_json, nullptr, /*allow_exceptions=*/false);
  if (!arguments.is_object()) return absl::InvalidArgumentError("arguments: expected an object");
  if (tool == "search_policy") return SearchCall(std::move(arguments), console_url);
  if (tool == "get_provision") return ProvisionCall(std::move(arguments), console_url);
  if (tool == "answer_question") return AnswerCall(arguments, console_url);
  return absl::NotFoundError("tool: there is none of that name, see tools/list");
}

McpCall McpResourceList(const std::string& cursor) {
  v1::ListDocumentsRequest request;
  request.set_page_size(kPageSize);
  request.set_page_token(cursor);
  return MakeCall<v1::ListDocumentsRequest, v1::ListDocumentsResponse>(
      UpstreamServer::kRetriever, "policykb.v1.RetrieverService/ListDocuments", std::move(request),
      [](const v1::ListDocumentsResponse& response) {
        Json resources = Json::array();
        for (const v1::DocumentSummary& document : response.documents()) {
          std::string id = document.name().substr(document.name().find('/') + 1);
          resources.push_back({{"uri", Cat(kScheme, "documents/", EncodeTargetPart(id))},
                               {"name", std::move(id)},
                               {"title", document.title()},
                               {"description", Cat(document.kind(), " ", document.issuer())},
                               {"mimeType", "text/plain"}});
        }
        Json result = {{"resources", std::move(resources)}};
        if (!response.next_page_token().empty()) result["nextCursor"] = response.next_page_token();
        return Dump(result);
      });
}

absl::StatusOr<McpCall> McpResourceRead(const std::string& uri) {
  const absl::Status wrong = absl::InvalidArgumentError(
      "uri: expected policykb://documents/{document} or .../provisions/{address}");
  if (!uri.starts_with(kScheme)) return wrong;
  const std::vector<std::string_view> parts =
      Split(std::string_view(uri).substr(kScheme.size()), '/');
  const bool is_document = parts.size() == 2 && parts[0] == "documents";
  const bool is_provision =
      parts.size() == 4 && parts[0] == "documents" && parts[2] == "provisions";
  if (!is_document && !is_provision) return wrong;
  const absl::StatusOr<std::string> id = DecodeTargetPart(parts[1]);
  if (!id.ok() || id->empty()) return wrong;
  if (is_document) {
    v1::GetDocumentRequest request;
    request.set_name(Cat("documents/", *id));
    return MakeCall<v1::GetDocumentRequest, v1::GetDocumentResponse>(
        UpstreamServer::kRetriever, "policykb.v1.RetrieverService/GetDocument", std::move(request),
        [uri](const v1::GetDocumentResponse& response) {
          return TextResource(uri, response.document().text());
        });
  }
  const absl::StatusOr<std::string> address = DecodeTargetPart(parts[3]);
  if (!address.ok() || address->empty()) return wrong;
  v1::BatchGetPassagesRequest request;
  request.add_names(Cat("documents/", *id, "/provisions/", *address));
  return MakeCall<v1::BatchGetPassagesRequest, v1::BatchGetPassagesResponse>(
      UpstreamServer::kRetriever, "policykb.v1.RetrieverService/BatchGetPassages",
      std::move(request), [uri](const v1::BatchGetPassagesResponse& response) {
        std::string text;
        for (const v1::Passage& passage : response.passages()) text += passage.text();
        return TextResource(uri, text);
      });
}

}  // namespace policykb
