#include "generator/gateway/openapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "core/base/strings.h"
#include "generator/gateway/routes.h"
#include "policykb/v1/retriever_service.pb.h"

namespace policykb {
namespace {

using ::testing::IsEmpty;
using Json = nlohmann::json;

class OpenApiTest : public testing::Test {
 protected:
  // Every "$ref" below `json`.
  static void Collect(const Json& json, std::set<std::string>& references) {
    if (json.is_object() && json.contains("$ref")) references.insert(json["$ref"]);
    if (!json.is_structured()) return;
    for (const Json& inner : json) Collect(inner, references);
  }

  const Json api_ = Json::parse(OpenApiJson());
};

TEST_F(OpenApiTest, EveryRouteIsDescribedAndNothingElse) {
  std::set<std::string> described, served;
  for (const auto& [path, verbs] : api_["paths"].items()) {
    for (const auto& [verb, operation] : verbs.items()) {
      described.insert(Cat(verb, " ", path));
      EXPECT_FALSE(operation["summary"].get<std::string>().empty()) << path;
      EXPECT_TRUE(operation["responses"].contains("200")) << path;
      // Each place of a path is a parameter of it.
      std::set<std::string> places;
      for (const Json& parameter : operation.value("parameters", Json::array())) {
        if (parameter["in"] == "path") places.insert(parameter["name"]);
      }
      size_t braces = 0;
      for (const char c : path) braces += c == '{' ? 1 : 0;
      EXPECT_EQ(places.size(), braces) << path;
      for (const std::string& place : places)
        EXPECT_NE(path.find(Cat("{", place, "}")), std::string::npos) << path;
    }
  }
  for (const Route& route : Routes()) {
    std::string verb(route.verb());
    for (char& c : verb) c = static_cast<char>(std::tolower(c));
    served.insert(Cat(verb, " ", ReplaceAll(route.pattern(), "...}", "}")));
  }
  EXPECT_EQ(described, served);
}

TEST_F(OpenApiTest, EveryReferenceLeadsToASchema) {
  std::set<std::string> references;
  Collect(api_, references);
  EXPECT_GT(references.size(), 30U);
  for (const std::string& reference : references) {
    ASSERT_TRUE(reference.starts_with("#/"));
    EXPECT_TRUE(api_.contains(Json::json_pointer(reference.substr(1)))) << reference;
  }
}

TEST_F(OpenApiTest, SchemasHaveTheFieldsOfTheirMessages) {
  int checked = 0;
  for (const auto& [name, schema] : api_["components"]["schemas"].items()) {
    const auto* type =
        google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
    if (type == nullptr || !name.starts_with("policykb.")) continue;
    ++checked;
    EXPECT_EQ(schema["properties"].size(), static_cast<size_t>(type->field_count())) << name;
    for (int i = 0; i < type->field_count(); ++i)
      EXPECT_TRUE(schema["properties"].contains(type->field(i)->json_name())) << name;
  }
  EXPECT_GT(checked, 30);
}

TEST_F(OpenApiTest, ParametersOfATargetAreTheFieldsThatItsPathDoesNotSay) {
  std::set<std::string> names;
  for (const Json& parameter : api_["paths"]["/v1/documents"]["get"]["parameters"])
    names.insert(parameter["name"]);
  EXPECT_EQ(names, (std::set<std::string>{"kind", "region", "issuer", "query", "asOfDate",
                                          "includeNotInForce", "pageSize", "pageToken"}));
  const Json& provision = api_["paths"]["/v1/provisions/{document}/{address}"]["get"];
  EXPECT_EQ(provision["parameters"].size(), 3U);
  EXPECT_THAT(api_["paths"]["/healthz"]["get"]["security"], IsEmpty());
}

}  // namespace
}  // namespace policykb
