#include "tools/printing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(PrintingTest, MetadataWithItsOrigins) {
  v1::Document document;
  document.set_name("documents/a");
  document.set_title("T");
  document.mutable_validity()->set_valid_to("2024-06-28");
  document.add_supersedes("documents/x");
  document.add_supersedes("documents/y");
  const auto add = [&document](const char* field, const char* origin) {
    v1::MetadataOrigin& added = *document.add_origins();
    added.set_field(field);
    added.set_origin(origin);
  };
  add("id", "path");
  add("supersedes", "sidecar");
  add("title", "text");
  add("valid_to", "successor b");
  EXPECT_EQ(MetadataForPeople(document),
            "id: a  (path)\nsupersedes: x, y  (sidecar)\ntitle: T  (text)\n"
            "valid_to: 2024-06-28  (successor b)\n");
}

TEST(PrintingTest, AnExplainedHitSaysWhatItsScoreIsMadeOf) {
  v1::SearchResponse response;
  v1::Hit& hit = *response.add_hits();
  hit.set_rank(1);
  hit.set_score(1.9);
  v1::Explanation& why = *hit.mutable_explanation();
  why.set_dense_rank(4);
  const auto feature = [&why](const char* name, double value, double weight) {
    v1::Explanation::Feature& added = *why.add_features();
    added.set_name(name);
    added.set_value(value);
    added.set_weight(weight);
  };
  feature("lexical", 0.5, 1);
  feature("cosine", 0.7, 2);
  v1::Explanation::Term& term = *why.add_terms();
  term.set_term("fee");
  term.set_weight(3.25);
  response.mutable_evidence()->set_answerability(0.875);
  response.mutable_evidence()->set_known_terms(3);
  const std::string text = HitsForPeople(response);
  EXPECT_THAT(text, HasSubstr("   why: lexical rank none, dense rank 4\n"
                              "   features: cosine 0.700*2.000=1.400 lexical 0.500*1.000=0.500\n"
                              "   terms: fee 3.250\n"));
  EXPECT_THAT(text, HasSubstr("evidence: answerable 0.875, "));
  EXPECT_THAT(text, HasSubstr("known terms 3\n"));

  hit.clear_explanation();
  EXPECT_THAT(HitsForPeople(response), Not(HasSubstr("evidence")));
}

TEST(PrintingTest, AFilterNamesAllThatRestricts) {
  v1::SearchFilter filter;
  EXPECT_EQ(FilterForPeople(filter, {}), "filter: in force on the day\n");
  filter.add_kinds("law");
  filter.add_kinds("rule");
  filter.add_excluded_documents("documents/x");
  filter.set_include_not_in_force(true);
  EXPECT_EQ(FilterForPeople(filter, {"public", "staff"}),
            "filter: visible to public or staff; in force or not; kind law or rule; not in "
            "documents/x\n");
}

}  // namespace
}  // namespace policykb
