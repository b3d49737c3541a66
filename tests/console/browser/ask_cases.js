// Questions and their answers.

import assert from "node:assert/strict";
import test from "node:test";

import { ask, go, openPage } from "./pages.js";
import { bereft, browser, model, modelled, plain, servers } from "./world.js";

const DOGS = "养犬登记要交多少钱";
const QUOTE = "第十三条　养犬登记不收取登记费和年度管理费。";

async function staff(url = plain, options = {}) {
  return openPage(browser, url, servers.keys.desk, options);
}

test("a question in Chinese is answered in cited sentences, and a chip opens the text at the quoted words", async () => {
  const page = await staff();
  const answer = await ask(page, DOGS);
  assert.match(await answer.locator(".sentences").innerText(), /养犬登记不收取登记费/);
  const chips = answer.locator(".sentence .chip");
  const cited = answer.locator(".sentence", { hasText: "养犬登记不收取登记费" }).first();
  assert.ok((await chips.count()) > 0);
  await cited.locator(".chip").first().click();
  const mark = page.locator(".panel mark");
  await mark.first().waitFor();
  assert.ok((await mark.first().innerText()).startsWith(QUOTE));
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "MARK");
  const top = await page.locator(".panel-top").innerText();
  for (const words of ["沧宁市养犬管理条例", "现行有效", "第二章 免疫与登记 › 第十三条"]) assert.ok(top.includes(words), words);
  const place = await mark.first().boundingBox();
  const below = await page.locator(".panel-top").boundingBox();
  assert.ok(place !== null && below !== null && place.y >= below.y + below.height && place.y < 800, `the quote is in view: ${JSON.stringify([place, below])}`);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("a question in English is answered in English text, in a page that speaks English", async () => {
  const page = await staff(plain, { locale: "en-GB" });
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  const answer = await ask(page, "Which documents are needed to register a sole proprietorship enterprise?");
  const words = answer.locator(".sentence > div").first();
  assert.equal(await words.getAttribute("lang"), "en");
  assert.equal(await words.getAttribute("dir"), "ltr");
  assert.match(await answer.locator(".source").first().innerText(), /In force/);
  await page.context().close();
});

test("another day shows another revision", async () => {
  const page = await staff();
  await go(page, "#/ask?asOf=2020-06-01");
  const answer = await ask(page, DOGS);
  assert.match(await answer.locator(".answer-foot").innerText(), /2020-06-01/);
  const source = answer.locator(".source", { hasText: "养犬管理办法" }).first();
  assert.match(await source.innerText(), /现行有效\s*2017-05-01 至 2023-07-01 前/);
  assert.equal(await answer.locator(".source", { hasText: "沧宁市养犬管理条例" }).count(), 0);
  await source.locator("button").click();
  await page.locator(".panel mark").first().waitFor();
  assert.match(await page.locator(".panel-top").innerText(), /沧宁市城区养犬管理办法/);
  await page.context().close();
});

test("a question that no text answers is refused, with what may be related", async () => {
  const page = await staff();
  const answer = await ask(page, "火星移民补贴怎么领");
  assert.match((await answer.getAttribute("data-status")) ?? "", /NO_SUPPORT|MAY_BE_RELATED/);
  assert.equal(await answer.locator(".refusal").count(), 1);
  assert.equal(await answer.locator(".sentence").count(), 0);
  assert.ok((await answer.locator(".sources.plain .source").count()) > 0);
  await page.context().close();
});

test("without the model's server the passages answer, and a notice says so", async () => {
  const page = await staff(bereft);
  const answer = await ask(page, DOGS);
  assert.equal(await answer.getAttribute("data-mode"), "ANSWER_MODE_EXTRACTIVE");
  assert.equal(await answer.locator(".notice[data-code=CODE_MODEL_FAILED]").count(), 1);
  assert.ok((await answer.locator(".sentence .chip").count()) > 0);
  await page.context().close();
});

test("a sentence of the model that nothing bears is dropped, and a notice says so", async () => {
  model.reply = "养犬登记不收取登记费和年度管理费。[1]\n登记费为每年九千元。[1]";
  const page = await staff(modelled);
  const answer = await ask(page, DOGS);
  assert.equal(await answer.getAttribute("data-mode"), "ANSWER_MODE_MODEL");
  assert.doesNotMatch(await answer.locator(".sentences").innerText(), /九千/);
  assert.equal(await answer.locator(".notice[data-code=CODE_SENTENCES_DROPPED]").count(), 1);
  await page.context().close();
});

test("a checked sentence shows while the model still writes, and stop ends the answer there", async () => {
  model.reply = "养犬登记不收取登记费和年度管理费。[1]\n智能犬牌";
  model.holds = true;
  const page = await staff(modelled);
  // Not the question of another test: answers are kept.
  await page.fill("#question", `请问${DOGS}`);
  await page.press("#question", "Enter");
  await page.locator(".sentence", { hasText: "不收取登记费" }).waitFor();
  await page.getByRole("button", { name: "停止" }).click();
  await page.locator(".progress.broken", { hasText: "已停止" }).waitFor();
  assert.equal(await page.locator(".sentence").count(), 1);
  assert.equal(await page.getByRole("button", { name: "停止" }).count(), 0);
  model.holds = false;
  await page.context().close();
});

test("a follow-up sends what was asked and answered before; a new question sends nothing", async () => {
  const page = await staff();
  const sent = [];
  page.on("request", (request) => request.url().endsWith(":stream") && sent.push(request.postDataJSON().spec));
  await ask(page, DOGS);
  await ask(page, "那要带什么材料");
  await page.getByRole("button", { name: "新的提问" }).click();
  assert.equal(await page.locator(".turn").count(), 0);
  await ask(page, DOGS);
  assert.deepEqual(sent.map(({ history }) => history.map(({ question }) => question)), [[], [DOGS], []]);
  assert.match(sent[1].history[0].answer, /不收取登记费/);
  await page.context().close();
});

test("the conversation stays while other views and languages are shown, and goes with the session", async () => {
  const page = await staff();
  await ask(page, DOGS);
  const sentences = await page.locator(".sentences").innerText();
  await page.getByRole("link", { name: "文件" }).click();
  await page.locator("h1", { hasText: "文件" }).waitFor();
  await page.goBack();
  await page.locator(".answer[data-status]").waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await page.locator(".source-block h3", { hasText: "Sources" }).waitFor();
  assert.equal(await page.locator(".turn").count(), 1);
  assert.equal(await page.locator(".sentences").innerText(), sentences);
  await page.getByRole("button", { name: "Log out" }).click();
  await page.fill("#key", servers.keys.data);
  await page.press("#key", "Enter");
  await page.locator("#question").waitFor();
  assert.equal(await page.locator(".turn").count(), 0);
  await page.context().close();
});

test("a copy has the sentences with their marks and the sources with their quotes", async () => {
  const page = await staff(plain, { permissions: ["clipboard-read", "clipboard-write"] });
  await ask(page, DOGS);
  await page.getByRole("button", { name: "复制（含出处）" }).click();
  await page.getByText("已复制").waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /^养犬登记要交多少钱\n\n[^]*养犬登记不收取登记费[^]*\[1\][^]*出处\n\[1\] 《/);
  await page.context().close();
});

test("what a person thinks of an answer is kept, with a word on why", async () => {
  const page = await staff();
  await ask(page, DOGS);
  await page.getByRole("button", { name: "没有帮助" }).click();
  await page.getByLabel("哪里不对或者缺什么？").fill("没写去哪里办");
  const sent = page.waitForRequest("**/v1/feedback");
  await page.getByRole("button", { name: "提交" }).click();
  const body = (await sent).postDataJSON();
  assert.equal(body.rating, "RATING_NOT_HELPFUL");
  assert.equal(body.comment, "没写去哪里办");
  await page.getByText("谢谢，已记录。").waitFor();
  // The answer is still there after another view, and is not asked about twice.
  await page.getByRole("link", { name: "检索" }).click();
  await page.getByText("谢谢，已记录。").waitFor({ state: "detached" });
  await page.locator("#brand").click();
  await page.getByText("谢谢，已记录。").waitFor();
  assert.equal(await page.getByRole("button", { name: "没有帮助" }).count(), 0);
  await page.context().close();
});

test("the keyboard alone asks, reads a quote, opens its document and comes back", async () => {
  const page = await staff();
  await go(page, "");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "skip");
  await page.focus("#question");
  await page.keyboard.type(DOGS);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".answer[data-status]");
  const chip = page.locator(".sentence .chip").first();
  for (let presses = 0; presses < 10; ++presses) {
    await page.keyboard.press("Tab");
    if (await chip.evaluate((element) => element === document.activeElement)) break;
  }
  assert.equal(await chip.getAttribute("aria-describedby"), "quote-popover");
  assert.ok((await page.locator("#quote-popover blockquote").innerText()).length > 5);
  await page.keyboard.press("Enter");
  await page.locator(".panel mark").first().waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "MARK");
  await page.keyboard.press("Escape");
  assert.ok(await chip.evaluate((element) => element === document.activeElement), "the focus is back on the chip");
  assert.equal(await page.locator(".panel").isVisible(), false);
  await page.context().close();
});

test("on a narrow screen an open document is all there is, until it is closed or the screen grows", async () => {
  const page = await staff(plain, { viewport: { width: 400, height: 800 } });
  await ask(page, DOGS);
  await page.locator(".source button").first().click();
  await page.locator(".panel mark").first().waitFor();
  for (let presses = 0; presses < 8; ++presses) {
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest(".panel, .skip") !== null));
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("link", { name: "检索" }).focus();
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "检索");
  await page.setViewportSize({ width: 400, height: 800 });
  await page.goto("/#/documents");
  await page.locator("h1", { hasText: "文件" }).waitFor();
  await page.goBack();
  await page.locator(".source button").first().click();
  await page.locator(".panel mark").first().waitFor();
  await page.getByRole("button", { name: "关闭原文" }).click();
  await page.getByRole("link", { name: "检索" }).click();
  await page.locator("h1", { hasText: "检索" }).waitFor();
  await page.context().close();
});

test("a finger's first tap shows the quote, the second opens the document", async () => {
  const page = await staff(plain, { hasTouch: true, viewport: { width: 400, height: 800 } });
  await ask(page, DOGS);
  const chip = page.locator(".sentence .chip").first();
  await chip.tap();
  await page.locator("#quote-popover").waitFor();
  assert.equal(await page.locator(".panel").isVisible(), false);
  await chip.tap();
  await page.locator(".panel mark").first().waitFor();
  await page.context().close();
});
