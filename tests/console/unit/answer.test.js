// A stream put together, and the finished answer as text for the clipboard.

import assert from "node:assert/strict";
import test from "node:test";

import { citationsOf, newAnswer, plainText, take, textWithCitations, validityWords } from "../../../generator/gateway/console/answer.js";
import { setLanguage } from "../../../generator/gateway/console/messages.js";

setLanguage("zh");
const cited = { number: 1, label: "《养犬条例》第一条", documentNumber: "令第1号", quote: "甲\n乙", validity: { state: "STATE_IN_FORCE", validFrom: "2023-07-01" } };
const sentence = { text: "甲乙。", citations: [1], support: "SUPPORT_SUPPORTED" };

function streamed(...events) {
  const state = newAnswer();
  for (const event of events) take(state, event);
  return state;
}

test("sentences and citations gather as they come", () => {
  const state = streamed({ searchDone: { hits: 7 } }, { sentence: { sentence, citations: [cited] } });
  assert.equal(state.stage, "found");
  assert.equal(state.hits, 7);
  assert.equal(plainText(state), "甲乙。");
  assert.deepEqual(citationsOf(state), [cited]);
});

test("what the last message says holds", () => {
  const final = { status: "ANSWER_STATUS_NO_SUPPORT", refusal: "没有找到。" };
  const state = streamed({ sentence: { sentence, citations: [cited] } }, { notice: { message: "x" } }, { final, answerId: "7f" });
  assert.equal(state.stage, "done");
  assert.equal(state.answerId, "7f");
  assert.deepEqual([state.sentences, citationsOf(state), state.notices], [[], [], []]);
  assert.equal(plainText(state), "没有找到。");
});

test("a copy has question, marks, notices, sources with validity and quote, and the day", () => {
  const final = { sentences: [sentence], citations: [cited], notices: [{ message: "注意" }], asOfDate: "2026-01-02", snapshot: "s1" };
  assert.equal(
    textWithCitations("问？", streamed({ final })),
    "问？\n\n甲乙。[1]\n(注意)\n\n出处\n[1] 《养犬条例》第一条, 令第1号, 现行有效 自 2023-07-01 起\n    甲\n    乙\n\n以 2026-01-02 为准 · 快照 s1",
  );
});

test("a copied refusal names what may be related, without numbers", () => {
  const text = textWithCitations("问？", streamed({ final: { refusal: "没有找到。", related: [cited], asOfDate: "2026-01-02", snapshot: "s1" } }));
  assert.match(text, /^问？\n\n没有找到。\n\n可能相关的条文\n- 《养犬条例》第一条/);
});

test("a validity has its state and its days", () => {
  assert.equal(validityWords({ state: "STATE_NO_LONGER_IN_FORCE", validFrom: "2017-05-01", validTo: "2023-07-01" }), "已失效 2017-05-01 至 2023-07-01 前");
  assert.equal(validityWords({ state: "STATE_NOT_YET_IN_FORCE" }), "尚未生效");
  assert.equal(validityWords(undefined), "");
});
