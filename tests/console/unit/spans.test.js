// Byte offsets of UTF-8 as places in strings, with texts of one to four bytes a character.

import assert from "node:assert/strict";
import test from "node:test";

import { cut, rangesOfSpans, unitsOfBytes } from "../../../generator/gateway/console/spans.js";

const span = (start, end) => ({ start: String(start), end: String(end) });
const marked = (text, spans, origin) => rangesOfSpans(text, spans, origin).map(({ start, end }) => text.slice(start, end));

test("Han characters count three bytes and one unit each", () => {
  // Six characters; the third to fifth begin at bytes 6, 9, 12.
  assert.deepEqual(unitsOfBytes("第十三条养犬", [0, 6, 9, 15, 18]), [0, 2, 3, 5, 6]);
  assert.deepEqual(marked("第十三条养犬", [span(12, 18)]), ["养犬"]);
});

test("a character beyond the basic plane counts four bytes and two units", () => {
  // a=1, U+20BB7=4 (2 units), b=1: bytes 0, 1, 5, 6 are units 0, 1, 3, 4.
  assert.deepEqual(unitsOfBytes("a\u{20BB7}b", [0, 1, 5, 6]), [0, 1, 3, 4]);
  assert.deepEqual(marked("a\u{20BB7}b", [span(1, 5)]), ["\u{20BB7}"]);
});

test("Uyghur letters count two bytes each", () => {
  const text = "قانۇن بويىچە";
  // Five letters, 10 bytes; a space; six letters, 12 bytes.
  assert.deepEqual(marked(text, [span(11, 23)]), ["بويىچە"]);
});

test("every cut of mixed text agrees with what an encoder says", () => {
  const text = "A第é\u{1F600}۔ق b\n条";
  const units = [0];
  for (const character of text) units.push(units.at(-1) + character.length);
  const bytes = units.map((unit) => Buffer.byteLength(text.slice(0, unit)));
  assert.deepEqual(unitsOfBytes(text, bytes), units);
});

test("an offset inside a character is that of its begin, one past the end is the end", () => {
  assert.deepEqual(unitsOfBytes("第十", [1, 2, 4, 6, 99]), [0, 0, 1, 2, 2]);
});

test("a lone surrogate counts as the three bytes of its replacement", () => {
  assert.deepEqual(unitsOfBytes("\ud800x", [3, 4]), [1, 2]);
});

test("spans are joined where they touch or overlap, in order whatever their order", () => {
  assert.deepEqual(rangesOfSpans("abcdefgh", [span(5, 7), span(0, 2), span(1, 3), span(3, 4)]), [
    { start: 0, end: 4 },
    { start: 5, end: 7 },
  ]);
});

test("empty, reversed and negative spans mark nothing that is not there", () => {
  assert.deepEqual(marked("abc", [span(1, 1), span(2, 1), { end: "0" }]), []);
  assert.deepEqual(marked("abc", [span(-5, 2)]), ["ab"]);
});

test("a missing start is 0, as proto JSON leaves defaults out", () => {
  assert.deepEqual(marked("abc", [{ end: "2" }]), ["ab"]);
});

test("an origin shifts spans of a document into a passage of it", () => {
  // The passage begins at byte 9 of its document.
  assert.deepEqual(marked("养犬登记", [span(15, 21)], 9), ["登记"]);
});

test("the pieces of a cut are the text again", () => {
  const text = "一二三四五";
  const pieces = cut(text, [{ start: 1, end: 2 }, { start: 4, end: 5 }]);
  assert.deepEqual(pieces.map((piece) => piece.text), ["一", "二", "三四", "五"]);
  assert.deepEqual(pieces.map((piece) => piece.marked), [false, true, false, true]);
});

test("a part of a text shows the part of a range that lies in it", () => {
  assert.deepEqual(cut("abcdef", [{ start: 1, end: 5 }], 2, 4), [{ text: "cd", marked: true }]);
});
