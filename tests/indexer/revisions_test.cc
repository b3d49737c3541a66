#include "indexer/revisions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Document Revision(const std::string& id, int32_t from, std::vector<std::string> supersedes) {
  Document document;
  document.id = id;
  document.source_path = id + ".md";
  document.stated_validity.from = CivilDate(from);
  document.supersedes = std::move(supersedes);
  return document;
}

TEST(LinkRevisionsTest, ASuccessorEndsWhatItReplaces) {
  Document old_one = Revision("a", 10, {});
  Document new_one = Revision("b", 20, {"a"});
  EXPECT_THAT(LinkRevisions({&old_one, &new_one}), IsEmpty());
  EXPECT_THAT(old_one.superseded_by, ElementsAre("b"));
  EXPECT_EQ(old_one.validity.to, CivilDate(20));
  EXPECT_EQ(new_one.validity.to, std::nullopt);
}

TEST(LinkRevisionsTest, AnEarlierEndOfItsOwnStands) {
  Document old_one = Revision("a", 10, {});
  old_one.stated_validity.to = CivilDate(15);
  Document new_one = Revision("b", 20, {"a"});
  EXPECT_THAT(LinkRevisions({&old_one, &new_one}), IsEmpty());
  EXPECT_EQ(old_one.validity.to, CivilDate(15));
}

TEST(LinkRevisionsTest, AChainEndsLinkByLink) {
  Document a = Revision("a", 10, {});
  Document b = Revision("b", 20, {"a"});
  Document c = Revision("c", 30, {"b"});
  EXPECT_THAT(LinkRevisions({&a, &b, &c}), IsEmpty());
  EXPECT_EQ(a.validity.to, CivilDate(20));
  EXPECT_EQ(b.validity.to, CivilDate(30));
}

TEST(LinkRevisionsTest, PromulgationStandsInForAMissingBeginning) {
  Document old_one = Revision("a", 10, {});
  Document new_one = Revision("b", 0, {"a"});
  new_one.stated_validity.from = std::nullopt;
  new_one.promulgated_on = CivilDate(25);
  EXPECT_THAT(LinkRevisions({&old_one, &new_one}), IsEmpty());
  EXPECT_EQ(old_one.validity.to, CivilDate(25));
}

TEST(LinkRevisionsTest, NamesReferencesThatLeadNowhereAndChangesNothingByThem) {
  Document a = Revision("a", 10, {"missing", "a"});
  const std::vector<std::string> problems = LinkRevisions({&a});
  EXPECT_THAT(problems,
              ElementsAre(HasSubstr("a.md: supersedes missing, which is not in the corpus"),
                          HasSubstr("a.md: supersedes a, which leads back to itself")));
  EXPECT_EQ(a.validity.to, std::nullopt);
}

TEST(LinkRevisionsTest, ACircleEndsNothing) {
  Document a = Revision("a", 10, {"b"});
  Document b = Revision("b", 20, {"a"});
  EXPECT_EQ(LinkRevisions({&a, &b}).size(), 2u);
  EXPECT_EQ(a.validity.to, std::nullopt);
  EXPECT_EQ(b.validity.to, std::nullopt);
}

}  // namespace
}  // namespace policykb
