// What a person does with the console, as functions over playwright pages; and the modules of the test's own folder.

import { createRequire } from "node:module";
import { join } from "node:path";

const modules = process.env.POLICYKB_CONSOLE_MODULES ?? "";
const require = createRequire(join(modules, "_.js"));
export const { chromium } = require("playwright-core");
export const axePath = require.resolve("axe-core/axe.min.js");

/** Starts Debian's Chromium; as root it runs without its sandbox, since it sees nothing but our own servers. */
export function launch() {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.POLICYKB_CHROMIUM ?? "/usr/bin/chromium", args });
}

/**
 * A page that has logged in with a key. Errors of scripts and what the policy blocks end up in `page.faults`.
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {string} key  empty: not logged in
 * @param {object} [options]  of the context
 */
export async function openPage(browser, url, key, options = {}) {
  const context = await browser.newContext({ baseURL: url, locale: "zh-CN", viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(error.message));
  page.on("console", (message) => {
    // Responses like 401 are logged as errors by the browser itself.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) page.faults.push(message.text());
  });
  page.setDefaultTimeout(20000);
  if (key !== "") {
    await page.goto("/");
    await logIn(page, key);
  }
  return page;
}

export async function logIn(page, key) {
  await page.fill("#key", key);
  await page.press("#key", "Enter");
  await page.waitForSelector("#key", { state: "detached" });
}

/** Goes to a view and waits until it has settled. */
export async function go(page, hash) {
  await page.goto("about:blank");
  await page.goto(`/${hash}`);
  await page.waitForSelector("main h1");
  await page.waitForFunction(() => ![...document.querySelectorAll("[role=status]")].some(({ textContent }) => /正在|Loading|Looking/.test(textContent ?? "")));
}

/** Asks and gives the finished answer. */
export async function ask(page, question) {
  const before = await page.locator(".answer[data-status]").count();
  await page.fill("#question", question);
  await page.press("#question", "Enter");
  const answer = page.locator(".answer[data-status]").nth(before);
  await answer.waitFor();
  return answer;
}

/** The differences between the page and what axe-core asks for: rule and element, one line each. */
export async function axe(page) {
  await page.addScriptTag({ path: axePath }).catch(() => page.evaluate(() => undefined));
  const loaded = await page.evaluate(() => "axe" in window);
  if (!loaded) throw new Error("axe-core was not loaded; the context needs bypassCSP");
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary?.split("\n")[1]?.trim() ?? ""}`));
}

/**
 * Loads a page with nothing cached and gives what came over the wire, headers included, and how soon it was there.
 * @returns {Promise<{ bytes: number, paint: number, ready: number }>}  bytes; milliseconds
 */
export async function loadFresh(page, path) {
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  client.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(path);
  await page.waitForSelector("#question");
  const ready = await page.evaluate(() => performance.now());
  await page.waitForLoadState("networkidle");
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN);
  return { bytes, paint, ready };
}

/** How far the page is wider than its window, in pixels. */
export function overflow(page) {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}
