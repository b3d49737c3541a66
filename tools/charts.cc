#include "tools/charts.h"

#include <algorithm>
#include <cmath>

#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "tools/numbers.h"

namespace policykb {

namespace {

// Of every chart, in its own units; the page scales it.
constexpr double kWidth = 760;
constexpr double kHeight = 260;
constexpr double kLeft = 44;
constexpr double kRight = 12;
constexpr double kTop = 28;
constexpr double kBottom = 28;
constexpr double kPlotWidth = kWidth - kLeft - kRight;
constexpr double kPlotHeight = kHeight - kTop - kBottom;
constexpr size_t kRankTicks[] = {1, 2, 3, 5, 10, 20, 30, 50, 100};
constexpr std::string_view kReplacement = "&#xFFFD;";

std::string Unit(double value) { return Decimals(value, 2); }

std::string_view ClassOf(SeriesColor color) {
  return color == SeriesColor::kBaseline ? "baseline" : "run";
}

// Place of `value` when the plot runs from `low` at its foot to `high` at its top.
double Y(double value, double low, double high) {
  return kTop + kPlotHeight * (high - value) / (high - low);
}

std::string Text(double x, double y, std::string_view anchor, std::string_view text) {
  return Cat("<text class=\"label\" x=\"", Unit(x), "\" y=\"", Unit(y), "\" text-anchor=\"", anchor,
             "\">", EscapeHtml(text), "</text>\n");
}

std::string Rect(std::string_view css_class, double x, double y, double width, double height,
                 std::string_view tooltip) {
  return Cat("<rect class=\"", css_class, "\" x=\"", Unit(x), "\" y=\"", Unit(y), "\" width=\"",
             Unit(width), "\" height=\"", Unit(height), "\"><title>", EscapeHtml(tooltip),
             "</title></rect>\n");
}

// Lines across the plot with their values.
std::string Grid(double low, double high, double step) {
  std::string svg;
  const auto lines = static_cast<int>(std::lround((high - low) / step));
  for (int i = 0; i <= lines; ++i) {
    const double value = low + step * i;
    const std::string y = Unit(Y(value, low, high));
    svg += Cat("<line class=\"grid\" x1=\"", Unit(kLeft), "\" x2=\"", Unit(kWidth - kRight),
               "\" y1=\"", y, "\" y2=\"", y, "\"/>\n",
               Text(kLeft - 6, Y(value, low, high) + 4, "end", Decimals(value, 2)));
  }
  return svg;
}

// What each series is, above the plot.
std::string Legend(const std::vector<ChartSeries>& series) {
  std::string svg;
  const double share = kPlotWidth / static_cast<double>(series.size());
  for (size_t i = 0; i < series.size(); ++i) {
    const double x = kLeft + share * static_cast<double>(i);
    svg += Rect(Cat("fill-", ClassOf(series[i].color)), x, 6, 12, 12, series[i].name);
    svg += Text(x + 18, 16, "start", series[i].name);
  }
  return svg;
}

std::string Figure(std::string_view title, std::string_view body) {
  return Cat("<figure>\n<figcaption>", EscapeHtml(title), "</figcaption>\n<svg viewBox=\"0 0 ",
             Unit(kWidth), " ", Unit(kHeight), "\" role=\"img\" aria-label=\"", EscapeHtml(title),
             "\">\n", body, "</svg>\n</figure>\n");
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const size_t valid = std::min(FirstInvalidUtf8(text), text.size());
    for (const char c : text.substr(0, valid)) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '&') {
        escaped += "&amp;";
      } else if (c == '<') {
        escaped += "&lt;";
      } else if (c == '>') {
        escaped += "&gt;";
      } else if (c == '"') {
        escaped += "&quot;";
      } else if (c == '\'') {
        escaped += "&#39;";
      } else if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F) {
        escaped += kReplacement;
      } else {
        escaped += c;
      }
    }
    text.remove_prefix(valid);
    if (text.empty()) break;
    escaped += kReplacement;
    text.remove_prefix(1);
  }
  return escaped;
}

std::string_view ChartStyle() {
  // The two series and the two directions are told apart by lightness as well as by hue.
  return R"(:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #ffffff; --quiet: #6a6a6a;
  --rule: #dcdcdc; --baseline: #9aa4ae; --run: #1c62b9; --gain: #1c62b9; --loss: #c25a12; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --paper: #16181a; --quiet: #a0a6ac; --rule: #34383c;
    --baseline: #6d7780; --run: #6aa9f4; --gain: #6aa9f4; --loss: #f09a58; }
}
figure { margin: 1.5rem 0; }
figcaption { font-weight: 600; margin-bottom: .4rem; }
svg { width: 100%; max-width: 60rem; height: auto; }
.label { fill: var(--quiet); font-size: 11px; }
.grid { stroke: var(--rule); stroke-width: 1; }
.fill-baseline { fill: var(--baseline); } .fill-run { fill: var(--run); }
.line-baseline { stroke: var(--baseline); } .line-run { stroke: var(--run); }
.line-baseline, .line-run { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
.gain { fill: var(--gain); } .loss { fill: var(--loss); }
)";
}

std::string BarChart(std::string_view title, const std::vector<std::string>& names,
                     const std::vector<ChartSeries>& series) {
  std::string svg = Legend(series) + Grid(0, 1, 0.25);
  const double group = kPlotWidth / static_cast<double>(names.size());
  const double bar = group * 0.8 / static_cast<double>(series.size());
  for (size_t g = 0; g < names.size(); ++g) {
    const double left = kLeft + group * (static_cast<double>(g) + 0.1);
    for (size_t s = 0; s < series.size(); ++s) {
      const double value = series[s].values[g];
      const double x = left + bar * static_cast<double>(s);
      const double y = Y(value, 0, 1);
      const std::string tooltip = Cat(series[s].name, ", ", names[g], ": ", Decimals(value, 4));
      svg +=
          Rect(Cat("fill-", ClassOf(series[s].color)), x + 1, y, bar - 2, Y(0, 0, 1) - y, tooltip);
      svg += Text(x + bar / 2, y - 4, "middle", Decimals(value, 3));
    }
    svg += Text(left + group * 0.4, kHeight - 10, "middle", names[g]);
  }
  return Figure(title, svg);
}

std::string CurveChart(std::string_view title, const std::vector<ChartSeries>& series) {
  std::string svg = Legend(series) + Grid(0, 1, 0.25);
  const size_t n = series.front().values.size();
  const auto x_of = [n](size_t k) {
    return kLeft + kPlotWidth * std::log(static_cast<double>(k)) / std::log(static_cast<double>(n));
  };
  for (const size_t k : kRankTicks) {
    if (k <= n) svg += Text(x_of(k), kHeight - 10, "middle", Cat(k));
  }
  for (const ChartSeries& one : series) {
    svg += Cat("<polyline class=\"line-", ClassOf(one.color), "\" points=\"");
    for (size_t k = 1; k <= n; ++k)
      svg += Cat(Unit(x_of(k)), ",", Unit(Y(one.values[k - 1], 0, 1)), " ");
    svg += Cat("\"><title>", EscapeHtml(one.name), "</title></polyline>\n");
  }
  return Figure(title, svg);
}

std::string DifferenceChart(std::string_view title,
                            const std::vector<ChartDifference>& differences) {
  std::string svg = Grid(-1, 1, 0.5);
  const double bar = kPlotWidth / static_cast<double>(std::max<size_t>(differences.size(), 1));
  for (size_t i = 0; i < differences.size(); ++i) {
    const double value = differences[i].value;
    const double x = kLeft + bar * static_cast<double>(i);
    svg += Rect(value > 0 ? "gain" : "loss", x, Y(std::max(value, 0.0), -1, 1), bar * 0.9,
                kPlotHeight * std::abs(value) / 2,
                Cat(differences[i].name, ": ", SignedDecimals(value, 4)));
  }
  return Figure(title, svg);
}

}  // namespace policykb
