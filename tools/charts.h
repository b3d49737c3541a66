// Charts as inline SVG for pages that work from a file: no script, nothing loaded.
//
// Colours come from the page's style sheet by class: fill-{series}, line-{series}, gain, loss,
// grid, label (ChartStyle). Every text is escaped. Pure functions, any thread.

#ifndef POLICYKB_TOOLS_CHARTS_H_
#define POLICYKB_TOOLS_CHARTS_H_

#include <string>
#include <string_view>
#include <vector>

namespace policykb {

// For text and for values of attributes: markup characters by their entities, control characters
// other than line ends and tabs, and bytes that are no UTF-8, by U+FFFD.
std::string EscapeHtml(std::string_view text);

// Style rules for both colour schemes, without <style>.
std::string_view ChartStyle();

// Series 0 is what is compared with, where there is one; the last is the run itself.
enum class SeriesColor { kBaseline, kRun };

struct ChartSeries {
  std::string name;
  SeriesColor color = SeriesColor::kRun;
  std::vector<double> values;  // in [0,1]
};

// One group of bars for each name. REQUIRES: each series has a value for each name.
std::string BarChart(std::string_view title, const std::vector<std::string>& names,
                     const std::vector<ChartSeries>& series);

// Values at 1, 2, ... n over a logarithmic axis. REQUIRES: 2 <= n <= 100, equal in all series.
std::string CurveChart(std::string_view title, const std::vector<ChartSeries>& series);

struct ChartDifference {
  std::string name;
  double value = 0;  // in [-1,1]
};

// One bar for each, up or down, in the order given.
std::string DifferenceChart(std::string_view title,
                            const std::vector<ChartDifference>& differences);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_CHARTS_H_
