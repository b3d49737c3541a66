// Keys, sessions, and who sees what.

import assert from "node:assert/strict";
import test from "node:test";

import { ask, go, logIn, openPage } from "./pages.js";
import { browser, plain, servers } from "./world.js";

const INTERNAL = "居民身份证窗口受理操作指引（内部）";

test("who is not logged in is asked for a key, a wrong one is refused, a right one leads to the page wanted", async () => {
  const page = await openPage(browser, plain, "");
  await page.goto("/#/documents/cangning-dog-keeping-2023");
  await page.fill("#key", "pkb_0000000000000000_wrong");
  await page.press("#key", "Enter");
  await page.getByText("密钥不正确。").waitFor();
  await logIn(page, servers.keys.desk);
  await page.locator("h1", { hasText: "沧宁市养犬管理条例" }).waitFor();
  await page.context().close();
});

test("staff and kiosk see different documents", async () => {
  const find = `#/search?q=${encodeURIComponent("身份证窗口受理 相似度达到85分")}`;
  const staff = await openPage(browser, plain, servers.keys.desk);
  await go(staff, find);
  await staff.locator(".hit", { hasText: INTERNAL }).first().waitFor();
  await go(staff, "#/documents/internal-id-card-counter");
  await staff.locator("h1", { hasText: INTERNAL }).waitFor();
  const kiosk = await openPage(browser, plain, servers.keys.kiosk);
  await go(kiosk, find);
  await kiosk.locator(".hit").first().waitFor();
  assert.equal(await kiosk.locator(".hit", { hasText: INTERNAL }).count(), 0);
  await go(kiosk, "#/documents/internal-id-card-counter");
  await kiosk.getByText("没有找到，或者您无权查看。").waitFor();
  await staff.context().close();
  await kiosk.context().close();
});

test("a session that has ended leads to the login and back to the same place", async () => {
  const page = await openPage(browser, plain, servers.keys.desk);
  await go(page, "#/documents/cangning-dog-keeping-2023");
  await page.context().clearCookies();
  await page.evaluate(() => (location.hash = "#/documents/guide-dog-registration"));
  await page.getByText("会话已结束，请重新登录。").waitFor();
  await logIn(page, servers.keys.desk);
  await page.locator("h1", { hasText: "养犬登记办事指南" }).waitFor();
  await page.context().close();
});

test("logging out ends the session", async () => {
  const page = await openPage(browser, plain, servers.keys.desk);
  await page.getByRole("button", { name: "退出" }).click();
  await page.waitForSelector("#key");
  await page.reload();
  await page.waitForSelector("#key");
  await page.context().close();
});

test("the language of the page is remembered", async () => {
  const page = await openPage(browser, plain, servers.keys.desk);
  await page.getByRole("button", { name: "English" }).click();
  await page.locator("h1", { hasText: "Ask" }).waitFor();
  await page.reload();
  await page.locator("h1", { hasText: "Ask" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.context().close();
});

test("the key is kept nowhere in the page", async () => {
  const page = await openPage(browser, plain, servers.keys.desk);
  await ask(page, "养犬登记要交多少钱");
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, new XMLSerializer().serializeToString(document)]));
  assert.ok(!kept.includes(servers.keys.desk));
  await page.context().close();
});
