// Which article of one revision is which of the other.

import assert from "node:assert/strict";
import test from "node:test";

import { pairArticles } from "../../../generator/gateway/console/revisions.js";

const article = (label, text) => ({ address: label, label, text: label + text });
const pairs = (before, after) => pairArticles(before, after).map((pair) => [pair.before?.label ?? null, pair.after?.label ?? null]);

test("articles that were renumbered are paired by what they say", () => {
  const before = [article("第一条", "养犬人应当办理养犬登记。"), article("第二条", "犬只伤人的，养犬人应当送医。")];
  const after = [article("第一条", "本条例所称主管部门是公安机关。"), article("第二条", "养犬人应当依法办理养犬登记。"), article("第三条", "犬只伤人的，养犬人应当立即送医。")];
  assert.deepEqual(pairs(before, after), [[null, "第一条"], ["第一条", "第二条"], ["第二条", "第三条"]]);
});

test("articles that say something else are one removed and one added", () => {
  assert.deepEqual(pairs([article("第一条", "垃圾应当分类投放。")], [article("第一条", "犬只伤人应当送医。")]), [["第一条", null], [null, "第一条"]]);
});

test("nothing to pair is no pair", () => {
  assert.deepEqual(pairs([], []), []);
  assert.deepEqual(pairs([article("第一条", "甲")], []), [["第一条", null]]);
});

test("an article that only changed its number is the same one", () => {
  const before = ["甲甲甲甲", "乙乙乙乙", "丙丙丙丙"].map((text, i) => article(`第${i + 1}条`, text));
  const after = ["甲甲甲甲", "丁丁丁丁", "乙乙乙乙", "丙丙丙丙"].map((text, i) => article(`第${i + 1}条`, text));
  assert.deepEqual(pairs(before, after), [["第1条", "第1条"], [null, "第2条"], ["第2条", "第3条"], ["第3条", "第4条"]]);
});

test("every article of both revisions stands in one pair, in its order", () => {
  const make = (side, count) => Array.from({ length: count }, (_, i) => article(`第${i + 1}条`, `${side}的第${(i * 7) % count}件事，${i % 3 === 0 ? "不变" : side}。`));
  for (const [m, n] of [[5, 9], [40, 30], [300, 280]]) {
    const [before, after] = [make("旧", m), make("新", n)];
    const found = pairArticles(before, after);
    assert.deepEqual(found.flatMap((pair) => pair.before ?? []), before);
    assert.deepEqual(found.flatMap((pair) => pair.after ?? []), after);
  }
});

test("too many to compare are paired by address", () => {
  const make = (side) => Array.from({ length: 300 }, (_, i) => article(`第${i + 1}条`, `${side}${i}`));
  const found = pairArticles(make("旧"), make("新"));
  assert.equal(found.length, 300);
  assert.ok(found.every((pair) => pair.before?.address === pair.after?.address));
});
