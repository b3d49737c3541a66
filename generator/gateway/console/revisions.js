// Two revisions of a document, article by article: which article of one is which of the other, whatever its number.
//
// Articles that say the same are found by the shortest edit script over all of them; those between two such are paired by
// likeness. Pure functions.

import { diff } from "./diff.js";

/** @typedef {{ address: string, label: string, text: string }} Article */
/** @typedef {{ before: Article | null, after: Article | null }} ArticlePair */

/** Articles less alike than this are no revision of one another. Pairs of the sample revisions have .4 and more. */
const MIN_LIKENESS = 0.3;
/** Comparisons of two articles beyond which those between are paired by address alone: half a second's work in a browser. */
const MAX_COMPARISONS = 60000;

/**
 * The articles of two revisions side by side, in order of both.
 * @param {readonly Article[]} before
 * @param {readonly Article[]} after
 * @returns {ArticlePair[]}
 */
export function pairArticles(before, after) {
  /** @type {ArticlePair[]} */
  const pairs = [];
  let i = 0;
  let j = 0;
  /** @type {[Article[], Article[]]} */
  let between = [[], []];
  const close = () => {
    pairs.push(...pairBetween(...between));
    between = [[], []];
  };
  for (const { kind, items } of diff(before.map(words), after.map(words))) {
    if (kind === "same") close();
    for (let n = 0; n < items.length; ++n) {
      const old = kind === "new" ? null : (before[i++] ?? null);
      const fresh = kind === "old" ? null : (after[j++] ?? null);
      if (old !== null && fresh !== null) pairs.push({ before: old, after: fresh });
      else if (old !== null) between[0].push(old);
      else if (fresh !== null) between[1].push(fresh);
    }
  }
  close();
  return pairs;
}

/**
 * What an article says without its own number, which a revision may change, and without white space.
 * @param {Article} article
 */
function words({ label, text }) {
  return (text.startsWith(label) ? text.slice(label.length) : text).replace(/\s+/gu, "");
}

/**
 * The alignment of greatest summed likeness (Needleman and Wunsch, 1970, without a cost of gaps).
 * @param {readonly Article[]} before
 * @param {readonly Article[]} after
 * @returns {ArticlePair[]}
 */
function pairBetween(before, after) {
  const likeness = likenessOf(before, after);
  const width = after.length + 1;
  const best = new Float64Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; --i) {
    for (let j = after.length - 1; j >= 0; --j) {
      const cell = i * width + j;
      const here = likeness(i, j);
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
    const here = old === null || fresh === null ? 0 : likeness(i, j);
    if (here >= MIN_LIKENESS && num(best, cell) === here + num(best, cell + width + 1)) {
      pairs.push({ before: old, after: fresh });
      ++i;
      ++j;
    } else if (old !== null && (fresh === null || num(best, cell + width) >= num(best, cell + 1))) {
      pairs.push({ before: old, after: null });
      ++i;
    } else {
      pairs.push({ before: null, after: fresh });
      ++j;
    }
  }
  return pairs;
}

/**
 * How alike article i of `before` and j of `after` are, 0 to 1: Dice's coefficient of their sets of character pairs (Dice, 1945).
 * Where there are too many to compare, 1 for the same address and 0 else.
 * @param {readonly Article[]} before
 * @param {readonly Article[]} after
 * @returns {(i: number, j: number) => number}
 */
function likenessOf(before, after) {
  if (before.length * after.length > MAX_COMPARISONS) return (i, j) => Number(before[i]?.address === after[j]?.address);
  const left = before.map(pairsOf);
  const right = after.map(pairsOf);
  const known = new Float64Array(before.length * after.length);
  left.forEach((a, i) => right.forEach((b, j) => (known[i * after.length + j] = dice(a, b))));
  return (i, j) => num(known, i * after.length + j);
}

/**
 * @param {Set<string>} a
 * @param {Set<string>} b
 */
function dice(a, b) {
  if (a.size + b.size === 0) return 1;
  let common = 0;
  for (const pair of a) if (b.has(pair)) ++common;
  return (2 * common) / (a.size + b.size);
}

/** @param {Article} article */
function pairsOf(article) {
  const characters = [...words(article)];
  return new Set(characters.map((c, i) => c + (characters[i + 1] ?? "")));
}

/** @param {Float64Array} array @param {number} i */
function num(array, i) {
  return /** @type {number} */ (array[i]);
}
