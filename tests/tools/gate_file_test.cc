#include "tools/gate_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kMeasure =
    "[[measure]]\nname = \"a\"\ntopics = \"t\"\nqrels = \"q\"\nfloors = { \"hit@1\" = 1 }\n";

TEST(ParseGateFileTest, ReadsEveryRule) {
  const absl::StatusOr<GateRules> rules = ParseGateFile(
      "[[measure]]\nname = \"hotline\"\ntopics = \"sets/t.jsonl\"\ngold_articles = \"/abs/g.tsv\"\n"
      "strip_prefix = \"docs/\"\nfloors = { \"ndcg@10\" = 0.6, \"recall@10\" = 0.8 }\n"
      "not_worse_than_live_by = { \"recall@10\" = 0.02 }\n"
      "[[must_find]]\nquery = \"甲\"\nexpect = \"documents/x/provisions/art5\"\nk = 3\n"
      "as_of = 2020-02-29\nlabels = [\"staff\", \"public\"]\n"
      "[[must_not_find]]\nquery = \"乙\"\nunwanted = \"documents/y\"\nas_of = \"2021-01-01\"\n"
      "[counts]\ndocuments_may_drop_percent = 1\npassages_may_drop_percent = 2.5\n",
      "kb/gate.toml");
  ASSERT_TRUE(rules.ok()) << rules.status();
  ASSERT_EQ(rules->measures.size(), 1u);
  const MeasureRule& measure = rules->measures[0];
  EXPECT_EQ(measure.name, "hotline");
  EXPECT_EQ(measure.where, "kb/gate.toml:1: measure hotline");
  EXPECT_EQ(measure.questions.topics, "kb/sets/t.jsonl");
  EXPECT_EQ(measure.questions.gold_articles, "/abs/g.tsv");
  EXPECT_EQ(measure.questions.strip_prefix, "docs/");
  ASSERT_EQ(measure.figures.size(), 2u);
  EXPECT_EQ(measure.figures[0].measure, "recall@10");
  EXPECT_EQ(measure.figures[0].floor, 0.8);
  EXPECT_EQ(measure.figures[0].may_drop, 0.02);
  EXPECT_EQ(measure.figures[1].floor, 0.6);
  EXPECT_EQ(measure.figures[1].may_drop, std::nullopt);
  ASSERT_EQ(rules->pairs.size(), 2u);
  EXPECT_EQ(rules->pairs[0].k, 3u);
  EXPECT_EQ(rules->pairs[0].as_of, "2020-02-29");
  EXPECT_THAT(rules->pairs[0].labels, ElementsAre("staff", "public"));
  EXPECT_EQ(rules->pairs[1].kind, PairKind::kMustNotFind);
  EXPECT_EQ(rules->pairs[1].k, 100u);
  EXPECT_EQ(rules->pairs[1].as_of, "2021-01-01");
  EXPECT_THAT(rules->pairs[1].labels, ElementsAre("public"));
  EXPECT_EQ(rules->documents_may_drop_percent, 1);
  EXPECT_EQ(rules->passages_may_drop_percent, 2.5);
}

TEST(ParseGateFileTest, NamesTheLineAndWhatItExpects) {
  const std::pair<std::string, std::string> cases[] = {
      {"[[measure]\n", "g: line 1: "},
      {"\nmeasures = 1\n",
       "g:2: gate: expected one of the keys counts, measure, must_find, "
       "must_not_find, not measures"},
      {"measure = 1\n", "g:1: gate: expected [[measure]]"},
      {"measure = [1]\n", "g:1: gate: expected [[measure]]"},
      {"counts = 1\n", "g:1: gate: expected [counts]"},
      {"", "no rule in it"},
      {"[counts]\n", "no rule in it"},
      {"[counts]\npassages_may_drop_percent = 101\n",
       "g:2: counts: expected passages_may_drop_percent to be a number from 0 to 100"},
      {"[counts]\npassages_may_drop_percent = nan\n", "number from 0 to 100"},
      {"[counts]\nfiles = 1\n", "g:2: counts: expected one of the keys"},
      {"[[measure]]\nname = \"a\"\n", "g:1: measure 1: expected the key topics"},
      {"[[measure]]\nname = \"a\"\ntopics = \"t\"\n", "exactly one of qrels and gold_articles"},
      {"[[measure]]\nname = \"a\"\ntopics = 5\n", "g:3: measure 1: expected topics to be a string"},
      {"[[measure]]\nname = \"a\"\ntopics = \"t\"\nqrels = \"q\"\n",
       "floors or not_worse_than_live_by"},
      {"[[measure]]\nname = \"a\"\ntopics = \"t\"\nqrels = \"q\"\nfloors = { \"p@10\" = 1 }\n",
       "g:5: measure 1: expected floors of one of recall@5 recall@10 recall@30 recall@100 hit@1 "
       "mrr@10 ndcg@10, not of p@10"},
      {"[[measure]]\nname = \"a\"\ntopics = \"t\"\nqrels = \"q\"\nfloors = { \"hit@1\" = 80 }\n",
       "hit@1 to be a number from 0 to 1"},
      {std::string(kMeasure) + "[[measure]]\nname = \"a\"\ntopics = \"t\"\nqrels = \"q\"\n"
                               "floors = { \"hit@1\" = 1 }\n",
       "g:6: gate: expected names of measures to differ, not two a"},
      {"[[must_find]]\nexpect = \"documents/x\"\n", "g:1: must_find 1: expected the key query"},
      {"[[must_find]]\nquery = \"a\"\nexpect = \"x\"\n",
       "g:3: must_find 1: expected expect to be a name that begins with documents/"},
      {"[[must_find]]\nquery = \"a\"\nexpect = \"documents/x\"\nk = 0\n",
       "g:4: must_find 1: expected k to be a whole number from 1 to 1000"},
      {"[[must_find]]\nquery = \"a\"\nexpect = \"documents/x\"\nas_of = \"2020-02-30\"\n",
       "g:4: must_find 1: expected as_of to be a date"},
      {"[[must_find]]\nquery = \"a\"\nexpect = \"documents/x\"\nlabels = []\n", "g:4: "},
      {"[[must_find]]\nquery = \"a\"\nexpect = \"documents/x\"\nlabels = [1]\n", "labels to be"},
      {"[[must_not_find]]\nquery = \"a\"\nexpect = \"documents/x\"\n", "the key unwanted"},
      {"[[must_not_find]]\nquery = \" \"\n", "query to be a string that is not empty"},
  };
  for (const auto& [text, expected] : cases) {
    const absl::Status status = ParseGateFile(text, "g").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr(expected)) << text;
  }
}

TEST(ParseGateFileTest, ACutFileIsReadAsFarAsItGoesOrRefused) {
  // Every prefix: no crash, and never more rules than the whole has.
  for (size_t size = 0; size <= kMeasure.size(); ++size) {
    const absl::StatusOr<GateRules> rules = ParseGateFile(kMeasure.substr(0, size), "g");
    if (rules.ok()) {
      EXPECT_EQ(rules->measures.size(), 1u) << size;
    }
  }
}

TEST(ReadGateFileTest, SaysThatAFileIsMissingOrTooLarge) {
  const TempFolder folder;
  EXPECT_EQ(ReadGateFile(folder / "none").status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(WriteNewFile(folder / "large", std::string((1 << 20) + 1, '#')).ok());
  EXPECT_EQ(ReadGateFile(folder / "large").status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace policykb
