// What differs between two texts: the shortest edit script of two sequences (Myers, "An O(ND) Difference Algorithm and Its
// Variations", 1986), words and characters of a text, and the pairing of the articles of two revisions.
//
// Not for documents as a whole: revisions are paired article by article first. Pure functions.

/** @template T @typedef {{ kind: "same" | "old" | "new", items: T[] }} Run */
/** @typedef {{ address: string, label: string, text: string }} Article */
/** @typedef {{ before: Article | null, after: Article | null, likeness: number }} ArticlePair */

/** Edits beyond which a shortest script is not looked for and all of both sides differs: it bounds memory at its square. */
const MAX_EDITS = 1500;
/** Articles less alike than this are no revision of one another. By hand over the sample revisions: pairs there have .4 and more. */
const MIN_LIKENESS = 0.3;

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

/**
 * How alike two texts are: Dice's coefficient of their sets of character pairs, 0 to 1 (Dice, 1945). The article's own number does
 * not count, since a revision may renumber.
 * @param {Set<string>} a
 * @param {Set<string>} b
 */
function dice(a, b) {
  if (a.size + b.size === 0) return 1;
  let common = 0;
  for (const pair of a.size < b.size ? a : b) if (a.has(pair) && b.has(pair)) ++common;
  return (2 * common) / (a.size + b.size);
}

/** @param {Article} article */
function pairsOf(article) {
  const text = article.text.startsWith(article.label) ? article.text.slice(article.label.length) : article.text;
  const characters = [...text.replace(/\s+/gu, "")];
  return new Set(characters.map((c, i) => c + (characters[i + 1] ?? "")));
}

/**
 * The articles of two revisions side by side, in order of both: the alignment of greatest summed likeness (Needleman and Wunsch,
 * 1970, without a cost of gaps).
 * @param {readonly Article[]} before
 * @param {readonly Article[]} after
 * @returns {ArticlePair[]}
 */
export function pairArticles(before, after) {
  const left = before.map(pairsOf);
  const right = after.map(pairsOf);
  const width = after.length + 1;
  const best = new Float64Array((before.length + 1) * width);
  const likeness = new Float64Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; --i) {
    for (let j = after.length - 1; j >= 0; --j) {
      const here = dice(/** @type {Set<string>} */ (left[i]), /** @type {Set<string>} */ (right[j]));
      const cell = i * width + j;
      likeness[cell] = here;
      const paired = here < MIN_LIKENESS ? 0 : here + num(best, cell + width + 1);
      best[cell] = Math.max(paired, num(best, cell + width), num(best, cell + 1));
    }
  }
  /** @type {ArticlePair[]} */
  const pairs = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const cell = i * width + j;
    const old = before[i] ?? null;
    const fresh = after[j] ?? null;
    const here = num(likeness, cell);
    if (old !== null && fresh !== null && here >= MIN_LIKENESS && num(best, cell) === here + num(best, cell + width + 1)) {
      pairs.push({ before: old, after: fresh, likeness: here });
      ++i;
      ++j;
    } else if (old !== null && (fresh === null || num(best, cell + width) >= num(best, cell + 1))) {
      pairs.push({ before: old, after: null, likeness: 0 });
      ++i;
    } else {
      pairs.push({ before: null, after: fresh, likeness: 0 });
      ++j;
    }
  }
  return pairs;
}

/** @param {Float64Array} array @param {number} i */
function num(array, i) {
  return /** @type {number} */ (array[i]);
}
