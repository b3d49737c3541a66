// The data team's view and the way back to an earlier snapshot.

import assert from "node:assert/strict";
import test from "node:test";

import { ask, go, openPage } from "./pages.js";
import { browser, plain, servers } from "./world.js";

test("staff are not shown the data team's view", async () => {
  const page = await openPage(browser, plain, servers.keys.desk);
  assert.equal(await page.getByRole("link", { name: "数据" }).count(), 0);
  await page.context().close();
});

test("a question that was not answered stands in the data team's report", async () => {
  const staff = await openPage(browser, plain, servers.keys.desk);
  await ask(staff, "火星移民补贴怎么领");
  await staff.context().close();
  const page = await openPage(browser, plain, servers.keys.data);
  await go(page, "#/data");
  await page.locator("#part-questions ~ .part table").first().waitFor();
  assert.match(await page.locator("#part-questions ~ .part").innerText(), /火星移民补贴怎么领/);
  assert.match(await page.locator("pre").innerText(), /"question":"火星移民补贴怎么领"/);
  assert.ok((await page.locator("svg.chart").count()) >= 2);
  assert.equal(await page.getByRole("button", { name: /回退/ }).count(), 0, "the data team reads only");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("an operator goes back to an earlier snapshot, when asked twice", async () => {
  servers.update();
  const page = await openPage(browser, plain, servers.keys.operator);
  await go(page, "#/data");
  const rows = page.locator(".snapshots tbody tr");
  await rows.nth(1).waitFor();
  const older = rows.nth(1);
  const id = (await older.locator("th").innerText()).trim();
  await older.getByRole("button").click();
  await page.getByRole("dialog").getByRole("button", { name: "取消" }).click();
  assert.equal(await page.locator(".snapshots tr", { hasText: "当前" }).filter({ hasText: id }).count(), 0);
  await older.getByRole("button").click();
  await page.getByRole("dialog").getByRole("button", { name: "回退到此" }).click();
  await page.getByText(`已回退到 ${id}。`).waitFor();
  await page.locator(".snapshots tr", { hasText: id }).filter({ hasText: "当前" }).waitFor();
  await page.context().close();
});
