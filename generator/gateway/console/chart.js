// Where the points of a line chart go: scales with round steps, paths, and which values are worth a label.
//
// Not for elements (parts/line_chart.js). Pure functions.

/** @typedef {{ x: number, y: number }} Point */

/**
 * Round steps that cover `low` to `high`: 1, 2 or 5 times a power of ten, at most `most` of them.
 * @param {number} low
 * @param {number} high  at least `low`
 * @param {number} [most]
 * @returns {number[]}  ascending; the first is at or below `low`, the last at or above `high`
 */
export function steps(low, high, most = 5) {
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / most));
  const factor = [1, 2, 5, 10, 20].find((f) => Math.ceil(high / (f * power)) - Math.floor(low / (f * power)) <= most - 1) ?? 50;
  const step = factor * power;
  const first = Math.floor(low / step);
  const count = Math.max(1, Math.ceil(high / step) - first);
  // From whole multiples, so that .1 + .2 is shown as .3.
  return Array.from({ length: count + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * A value between `from` and `to` as a place between `start` and `end`; the middle where `from` is `to`.
 * @param {number} value
 * @param {number} from
 * @param {number} to
 * @param {number} start
 * @param {number} end
 */
export function scale(value, from, to, start, end) {
  return from === to ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start);
}

/**
 * Points as the `d` of a path.
 * @param {readonly Point[]} points
 */
export function pathOf(points) {
  return points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}
