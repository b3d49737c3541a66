// Every view for everybody: what axe-core finds, narrow and wide windows, dark mode, reduced motion.

import assert from "node:assert/strict";
import test from "node:test";

import { ask, axe, go, loadFresh, logIn, openPage, overflow } from "./pages.js";
import { browser, plain, servers } from "./world.js";

const VIEWS = {
  start: "#/ask",
  filters: "#/ask?asOf=2020-01-01&kind=law,rule",
  search: `#/search?q=${encodeURIComponent("物业费 不交")}`,
  documents: "#/documents?all=1",
  document: "#/documents/cangning-dog-keeping-2023?span=3043-3184",
  Uyghur: "#/documents/ug-dogs",
  compare: "#/compare?old=documents/yuanlan-pension-rules-2018&new=documents/yuanlan-pension-rules-2023",
  data: "#/data",
  nowhere: "#/nowhere",
};

async function eachView(page, check) {
  for (const [name, hash] of Object.entries(VIEWS)) {
    await go(page, hash);
    await check(name);
  }
  await go(page, "");
  const answer = await ask(page, "养犬登记要交多少钱");
  await check("answer");
  await answer.locator(".chip").first().click();
  await page.locator(".panel mark").first().waitFor();
  await check("panel");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /没有帮助|Not helpful/ }).click();
  await check("comment");
  await go(page, "");
  await ask(page, "火星移民补贴怎么领");
  await check("refusal");
}

for (const [colorScheme, locale] of [["light", "zh-CN"], ["dark", "en-GB"]]) {
  test(`axe-core finds nothing in any view, ${colorScheme}, ${locale}`, async () => {
    const page = await openPage(browser, plain, servers.keys.operator, { colorScheme, locale, bypassCSP: true, reducedMotion: "reduce" });
    await eachView(page, async (name) => assert.deepEqual(await axe(page), [], name));
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });
}

test("axe-core finds nothing in the login and on a kiosk", async () => {
  const page = await openPage(browser, plain, "", { bypassCSP: true, reducedMotion: "reduce" });
  await page.goto("/");
  await page.waitForSelector("#key");
  assert.deepEqual(await axe(page), [], "login");
  await page.goto("/kiosk");
  await page.waitForSelector("#key");
  assert.deepEqual(await axe(page), [], "locked kiosk");
  await logIn(page, servers.keys.kiosk);
  assert.deepEqual(await axe(page), [], "kiosk");
  await page.fill("#question", "养犬登记要交多少钱");
  await page.press("#question", "Enter");
  await page.waitForSelector(".answer[data-status]");
  assert.deepEqual(await axe(page), [], "answer of a kiosk");
  await page.locator(".source button").first().click();
  await page.locator(".panel mark").first().waitFor();
  assert.deepEqual(await axe(page), [], "document of a kiosk");
  await page.context().close();
});

for (const width of [320, 768, 3840]) {
  test(`no view is wider than a window of ${width} pixels`, async () => {
    const page = await openPage(browser, plain, servers.keys.operator, { viewport: { width, height: 900 } });
    await eachView(page, async (name) => assert.equal(await overflow(page), 0, name));
    await page.goto("/kiosk");
    await page.locator(".kiosk-start h1").waitFor();
    assert.equal(await overflow(page), 0, "kiosk");
    await page.context().close();
  });
}

test("a page weighs at most 150 kB over the wire, all that its first view needs", async () => {
  const page = await openPage(browser, plain, servers.keys.desk);
  for (const path of ["/", "/kiosk"]) {
    const fresh = await page.context().newPage();
    const { bytes } = await loadFresh(fresh, path);
    assert.ok(bytes > 10000 && bytes <= 150000, `${path}: ${bytes} bytes`);
    await fresh.close();
  }
  await page.context().close();
});

test("a streamed sentence is announced once", async () => {
  const page = await openPage(browser, plain, servers.keys.desk);
  await page.evaluate(() => {
    window.added = [];
    new MutationObserver((changes) => {
      for (const { addedNodes, target } of changes) {
        if (target instanceof Element && target.closest("[aria-live=polite]")) for (const node of addedNodes) window.added.push(node.textContent);
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
  const answer = await ask(page, "养犬登记要交多少钱");
  const added = await page.evaluate(() => window.added);
  const sentences = await answer.locator(".sentence").evaluateAll((lines) => lines.map((line) => line.textContent));
  assert.ok(sentences.length > 0);
  assert.deepEqual(added, sentences);
  await page.context().close();
});
