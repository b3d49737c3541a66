// Passage text, metadata and what a model writes are text, whatever they hold. The browser's own policy is off here, so that
// nothing but the console keeps them so.

import assert from "node:assert/strict";
import test from "node:test";

import { ask, go, openPage } from "./pages.js";
import { payloads } from "./servers.js";
import { browser, model, plain, servers, unchecked } from "./world.js";

const STRANGE = "main img, main script, main iframe, main object, main embed, main style, main link, main meta, main base, main video, main audio, main math, main svg, main form[action], main template, main marquee, a[href^='javascript:' i], a[href^='data:' i], [onerror], [onload], [onfocus], [ontoggle]";

async function check(page, name) {
  assert.equal(await page.locator(STRANGE).count(), 0, `${name}: elements out of text`);
  assert.equal(await page.evaluate(() => window.hacked), undefined, `${name}: code out of text`);
}

const open = (url) => openPage(browser, url, servers.keys.tester, { bypassCSP: true });

test(`${payloads.length} documents full of markup are shown as they are written`, async () => {
  const page = await open(plain);
  for (const [i, payload] of payloads.entries()) {
    await page.goto(`/#/documents/xss-${String(i).padStart(2, "0")}`);
    await page.locator("h1", { hasText: `标记${i} ` }).waitFor();
    const text = await page.locator("main").evaluate((main) => main.textContent);
    assert.ok(text.includes(`标记测试甲${i} ${payload} 结束。`), `${payload}\n${text}`);
    assert.ok((await page.locator("h1").evaluate((title) => title.textContent)).includes(payload), `title ${payload}`);
    await check(page, payload);
  }
  await page.context().close();
});

test("hits, answers, sources, quotes and copies of such documents are text", async () => {
  const page = await open(plain);
  for (const [i, payload] of payloads.entries()) {
    if (i % 8 !== 0) continue;
    await go(page, `#/search?all=1&q=${encodeURIComponent(`标记测试甲${i}`)}`);
    await page.locator(".hit").first().waitFor();
    await check(page, `search ${payload}`);
    await page.locator(".hit h2 button").first().click();
    await page.locator(".panel mark").first().waitFor();
    await check(page, `panel ${payload}`);
    await go(page, "");
    const answer = await ask(page, `标记测试甲${i} ${payload}`);
    const chips = answer.locator(".chip");
    if ((await chips.count()) > 0) await chips.first().hover();
    await check(page, `answer ${payload}`);
  }
  await page.context().close();
});

test(`what a model writes is text, ${payloads.length} times`, async () => {
  model.holds = false;
  model.reply = payloads.map((payload, i) => `输出${i} ${payload.replaceAll("\n", " ")}。[1]`).join("\n");
  const page = await open(unchecked);
  const stream = page.waitForResponse((response) => response.url().endsWith(":stream"));
  const answer = await ask(page, "养犬登记要交多少钱");
  const final = (await (await stream).text()).split("\n\n").find((event) => event.startsWith("event: final"));
  const { sentences } = JSON.parse(final.slice(final.indexOf("{"))).final;
  assert.ok(sentences.length >= payloads.length / 2, `${sentences.length} sentences`);
  const shown = await answer.locator(".sentence").evaluateAll((lines) =>
    lines.map((line) => {
      for (const button of line.querySelectorAll("button, .support")) button.remove();
      return line.textContent.trim();
    }),
  );
  assert.deepEqual(shown, sentences.map(({ text }) => text.trim()));
  await check(page, "model");
  await page.context().close();
});

test("what the servers say of failures, snapshots, findings and questions is text", async () => {
  const page = await open(plain);
  const all = payloads.join(" ");
  await page.route("**/v1/**", (route) => {
    const figures = [{ subject: all, measure: all, value: 1, passed: false, floor: 2 }];
    const question = { question: all, answers: "1", lastAskedAt: all, comments: [all] };
    const body = {
      principal: all,
      questions: payloads,
      regions: payloads.map((value) => ({ value, documents: "1" })),
      issuers: payloads.map((value) => ({ value, documents: "1" })),
      documents: payloads.map((title, i) => ({ name: `documents/${i}`, title, kind: title, issuer: title })),
      snapshots: [{ snapshot: all, publishedAt: "2026-01-01T00:00:00Z", gate: { passed: false, figures } }, { snapshot: all, unreadable: all }],
      findings: [{ kind: all, line: all }],
      unansweredQuestions: [question],
      dislikedQuestions: [question],
    };
    return route.fulfill({ json: body });
  });
  await page.route("**/session", (route) => route.fulfill({ json: { principal: all, roles: ["operator"], loginRequired: true } }));
  for (const view of ["#/ask", "#/documents", "#/data"]) {
    await go(page, view);
    await page.waitForFunction((text) => document.body.textContent.includes(text), payloads[0]);
    assert.equal(await page.evaluate(() => window.hacked), undefined, view);
    assert.equal(await page.locator("main img, main script, main iframe, main style, main a[href^='javascript:' i], [onerror], [onload]").count(), 0, view);
  }
  await page.unroute("**/v1/**");
  await page.route("**/v1/**", (route) => route.fulfill({ status: 500, json: { code: 13, message: all } }));
  await go(page, "#/documents/x");
  await page.locator(".failure", { hasText: "window.hacked" }).waitFor();
  await check(page, "failure");
  await page.context().close();
});
