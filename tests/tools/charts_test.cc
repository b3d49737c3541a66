#include "tools/charts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(EscapeHtmlTest, LeavesNoMarkupNorBrokenBytes) {
  EXPECT_EQ(EscapeHtml("<a href=\"x\">'&'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  EXPECT_EQ(EscapeHtml("养犬\n\t登记"), "养犬\n\t登记");
  EXPECT_EQ(EscapeHtml("a\xff"
                       "b\x01"),
            "a&#xFFFD;b&#xFFFD;");
  EXPECT_EQ(EscapeHtml("\xe5\x85"), "&#xFFFD;&#xFFFD;");
  EXPECT_EQ(EscapeHtml(""), "");
}

TEST(BarChartTest, ABarIsAsHighAsItsValue) {
  const std::string svg =
      BarChart("T & t", {"recall@5"},
               {{.name = "old <run>", .color = SeriesColor::kBaseline, .values = {0.25}},
                {.name = "new", .color = SeriesColor::kRun, .values = {1}}});
  // The plot is 260 - 28 - 28 = 204 high: a quarter is 51 and begins at 28 + 153.
  EXPECT_THAT(svg,
              HasSubstr("y=\"181.00\" width=\"279.60\" height=\"51.00\"><title>old &lt;run&gt;, "
                        "recall@5: 0.2500</title>"));
  EXPECT_THAT(svg, HasSubstr("y=\"28.00\" width=\"279.60\" height=\"204.00\"><title>new"));
  EXPECT_THAT(svg, AllOf(HasSubstr("class=\"fill-baseline\""), HasSubstr("class=\"fill-run\""),
                         HasSubstr("<figcaption>T &amp; t</figcaption>"), Not(HasSubstr("<run>"))));
}

TEST(CurveChartTest, RunsFromTheFirstRankToTheLast) {
  const std::string svg =
      CurveChart("recall", {{.name = "run", .color = SeriesColor::kRun, .values = {0, 0.5, 1}}});
  // x: 44 + 704 * ln(k) / ln(3).
  EXPECT_THAT(svg, HasSubstr("points=\"44.00,232.00 488.17,130.00 748.00,28.00 \""));
}

TEST(DifferenceChartTest, GainsGoUpAndLossesDown) {
  const std::string svg =
      DifferenceChart("d", {{.name = "t1", .value = 0.5}, {.name = "t2", .value = -1}});
  // The middle is at 28 + 102; half of the 102 above it is 51.
  EXPECT_THAT(svg, HasSubstr("<rect class=\"gain\" x=\"44.00\" y=\"79.00\" width=\"316.80\" "
                             "height=\"51.00\"><title>t1: +0.5000</title>"));
  EXPECT_THAT(svg, HasSubstr("<rect class=\"loss\" x=\"396.00\" y=\"130.00\" width=\"316.80\" "
                             "height=\"102.00\"><title>t2: -1.0000</title>"));
  EXPECT_THAT(DifferenceChart("none", {}), Not(HasSubstr("<rect")));
}

}  // namespace
}  // namespace policykb
