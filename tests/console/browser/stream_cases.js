// Streams that the real programs seldom send: every notice, doubtful sentences, errors in the middle, streams that break off.

import assert from "node:assert/strict";
import test from "node:test";

import { go, openPage } from "./pages.js";
import { browser, plain, servers } from "./world.js";

const CITATION = { number: 1, passage: "documents/x/provisions/art1", document: "documents/x", label: "《甲》第一条", quote: "甲。", validity: { state: "STATE_NOT_YET_IN_FORCE", validFrom: "2030-01-01" } };
const SENTENCE = { text: "甲。", citations: [1], support: "SUPPORT_SUPPORTED" };

const event = (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const begin = event("searchDone", { searchDone: { hits: 3 } }) + ": keep-alive\n\n" + event("sentence", { sentence: { sentence: SENTENCE, citations: [CITATION] } });

/** A page whose next question is answered with `body`. */
async function answered(body, status = 200) {
  const page = await openPage(browser, plain, servers.keys.desk);
  await go(page, "");
  await page.route("**/v1/answers:stream", (route) => route.fulfill({ status, body, contentType: status === 200 ? "text/event-stream" : "application/json" }));
  await page.fill("#question", "甲是什么");
  await page.press("#question", "Enter");
  return page;
}

test("every notice, and every doubt about a sentence, is said in words", async () => {
  const codes = ["CODE_MODEL_FAILED", "CODE_SENTENCES_DROPPED", "CODE_NOT_IN_FORCE", "CODE_CROSS_LANGUAGE", "CODE_CITATIONS_MOVED", "CODE_FOUND_BY_WORDS_ALONE"];
  const notices = codes.map((code, i) => ({ code, message: `注意${i}` }));
  const sentences = [SENTENCE, { ...SENTENCE, citationMoved: true }, { ...SENTENCE, support: "SUPPORT_PARTLY_SUPPORTED" }, { ...SENTENCE, support: "SUPPORT_UNSUPPORTED" }];
  const final = { status: "ANSWER_STATUS_ANSWERED", mode: "ANSWER_MODE_MODEL", model: "m-1", sentences, citations: [CITATION], notices, asOfDate: "2026-01-01", snapshot: "s" };
  const page = await answered(begin + notices.map((notice) => event("notice", { notice })).join("") + event("final", { final }));
  await page.locator(".answer[data-status]").waitFor();
  assert.deepEqual(await page.locator(".notice").allInnerTexts(), notices.map(({ message }) => message));
  assert.deepEqual(await page.locator(".support").allInnerTexts(), ["出处已更正", "条文只支持其中一部分", "条文不支持"]);
  assert.match(await page.locator(".answer-foot").innerText(), /由模型 m-1 撰写，逐句核对/);
  assert.match(await page.locator(".source").innerText(), /尚未生效 自 2030-01-01 起/);
  await page.context().close();
});

test("text that may only be related is not shown as an answer", async () => {
  const final = { status: "ANSWER_STATUS_MAY_BE_RELATED", refusal: "不能确定。", related: [CITATION], asOfDate: "2026-01-01", snapshot: "s" };
  const page = await answered(event("searchDone", { searchDone: { hits: 1 } }) + event("final", { final }));
  await page.locator(".refusal.unsure", { hasText: "没有确切答案，以下条文可能相关" }).waitFor();
  assert.equal(await page.locator(".sentence").count(), 0);
  assert.equal(await page.locator(".source-block h3").innerText(), "可能相关的条文");
  await page.context().close();
});

test("an error in the middle keeps the checked sentences and their sources, and says what went wrong", async () => {
  const page = await answered(begin + event("error", { code: 4, message: "deadline" }));
  await page.locator(".progress.broken", { hasText: "服务器没有及时答复。" }).waitFor();
  assert.equal(await page.locator(".sentence").count(), 1);
  assert.equal(await page.locator(".source").count(), 1);
  assert.equal(await page.locator("#question").isEnabled(), true);
  await page.context().close();
});

test("a stream that ends without its last message is said to be cut off", async () => {
  const page = await answered(begin);
  await page.locator(".progress.broken", { hasText: "回答中断了" }).waitFor();
  await page.context().close();
});

for (const [status, code, words] of [[429, 8, "请求太多"], [403, 7, "没有这项权限"], [503, 14, "出错了：away"], [504, 4, "没有及时答复"]]) {
  test(`a refusal of HTTP ${status} is said in words, and is no part of the conversation`, async () => {
    const page = await answered(JSON.stringify({ code, message: "away", details: [] }), status);
    await page.locator(".progress.broken", { hasText: words }).waitFor();
    await page.unroute("**/v1/answers:stream");
    const sent = page.waitForRequest("**/v1/answers:stream");
    await page.fill("#question", "养犬登记要交多少钱");
    await page.press("#question", "Enter");
    assert.deepEqual((await sent).postDataJSON().spec.history, []);
    await page.context().close();
  });
}
