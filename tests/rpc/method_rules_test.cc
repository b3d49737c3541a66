#include "core/rpc/method_rules.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/base/strings.h"
#include "policykb/v1/admin_service.pb.h"
#include "policykb/v1/generator_service.pb.h"
#include "policykb/v1/retriever_service.pb.h"

namespace policykb {
namespace {

using ::testing::ElementsAreArray;

// Every method of every service that is compiled into the servers.
std::set<std::string> Methods() {
  std::set<std::string> methods;
  for (const google::protobuf::FileDescriptor* file :
       {v1::SearchRequest::descriptor()->file(), v1::GenerateAnswerRequest::descriptor()->file(),
        v1::GetStatusRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) {
      const google::protobuf::ServiceDescriptor& service = *file->service(i);
      for (int j = 0; j < service.method_count(); ++j)
        methods.insert(Cat(service.full_name(), "/", service.method(j)->name()));
    }
  }
  return methods;
}

TEST(MethodRulesTest, EveryMethodHasOneRuleAndEveryRuleAMethod) {
  std::multiset<std::string> ruled;
  for (const MethodRule& rule : MethodRules()) ruled.emplace(rule.method);
  EXPECT_THAT(ruled, ElementsAreArray(Methods()));
}

TEST(MethodRulesTest, EveryRuleLetsSomeoneIn) {
  for (const MethodRule& rule : MethodRules()) EXPECT_FALSE(rule.roles.empty()) << rule.method;
}

TEST(MethodRulesTest, WhatHasNoRuleIsForNobody) {
  EXPECT_TRUE(RolesFor("policykb.v1.RetrieverService/DropEverything").empty());
  EXPECT_TRUE(RolesFor("").empty());
}

}  // namespace
}  // namespace policykb
