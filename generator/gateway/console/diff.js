// What differs between two texts: the shortest edit script of two sequences (Myers, "An O(ND) Difference Algorithm and Its
// Variations", 1986), words and characters of a text.
//
// Not for documents as a whole: revisions are paired article by article first (revisions.js). Pure functions.

/** @template T @typedef {{ kind: "same" | "old" | "new", items: T[] }} Run */

/** Edits beyond which a shortest script is not looked for and all of both sides differs: it bounds memory at its square. */
const MAX_EDITS = 1500;

/**
 * The words of `text`: Han characters one by one, other words whole, white space and punctuation as they stand.
 * @param {string} text
 * @returns {string[]}
 */
export function words(text) {
  return text.match(/\p{Script=Han}|[\p{L}\p{M}\p{N}]+(?:[.,]\p{N}+)*|\s+|[^]/gu)?.flatMap(splitHan) ?? [];
}

/**
 * A word that mixes Han with letters or digits is cut before and after each Han character.
 * @param {string} word
 */
function splitHan(word) {
  return word.match(/\p{Script=Han}|\P{Script=Han}+/gu) ?? [];
}

/**
 * Runs that are the same, only in `before` ("old") or only in `after` ("new"), in order.
 * @template T
 * @param {readonly T[]} before
 * @param {readonly T[]} after
 * @returns {Run<T>[]}
 */
export function diff(before, after) {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) ++head;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - head;
  while (tail < shorter && before.at(-1 - tail) === after.at(-1 - tail)) ++tail;
  /** @type {Run<T>[]} */
  const runs = [];
  append(runs, "same", before.slice(0, head));
  const middle = middleRuns(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  for (const run of middle) append(runs, run.kind, run.items);
  append(runs, "same", before.slice(before.length - tail));
  return runs;
}

/**
 * @template T
 * @param {Run<T>[]} runs
 * @param {Run<T>["kind"]} kind
 * @param {T[]} items
 */
function append(runs, kind, items) {
  if (items.length === 0) return;
  const last = runs.at(-1);
  if (last !== undefined && last.kind === kind) last.items.push(...items);
  else runs.push({ kind, items: [...items] });
}

/**
 * Myers' greedy forward search; the trace of furthest ends per number of edits is walked back.
 * @template T
 * @param {readonly T[]} before
 * @param {readonly T[]} after
 * @returns {Run<T>[]}
 */
function middleRuns(before, after) {
  const limit = Math.min(before.length + after.length, MAX_EDITS);
  const center = limit + 1;
  const ends = new Int32Array(2 * limit + 3);
  /** @type {Int32Array[]} */
  const trace = [];
  for (let edits = 0; edits <= limit; ++edits) {
    trace.push(ends.slice(center - edits - 1, center + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(ends, center + k - 1) < at(ends, center + k + 1));
      let x = down ? at(ends, center + k + 1) : at(ends, center + k - 1) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) ++x;
      ends[center + k] = x;
      if (x >= before.length && x - k >= after.length) return walkBack(before, after, trace);
    }
  }
  /** @type {Run<T>[]} */
  const runs = [];
  append(runs, "old", [...before]);
  append(runs, "new", [...after]);
  return runs;
}

/** @param {Int32Array} array @param {number} i */
function at(array, i) {
  return /** @type {number} */ (array[i]);
}

/**
 * @template T
 * @param {readonly T[]} before
 * @param {readonly T[]} after
 * @param {readonly Int32Array[]} trace  at index d the ends of diagonals -d-1 to d+1 before round d
 * @returns {Run<T>[]}
 */
function walkBack(before, after, trace) {
  /** @type {{ kind: Run<T>["kind"], item: T }[]} */
  const steps = [];
  let x = before.length;
  let y = after.length;
  for (let edits = trace.length - 1; edits >= 0; --edits) {
    const ends = /** @type {Int32Array} */ (trace[edits]);
    const end = (/** @type {number} */ k) => at(ends, k + edits + 1);
    const k = x - y;
    const down = k === -edits || (k !== edits && end(k - 1) < end(k + 1));
    const fromX = edits === 0 ? 0 : down ? end(k + 1) : end(k - 1);
    const fromY = edits === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    const startX = edits === 0 ? 0 : down ? fromX : fromX + 1;
    for (; x > startX; --x, --y) steps.push({ kind: "same", item: /** @type {T} */ (before[x - 1]) });
    if (edits === 0) break;
    if (down) steps.push({ kind: "new", item: /** @type {T} */ (after[fromY]) });
    else steps.push({ kind: "old", item: /** @type {T} */ (before[fromX]) });
    x = fromX;
    y = fromY;
  }
  /** @type {Run<T>[]} */
  const runs = [];
  for (const { kind, item } of steps.reverse()) append(runs, kind, [item]);
  return runs;
}
