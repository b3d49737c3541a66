#include "generator/gateway/openapi.h"

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "core/base/strings.h"
#include "core/base/version.h"
#include "core/rpc/method_rules.h"
#include "generator/gateway/rest_routes.h"
#include "generator/gateway/routes.h"

namespace policykb {

namespace {

namespace pb = google::protobuf;
using Json = nlohmann::ordered_json;
using Field = pb::FieldDescriptor;

constexpr std::string_view kSchemas = "#/components/schemas/";

Json Reference(const std::string& name) { return {{"$ref", Cat(kSchemas, name)}}; }

// A value of the field, or one of its values where it is repeated.
Json SchemaOfValue(const Field& field) {
  switch (field.cpp_type()) {
    case Field::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case Field::CPPTYPE_INT32:
    case Field::CPPTYPE_UINT32:
      return {{"type", "integer"}, {"format", "int32"}};
    case Field::CPPTYPE_INT64:
    case Field::CPPTYPE_UINT64:
      return {{"type", "string"}, {"format", "int64"}};
    case Field::CPPTYPE_DOUBLE:
    case Field::CPPTYPE_FLOAT:
      return {{"type", "number"}, {"format", "double"}};
    case Field::CPPTYPE_ENUM: {
      Json names = Json::array();
      for (int i = 0; i < field.enum_type()->value_count(); ++i)
        names.push_back(field.enum_type()->value(i)->name());
      return {{"type", "string"}, {"enum", std::move(names)}};
    }
    case Field::CPPTYPE_MESSAGE:
      return Reference(field.message_type()->full_name());
    case Field::CPPTYPE_STRING:
      break;
  }
  return {{"type", "string"}};
}

Json SchemaOfField(const Field& field) {
  if (field.is_map()) {
    return {{"type", "object"},
            {"additionalProperties", SchemaOfValue(*field.message_type()->map_value())}};
  }
  if (!field.is_repeated()) return SchemaOfValue(field);
  return {{"type", "array"}, {"items", SchemaOfValue(field)}};
}

// Adds the message and all that it holds.
void AddSchema(const pb::Descriptor& type, Json& schemas) {
  if (schemas.contains(type.full_name())) return;
  Json properties = Json::object();
  for (int i = 0; i < type.field_count(); ++i)
    properties[type.field(i)->json_name()] = SchemaOfField(*type.field(i));
  schemas[type.full_name()] = {
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
  for (int i = 0; i < type.field_count(); ++i) {
    const Field& field = *type.field(i);
    if (field.cpp_type() == Field::CPPTYPE_MESSAGE && !field.is_map())
      AddSchema(*field.message_type(), schemas);
  }
}

Json JsonContent(Json schema) { return {{"application/json", {{"schema", std::move(schema)}}}}; }

// "{document}" and the like, and for a GET the fields of the request that the path does not say.
Json ParametersOf(const Route& route, const pb::Descriptor* request) {
  Json parameters = Json::array();
  for (std::string_view rest = route.pattern(); rest.find('{') != std::string_view::npos;) {
    rest.remove_prefix(rest.find('{') + 1);
    const std::string_view name = rest.substr(0, rest.find_first_of(".}"));
    parameters.push_back({{"name", std::string(name)},
                          {"in", "path"},
                          {"required", true},
                          {"schema", {{"type", "string"}}}});
  }
  if (route.server == RouteServer::kNamed) {
    parameters.push_back({{"name", "of"},
                          {"in", "query"},
                          {"required", true},
                          {"schema", {{"type", "string"}, {"enum", {"retriever", "generator"}}}}});
  }
  if (request == nullptr || route.verb() != "GET") return parameters;
  for (int i = 0; i < request->field_count(); ++i) {
    const Field& field = *request->field(i);
    if (field.json_name() == route.field) continue;
    std::string name = field.json_name();
    // One of several goes by the singular.
    if (field.is_repeated()) name.pop_back();
    parameters.push_back(
        {{"name", name}, {"in", "query"}, {"required", false}, {"schema", SchemaOfField(field)}});
  }
  return parameters;
}

// What a route that stands for no single method gives.
Json ResponseOf(RouteKind kind) {
  switch (kind) {
    case RouteKind::kConsole:
      return {{"description", "A file of the console"},
              {"content", {{"text/html", {{"schema", {{"type", "string"}}}}}}}};
    case RouteKind::kAnswerStream:
      return {{"description",
               "Server-sent events searchDone, sentence, notice, final and error; the data of each "
               "but error is one StreamGenerateAnswerResponse, of error one Status"},
              {"content", {{"text/event-stream", {{"schema", {{"type", "string"}}}}}}}};
    case RouteKind::kSession:
      return {{"description", "Who the caller is"}, {"content", JsonContent(Reference("Session"))}};
    default:
      return {{"description", "As the protocol says"},
              {"content", JsonContent({{"type", "object"}})}};
  }
}

std::string RolesText(std::string_view method) {
  return method.empty() ? "Everybody." : Cat("Roles: ", RolesFor(method).ToString(), ".");
}

Json OperationOf(const Route& route, Json& schemas) {
  Json operation = {{"summary", std::string(route.summary)},
                    {"description", RolesText(route.method)}};
  const bool is_call = route.kind == RouteKind::kCall || route.kind == RouteKind::kAnswerStream;
  const pb::MethodDescriptor* const method = is_call ? &MethodOf(route.method) : nullptr;
  Json parameters = ParametersOf(route, method == nullptr ? nullptr : method->input_type());
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
  if (method != nullptr) {
    AddSchema(*method->output_type(), schemas);
    if (route.verb() == "POST") {
      AddSchema(*method->input_type(), schemas);
      operation["requestBody"] = {
          {"required", true},
          {"content", JsonContent(Reference(method->input_type()->full_name()))}};
    }
  } else if (route.name == "POST /session") {
    operation["requestBody"] = {{"required", true}, {"content", JsonContent(Reference("Login"))}};
  } else if (route.verb() == "POST") {
    operation["requestBody"] = {{"required", true}, {"content", JsonContent({{"type", "object"}})}};
  }
  operation["responses"] = {
      {"200", route.kind == RouteKind::kCall
                  ? Json{{"description", std::string(method->output_type()->name())},
                         {"content", JsonContent(Reference(method->output_type()->full_name()))}}
                  : ResponseOf(route.kind)},
      {"default",
       {{"description", "An error"}, {"content", JsonContent(Reference("google.rpc.Status"))}}}};
  if (route.method.empty()) operation["security"] = Json::array();
  return operation;
}

Json OwnSchemas() {
  const Json text = {{"type", "string"}};
  return {
      {"google.rpc.Status",
       {{"type", "object"},
        {"properties",
         {{"code", {{"type", "integer"}, {"format", "int32"}}},
          {"message", text},
          {"details", {{"type", "array"}, {"items", {{"type", "object"}}}}}}}}},
      {"Login", {{"type", "object"}, {"required", {"apiKey"}}, {"properties", {{"apiKey", text}}}}},
      {"Session",
       {{"type", "object"},
        {"properties",
         {{"principal", text},
          {"roles", {{"type", "array"}, {"items", text}}},
          {"csrfToken", text},
          {"loginRequired", {{"type", "boolean"}}}}}}}};
}

}  // namespace

std::string OpenApiJson() {
  Json schemas = OwnSchemas();
  Json paths = Json::object();
  for (const Route& route : Routes()) {
    std::string path = ReplaceAll(route.pattern(), "...}", "}");
    std::string verb(route.verb());
    for (char& c : verb) c = static_cast<char>(c - 'A' + 'a');
    paths[path][verb] = OperationOf(route, schemas);
  }
  const Json api = {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "policykb gateway"},
        {"version", std::string(ProgramVersion())},
        {"description",
         "Search and answers over policy text. JSON is the proto JSON form of policykb.v1."}}},
      {"security", Json::array({{{"key", Json::array()}}, {{"session", Json::array()}}})},
      {"paths", std::move(paths)},
      {"components",
       {{"securitySchemes",
         {{"key", {{"type", "http"}, {"scheme", "bearer"}}},
          {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "policykb_session"}}}}},
        {"schemas", std::move(schemas)}}}};
  return api.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace policykb
