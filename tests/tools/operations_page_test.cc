// What docs/operations.md says is what the programs do.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "generator/gateway/gateway_metrics.h"
#include "generator/generator_metrics.h"
#include "retriever/retriever_metrics.h"
#include "tools/access_command.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

std::string Page() {
  const auto page = ReadFile(JoinPath(POLICYKB_SOURCE_DIR, "docs/operations.md"));
  EXPECT_TRUE(page.ok()) << page.status();
  return page.value_or("");
}

TEST(OperationsPageTest, ShowsTheRulesThatHold) {
  EXPECT_THAT(Page(), HasSubstr(MethodRulesTable()));
}

TEST(OperationsPageTest, ShowsEveryMetricWithItsMeaning) {
  const std::string page = Page();
  for (const auto specs :
       {RetrieverMetrics::Specs(), GeneratorMetrics::Specs(), GatewayMetrics::Specs()}) {
    for (const MetricSpec& spec : specs) {
      EXPECT_THAT(page, HasSubstr(Cat("| `", spec.name, "` |"))) << spec.name;
      EXPECT_THAT(page, HasSubstr(Cat("| ", spec.help, " |"))) << spec.name;
    }
  }
}

}  // namespace
}  // namespace policykb
