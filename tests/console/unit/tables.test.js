// Tables in canonical text.

import assert from "node:assert/strict";
import test from "node:test";

import { blocksOf, cellsOf, linesOfText } from "../../../generator/gateway/console/tables.js";

const shown = (text) =>
  blocksOf(text, linesOfText(text)).map(({ lines, cells }) =>
    cells === null ? text.slice(lines[0].start, lines.at(-1).end) : cells.map((row) => row.map(({ start, end }) => text.slice(start, end))),
  );

test("rows of as many cells, one below the other, are a table", () => {
  assert.deepEqual(shown("时限如下\n事项 | 本市 | 异地\n换领 | 20日 | 30日\n以上为工作日。"), ["时限如下", [["事项", "本市", "异地"], ["换领", "20日", "30日"]], "以上为工作日。"]);
});

test("one row alone, or rows of different lengths, are text as it stands", () => {
  assert.deepEqual(shown("甲 | 乙"), ["甲 | 乙"]);
  assert.deepEqual(shown("甲 | 乙\n丙 | 丁 | 戊\n己"), ["甲 | 乙\n丙 | 丁 | 戊\n己"]);
});

test("an empty cell is a cell, a bar without spaces is none", () => {
  assert.deepEqual(shown("a |  | b\nc | d|d | e"), [[["a", "", "b"], ["c", "d|d", "e"]]]);
});

test("cells do not reach beyond their line", () => {
  const text = "甲\n乙 | 丙";
  assert.deepEqual(cellsOf(text, { start: 0, end: 1 }), [{ start: 0, end: 1 }]);
});

test("blocks have every line once, in order", () => {
  const text = "a | b\nc | d\n\ne\nf | g\nh | i";
  assert.deepEqual(blocksOf(text, linesOfText(text)).flatMap(({ lines }) => lines), linesOfText(text));
});
