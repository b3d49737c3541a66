// A line chart over time as SVG, with the same figures as a table for who cannot see it.

import { pathOf, scale, steps } from "../chart.js";
import { el, svg } from "../dom.js";
import { t } from "../messages.js";

/** @typedef {{ at: string, label: string, value: number }} Sample  at: RFC 3339 */

const WIDTH = 420;
const HEIGHT = 170;
const EDGE = { left: 58, right: 16, top: 14, bottom: 26 };

/**
 * @param {string} title
 * @param {readonly Sample[]} samples  in order of time
 * @param {number} [floor]  drawn as a line of its own
 */
export function lineChart(title, samples, floor) {
  const values = samples.map(({ value }) => value);
  const all = floor === undefined ? values : [...values, floor];
  const ticks = steps(Math.min(...all), Math.max(...all));
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  const times = samples.map(({ at }) => Date.parse(at));
  const x = (/** @type {number} */ time) => scale(time, Math.min(...times), Math.max(...times), EDGE.left, WIDTH - EDGE.right);
  const y = (/** @type {number} */ value) => scale(value, low, high, HEIGHT - EDGE.bottom, EDGE.top);
  const points = samples.map(({ value }, i) => ({ x: x(times[i] ?? 0), y: y(value) }));
  const grid = ticks.flatMap((tick) => [
    svg("line", { class: "grid", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y(tick), y2: y(tick) }),
    svg("text", { x: EDGE.left - 8, y: y(tick) + 4, "text-anchor": "end" }, tick.toLocaleString("en")),
  ]);
  const day = (/** @type {Sample | undefined} */ sample, /** @type {string} */ anchor) =>
    sample === undefined ? null : svg("text", { x: x(Date.parse(sample.at)), y: HEIGHT - 6, "text-anchor": anchor }, sample.at.slice(0, 10));
  const ends = samples.length === 1 ? [day(samples[0], "middle")] : [day(samples[0], "start"), day(samples.at(-1), "end")];
  const dots = points.map(({ x: cx, y: cy }, i) => svg("circle", { cx, cy, r: 3.5 }, svg("title", {}, `${samples[i]?.label} · ${samples[i]?.value.toLocaleString("en")}`)));
  const picture = svg(
    "svg",
    { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title}: ${values.at(0)} - ${values.at(-1)}` },
    ...grid,
    floor === undefined ? null : svg("line", { class: "floor", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y(floor), y2: y(floor) }),
    svg("path", { d: pathOf(points) }),
    ...dots,
    ...ends,
  );
  return el("figure", { class: "chart-box" }, el("figcaption", {}, title), picture, figureTable(samples));
}

/** @param {readonly Sample[]} samples */
function figureTable(samples) {
  const rows = samples.map(({ label, value }) => el("tr", {}, el("th", { scope: "row" }, label), el("td", {}, value.toLocaleString("en"))));
  return el("details", {}, el("summary", {}, t("asTable")), el("table", {}, el("tbody", {}, ...rows)));
}
