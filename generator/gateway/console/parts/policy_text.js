// Policy text with words marked: text as it stands, tables as tables.
//
// Not for documents with their structure (parts/document_text.js), which shows its tables by `table` here.

import { el } from "../dom.js";
import { cut } from "../spans.js";
import { blocksOf, linesOfText } from "../tables.js";

/** @typedef {import("../spans.js").Range} Range */

/**
 * @param {string} text
 * @param {readonly Range[]} [ranges]  what is marked; in order, not overlapping
 * @returns {(string | HTMLElement)[]}
 */
export function policyText(text, ranges = []) {
  const mark = (/** @type {string} */ words) => el("mark", {}, words);
  return blocksOf(text, linesOfText(text)).flatMap((block) => {
    if (block.cells !== null) return [table(text, block.cells, ranges, mark)];
    const start = block.lines[0]?.start ?? 0;
    const end = block.lines.at(-1)?.end ?? 0;
    return pieces(text, ranges, start, end, mark);
  });
}

/**
 * A part of a text, the marked words in it as `mark` makes them.
 * @param {string} text
 * @param {readonly Range[]} ranges
 * @param {number} start
 * @param {number} end
 * @param {(words: string) => HTMLElement} mark
 */
export function pieces(text, ranges, start, end, mark) {
  return cut(text, ranges, start, end).map((piece) => (piece.marked ? mark(piece.text) : piece.text));
}

/**
 * Rows as a table, the first as its heads.
 * @param {string} text
 * @param {readonly Range[][]} rows
 * @param {readonly Range[]} ranges
 * @param {(words: string) => HTMLElement} mark
 */
export function table(text, rows, ranges, mark) {
  const row = (/** @type {readonly Range[]} */ cells, /** @type {"th" | "td"} */ tag) =>
    el("tr", {}, ...cells.map(({ start, end }) => el(tag, { scope: tag === "th" ? "col" : null }, ...pieces(text, ranges, start, end, mark))));
  const [head = [], ...others] = rows;
  return el("table", { class: "policy-table" }, el("thead", {}, row(head, "th")), el("tbody", {}, ...others.map((cells) => row(cells, "td"))));
}
