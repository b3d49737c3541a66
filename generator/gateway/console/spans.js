// Spans: the byte offsets of the API, which count UTF-8, as places in JavaScript strings, which count UTF-16.
//
// Every span that is shown goes through here. Not for text of the user's own. Pure functions.

/** @typedef {import("./types.js").Span} Span */
/** @typedef {{ start: number, end: number }} Range  half-open, UTF-16 code units */
/** @typedef {{ text: string, marked: boolean }} Piece */

/**
 * The UTF-8 length of the code point that begins at `unit`, which is 1 to 4. A lone surrogate counts 3, as the replacement
 * character does that a decoder would have put there.
 * @param {number} codePoint
 */
function utf8Length(codePoint) {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/**
 * The places in `text` of ascending byte offsets. An offset inside a character is that of the character's begin, one past the
 * end is the end: what is shown may be a character too much, it is never half of one.
 * @param {string} text
 * @param {number[]} offsets  ascending
 * @returns {number[]}
 */
export function unitsOfBytes(text, offsets) {
  const units = [];
  let byte = 0;
  let unit = 0;
  for (const offset of offsets) {
    while (unit < text.length) {
      const codePoint = /** @type {number} */ (text.codePointAt(unit));
      const next = byte + utf8Length(codePoint);
      if (next > offset) break;
      byte = next;
      unit += codePoint > 0xffff ? 2 : 1;
    }
    units.push(unit);
  }
  return units;
}

/**
 * Spans as ranges of `text`, in order, overlaps joined, empty and reversed ones left out. `origin` is the byte of the canonical
 * text at which `text` begins.
 * @param {string} text
 * @param {readonly Span[]} spans  in any order
 * @param {number} [origin]
 * @returns {Range[]}
 */
export function rangesOfSpans(text, spans, origin = 0) {
  const bytes = spans
    .map((span) => ({ start: Number(span.start ?? 0) - origin, end: Number(span.end ?? 0) - origin }))
    .filter(({ start, end }) => end > start && end > 0)
    .map(({ start, end }) => ({ start: Math.max(0, start), end }));
  const offsets = [...new Set(bytes.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const units = unitsOfBytes(text, offsets);
  const unitOf = new Map(offsets.map((offset, i) => [offset, /** @type {number} */ (units[i])]));
  /** @type {Range[]} */
  const ranges = [];
  const placed = bytes.map(({ start, end }) => ({
    start: /** @type {number} */ (unitOf.get(start)),
    end: /** @type {number} */ (unitOf.get(end)),
  }));
  for (const range of placed.sort((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (range.end <= range.start) continue;
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else ranges.push({ ...range });
  }
  return ranges;
}

/**
 * `text` from `from` to `to` cut where `ranges` begin and end; the pieces in order, none empty.
 * @param {string} text
 * @param {readonly Range[]} ranges  in order, not overlapping
 * @param {number} [from]
 * @param {number} [to]
 * @returns {Piece[]}
 */
export function cut(text, ranges, from = 0, to = text.length) {
  /** @type {Piece[]} */
  const pieces = [];
  let at = from;
  const push = (/** @type {number} */ end, /** @type {boolean} */ marked) => {
    if (end > at) pieces.push({ text: text.slice(at, end), marked });
    at = Math.max(at, end);
  };
  for (const { start, end } of ranges) {
    if (end <= from || start >= to) continue;
    push(Math.max(from, start), false);
    push(Math.min(to, end), true);
  }
  push(to, false);
  return pieces;
}
