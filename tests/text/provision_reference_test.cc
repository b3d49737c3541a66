#include "core/text/provision_reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/text/document_number.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "title|article-suffix|paragraph|item" of each reference.
std::vector<std::string> Found(const std::string& text) {
  std::vector<std::string> out;
  for (const ProvisionReference& r : FindProvisionReferences(text)) {
    out.push_back(r.title + "|" + ArticleAddress(*r.article) + "|" +
                  std::to_string(r.paragraph.value_or(0)) + "|" +
                  std::to_string(r.item.value_or(0)));
    EXPECT_LE(r.span.end, text.size());
    EXPECT_LT(r.span.start, r.span.end);
  }
  return out;
}

std::vector<std::string> Numbers(const std::string& text) {
  std::vector<std::string> out;
  for (const DocumentNumber& number : FindDocumentNumbers(text)) out.push_back(number.normalized);
  return out;
}

TEST(ProvisionReference, FindsTitleAndPlaceInQuestions) {
  EXPECT_THAT(Found("行政许可法第四十二条"), ElementsAre("行政许可法|art42|0|0"));
  EXPECT_THAT(Found("《劳动合同法》第38条第一款"), ElementsAre("劳动合同法|art38|1|0"));
  EXPECT_THAT(Found("劳动法38条"), ElementsAre("劳动法|art38|0|0"));
  EXPECT_THAT(Found("民法典第1042条怎么规定"), ElementsAre("民法典|art1042|0|0"));
  EXPECT_THAT(Found("刑法第120条之一"), ElementsAre("刑法|art120-1|0|0"));
  EXPECT_THAT(Found("物业管理条例第二十三条怎么规定的"), ElementsAre("物业管理条例|art23|0|0"));
  EXPECT_THAT(Found("根据民法典第一千零四十二条第二款第（三）项"),
              ElementsAre("民法典|art1042|2|3"));
  EXPECT_THAT(Found("用人单位违反劳动合同法第八十二条怎么赔"), ElementsAre("劳动合同法|art82|0|0"));
  EXPECT_THAT(Found("那劳动法的第三十八条呢"), ElementsAre("劳动法|art38|0|0"));
  EXPECT_THAT(Found("我想知道新公司法第 四 十 条"), ElementsAre("公司法|art40|0|0"));
  EXPECT_THAT(Found("民法典合同编第五百条"), ElementsAre("民法典|art500|0|0"));
  EXPECT_THAT(Found("公司法司法解释三第二十条"), ElementsAre("公司法司法解释三|art20|0|0"));
  EXPECT_THAT(Found("《刑法》（2020修正）第二百六十六条"), ElementsAre("刑法|art266|0|0"));
  EXPECT_THAT(Found("《最高人民法院关于适用《民法典》的解释（一）》第三条"),
              ElementsAre("最高人民法院关于适用《民法典》的解释（一）|art3|0|0"));
}

TEST(ProvisionReference, FindsEnglishReferences) {
  EXPECT_THAT(Found("Article 12 of the Yuanlan County Property Management Regulations"),
              ElementsAre("Yuanlan County Property Management Regulations|art12|0|0"));
  EXPECT_THAT(Found("Labour Law, Art. 12(3)"), ElementsAre("Labour Law|art12|3|0"));
  EXPECT_THAT(Found("what does section 5 of the labour law say?"),
              ElementsAre("labour law|art5|0|0"));
  EXPECT_THAT(Found("labour law article 12"), ElementsAre("labour law|art12|0|0"));
  EXPECT_THAT(Found("Article 7(2)(b) of the Law on the Protection of Minors applies"),
              ElementsAre("Law on the Protection of Minors|art7|2|2"));
  // Capitals end where the name of a place does, the title does not.
  EXPECT_THAT(Found("Article 8 of the Yuanlan noise regulations says what?"),
              ElementsAre("Yuanlan noise regulations|art8|0|0"));
  EXPECT_THAT(Found("Article 8 of the Constitution gives which rules?"),
              ElementsAre("Constitution|art8|0|0"));
  EXPECT_THAT(Found("Article 8 of PIPL contains rules"), ElementsAre("PIPL|art8|0|0"));
  EXPECT_THAT(Found("Article 8 of Yuanlan is about rules"), ElementsAre("Yuanlan|art8|0|0"));
  EXPECT_THAT(Found("under Article 5 of this Law"), ElementsAre("|art5|0|0"));
  EXPECT_THAT(Found("particle 5, smart 6"), IsEmpty());
}

TEST(ProvisionReference, PointingWordsAreNoTitle) {
  EXPECT_THAT(Found("本法第十条"), ElementsAre("|art10|0|0"));
  EXPECT_THAT(Found("违反本条例第十条规定的"), ElementsAre("|art10|0|0"));
  EXPECT_THAT(Found("该办法第三条"), ElementsAre("|art3|0|0"));
  EXPECT_THAT(Found("香港基本法第一条"), ElementsAre("香港基本法|art1|0|0"));
  EXPECT_THAT(Found("依照前款规定，有10条意见"), IsEmpty());
}

TEST(ProvisionReference, AListSharesItsTitle) {
  EXPECT_THAT(Found("请问劳动合同法第三十八条、第四十六条和第四十七条是什么"),
              ElementsAre("劳动合同法|art38|0|0", "劳动合同法|art46|0|0", "劳动合同法|art47|0|0"));
  EXPECT_THAT(Found("劳动法第三条和劳动合同法第八条"),
              ElementsAre("劳动法|art3|0|0", "劳动合同法|art8|0|0"));
}

TEST(ProvisionReference, ReadsArticleLabels) {
  const auto article = ConsumeArticleLabel("第一百三十三条之一　在道路上");
  ASSERT_TRUE(article);
  EXPECT_EQ(article->article, (ArticleNumber{133, 1}));
  // Nine characters of three bytes: di yi bai san shi san tiao zhi yi.
  EXPECT_EQ(article->size, 27u);
  EXPECT_EQ(ConsumeArticleLabel("第十条之规定")->article, (ArticleNumber{10, 0}));
  EXPECT_EQ(ConsumeArticleLabel("第２３条")->article, (ArticleNumber{23, 0}));
  EXPECT_EQ(ConsumeArticleLabel("§ 12")->article, (ArticleNumber{12, 0}));
  EXPECT_EQ(ConsumeArticleLabel("ARTICLE 5.")->article, (ArticleNumber{5, 0}));
  EXPECT_FALSE(ConsumeArticleLabel("Section 3.2 Fees"));
  EXPECT_FALSE(ConsumeArticleLabel("第二章"));
  EXPECT_FALSE(ConsumeArticleLabel("第"));
  EXPECT_FALSE(ConsumeArticleLabel("Article"));
  EXPECT_FALSE(ConsumeArticleLabel(""));
}

TEST(ProvisionReference, DocumentNumbersHaveOneForm) {
  for (const std::string text :
       {"沅政发〔2023〕12号", "沅政发[2023]12号", "沅政发（2023）第12号", "沅政发 【2023】 12 号",
        "沅政发〔２０２３〕１２号", "根据沅政发﹝2023﹞12号文件"}) {
    EXPECT_THAT(Numbers(text), ElementsAre("沅政发〔2023〕12号")) << text;
  }
  EXPECT_THAT(Numbers("中华人民共和国国务院令第596号公布"), ElementsAre("国务院令第596号"));
  EXPECT_THAT(Numbers("国务院令 第 596 号"), ElementsAre("国务院令第596号"));
  EXPECT_THAT(Numbers("国家计划委员会、水利部令第1号"),
              ElementsAre("国家计划委员会、水利部令第1号"));
  EXPECT_THAT(Numbers("法释〔2020〕17号、法发〔2021〕3号"),
              ElementsAre("法释〔2020〕17号", "法发〔2021〕3号"));
  EXPECT_THAT(Numbers("令第12号 第3号 [2023] 共12号"), IsEmpty());
}

TEST(ProvisionReference, CutTextsAreHarmless) {
  const std::string text =
      "根据《劳动合同法》（2012修正）第三十八条第一款第（三）项、沅政发〔2023〕12号，Article "
      "7(2)(b) of the Law";
  for (size_t size = 0; size <= text.size(); ++size) {
    Found(text.substr(0, size));
    Found(text.substr(size));
    Numbers(text.substr(0, size));
    Numbers(text.substr(size));
  }
}

}  // namespace
}  // namespace policykb
