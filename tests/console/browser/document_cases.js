// Searching, browsing, reading, comparing.

import assert from "node:assert/strict";
import test from "node:test";

import { go, openPage } from "./pages.js";
import { browser, plain, servers } from "./world.js";
import { UYGHUR } from "./servers.js";

const staff = () => openPage(browser, plain, servers.keys.desk);

test("a search marks the words found, says why, and opens the text", async () => {
  const page = await staff();
  await go(page, `#/search?q=${encodeURIComponent("物业费 不交")}`);
  const hit = page.locator(".hit").first();
  await hit.waitFor();
  const marks = await hit.locator("mark").allInnerTexts();
  assert.ok(marks.some((words) => words.includes("物业")), marks.join());
  await hit.locator(".why summary").click();
  await hit.locator(".explanation table").waitFor();
  assert.ok((await hit.locator(".term").count()) > 0);
  await hit.locator("h2 button").click();
  await page.locator(".panel mark").first().waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("a search for ten more hits shows ten more", async () => {
  const page = await staff();
  await go(page, `#/search?q=${encodeURIComponent("登记")}`);
  await page.locator(".hit").nth(9).waitFor();
  await page.getByRole("button", { name: "显示更多" }).click();
  await page.locator(".hit").nth(19).waitFor();
  await page.context().close();
});

test("documents are listed by kind and region, and a document has its contents and facts", async () => {
  const page = await staff();
  await go(page, "#/documents");
  await page.locator(".document-item").first().waitFor();
  await page.selectOption("select[name=kind]", "regulation");
  await page.waitForFunction(() => location.hash.includes("kind=regulation"));
  await page.locator(".document-item", { hasText: "沧宁市养犬管理条例" }).waitFor();
  assert.equal(await page.locator(".document-item", { hasText: "指南" }).count(), 0);
  await page.locator(".document-item a", { hasText: "沧宁市养犬管理条例" }).click();
  await page.locator(".contents").waitFor();
  assert.match(await page.locator(".contents-box").innerText(), /6 章 · 34 条/);
  await page.locator(".contents").getByRole("button", { name: "第十三条", exact: true }).click();
  const text = await page.evaluate(() => document.activeElement?.textContent ?? "");
  assert.match(text, /^第十三条　养犬登记不收取/);
  await page.context().close();
});

test("the documents of another day are those in force then", async () => {
  const page = await staff();
  await go(page, "#/documents?asOf=2020-06-01&query=%E5%85%BB%E7%8A%AC");
  await page.locator(".document-item", { hasText: "沧宁市城区养犬管理办法" }).waitFor();
  assert.equal(await page.locator(".document-item", { hasText: "沧宁市养犬管理条例" }).count(), 0);
  await page.context().close();
});

test("a link to a span opens the document there", async () => {
  const page = await staff();
  // As the README has it: article 13 stands in bytes 3043 to 3184.
  await go(page, "#/documents/cangning-dog-keeping-2023?span=3043-3184");
  const mark = page.locator("mark");
  await mark.first().waitFor();
  assert.equal(await mark.count(), 1);
  assert.match(await mark.innerText(), /^第十三条　[^]*十五元。$/);
  await page.context().close();
});

test("two revisions stand side by side with what differs marked on both sides", async () => {
  const page = await staff();
  await go(page, "#/documents/yuanlan-pension-rules-2023");
  await page.locator(".facts").getByRole("link", { name: "对比差异" }).click();
  await page.locator(".compare-row.changed").first().waitFor();
  assert.match(await page.locator(".compare-heads").innerText(), /2018年[^]*实施细则/);
  assert.ok((await page.locator(".compare-row del").count()) > 0);
  assert.ok((await page.locator(".compare-row ins").count()) > 0);
  await page.context().close();
});

test("a Uyghur document runs from right to left and keeps its quoted words whole", async () => {
  const page = await staff();
  await go(page, `#/search?q=${encodeURIComponent(UYGHUR)}`);
  const hit = page.locator(".hit", { hasText: UYGHUR }).first();
  await hit.waitFor();
  assert.deepEqual([await hit.locator(".passage").getAttribute("dir"), await hit.locator(".passage").getAttribute("lang")], ["rtl", "ug"]);
  await hit.locator("h2 button").click();
  const mark = page.locator(".panel mark").first();
  await mark.waitFor();
  assert.ok((await mark.innerText()).includes(UYGHUR));
  const text = page.locator(".panel .document-text");
  assert.equal(await text.evaluate((element) => getComputedStyle(element).direction), "rtl");
  assert.equal(await text.getAttribute("lang"), "ug");
  await page.context().close();
});
