// Differences of revisions: shortest scripts against a table of longest common subsequences, words.

import assert from "node:assert/strict";
import test from "node:test";

import { diff, words } from "../../../generator/gateway/console/diff.js";

const short = (runs) => runs.map(({ kind, items }) => `${{ same: "=", old: "-", new: "+" }[kind]}${items.join("")}`);
const compare = (before, after) => short(diff(words(before), words(after)));

test("a number that changed is one word out and one in", () => {
  assert.deepEqual(compare("罚款500元以下", "罚款2000元以下"), ["=罚款", "-500", "+2000", "=元以下"]);
});

test("Han is compared by character, other scripts by word", () => {
  assert.deepEqual(words("15日内pay 1,000.50元"), ["15", "日", "内", "pay", " ", "1,000.50", "元"]);
  assert.deepEqual(compare("pay the fee", "pay a fee"), ["=pay ", "-the", "+a", "= fee"]);
});

test("what is added and removed at the ends is found", () => {
  assert.deepEqual(compare("甲乙", "甲乙丙"), ["=甲乙", "+丙"]);
  assert.deepEqual(compare("甲乙丙", "乙丙"), ["-甲", "=乙丙"]);
  assert.deepEqual(compare("", "甲"), ["+甲"]);
  assert.deepEqual(compare("甲", ""), ["-甲"]);
  assert.deepEqual(compare("", ""), []);
});

test("the words of a text are the text", () => {
  const text = "第十三条　养犬登记 \u{20BB7} قانۇن, 1.5%\n(x)";
  assert.equal(words(text).join(""), text);
});

// Numbers of a fixed sequence (Park and Miller, 1988), so that a failure comes again.
function sequence(seed) {
  let state = seed;
  return (below) => (state = (state * 48271) % 2147483647) % below;
}

function longestCommon(a, b) {
  const table = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; --i) {
    for (let j = b.length - 1; j >= 0; --j) {
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table[0][0];
}

test("both sides can be read off the runs, and no script is shorter", () => {
  const random = sequence(7);
  for (let round = 0; round < 3000; ++round) {
    const [before, after] = [0, 1].map(() => Array.from({ length: random(12) }, () => random(4)));
    const runs = diff(before, after);
    const side = (without) => runs.filter(({ kind }) => kind !== without).flatMap(({ items }) => items);
    assert.deepEqual(side("new"), before);
    assert.deepEqual(side("old"), after);
    const same = runs.filter(({ kind }) => kind === "same").flatMap(({ items }) => items);
    assert.equal(same.length, longestCommon(before, after), `${before} | ${after}`);
  }
});

test("texts without anything in common beyond the limit differ as a whole", () => {
  const runs = diff(Array.from({ length: 2000 }, (_, i) => i), Array.from({ length: 2000 }, (_, i) => -1 - i));
  assert.deepEqual(runs.map(({ kind, items }) => [kind, items.length]), [["old", 2000], ["new", 2000]]);
});
