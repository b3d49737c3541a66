// Lists of documents and suggested questions: order, pages, counts, and nothing that is hidden.

#include "retriever/document_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::map<std::string, std::string> Files() {
  std::map<std::string, std::string> files = SampleFiles();
  files["electric.md"] =
      "---\nid: electric\ntitle: 居民用电Ａ类报装指南\nkind: guide\nissuer: 甲县供电局\nregion: "
      "甲县\ndocument_number: 甲电发〔2024〕7号\n---\n# 居民用电Ａ类报装指南\n\n## "
      "办理时限\n\n三个工作日。\n";
  files["questions.jsonl"] =
      "{\"question\": \"办狗证要多少钱？\", \"passages\": "
      "[\"documents/dogs-2023/provisions/art2\"]}\n"
      "{\"question\": \"窗口暗号是什么\", \"passages\": "
      "[\"documents/staff-dogs/provisions/art1\"]}\n"
      "{\"question\": \"以前办狗证收多少钱\", \"passages\": "
      "[\"documents/dogs-2017/provisions/art2\"]}\n"
      "{\"question\": \"怎么办狗证\", \"passages\": [\"documents/gone/provisions/art1\", "
      "\"documents/dogs-2023/provisions/art2\"]}\n"
      "{\"question\": \"办ＷＩＦＩ吗\", \"passages\": [\"documents/water/provisions/s1\"]}\n";
  return files;
}

class DocumentListTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    base_ = new SampleBase(Files());
    searcher_ = new std::shared_ptr<const LocalSearcher>(base_->Open());
  }
  static void TearDownTestSuite() {
    delete searcher_;
    delete base_;
  }
  static DocumentListQuery Query() {
    DocumentListQuery query;
    query.as_of = *CivilDate::Parse("2026-01-01");
    return query;
  }
  static DocumentPage List(const DocumentListQuery& query) {
    absl::StatusOr<DocumentPage> page = (*searcher_)->ListDocuments(query);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? *std::move(page) : DocumentPage();
  }
  static std::vector<std::string> Ids(const DocumentPage& page) {
    std::vector<std::string> ids;
    for (const ListedDocument& document : page.documents) ids.push_back(document.id);
    return ids;
  }
  static std::vector<std::string> Counts(const std::vector<FacetCount>& counts) {
    std::vector<std::string> lines;
    for (const FacetCount& count : counts) lines.push_back(Cat(count.value, " ", count.documents));
    return lines;
  }
  static std::vector<std::string> Suggested(const std::string& prefix, uint32_t limit = 8,
                                            const CallerLabels& labels = {"public"}) {
    SuggestionQuery query;
    query.prefix = prefix;
    query.limit = limit;
    query.as_of = *CivilDate::Parse("2026-01-01");
    query.labels = labels;
    absl::StatusOr<std::vector<std::string>> questions = (*searcher_)->SuggestQuestions(query);
    EXPECT_TRUE(questions.ok()) << questions.status();
    return questions.ok() ? *std::move(questions) : std::vector<std::string>();
  }
  static inline const SampleBase* base_ = nullptr;
  static inline const std::shared_ptr<const LocalSearcher>* searcher_ = nullptr;
};

TEST_F(DocumentListTest, TheLatestComeFirstAndThoseWithoutADayLast) {
  DocumentListQuery query = Query();
  query.include_not_in_force = true;
  query.labels = {"public", "staff"};
  EXPECT_THAT(Ids(List(query)),
              ElementsAre("dogs-2023", "dogs-2017", "electric", "staff-dogs", "water"));
}

TEST_F(DocumentListTest, HiddenAndExpiredDocumentsAreNeitherListedNorCounted) {
  const DocumentPage page = List(Query());
  EXPECT_THAT(Ids(page), ElementsAre("dogs-2023", "electric", "water"));
  EXPECT_EQ(page.total, 3u);
  EXPECT_THAT(Counts(page.kinds), ElementsAre("guide 2", "regulation 1"));
  EXPECT_THAT(Counts(page.regions), ElementsAre("甲县 3"));
  DocumentListQuery query = Query();
  query.as_of = *CivilDate::Parse("2020-01-01");
  EXPECT_THAT(Ids(List(query)), ElementsAre("dogs-2017", "electric", "water"));
}

TEST_F(DocumentListTest, AListCountsWhatItsOwnRestrictionLeavesOut) {
  DocumentListQuery query = Query();
  query.kinds = {"guide"};
  query.issuers = {"甲县水务局"};
  const DocumentPage page = List(query);
  EXPECT_THAT(Ids(page), ElementsAre("water"));
  EXPECT_EQ(page.total, 1u);
  EXPECT_THAT(Counts(page.kinds), ElementsAre("guide 1"));
  EXPECT_THAT(Counts(page.issuers), ElementsAre("甲县供电局 1", "甲县水务局 1"));
  EXPECT_THAT(Counts(page.regions), ElementsAre("甲县 1"));
}

TEST_F(DocumentListTest, EveryWordMustStandInTitleOrNumber) {
  DocumentListQuery query = Query();
  query.words = "  a类  居民用电 ";
  EXPECT_THAT(Ids(List(query)), ElementsAre("electric"));
  query.words = "甲电发 2024";
  EXPECT_THAT(Ids(List(query)), ElementsAre("electric"));
  query.words = "居民用电 养犬";
  EXPECT_THAT(Ids(List(query)), IsEmpty());
}

TEST_F(DocumentListTest, PagesOfAnySizeMakeTheWholeList) {
  DocumentListQuery query = Query();
  query.include_not_in_force = true;
  const std::vector<std::string> all = Ids(List(query));
  for (uint32_t size = 1; size <= 5; ++size) {
    query.page_size = size;
    query.page_token = "";
    std::vector<std::string> listed;
    do {
      const DocumentPage page = List(query);
      EXPECT_EQ(page.total, all.size());
      EXPECT_LE(page.documents.size(), size);
      for (const std::string& id : Ids(page)) listed.push_back(id);
      query.page_token = page.next_page_token;
    } while (!query.page_token.empty() && listed.size() <= all.size());
    EXPECT_EQ(listed, all) << size;
  }
}

TEST_F(DocumentListTest, WhatIsNoPageIsSaid) {
  for (const char* token : {"x", "/", "2023-13-01/a", "2023-05-01/", "--/a"}) {
    DocumentListQuery query = Query();
    query.page_token = token;
    const absl::Status status = (*searcher_)->ListDocuments(query).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << token;
    EXPECT_THAT(std::string(status.message()), HasSubstr("page_token"));
  }
  DocumentListQuery query = Query();
  query.page_size = 1001;
  EXPECT_TRUE(absl::IsInvalidArgument((*searcher_)->ListDocuments(query).status()));
  query = Query();
  query.words = "\xff";
  EXPECT_TRUE(absl::IsInvalidArgument((*searcher_)->ListDocuments(query).status()));
  query.words = std::string(9000, ' ');
  EXPECT_TRUE(absl::IsInvalidArgument((*searcher_)->ListDocuments(query).status()));
}

TEST_F(DocumentListTest, SuggestsWhatBeginsWithWhatWasTypedBeforeWhatHoldsIt) {
  EXPECT_THAT(Suggested("办狗证"), ElementsAre("办狗证要多少钱？", "怎么办狗证"));
  EXPECT_THAT(Suggested("办狗证", 1), ElementsAre("办狗证要多少钱？"));
  EXPECT_THAT(Suggested("wifi"), ElementsAre("办ＷＩＦＩ吗"));
  EXPECT_THAT(Suggested(""), ElementsAre("办狗证要多少钱？", "怎么办狗证", "办ＷＩＦＩ吗"));
}

TEST_F(DocumentListTest, SuggestsNoQuestionThatOnlyHiddenOrExpiredTextAnswers) {
  EXPECT_THAT(Suggested("窗口"), IsEmpty());
  EXPECT_THAT(Suggested("窗口", 8, {"public", "staff"}), ElementsAre("窗口暗号是什么"));
  EXPECT_THAT(Suggested("以前"), IsEmpty());
}

TEST_F(DocumentListTest, ABaseWithoutAQuestionBankSuggestsNothing) {
  const SampleBase base;
  SuggestionQuery query;
  EXPECT_THAT(*base.Open()->SuggestQuestions(query), IsEmpty());
  query.limit = 101;
  EXPECT_TRUE(absl::IsInvalidArgument(base.Open()->SuggestQuestions(query).status()));
}

}  // namespace
}  // namespace policykb
