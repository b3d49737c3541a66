// Lines, contents and articles of a document as the API sends it; spans are bytes.

import assert from "node:assert/strict";
import test from "node:test";

import { articlesOf, contentsOf, headingPath, linesOf } from "../../../generator/gateway/console/structure.js";

// Bytes: title 0-6, newline, chapter 7-22 ("第一章 总则" is 3*3+1+2*3 = 16 long: 7-23), newline, article 24-39 ("第一条　甲" 3*3+3+3 = 15),
// newline, item 40-52 ("（一）乙" 12), newline, article 53-68.
const TEXT = "条例\n第一章 总则\n第一条　甲\n（一）乙\n第二条　丙";
const policy = {
  name: "documents/x",
  text: TEXT,
  provisions: [
    { address: "ch1", level: "LEVEL_CHAPTER", label: "第一章", heading: "总则", parent: -1, span: { start: "7", end: "68" } },
    { address: "art1", level: "LEVEL_ARTICLE", label: "第一条", span: { start: "24", end: "52" } },
    { address: "art1.para1", level: "LEVEL_PARAGRAPH", parent: 1, span: { start: "24", end: "39" } },
    { address: "art1.para1.item1", level: "LEVEL_ITEM", label: "（一）", parent: 2, span: { start: "40", end: "52" } },
    { address: "art2", level: "LEVEL_ARTICLE", label: "第二条", span: { start: "53", end: "68" } },
  ],
};

test("each line is what the outermost provision is that begins there", () => {
  const lines = linesOf(policy).map(({ start, end, level, address }) => [TEXT.slice(start, end), level, address]);
  assert.deepEqual(lines, [
    ["条例", "", ""],
    ["第一章 总则", "LEVEL_CHAPTER", "ch1"],
    ["第一条　甲", "LEVEL_ARTICLE", "art1"],
    ["（一）乙", "LEVEL_ITEM", "art1.para1.item1"],
    ["第二条　丙", "LEVEL_ARTICLE", "art2"],
  ]);
});

test("the contents nest articles below their chapter", () => {
  const [chapter, ...rest] = contentsOf(policy);
  assert.equal(rest.length, 0);
  assert.equal(chapter.title, "第一章 总则");
  assert.deepEqual(chapter.articles, [{ address: "art1", label: "第一条" }, { address: "art2", label: "第二条" }]);
});

test("articles without a chapter stand in one entry without title", () => {
  const bare = { ...policy, provisions: [{ address: "art1", level: "LEVEL_ARTICLE", label: "第一条", parent: -1 }, { address: "art2", level: "LEVEL_ARTICLE", label: "第二条", parent: -1 }] };
  assert.deepEqual(contentsOf(bare).map(({ title, articles }) => [title, articles.length]), [["", 2]]);
});

test("the heading path of a byte leads from the chapter to the article", () => {
  assert.deepEqual(headingPath(policy, 41), ["第一章 总则", "第一条"]);
  assert.deepEqual(headingPath(policy, 0), []);
});

test("the articles of a document are its text of that span", () => {
  assert.deepEqual(articlesOf(policy), [
    { address: "art1", label: "第一条", text: "第一条　甲\n（一）乙" },
    { address: "art2", label: "第二条", text: "第二条　丙" },
  ]);
});

test("a document without text or provisions has none", () => {
  assert.deepEqual(linesOf({ name: "documents/x" }), []);
  assert.deepEqual(contentsOf({ name: "documents/x" }), []);
  assert.deepEqual(articlesOf({ name: "documents/x" }), []);
});
