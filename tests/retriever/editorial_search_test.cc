// What names, synonyms and known questions do to a search, and what they must never do.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string Law(const std::string& id, const std::string& title, const std::string& more,
                const std::string& text) {
  return "---\nid: " + id + "\ntitle: " + title + "\nkind: law\n" + more + "---\n# " + title +
         "\n\n" + text;
}

std::map<std::string, std::string> Files() {
  std::map<std::string, std::string> files = SampleFiles();
  files["procedure.md"] = Law("procedure", "中华人民共和国民事诉讼法", "",
                              "第一条 起诉应当有明确的被告。\n\n第二条 可以口头起诉。\n");
  files["police-old.md"] = Law("police-old", "中华人民共和国治安处置处罚法",
                               "valid_to: 2006-03-01\n", "第一条 旧的规定。\n");
  files["police.md"] = Law("police", "中华人民共和国治安管理处罚法", "valid_from: 2006-03-01\n",
                           "第一条 新的规定。\n");
  files["land-a.md"] = Law("land-a", "土地管理法", "", "第一条 土地公有。\n");
  files["land-b.md"] = Law("land-b", "土壤污染管制法", "", "第一条 土壤防治。\n");
  files["secret.md"] = Law("secret", "民间诉愿法", "visibility: [staff]\n", "第一条 内部。\n");
  files["soil.md"] = Law("soil", "水土保持法", "", "第一条 保持水土。\n");
  files["guard.md"] = Law("guard", "水保工程法", "", "第一条 工程。\n");
  files["social.md"] = Law("social", "社会保险法", "", "第一条 参加社会保险。\n");
  files["bond.md"] = Law("bond", "甲县公债券办法", "region: 甲县\n",
                         "《甲县公债券办法》（以下简称债券办法）。\n\n第一条 公债自愿购买。\n");
  files["bikes.md"] =
      Law("bikes", "Measures of Jia County for the Administration of Shared Bicycles",
          "region: Jia County\nlanguage: en\n",
          "Article 1 Riders wear helmets.\n\nArticle 2 Bicycles are parked.\n");
  files["labour.md"] = Law("labour", "Labour Contract Law of the People's Republic of China",
                           "language: en\n", "Article 1 Contracts are written.\n");
  files["noise-a.md"] = Law("noise-a", "Regulations of Yi County on Noise",
                            "region: Yi County\nlanguage: en\n", "Article 1 Quiet at night.\n");
  files["noise-b.md"] = Law("noise-b", "Regulations of Bing County on Noise",
                            "region: Bing County\nlanguage: en\n", "Article 1 Quiet at noon.\n");
  files["names.toml"] =
      "\"养犬规\" = \"甲县养犬管理条例\"\n\"狗办法\" = \"dogs-2017\"\n"
      "\"暗号规定\" = \"staff-dogs\"\n\"社会保险法\" = \"water\"\n";
  files["synonyms.toml"] =
      "groups = [[\"自来水\", \"居民用水\"], [\"装表\", \"报装\"]]\n[one_way]\n"
      "\"狗证\" = [\"养犬登记\"]\n\"狗\" = [\"犬\"]\n";
  files["questions.jsonl"] =
      "{\"id\": \"h1\", \"question\": \"我家的毛孩子需要上户口吗？\", \"passages\": "
      "[\"documents/dogs-2023/provisions/art2\", \"documents/staff-dogs/provisions/art1\"]}\n"
      "{\"id\": \"h2\", \"question\": \"窗口的人说材料不齐怎么办\", \"passages\": "
      "[\"documents/staff-dogs/provisions/art1\"]}\n"
      "{\"question\": \"以前办狗证收多少钱\", \"passages\": "
      "[\"documents/dogs-2017/provisions/art2\"]}\n"
      "{\"question\": \"通水要等几天\", \"passages\": [\"documents/gone/provisions/art1\"]}\n";
  return files;
}

class EditorialSearchTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    base_ = new SampleBase(Files());
    searcher_ = new std::shared_ptr<const LocalSearcher>(base_->Open());
  }
  static void TearDownTestSuite() {
    delete searcher_;
    delete base_;
  }

  static SearchQuery Query(const std::string& text, const std::string& as_of = "2026-01-01") {
    SearchQuery query;
    query.text = text;
    query.as_of = *CivilDate::Parse(as_of);
    query.explain = true;
    return query;
  }
  static SearchResult Search(const SearchQuery& query) {
    const absl::StatusOr<SearchResult> result = (*searcher_)->Search(query);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : SearchResult();
  }
  static std::vector<std::string> Names(const SearchResult& result) {
    std::vector<std::string> names;
    for (const SearchHit& hit : result.hits) names.push_back(hit.passage.name);
    return names;
  }
  // Passages that the query names, as it is resolved.
  static std::vector<std::string> Resolved(const SearchQuery& query) {
    std::vector<std::string> names;
    for (const SearchHit& hit : Search(query).hits) {
      if (hit.resolved_reference) names.push_back(hit.passage.name);
    }
    return names;
  }
  static std::vector<std::string> Resolved(const std::string& text) {
    return Resolved(Query(text));
  }

  static SampleBase* base_;
  static std::shared_ptr<const LocalSearcher>* searcher_;
};

SampleBase* EditorialSearchTest::base_ = nullptr;
std::shared_ptr<const LocalSearcher>* EditorialSearchTest::searcher_ = nullptr;

TEST_F(EditorialSearchTest, TheBuildNamesWhatPointsToNothing) {
  EXPECT_THAT(base_->report().corpus.left_out, IsEmpty());
  EXPECT_THAT(base_->report().corpus.warnings,
              testing::IsSupersetOf(
                  {HasSubstr("names.toml: line 4: name \"社会保险法\" is a document's title"),
                   HasSubstr("questions.jsonl: line 4: passage documents/gone/provisions/art1")}));
}

TEST_F(EditorialSearchTest, ResolvesNamesThatPeopleUse) {
  const std::string art2 = "documents/dogs-2023/provisions/art2";
  EXPECT_THAT(Resolved("养犬规第二条"),
              IsEmpty());  // no word for a legal text: not read as a title
  EXPECT_THAT(Resolved("《养犬规》第二条"), ElementsAre(art2));
  EXPECT_THAT(Resolved(Query("按照狗办法第二条", "2020-01-01")),
              ElementsAre("documents/dogs-2017/provisions/art2"));
  // What the document calls itself.
  EXPECT_THAT(Resolved("债券办法第一条"), ElementsAre("documents/bond/provisions/art1"));
  // A name that is a title means the document of that title.
  EXPECT_THAT(Resolved("社会保险法第一条"), ElementsAre("documents/social/provisions/art1"));
}

TEST_F(EditorialSearchTest, ANameOfATextNoLongerInForceNamesItsSuccessor) {
  const SearchResult result = Search(Query("狗办法第二条"));
  ASSERT_EQ(result.not_in_force.size(), 1u);
  EXPECT_EQ(result.not_in_force[0].id, "dogs-2017");
  EXPECT_THAT(Names(result), Not(Contains(HasSubstr("dogs-2017"))));
}

TEST_F(EditorialSearchTest, ResolvesContractionsThatMeanOneTitleInForce) {
  EXPECT_THAT(Resolved("民诉法第二条"), ElementsAre("documents/procedure/provisions/art2"));
  EXPECT_THAT(Resolved("《民诉法》第二条"), ElementsAre("documents/procedure/provisions/art2"));
  EXPECT_THAT(Resolved(Query("治安处罚法第一条")), ElementsAre("documents/police/provisions/art1"));
  EXPECT_THAT(Resolved(Query("治安处罚法第一条", "2000-01-01")),
              ElementsAre("documents/police-old/provisions/art1"));
  // "tu di guan li fa" and "tu rang wu ran guan zhi fa".
  EXPECT_THAT(Resolved("土管法第一条"), IsEmpty());
  // One run of the characters of a title, alone or as the rival of a contraction.
  EXPECT_THAT(Resolved("社会法第一条"), IsEmpty());
  EXPECT_THAT(Resolved("水保法第一条"), IsEmpty());
}

TEST_F(EditorialSearchTest, ResolvesEnglishTitlesThatAreTurnedAround) {
  EXPECT_THAT(Resolved("What does Article 2 of the shared bicycle measures say?"),
              ElementsAre("documents/bikes/provisions/art2"));
  EXPECT_THAT(Resolved("Jia County Shared Bicycles Measures, Article 1"),
              ElementsAre("documents/bikes/provisions/art1"));
  EXPECT_THAT(Resolved("Article 1 of the Yi County noise regulations"),
              ElementsAre("documents/noise-a/provisions/art1"));
  // Two titles, another matter, another kind of text.
  EXPECT_THAT(Resolved("Article 1 of the noise regulations"), IsEmpty());
  EXPECT_THAT(Resolved("Article 1 of the Labour Law"), IsEmpty());
  EXPECT_THAT(Resolved("Article 1 of the shared bicycle rules"), IsEmpty());
}

TEST_F(EditorialSearchTest, AHiddenTitleMakesNothingAmbiguousForWhoMayNotSeeIt) {
  EXPECT_THAT(Resolved("民诉法第一条"), ElementsAre("documents/procedure/provisions/art1"));
  SearchQuery staff = Query("民诉法第一条");
  staff.labels = {"public", "staff"};
  EXPECT_THAT(Resolved(staff), IsEmpty());
}

TEST_F(EditorialSearchTest, DoesNotTakeTheTailOfATitleForAnotherLaw) {
  // In marks, or without a region in front, it is no name of the social insurance law.
  EXPECT_THAT(Resolved("保险法第一条"), IsEmpty());
  EXPECT_THAT(Resolved("《养老社会保险法》第一条"), IsEmpty());
  EXPECT_THAT(Resolved("公债券办法第一条"), ElementsAre("documents/bond/provisions/art1"));
}

TEST_F(EditorialSearchTest, ANameShowsNothingHidden) {
  EXPECT_THAT(Names(Search(Query("《暗号规定》第一条"))), Not(Contains(HasSubstr("staff"))));
  SearchQuery staff = Query("《暗号规定》第一条");
  staff.labels = {"staff"};
  EXPECT_THAT(Resolved(staff), ElementsAre("documents/staff-dogs/provisions/art1"));
}

TEST_F(EditorialSearchTest, SynonymsFindWhatTheWordsDoNot) {
  const auto terms_of = [](const SearchHit& hit) {
    std::vector<std::string> terms;
    for (const TermWeight& term : hit.terms) terms.push_back(term.term);
    return terms;
  };
  const SearchResult water = Search(Query("装表"));
  EXPECT_THAT(Names(water)[0], HasSubstr("documents/water/"));
  EXPECT_THAT(terms_of(water.hits[0]), Contains("报装 ~ 装表"));
  const SearchResult dogs = Search(Query("狗证"));
  EXPECT_EQ(Names(dogs)[0], "documents/dogs-2023/provisions/art2");
  EXPECT_THAT(terms_of(dogs.hits[0]), Contains("养犬登记 ~ 狗证"));
  ASSERT_FALSE(dogs.hits[0].matched_spans.empty());
  for (const Span span : dogs.hits[0].matched_spans)
    EXPECT_THAT(std::string(Slice(dogs.hits[0].passage.text, span)),
                testing::AnyOf(HasSubstr("养犬"), HasSubstr("登记")));
  // The words of the query stand nowhere, yet it is no question about the unknown.
  EXPECT_GT(dogs.evidence.known_terms, 0);
  EXPECT_LT(dogs.evidence.unknown_share, 1);
}

TEST_F(EditorialSearchTest, OneWayWordsDoNotWorkBackwards) {
  for (const SearchHit& hit : Search(Query("养犬登记收费")).hits) {
    for (const TermWeight& term : hit.terms) EXPECT_THAT(term.term, Not(HasSubstr("~")));
  }
}

TEST_F(EditorialSearchTest, TheWordsOfAKnownQuestionFindItsPassage) {
  const SearchResult result = Search(Query("我家的毛孩子需要上户口吗"));
  EXPECT_EQ(Names(result)[0], "documents/dogs-2023/provisions/art2");
  EXPECT_TRUE(result.hits[0].known_question);
  EXPECT_EQ(result.evidence.answerability, 1);
  ASSERT_FALSE(result.hits[0].questions.empty());
  EXPECT_EQ(result.hits[0].questions[0].id, "h1");
  EXPECT_EQ(result.hits[0].questions[0].similarity, 1);
}

TEST_F(EditorialSearchTest, ASimilarQuestionLiftsItsPassage) {
  const SearchResult result = Search(Query("毛孩子要不要上户口"));
  ASSERT_FALSE(result.hits.empty());
  EXPECT_EQ(Names(result)[0], "documents/dogs-2023/provisions/art2");
  EXPECT_FALSE(result.hits[0].known_question);
  double value = 0;
  for (const FeatureValue& feature : result.hits[0].features) {
    if (feature.name == "question_bank") value = feature.value;
  }
  EXPECT_GT(value, 0);
  EXPECT_LE(value, 1);
}

TEST_F(EditorialSearchTest, AKnownQuestionShowsNothingHidden) {
  for (const std::string text : {"我家的毛孩子需要上户口吗", "窗口的人说材料不齐怎么办"}) {
    const SearchResult seen = Search(Query(text));
    EXPECT_THAT(Names(seen), Not(Contains(HasSubstr("staff"))));
    for (const SearchHit& hit : seen.hits) {
      for (const QuestionEvidence& question : hit.questions) EXPECT_NE(question.id, "h2");
    }
    SearchQuery staff = Query(text);
    staff.labels = {"public", "staff"};
    EXPECT_THAT(Names(Search(staff)), Contains("documents/staff-dogs/provisions/art1"));
  }
  // Nor does it make a question answerable.
  EXPECT_LT(Search(Query("窗口的人说材料不齐怎么办")).evidence.answerability, 1);
}

TEST_F(EditorialSearchTest, AKnownQuestionObeysDayAndFilter) {
  EXPECT_EQ(Names(Search(Query("以前办狗证收多少钱", "2020-01-01")))[0],
            "documents/dogs-2017/provisions/art2");
  EXPECT_THAT(Names(Search(Query("以前办狗证收多少钱"))), Not(Contains(HasSubstr("dogs-2017"))));
  SearchQuery query = Query("我家的毛孩子需要上户口吗");
  query.filter.excluded_documents = {"dogs-2023"};
  EXPECT_THAT(Names(Search(query)), Not(Contains(HasSubstr("dogs-2023"))));
}

TEST_F(EditorialSearchTest, AQuestionWhosePassageIsGoneDoesNothing) {
  for (const SearchHit& hit : Search(Query("通水要等几天")).hits) {
    EXPECT_FALSE(hit.known_question);
    EXPECT_THAT(hit.questions, IsEmpty());
  }
}

TEST_F(EditorialSearchTest, TheSameQueryGivesTheSameResult) {
  for (const std::string text : {"办狗证要多少钱", "自来水装表几天", "毛孩子上户口"}) {
    const SearchResult first = Search(Query(text));
    const SearchResult second = Search(Query(text));
    EXPECT_EQ(Names(first), Names(second));
    for (size_t i = 0; i < first.hits.size(); ++i)
      EXPECT_EQ(first.hits[i].score, second.hits[i].score);
  }
}

TEST_F(EditorialSearchTest, RandomSearchesNeverLetThroughWhatTheCallerMayNotSee) {
  std::mt19937 random(11);
  const std::vector<std::string> words = {
      "毛孩子",   "上户口",   "狗证",   "材料不齐",     "民诉法", "第一条", "自来水",
      "以前收钱", "窗口的人", "怎么办", "《暗号规定》", "通水",   "狗办法"};
  for (int i = 0; i < 1000; ++i) {
    SearchQuery query = Query("");
    for (int j = 0; j < 3; ++j) query.text += words[random() % words.size()];
    query.as_of = CivilDate(static_cast<int32_t>(12000 + random() % 9000));
    if (random() % 2 == 0) query.labels = {"public", "staff"};
    if (random() % 3 == 0) query.filter.excluded_documents = {"dogs-2023"};
    query.k = 1 + static_cast<uint32_t>(random() % 12);
    for (const SearchHit& hit : Search(query).hits) {
      EXPECT_TRUE(hit.document.validity.Contains(query.as_of)) << query.text;
      std::vector<std::string> names = hit.duplicates;
      names.push_back(hit.passage.name);
      const auto seen = (*searcher_)->GetPassages(names, query.labels);
      EXPECT_TRUE(seen.ok()) << seen.status();
      for (const std::string& name : names) {
        EXPECT_TRUE(query.filter.excluded_documents.empty() ||
                    name.find("dogs-2023") == std::string::npos);
      }
      EXPECT_TRUE(hit.document.id != "staff-dogs" || query.labels.size() == 2);
    }
  }
}

}  // namespace
}  // namespace policykb
