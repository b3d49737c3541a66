// The kiosk's page. Time is playwright's clock: nothing waits for real.

import assert from "node:assert/strict";
import test from "node:test";

import { logIn, openPage } from "./pages.js";
import { browser, plain, servers } from "./world.js";

async function kiosk(search = "", options = {}) {
  const page = await openPage(browser, plain, "", { hasTouch: true, ...options });
  await page.clock.install();
  await page.goto(`/kiosk${search}`);
  await logIn(page, servers.keys.kiosk);
  await page.locator(".kiosk-start h1").waitFor();
  return page;
}

async function askKiosk(page, question) {
  await page.fill("#question", question);
  await page.press("#question", "Enter");
  await page.waitForSelector(".answer[data-status]");
}

test("a kiosk that nobody touches wipes answer, question and storage, after a warning", async () => {
  const page = await kiosk("?idle=30");
  await askKiosk(page, "身份证丢了要多久才能拿到新的");
  await page.evaluate(() => {
    sessionStorage.setItem("left", "1");
    localStorage.setItem("left", "1");
  });
  await page.clock.runFor(15000);
  assert.equal(await page.locator("#idle").isVisible(), false);
  assert.equal(await page.locator(".answer").count(), 1);
  await page.clock.runFor(8000);
  assert.match(await page.locator("#idle").innerText(), /秒后清除/);
  await page.clock.runFor(10000);
  await page.locator(".kiosk-start h1").waitFor();
  assert.equal(await page.locator(".answer").count(), 0);
  assert.equal(await page.locator("#question").inputValue(), "");
  assert.ok(!(await page.content()).includes("要多久才能拿到新的</h1>"));
  assert.deepEqual(await page.evaluate(() => [sessionStorage.length, localStorage.length, location.hash]), [0, 0, ""]);
  await page.context().close();
});

test("a touch puts the reset off", async () => {
  const page = await kiosk("?idle=30");
  await askKiosk(page, "身份证丢了要多久才能拿到新的");
  await page.clock.runFor(25000);
  await page.locator("#idle").waitFor();
  await page.touchscreen.tap(5, 400);
  await page.clock.runFor(15000);
  assert.equal(await page.locator(".answer").count(), 1);
  assert.equal(await page.locator("#idle").isVisible(), false);
  await page.context().close();
});

test("start again wipes at once", async () => {
  const page = await kiosk();
  await askKiosk(page, "养犬登记要交多少钱");
  await page.getByRole("button", { name: "重新开始" }).click();
  await page.locator(".kiosk-start h1").waitFor();
  assert.equal(await page.locator(".answer").count(), 0);
  await page.context().close();
});

test("a suggestion from the question bank asks itself", async () => {
  const page = await kiosk();
  await page.getByRole("button", { name: "养犬登记要交多少钱？" }).tap();
  await page.waitForSelector(".answer[data-status]");
  assert.match(await page.locator(".sentences").innerText(), /不收取登记费/);
  await page.context().close();
});

test("what is typed brings the known questions that hold it", async () => {
  const page = await kiosk();
  await page.getByRole("button", { name: "身份证丢了要多久才能拿到新的？" }).waitFor();
  await page.fill("#question", "养犬");
  await page.clock.runFor(1000);
  await page.getByRole("button", { name: "身份证丢了要多久才能拿到新的？" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "养犬登记要交多少钱？" }).waitFor();
  await page.context().close();
});

test("nothing on a kiosk leads away, not even from a document", async () => {
  const page = await kiosk();
  assert.equal(await page.locator("a").count(), 0);
  await askKiosk(page, "养犬登记要交多少钱");
  await page.locator(".source button").first().tap();
  await page.locator(".panel mark").first().waitFor();
  assert.equal(await page.locator("a, iframe, form[action]").count(), 0);
  await page.context().close();
});

test("everything on a kiosk that can be touched is 48 pixels high and wide", async () => {
  for (const width of [360, 1080, 3840]) {
    const page = await kiosk("", { viewport: { width, height: 1200 } });
    const check = async () => {
      const small = await page.locator("button:visible, input:visible").evaluateAll((elements) =>
        elements.map((element) => [element.textContent, element.getBoundingClientRect()]).filter(([, box]) => box.width < 48 || box.height < 48).map(([text, box]) => `${text} ${box.width}x${box.height}`),
      );
      assert.deepEqual(small, [], `at ${width}`);
    };
    await check();
    await askKiosk(page, "养犬登记要交多少钱");
    await check();
    await page.locator(".source button").first().click();
    await page.locator(".panel mark").first().waitFor();
    await check();
    await page.context().close();
  }
});

test("read aloud speaks the sentences without marks, and stops", async () => {
  const page = await openPage(browser, plain, "", {});
  await page.addInitScript(() => {
    window.spoken = [];
    window.SpeechSynthesisUtterance = class extends EventTarget {
      constructor(text) {
        super();
        this.text = text;
      }
    };
    Object.defineProperty(window, "speechSynthesis", {
      value: { speak: ({ text }) => window.spoken.push(text), cancel: () => window.spoken.push("cancel"), getVoices: () => [] },
    });
  });
  await page.goto("/kiosk");
  await logIn(page, servers.keys.kiosk);
  await askKiosk(page, "养犬登记要交多少钱");
  const button = page.locator(".read-aloud");
  await button.click();
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  const spoken = await page.evaluate(() => window.spoken.filter((text) => text !== "cancel").join(""));
  assert.match(spoken, /养犬登记不收取登记费/);
  assert.doesNotMatch(spoken, /\[\d/);
  await button.click();
  assert.equal(await page.evaluate(() => window.spoken.at(-1)), "cancel");
  await page.context().close();
});

test("a kiosk remembers no language", async () => {
  const page = await kiosk("?idle=30");
  await page.getByRole("button", { name: "English" }).click();
  await page.locator("h1", { hasText: "Policy questions" }).waitFor();
  await page.clock.runFor(45000);
  await page.locator("h1", { hasText: "政策查询" }).waitFor();
  await page.context().close();
});
