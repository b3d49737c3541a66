// Tables in canonical text: lines one below the other whose cells stand between ` | `, as the readers write them.
//
// Only how such lines are shown; text and offsets stay as they are. Pure functions.

/** @typedef {{ start: number, end: number }} Range */
/** @typedef {{ lines: Range[], cells: Range[][] | null }} Block  cells: one row for each line; null for text that is no table */

const BETWEEN = " | ";

/**
 * The cells of a line of `text`; one when it is no row.
 * @param {string} text
 * @param {Range} line
 * @returns {Range[]}
 */
export function cellsOf(text, { start, end }) {
  /** @type {Range[]} */
  const cells = [];
  let from = start;
  for (let at = text.indexOf(BETWEEN, start); at >= 0 && at + BETWEEN.length <= end; at = text.indexOf(BETWEEN, from)) {
    cells.push({ start: from, end: at });
    from = at + BETWEEN.length;
  }
  cells.push({ start: from, end });
  return cells;
}

/**
 * Lines as blocks: two or more rows of as many cells, two or more, are a table; all between two tables is one block of text.
 * @param {string} text
 * @param {readonly Range[]} lines  in order
 * @returns {Block[]}
 */
export function blocksOf(text, lines) {
  /** @type {Block[]} */
  const blocks = [];
  for (let i = 0; i < lines.length; ) {
    const rows = [];
    for (let j = i; j < lines.length; ++j) {
      const cells = cellsOf(text, /** @type {Range} */ (lines[j]));
      if (cells.length < 2 || (rows[0] !== undefined && rows[0].length !== cells.length)) break;
      rows.push(cells);
    }
    const last = blocks.at(-1);
    if (rows.length >= 2) {
      blocks.push({ lines: lines.slice(i, i + rows.length), cells: rows });
      i += rows.length;
    } else {
      const line = /** @type {Range} */ (lines[i]);
      if (last !== undefined && last.cells === null) last.lines.push(line);
      else blocks.push({ lines: [line], cells: null });
      ++i;
    }
  }
  return blocks;
}

/**
 * The lines of a text, without their ends.
 * @param {string} text
 * @returns {Range[]}
 */
export function linesOfText(text) {
  let start = 0;
  return text.split("\n").map((line) => {
    const range = { start, end: start + line.length };
    start = range.end + 1;
    return range;
  });
}
